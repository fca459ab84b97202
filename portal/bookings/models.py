"""Tables of bookings: branches and who works there, places, holds, the booking with its ledger, the waiting list."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.bookings.rules import Channel, Copy, Kind, PromiseKind, SlotKind, State, Way
from portal.kit.db import Base, BigId, Instant, Json, immutable


def _one_of(column: str, values: Any) -> str:
    return f"{column} IN ({', '.join(repr(str(each)) for each in values)})"


class Branch(Base):
    """A branch that can be visited."""

    __tablename__ = "booking_branch"
    __table_args__ = (CheckConstraint("capacity > 0", name="capacity"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(80))
    address_en: Mapped[str] = mapped_column(String(120))
    capacity: Mapped[int] = mapped_column(Integer)
    is_open: Mapped[bool] = mapped_column(Boolean)


class Clerk(Base):
    """A member of staff at a branch; who sells may handle, but never witness."""

    __tablename__ = "booking_clerk"
    __table_args__ = (UniqueConstraint("branch_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    name: Mapped[str] = mapped_column(String(60))
    is_present: Mapped[bool] = mapped_column(Boolean)
    sells: Mapped[bool] = mapped_column(Boolean)
    handles: Mapped[bool] = mapped_column(Boolean)


class Slot(Base):
    """A time at a branch with so many places; the counter is guarded by the database."""

    __tablename__ = "booking_slot"
    __table_args__ = (
        UniqueConstraint("branch_id", "starts_at"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        CheckConstraint(_one_of("kind", SlotKind), name="kind"),
        Index(None, "branch_id", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(8))
    capacity: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer)


class Hold(Base):
    """A place kept for a few minutes while somebody types; it counts as taken until it is used or has lapsed."""

    __tablename__ = "booking_hold"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'used', 'lapsed')", name="state"),
        Index(None, "state", "lapses_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("booking_slot.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    lapses_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8))


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
        CheckConstraint(_one_of("state", State), name="state"),
        CheckConstraint(_one_of("kind", Kind), name="kind"),
        CheckConstraint(_one_of("channel", Channel), name="channel"),
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
    __table_args__ = (UniqueConstraint("booking_id", "holder"), CheckConstraint(_one_of("holder", Copy), name="holder"))

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
    __table_args__ = (CheckConstraint(_one_of("kind", PromiseKind), name="kind"), Index(None, "booking_id", "kind"))

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
        CheckConstraint(_one_of("way", Way), name="way"),
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


class Closure(Base):
    """A day on which a branch receives nobody, with the reason that visitors read."""

    __tablename__ = "booking_closure"
    __table_args__ = (UniqueConstraint("branch_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(60))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    closed_at: Mapped[datetime] = mapped_column(Instant)


class WeekendDay(Base):
    """The one weekend day on which a branch takes papers in; without a row it is Saturday."""

    __tablename__ = "booking_weekend_day"
    __table_args__ = (CheckConstraint("weekday IN (5, 6)", name="weekday"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"), unique=True)
    weekday: Mapped[int] = mapped_column(Integer)  # 5 is Saturday, 6 is Sunday
