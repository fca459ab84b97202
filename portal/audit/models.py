"""Tables of the record: events and seals only grow; the head is the one row that sealers take turns at."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable


class AuditEvent(Base):
    """Who did what to which thing, written in the transaction that did it."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "object", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(60))  # staff:7 | client:3 | system
    event: Mapped[str] = mapped_column(String(60))  # redemption.approved
    object: Mapped[str] = mapped_column(String(120))  # redemption:DH-20261123-0001
    detail: Mapped[Any] = mapped_column(Json)


class AuditSeal(Base):
    """An event's number and hash in the chain."""

    __tablename__ = "audit_seal"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), unique=True)
    prev_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_at: Mapped[datetime] = mapped_column(Instant)


class AuditWaiting(Base):
    """An event that is not yet sealed: the sealer finds late committers here, whatever their id."""

    __tablename__ = "audit_waiting"

    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), primary_key=True, autoincrement=False)


class AuditHead(Base):
    """The last seal's number and hash: a cut tail shows against it."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigId)
    hash: Mapped[str] = mapped_column(String(64))


immutable(AuditEvent.__table__)  # type: ignore[arg-type]
immutable(AuditSeal.__table__)  # type: ignore[arg-type]
