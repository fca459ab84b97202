"""Tables of the messages, their history, and the reports as gateways gave them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, immutable
from portal.sms.rules import SEGMENTS_LIMIT, State

STATES = ", ".join(f"'{state}'" for state in State)


class SmsMessage(Base):
    """One message to one telephone. While a worker hands it over, `lease_until` is set and `attempts` is its fence."""

    __tablename__ = "sms_message"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint("lease_until IS NULL OR state = 'queued'", name="lease"),
        CheckConstraint(f"segments BETWEEN 1 AND {SEGMENTS_LIMIT}", name="segments"),
        Index("ix_sms_message_due", "state", "not_before"),
        Index("ix_sms_message_ref", "ref_type", "ref_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    client_id: Mapped[int | None] = mapped_column(BigId, index=True)  # rooms above know what a client is
    to: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(SEGMENTS_LIMIT * 67))
    segments: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(String(40))
    ref_type: Mapped[str] = mapped_column(String(40))
    ref_id: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(16), default=State.QUEUED)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    gateway_message_id: Mapped[str | None] = mapped_column(String(65), index=True)
    error_code: Mapped[str | None] = mapped_column(String(40))
    queued_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class SmsEvent(Base):
    """One change of a message's state: when, by whom, and with which code."""

    __tablename__ = "sms_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("sms_message.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16))
    error_code: Mapped[str | None] = mapped_column(String(40))


immutable(SmsEvent.__table__)  # type: ignore[arg-type]


class SmsReport(Base):
    """A delivery report, kept before it is acknowledged; it may arrive before we know the message's gateway id."""

    __tablename__ = "sms_report"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)  # gateways tell the same thing twice
    gateway_message_id: Mapped[str] = mapped_column(String(65), index=True)
    stat: Mapped[str] = mapped_column(String(16))
    error_code: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
