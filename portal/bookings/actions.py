"""The verbs of a booking: book, move, cancel; each with its ledger line, audit row and reminders in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit, calendar, sms
from portal.bookings import messages, queries, rules, slots
from portal.bookings.models import Booking, BookingEvent, Branch, Clerk, Slot
from portal.bookings.rules import Case, Channel, Kind, Refusal, State, Verb
from portal.identity import fingerprint, fresh_secret
from portal.kit import jobs
from portal.kit.clock import at, local_date
from portal.kit.db import rows_touched
from portal.kit.numbers import next_number
from portal.queues import Stale

REMIND = "booking.remind"


@dataclass(frozen=True)
class Person:
    """Who acts: the name in the ledger and the name that people read."""

    actor: str
    name: str
    user_id: int | None = None


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


SYSTEM = Person("system", "")
VISITOR = "visitor"
Outcome = Booking | Refusal | Stale


def open_branch(
    db: Session, *, code: str, name: str, name_en: str, address: str, address_en: str, capacity: int
) -> Branch:
    """Enter a branch that can be visited."""
    branch = Branch(
        code=code, name=name, name_en=name_en, address=address, address_en=address_en, capacity=capacity, is_open=True
    )
    db.add(branch)
    db.flush()
    return branch


def place_clerk(db: Session, *, branch_id: int, user_id: int, name: str, handles: bool, sells: bool) -> Clerk:
    """Enter who works at a branch; only who handles is given bookings, and who sells never witnesses."""
    clerk = Clerk(branch_id=branch_id, user_id=user_id, name=name, is_present=True, sells=sells, handles=handles)
    db.add(clerk)
    db.flush()
    return clerk


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
        refusal := slots.take(db, asked.slot_id, now)
    ):
        return refusal
    slot = db.get_one(Slot, asked.slot_id)
    assigned_to = _assign(db, slot.branch_id)
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
    remind_later(db, booking, slot.starts_at, now)
    return Booked(booking, secret)


def _assign(db: Session, branch_id: int) -> int | None:
    # Two bookings at the same moment count the loads one after the other.
    db.execute(select(Branch.id).where(Branch.id == branch_id).with_for_update())
    return rules.least_loaded(queries.loads(db, branch_id))


def move(db: Session, booking: Booking, slot_id: int, *, by: Person, now: datetime, reason: str = "") -> Outcome:
    """Move to another place, twice at most for the visitor himself; staff say why instead."""
    old = db.get_one(Slot, booking.slot_id)
    if rules.after(State(booking.state), Verb.MOVE, Kind(booking.kind)) is None:
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
    if refused := _take_in_order(db, old.id, new.id, now):
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


def _take_in_order(db: Session, old_id: int, new_id: int, now: datetime) -> Refusal | None:
    # Two who swap their places at the same moment lock both in one order, so that neither waits for the other.
    for slot_id in sorted((old_id, new_id)):
        slots.lock(db, slot_id)
    return slots.take(db, new_id, now)


def cancel(db: Session, booking: Booking, *, by: Person, now: datetime, reason: str = "") -> Outcome:
    """Cancel; the place is free again at once. Until two hours before, or by staff with a reason."""
    slot = db.get_one(Slot, booking.slot_id)
    is_staff = by.actor.startswith("staff:")
    if is_staff and not reason:
        return Refusal.NO_REASON
    before_visit = booking.state in rules.BEFORE_VISIT
    if not is_staff and before_visit and slot.starts_at - now < rules.MOVE_UNTIL:
        return Refusal.TOO_LATE
    outcome = change(
        db, booking, Verb.CANCEL, by, now, seen=booking.version, reason=reason, sequence=booking.sequence + 1
    )  # fmt: skip
    if isinstance(outcome, Booking):
        if before_visit:
            slots.lock(db, slot.id)
            slots.give_back(db, slot.id)
        send(db, outcome, messages.cancelled(outcome), "cancelled", now)
    return outcome


def change(
    db: Session, booking: Booking, verb: Verb, by: Person, now: datetime, *, seen: int, reason: str = "",
    told: Mapping[str, Any] | None = None, **values: Any,
) -> Outcome:  # fmt: skip
    """Take one step of the course: compare and set, with its line in the ledger; every verb goes through here."""
    target = rules.after(State(booking.state), verb, Kind(booking.kind))
    if target is None or booking.version != seen:
        return stale(db, booking)
    was = {"state": booking.state} | {name: _plain(getattr(booking, name)) for name in values}
    here = (Booking.id == booking.id, Booking.state == booking.state, Booking.version == seen)
    ended = target in rules.ENDED
    values |= {"state": target, "version": seen + 1, "is_open": not ended} | ({"due_at": None} if ended else {})
    step = update(Booking).where(*here).values(**values)
    if rows_touched(db.execute(step, execution_options={"synchronize_session": False})) == 0:
        return stale(db, booking)
    db.refresh(booking)
    became = {"state": str(target)} | {name: _plain(getattr(booking, name)) for name in values if name != "state"}
    became = {name: value for name, value in became.items() if was.get(name) != value and name not in _UNTOLD}
    was = {name: value for name, value in was.items() if name in became}
    trace(db, booking, verb, by, now, before=was, after=became | dict(told or {}), reason=reason)
    return booking


_UNTOLD = {"version", "is_open", "id_index", "link_hash"}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | bool | list) else str(value)


def trace(
    db: Session, booking: Booking, verb: str, by: Person, now: datetime, *, before: Mapping[str, Any],
    after: Mapping[str, Any], reason: str = "", channel: str | None = None,
) -> None:  # fmt: skip
    """Write a line of the ledger and its audit row."""
    line = BookingEvent(
        booking_id=booking.id, verb=verb, at=now, actor=by.actor, actor_name=by.name, before=dict(before),
        after=dict(after), channel=channel or (Channel.STAFF if by.actor.startswith("staff:") else Channel.WEB),
        reason=reason or None,
    )  # fmt: skip
    db.add(line)
    db.flush()
    what = f"booking:{booking.number}"
    audit.record(db, actor=by.actor, event=f"booking.{verb}", object=what, detail=dict(after), now=now)


def stale(db: Session, booking: Booking) -> Stale:
    """Say who has changed a booking meanwhile."""
    db.refresh(booking)
    last = queries.events(db, booking.id)[-1]
    return Stale(last.actor_name, last.at, booking.state)


def remind_later(db: Session, booking: Booking, starts_at: datetime, now: datetime) -> None:
    """Ask for the two reminders of a visit; those of an earlier time find that they are outdated."""
    for name, moment in zip(("eve", "day"), rules.reminders(starts_at, at(local_date(starts_at))), strict=True):
        if moment > now:
            told = {"number": booking.number, "sequence": booking.sequence, "which": name}
            jobs.enqueue(db, REMIND, f"{REMIND}:{booking.number}:{booking.sequence}:{name}", told, moment)


def remind(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """Send a reminder, unless the visit was moved or is off (a job)."""
    booking = queries.by_number(db, payload["number"])
    if booking is None or booking.sequence != payload["sequence"] or booking.state not in rules.BEFORE_VISIT:
        return
    slot = queries.slot(db, booking.slot_id)
    if slot is None or slot.starts_at <= now:
        return
    send(db, booking, messages.reminder(booking, slot), f"remind:{booking.sequence}:{payload['which']}", now)
    trace(db, booking, "remind", SYSTEM, now, before={}, after={"which": payload["which"]})


def renew_link(db: Session, booking: Booking, *, by: Person, origin: str, now: datetime) -> str:
    """Send a new link to who has lost his; the old one no longer opens anything."""
    secret = fresh_secret()
    db.execute(update(Booking).where(Booking.id == booking.id).values(link_hash=fingerprint(secret)))
    trace(db, booking, "renew_link", by, now, before={}, after={})
    slot = queries.slot(db, booking.slot_id)
    send(db, booking, messages.booked(booking, slot, origin, secret), f"link:{fingerprint(secret)[:12]}", now)
    return secret


def _tell(db: Session, made: Booked, origin: str, now: datetime) -> None:
    slot = queries.slot(db, made.booking.slot_id)
    send(db, made.booking, messages.booked(made.booking, slot, origin, made.secret), "booked", now)


def send(db: Session, booking: Booking, text: str, what: str, now: datetime) -> None:
    """Queue a message to the visitor, once for each thing that happened."""
    sms.queue(
        db, client_id=booking.client_id, to=booking.phone, text=text, purpose="booking", ref_type="booking",
        ref_id=booking.id, key=f"booking:{booking.number}:{what}", now=now,
    )  # fmt: skip
