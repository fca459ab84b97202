"""Tables of what a booking leads to: its promises, questionnaire, confirmation, relation ledger and handover."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.bookings.place_models import one_of
from portal.bookings.terms import Copy, PromiseKind, Way
from portal.kit.db import Base, BigId, Instant, Json, immutable


class Confirmation(Base):
    """The service confirmation as the client signed it: its fields, the text's version and hash."""

    __tablename__ = "booking_confirmation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    text_version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    signed_name: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[datetime] = mapped_column(Instant)


immutable(Confirmation.__table__)  # type: ignore[arg-type]


class ConfirmationCopy(Base):
    """A copy of a confirmation in somebody's hands: operations, the registrar, the client."""

    __tablename__ = "booking_confirmation_copy"
    __table_args__ = (UniqueConstraint("booking_id", "holder"), CheckConstraint(one_of("holder", Copy), name="holder"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    holder: Mapped[str] = mapped_column(String(10))
    received_by: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Instant)


immutable(ConfirmationCopy.__table__)  # type: ignore[arg-type]


class RelationDay(Base):
    """A day of the relation ledger at a branch, on its way through three hands."""

    __tablename__ = "booking_relation_day"
    __table_args__ = (
        UniqueConstraint("branch_id", "day"),
        CheckConstraint("signed_by <> closed_by", name="signed"),
        CheckConstraint("received_by <> closed_by AND received_by <> signed_by", name="received"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    day: Mapped[date]
    version: Mapped[int] = mapped_column(Integer)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    received_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    received_at: Mapped[datetime | None] = mapped_column(Instant)


class RelationEntry(Base):
    """A line of the relation ledger as the handler enters it; a correction is a further line with its reason."""

    __tablename__ = "booking_relation_entry"
    __table_args__ = (
        UniqueConstraint("booking_id", "ordinal"),
        CheckConstraint("ordinal = 1 OR reason IS NOT NULL", name="reason"),
        Index(None, "branch_id", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    day: Mapped[date]
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(String(300))
    entered_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)


immutable(RelationEntry.__table__)  # type: ignore[arg-type]


class Promise(Base):
    """What was promised by when, and when it was kept: the service standard counts these rows."""

    __tablename__ = "booking_promise"
    __table_args__ = (CheckConstraint(one_of("kind", PromiseKind), name="kind"), Index(None, "booking_id", "kind"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    kind: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant, index=True)
    kept_at: Mapped[datetime | None] = mapped_column(Instant)


class VisitorSheet(Base):
    """The risk questionnaire as the visitor filled it in himself, before the visit; the newest counts."""

    __tablename__ = "booking_sheet"
    __table_args__ = (UniqueConstraint("booking_id", "ordinal"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    version: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))  # of the questionnaire's text
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    filled_at: Mapped[datetime] = mapped_column(Instant)


immutable(VisitorSheet.__table__)  # type: ignore[arg-type]


class Handover(Base):
    """What an opened account's client is handed: shareholder card and custody agreement, collected or brought."""

    __tablename__ = "booking_handover"
    __table_args__ = (
        CheckConstraint(one_of("way", Way), name="way"),
        CheckConstraint("(way = 'collect') = (slot_id IS NOT NULL)", name="collect"),
        CheckConstraint("(way = 'bring') = (address IS NOT NULL AND bring_on IS NOT NULL)", name="bring"),
        CheckConstraint("(signed_at IS NULL) = (signed_name IS NULL)", name="signed"),
        CheckConstraint("signed_at IS NULL OR handed_at IS NOT NULL", name="handed_first"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    version: Mapped[int] = mapped_column(Integer)
    way: Mapped[str] = mapped_column(String(8))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("booking_slot.id"))
    address: Mapped[str | None] = mapped_column(String(120))
    bring_on: Mapped[date | None]
    chosen_at: Mapped[datetime] = mapped_column(Instant)
    items: Mapped[list[str]] = mapped_column(Json)
    handed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_name: Mapped[str | None] = mapped_column(String(60))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    sha256: Mapped[str | None] = mapped_column(String(64))
