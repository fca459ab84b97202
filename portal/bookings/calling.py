"""The call-back between the signature and the relation: ask for it, ask again, hear of its end."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import calendar, callbacks
from portal.audit import SYSTEM, Person
from portal.bookings import promises, queries, rules
from portal.bookings.deadlines import in_workdays
from portal.bookings.models import Booking
from portal.bookings.recording import Outcome, change
from portal.bookings.terms import PromiseKind, Refusal, State, Verb
from portal.kit.clock import at, local_date

CALLED = "booking.called"


def call_again(db: Session, booking: Booking, *, seen: int, staff: Person, reason: str, now: datetime) -> Outcome:
    """Have another round of calls made after three tries without an answer."""
    if not reason:
        return Refusal.NO_REASON
    due_at = in_workdays(db, now, rules.CALL_WORKDAYS) or now + timedelta(days=rules.CALL_WORKDAYS)
    made = change(db, booking, Verb.CALL_AGAIN, staff, now, seen=seen, reason=reason, due_at=due_at)
    if isinstance(made, Booking):
        ask_for_call(db, made, due_at, now)
    return made


def ask_for_call(db: Session, booking: Booking, due_at: datetime, now: datetime) -> None:
    """Open the call-back of a signed relation; who took part is kept out of it."""
    promises.make(db, booking.id, PromiseKind.CALL, due_at, now)
    kept_out = [each for each in (booking.handler_id, booking.reviewer_id, booking.witness_id) if each]
    callbacks.open_task(
        db, kind=callbacks.Kind.OPENING, ref_type="booking", ref_id=booking.number, name=booking.name,
        phone=booking.phone, client_id=booking.client_id, kept_out=kept_out, due_at=due_at, follow=CALLED, now=now,
    )  # fmt: skip


def hear_of_call(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """Go on after the call-back: confirmed for the next trading day, denied, or not reached (a job)."""
    booking = queries.by_number(db, payload["ref_id"])
    if booking is None or booking.state != State.CALLING:
        return
    seen, told = booking.version, {"callback": payload["number"]}
    if payload["state"] == callbacks.State.PASSED:
        on = calendar.trading_day_after(db, local_date(now), 1)
        coming: dict[str, Any] = {"effective_on": on, "due_at": at(on, rules.EFFECT_AT)}
        change(db, booking, Verb.CONFIRM, SYSTEM, now, seen=seen, told=told, **coming)
    elif payload["state"] == callbacks.State.DENIED:
        change(db, booking, Verb.DENY, SYSTEM, now, seen=seen, told=told)
    else:
        change(db, booking, Verb.MISS, SYSTEM, now, seen=seen, told=told, due_at=now)
