"""The verbs of a booking: book, move, cancel; each with its ledger line, audit row and reminders in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import calendar
from portal.audit import Person
from portal.bookings import messages, promises, queries, rules, slots
from portal.bookings.models import Booking
from portal.bookings.place_models import Branch, Slot
from portal.bookings.recording import Outcome, change, stale, trace
from portal.bookings.reminding import remind_later
from portal.bookings.telling import send
from portal.bookings.terms import Case, Channel, Kind, PromiseKind, Refusal, State, Verb
from portal.identity import fingerprint, fresh_secret
from portal.kit.clock import local_date
from portal.kit.numbers import next_number


@dataclass(frozen=True)
class Asked:
    """What a visitor wants."""

    slot_id: int
    kind: Kind
    case: Case
    name: str
    phone: str
    referrer: str = ""
    language: str = "zh"
    client_id: int | None = None
    hold_id: int | None = None

    @property
    def purpose(self) -> str:
        """Name what one open booking may exist of: an opening, a matter of the counter."""
        return "opening" if self.kind in rules.OPENINGS else "counter"


@dataclass(frozen=True)
class Booked:
    """A booking made, with the secret of its link: only its hash is kept."""

    booking: Booking
    secret: str


def book(db: Session, asked: Asked, *, by: Person, channel: Channel, origin: str, now: datetime) -> Booked | Refusal:
    """Book a place for a visitor whose telephone is proved, and assign the member of staff who has least to do."""
    if queries.open_of_phone(db, asked.phone, asked.purpose):
        return Refusal.ALREADY_BOOKED
    try:
        with db.begin_nested():
            made = _book(db, asked, by, channel, now)
    except IntegrityError:  # the same telephone books twice at the same moment: the place goes back with this block
        return Refusal.ALREADY_BOOKED
    if isinstance(made, Booked):
        _tell(db, made, origin, now)
    return made


def _book(db: Session, asked: Asked, by: Person, channel: Channel, now: datetime) -> Booked | Refusal:
    try:
        promised_at = calendar.promised_at(db, now, rules.FIRST_RESPONSE_MINUTES)
    except calendar.DayUnknown:
        return Refusal.NO_CALENDAR
    if not (asked.hold_id and slots.use_hold(db, asked.hold_id, asked.slot_id, now)) and (
        refusal := slots.take(db, asked.slot_id, now, ahead=_ahead(by))
    ):
        return refusal
    slot = db.get_one(Slot, asked.slot_id)
    assigned_to = _assign(db, slot.branch_id, local_date(now))
    if assigned_to is None:
        slots.give_back(db, slot.id)
        return Refusal.NO_STAFF
    secret = fresh_secret()
    booking = Booking(
        number=next_number(db, "KH", local_date(now)), link_hash=fingerprint(secret), branch_id=slot.branch_id,
        slot_id=slot.id, client_id=asked.client_id, kind=asked.kind, purpose=asked.purpose, visitor_case=asked.case,
        channel=channel, name=asked.name, phone=asked.phone, referrer=asked.referrer or None, language=asked.language,
        state=State.BOOKED, is_open=True, version=1, moves=0, sequence=0, assigned_to=assigned_to, booked_at=now,
        promised_at=promised_at, due_at=promised_at, papers=[],
    )  # fmt: skip
    db.add(booking)
    db.flush()
    told = {"slot": booking.slot_id, "at": slot.starts_at.isoformat(), "kind": str(asked.kind), "staff": assigned_to}
    trace(db, booking, "book", by, now, before={}, after={"state": str(State.BOOKED), **told}, channel=channel)
    promises.make(db, booking.id, PromiseKind.ANSWER, promised_at, now)
    remind_later(db, booking, slot.starts_at, now)
    return Booked(booking, secret)


def _ahead(by: Person) -> timedelta:
    # Who stands at the counter is taken down by staff, while his half hour lasts.
    return -rules.SLOT_LASTS if by.actor.startswith("staff:") else rules.AHEAD


def _assign(db: Session, branch_id: int, today: date) -> int | None:
    # Two bookings at the same moment count the loads one after the other.
    db.execute(select(Branch.id).where(Branch.id == branch_id).with_for_update())
    return rules.least_loaded(queries.loads(db, branch_id, today))


def move(
    db: Session, booking: Booking, slot_id: int, *, by: Person, now: datetime, reason: str = "", seen: int | None = None
) -> Outcome:
    """Move to another place, twice at most for the visitor himself; staff say why instead, on a screen that is new."""
    old = db.get_one(Slot, booking.slot_id)
    if rules.after(State(booking.state), Verb.MOVE, Kind(booking.kind)) is None or seen not in (None, booking.version):
        return stale(db, booking)
    is_staff = by.user_id is not None and by.actor.startswith("staff:")
    if is_staff and not reason:
        return Refusal.NO_REASON
    refusal = None if is_staff else rules.move_refusal(moves=booking.moves, starts_at=old.starts_at, now=now)
    if refusal or slot_id == old.id:
        return refusal or Refusal.SAME_SLOT
    new = db.get(Slot, slot_id)
    if new is None or new.branch_id != booking.branch_id:
        return Refusal.NOT_BOOKABLE
    if refused := _take_in_order(db, old.id, new.id, now, _ahead(by)):
        return refused
    step: dict[str, Any] = {
        "slot_id": new.id,
        "moves": booking.moves + (0 if is_staff else 1),
        "sequence": booking.sequence + 1,
    }
    if booking.state == State.PRECHECKED:
        step["due_at"] = new.starts_at
    moved = change(db, booking, Verb.MOVE, by, now, seen=booking.version, reason=reason, **step)
    if isinstance(moved, Booking):
        slots.give_back(db, old.id)
        remind_later(db, moved, new.starts_at, now)
        send(db, moved, messages.moved(moved, new.starts_at), f"moved:{moved.sequence}", now)
    else:
        slots.give_back(db, new.id)
    return moved


def _take_in_order(db: Session, old_id: int, new_id: int, now: datetime, ahead: timedelta) -> Refusal | None:
    # Two who swap their places at the same moment lock both in one order, so that neither waits for the other.
    for slot_id in sorted((old_id, new_id)):
        slots.lock(db, slot_id)
    return slots.take(db, new_id, now, ahead=ahead)


def cancel(
    db: Session, booking: Booking, *, by: Person, now: datetime, reason: str = "", seen: int | None = None
) -> Outcome:
    """Cancel; the place is free again at once. Until two hours before, or by staff with a reason."""
    slot = db.get_one(Slot, booking.slot_id)
    is_staff = by.actor.startswith("staff:")
    if is_staff and not reason:
        return Refusal.NO_REASON
    before_visit = booking.state in rules.BEFORE_VISIT
    if not is_staff and before_visit and slot.starts_at - now < rules.MOVE_UNTIL:
        return Refusal.TOO_LATE
    outcome = change(
        db, booking, Verb.CANCEL, by, now, seen=seen or booking.version, reason=reason, sequence=booking.sequence + 1
    )  # fmt: skip
    if isinstance(outcome, Booking):
        if before_visit:
            slots.lock(db, slot.id)
            slots.give_back(db, slot.id)
        send(db, outcome, messages.cancelled(outcome), "cancelled", now)
    return outcome


def _tell(db: Session, made: Booked, origin: str, now: datetime) -> None:
    slot = queries.slot(db, made.booking.slot_id)
    send(db, made.booking, messages.booked(made.booking, slot, origin, made.secret), "booked", now)
