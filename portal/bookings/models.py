"""Tables of bookings: the booking with its ledger, a telephone to be proved, the waiting list."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.bookings import paper_models as paper_models  # the room's other tables are known with these
from portal.bookings.place_models import one_of
from portal.bookings.terms import Channel, Kind, State
from portal.kit.db import Base, BigId, Instant, Json, immutable


class Challenge(Base):
    """A telephone that is to be proved by a code, with the booking that waits for it."""

    __tablename__ = "booking_challenge"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    draft: Mapped[dict[str, Any]] = mapped_column(Json)
    tries: Mapped[int] = mapped_column(Integer)
    lapses_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Booking(Base):
    """A visit that is booked, and the way from there to an open account."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint(one_of("state", State), name="state"),
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint("reviewer_id <> handler_id AND reviewer_id <> witness_id", name="four_eyes"),
        CheckConstraint("witness_id <> handler_id", name="witness"),
        CheckConstraint("moves BETWEEN 0 AND 99", name="moves"),
        Index("ix_booking_one_open", "phone", "purpose", unique=True, sqlite_where=text("is_open"),
              postgresql_where=text("is_open")),
        Index("ix_booking_slot_visitor", "slot_id", "phone", unique=True, sqlite_where=text("is_open"),
              postgresql_where=text("is_open")),
        Index(None, "state", "due_at"),
        Index(None, "assigned_to", "is_open"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("booking_slot.id"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(8))  # opening | counter: one open booking of each for a telephone
    visitor_case: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(11))
    referrer: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(12))
    is_open: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    moves: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)  # of the calendar entry: rises with every change of time
    assigned_to: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    booked_at: Mapped[datetime] = mapped_column(Instant)
    promised_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    papers: Mapped[list[str]] = mapped_column(Json)
    id_index: Mapped[str | None] = mapped_column(String(64), index=True)
    id_valid_to: Mapped[date | None]
    client_no: Mapped[str | None] = mapped_column(String(12))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    letter_version: Mapped[int | None] = mapped_column(Integer)
    letter_hash: Mapped[str | None] = mapped_column(String(64))
    signed_name: Mapped[str | None] = mapped_column(String(60))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    effective_on: Mapped[date | None]
    missing_since: Mapped[date | None]


class BookingEvent(Base):
    """A line of the booking ledger: what, by whom, through which channel, before and after."""

    __tablename__ = "booking_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    verb: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(8))
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(String(500))


immutable(BookingEvent.__table__)  # type: ignore[arg-type]


class Waiting(Base):
    """Somebody who wants a day that is full; a place that comes free is offered to one person at a time."""

    __tablename__ = "booking_waiting"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'offered', 'taken', 'lapsed', 'left')", name="state"),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offer"),
        Index("ix_booking_waiting_once", "branch_id", "day", "phone", unique=True,
              sqlite_where=text("state IN ('waiting', 'offered')"),
              postgresql_where=text("state IN ('waiting', 'offered')")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    day: Mapped[date]
    phone: Mapped[str] = mapped_column(String(11))
    draft: Mapped[dict[str, Any]] = mapped_column(Json)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("booking_hold.id"))
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    offered_until: Mapped[datetime | None] = mapped_column(Instant)
