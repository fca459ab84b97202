"""Held results and wishes above the level stand in the queue of call-backs; what the client says there decides."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import calendar, callbacks, clients, identity
from portal.kit.clock import at, local_date
from portal.suitability import queries
from portal.suitability.actions import Person, decide
from portal.suitability.insisting import ABOUT_WISH, decide_wish, is_called, steps_in_force
from portal.suitability.models import Assessment, OverLevelRequest
from portal.suitability.rules import Insistence, Reason, State

CALLED, ABOUT = "suitability.called", "assessment"
WISH_CALLED = "suitability.wish_called"
WORKDAYS, EVENING = 2, time(17, 30)
BATCH = 50


def call_held(db: Session, now: datetime) -> int:
    """Ask for a call about each held result that has none; give how many (a duty)."""
    held = select(Assessment).where(Assessment.state == State.HELD).order_by(Assessment.id).limit(BATCH)
    new = [made for made in db.scalars(held) if callbacks.task_of(db, ABOUT, made.number) is None]
    return sum(_call(db, made, callbacks.Kind.QUESTIONNAIRE, ABOUT, CALLED, now) for made in new)


def call_wishes(db: Session, now: datetime) -> int:
    """Ask for a call about each wish above the level that needs one and has none; give how many (a duty)."""
    review = OverLevelRequest.state == Insistence.REVIEW
    waiting = db.scalars(select(OverLevelRequest).where(review).order_by(OverLevelRequest.id).limit(BATCH)).all()
    steps = steps_in_force(db) if waiting else None
    new = [made for made in waiting if callbacks.task_of(db, ABOUT_WISH, made.number) is None]
    called = [made for made in new if steps and is_called(db, made, steps, now)]
    return sum(_call(db, made, callbacks.Kind.OVER_LEVEL, ABOUT_WISH, WISH_CALLED, now) for made in called)


def _call(
    db: Session, made: Assessment | OverLevelRequest, kind: callbacks.Kind, about: str, follow: str, now: datetime
) -> bool:
    client, phone = clients.client_by_id(db, made.client_id), clients.mobile(db, made.client_id)
    if client is None or phone is None:
        return False
    callbacks.open_task(
        db, kind=kind, ref_type=about, ref_id=made.number, name=client.name, phone=phone, client_id=made.client_id,
        kept_out=[], due_at=at(_due_on(db, local_date(now)), EVENING), follow=follow, now=now,
    )  # fmt: skip
    return True


def _due_on(db: Session, today: date) -> date:
    try:
        return calendar.workday_after(db, today, WORKDAYS)
    except calendar.DayUnknown:
        return today + timedelta(days=WORKDAYS)


def hear_of_call(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """Let a held result go on, or reject it, as the client said; who was not reached stays held (a job)."""
    made, call = queries.by_number(db, payload["ref_id"]), callbacks.task_of(db, ABOUT, payload["ref_id"])
    if made is None or call is None or call.caller_id is None or made.state != State.HELD:
        return
    if payload["state"] not in (callbacks.State.PASSED, callbacks.State.DENIED):
        return
    passed = payload["state"] == callbacks.State.PASSED
    caller = Person(f"staff:{call.caller_id}", identity.name_of(db, call.caller_id), call.caller_id)
    reason = Reason.CALLED_BACK if passed else Reason.ANSWERS_WRONG
    decide(db, made, staff=caller, seen=made.version, release=passed, reason=reason, note=payload["number"], now=now)


def hear_of_wish(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """Grant a wish that needs no second look, or reject it, as the client said; else it waits for staff (a job)."""
    made = queries.over_level_by_number(db, payload["ref_id"])
    call = callbacks.task_of(db, ABOUT_WISH, payload["ref_id"])
    if made is None or call is None or call.caller_id is None or made.state != Insistence.REVIEW:
        return
    caller = Person(f"staff:{call.caller_id}", identity.name_of(db, call.caller_id), call.caller_id)
    if payload["state"] == callbacks.State.DENIED:
        decide_wish(
            db, made, staff=caller, seen=made.version, granted=False, reason=Reason.NOT_CONFIRMED, now=now
        )  # fmt: skip
    elif payload["state"] == callbacks.State.PASSED and not steps_in_force(db).needs_review(made.risk_class):
        decide_wish(db, made, staff=caller, seen=made.version, granted=True, reason=Reason.CALLED_BACK, now=now)


def was_called(db: Session, made: Assessment) -> bool:
    """Tell whether the client was spoken to about a result, and agreed."""
    call = callbacks.task_of(db, ABOUT, made.number)
    return call is not None and call.state == callbacks.State.PASSED
