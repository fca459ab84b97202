"""What belongs to a new account, handed over: the client picks the time or the place, and signs for it."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import calendar
from portal.audit import Person
from portal.bookings import rules, slots
from portal.bookings.models import Booking
from portal.bookings.paper_models import Handover
from portal.bookings.place_models import Slot
from portal.bookings.recording import VISITOR, trace
from portal.bookings.terms import Item, Refusal, State, Way
from portal.kit.clock import local_date
from portal.kit.db import canonical, rows_touched


@dataclass(frozen=True)
class Choice:
    """How the client wants to have it: a time at his branch, or a day and an address."""

    way: Way
    slot_id: int | None = None
    address: str = ""
    bring_on: date | None = None


def of(db: Session, booking_id: int) -> Handover | None:
    """Give the handover of a booking, as an entity to change, or None."""
    return db.scalar(select(Handover).where(Handover.booking_id == booking_id))


def choose(db: Session, booking: Booking, choice: Choice, now: datetime) -> Handover | Refusal:
    """Choose time or place, or choose anew as long as nothing was handed over; the old place is free at once."""
    if booking.state != State.EFFECTIVE or booking.kind not in rules.OPENINGS:
        return Refusal.NOT_OPEN_YET
    before = of(db, booking.id)
    if before is not None and before.handed_at:
        return Refusal.HANDED_ALREADY
    old = before.slot_id if before else None
    if refusal := _refusal(db, booking, choice, old, now):
        return refusal
    if old and old != choice.slot_id:
        slots.give_back(db, old)
    made = _written(db, booking, choice, before, now)
    told = {"way": str(choice.way), "slot": choice.slot_id, "on": str(choice.bring_on) if choice.bring_on else None}
    trace(db, booking, "choose_handover", Person(VISITOR, booking.name), now, before={}, after=told)
    return made


def _refusal(db: Session, booking: Booking, choice: Choice, old: int | None, now: datetime) -> Refusal | None:
    if choice.way is Way.BRING:
        return _day_refusal(db, choice, now)
    slot = db.get(Slot, choice.slot_id) if choice.slot_id else None
    if slot is None or slot.branch_id != booking.branch_id:
        return Refusal.NOT_BOOKABLE
    for slot_id in sorted({slot.id, old or slot.id}):
        slots.lock(db, slot_id)
    return None if old == slot.id else slots.take(db, slot.id, now)


def _day_refusal(db: Session, choice: Choice, now: datetime) -> Refusal | None:
    try:
        days = calendar.around(db, local_date(now))
        fits = bool(choice.bring_on and choice.bring_on > local_date(now) and days.is_workday(choice.bring_on))
    except calendar.DayUnknown:
        fits = False
    return None if fits and choice.address else Refusal.BAD_DAY


def _written(db: Session, booking: Booking, choice: Choice, before: Handover | None, now: datetime) -> Handover:
    is_bring = choice.way is Way.BRING
    it = before or Handover(booking_id=booking.id, version=0, items=sorted(Item))
    it.way, it.slot_id, it.chosen_at, it.version = choice.way, None if is_bring else choice.slot_id, now, it.version + 1
    it.address, it.bring_on = (choice.address, choice.bring_on) if is_bring else (None, None)
    db.add(it)
    db.flush()
    return it


def hand_over(
    db: Session, booking: Booking, *, seen: int, items: Collection[Item], staff: Person, now: datetime
) -> Handover | Refusal:
    """Record what was handed over, by whom; the receipt is the client's to sign."""
    it = of(db, booking.id)
    if it is None or not items:
        return Refusal.NOT_OPEN_YET
    here = (Handover.id == it.id, Handover.version == seen, Handover.handed_at.is_(None))
    values: dict[str, Any] = {"handed_by": staff.user_id, "handed_at": now, "items": sorted(items), "version": seen + 1}
    if not rows_touched(db.execute(update(Handover).where(*here).values(**values))):
        return Refusal.HANDED_ALREADY
    db.refresh(it)
    trace(db, booking, "hand_over", staff, now, before={}, after={"items": sorted(items)})
    return it


def receipt_hash(booking: Booking, it: Handover) -> str:
    """Give the hash of what the client signs for: which things, of which booking, handed over when."""
    told = {"number": booking.number, "client_no": booking.client_no, "items": it.items, "at": str(it.handed_at)}
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def sign_receipt(db: Session, booking: Booking, *, signed_name: str, sha256: str, now: datetime) -> Handover | Refusal:
    """Let the client sign for what he has received; what he was shown and what is signed must be the same."""
    it = of(db, booking.id)
    if it is None or it.handed_at is None:
        return Refusal.NOT_HANDED
    if signed_name != booking.name or not hmac.compare_digest(receipt_hash(booking, it), sha256):
        return Refusal.NOT_SIGNED
    here = (Handover.id == it.id, Handover.signed_at.is_(None))
    signed = {"signed_name": signed_name, "signed_at": now, "sha256": sha256}
    if not rows_touched(db.execute(update(Handover).where(*here).values(**signed))):
        return Refusal.HANDED_ALREADY
    db.refresh(it)
    trace(db, booking, "receipt", Person(VISITOR, booking.name), now, before={}, after={"sha256": sha256})
    return it
