"""Matters of the counter, and who did not come."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.audit import Person
from portal.bookings import queries, rules
from portal.bookings.deadlines import in_workdays
from portal.bookings.models import Booking
from portal.bookings.recording import Outcome, change
from portal.bookings.terms import Refusal, Verb


def take_in(db: Session, booking: Booking, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Take papers in on a weekend; the work itself is done on the next workday, and the ledger shows both times."""
    due_at = in_workdays(db, now, 1)
    first: dict[str, Any] = {"handler_id": staff.user_id, "answered_at": booking.answered_at or now}
    return change(db, booking, Verb.TAKE_IN, staff, now, seen=seen, reason=note, due_at=due_at, **first)


def finish(db: Session, booking: Booking, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Record that a matter of the counter is done."""
    first: dict[str, Any] = {"handler_id": staff.user_id, "answered_at": booking.answered_at or now}
    return change(db, booking, Verb.FINISH, staff, now, seen=seen, reason=note, **first)


def no_show(db: Session, booking: Booking, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Record that the visitor did not come, an hour after the time at the earliest."""
    slot = queries.slot(db, booking.slot_id)
    if now < slot.starts_at + rules.NO_SHOW_AFTER:
        return Refusal.TOO_SOON
    return change(db, booking, Verb.NO_SHOW, staff, now, seen=seen, reason=note)
