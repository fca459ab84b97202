"""What comes after: spot checks of relations in effect, and calls about bookings that were never finished."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal import audit, calendar, callbacks
from portal.audit import SYSTEM, Person
from portal.bookings import queries, rules
from portal.bookings.models import Booking, BookingEvent
from portal.bookings.place_models import Slot
from portal.bookings.recording import change
from portal.bookings.referrals import claw_back
from portal.bookings.terms import State, Verb
from portal.kit.clock import at, local_date

SPOT_CHECKED = "booking.spot_checked"
SPOT, FOLLOW_UP = "spot_check", "booking_follow"
LOOK_BACK = timedelta(days=60)
BATCH = 200


def draw(db: Session, *, percent: int, staff: Person, now: datetime, lot: random.Random | None = None) -> list[str]:
    """Draw a share of the relations in effect that were never checked, one at least; give their numbers."""
    alive = select(Booking).where(Booking.state == State.EFFECTIVE).order_by(Booking.id).limit(BATCH)
    open_ = [each for each in db.scalars(alive) if callbacks.task_of(db, SPOT, each.number) is None]
    count = min(len(open_), max(1, -(-len(open_) * percent // 100)))
    drawn = (lot or random.SystemRandom()).sample(open_, count)
    for booking in drawn:
        _ask(db, booking, callbacks.Kind.SPOT_CHECK, SPOT, now, follow=SPOT_CHECKED)
    numbers = sorted(booking.number for booking in drawn)
    told = {"percent": percent, "of": len(open_), "drawn": numbers}
    audit.record(db, actor=staff.actor, event="relations.drawn", object="relations", detail=told, now=now)
    return numbers


def hear_of_spot_check(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """End a relation that was denied at a spot check, on record, with the points that rest on it (a job)."""
    booking = queries.by_number(db, payload["ref_id"])
    if booking is None or booking.state != State.EFFECTIVE or payload["state"] != callbacks.State.DENIED:
        return
    told = {"callback": payload["number"]}
    if isinstance(change(db, booking, Verb.DENY, SYSTEM, now, seen=booking.version, told=told), Booking):
        claw_back(db, booking, now)


def follow_up(db: Session, now: datetime) -> int:
    """Have unfinished bookings called about after five working days, twice at most, never after a no (a duty)."""
    last = func.max(BookingEvent.at)
    quiet = select(BookingEvent.booking_id, last.label("at")).group_by(BookingEvent.booking_id).subquery()
    over = and_(Booking.state.in_(rules.BEFORE_VISIT), Slot.starts_at < now)  # nobody wrote down who came
    unfinished = (or_(Booking.state.in_(rules.UNFINISHED), over), quiet.c.at >= now - LOOK_BACK)
    found = select(Booking, quiet.c.at).join(quiet, quiet.c.booking_id == Booking.id)
    found = found.join(Slot, Slot.id == Booking.slot_id).where(*unfinished)
    rows = db.execute(found.order_by(Booking.id).limit(BATCH)).all()
    return sum(_follow_up(db, booking, since, now) for booking, since in rows)


def _follow_up(db: Session, booking: Booking, since: datetime, now: datetime) -> bool:
    before = callbacks.task_of(db, FOLLOW_UP, booking.number)
    answered = before is not None and before.state in (callbacks.State.DENIED, callbacks.State.OPEN)
    if answered or (before is not None and before.round >= rules.FOLLOW_UPS):
        return False
    try:
        begins = calendar.workday_after(
            db, local_date(max(since, before.finished_at or since) if before else since), rules.FOLLOW_UP_WORKDAYS
        )
    except calendar.DayUnknown:
        return False
    other = queries.open_of_phone(db, booking.phone, booking.purpose)
    if local_date(now) < begins or (other and other != booking.number):
        return False
    _ask(db, booking, callbacks.Kind.FOLLOW_UP, FOLLOW_UP, now)
    return True


def _ask(
    db: Session, booking: Booking, kind: callbacks.Kind, ref_type: str, now: datetime, *, follow: str | None = None
) -> None:
    kept_out = [each for each in (booking.handler_id, booking.reviewer_id, booking.witness_id) if each]
    callbacks.open_task(
        db, kind=kind, ref_type=ref_type, ref_id=booking.number, name=booking.name, phone=booking.phone,
        client_id=booking.client_id, kept_out=kept_out if kind is callbacks.Kind.SPOT_CHECK else [], follow=follow,
        due_at=at(local_date(now) + timedelta(days=3), rules.EFFECT_AT), now=now,
    )  # fmt: skip
