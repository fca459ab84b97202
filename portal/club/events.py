"""The verbs of an event: plan, register or wait, give the place back, check in by code."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import audit, clients, points, tiers
from portal.club import queries, rules, telling
from portal.club.models import ClubEvent, ClubRegistration
from portal.club.rules import TAKEN, Refusal, Seat
from portal.kit.clock import local_date
from portal.kit.db import rows_touched
from portal.kit.numbers import next_number


@dataclass(frozen=True)
class Plan:
    """An event as staff plan it: what, where, when, for whom, for how many, and what coming is worth."""

    kind: str
    title_zh: str
    title_en: str
    aim_zh: str
    aim_en: str
    place_zh: str
    place_en: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    members_only: bool
    min_tier: str
    min_level: str | None
    branches: str | None
    points: int


def plan(db: Session, planned: Plan, *, actor: str, now: datetime) -> str | Refusal:
    """Open an event for registration; give its number. Refused in the past or without length."""
    if planned.starts_at <= now:
        return Refusal.IN_THE_PAST
    if planned.ends_at <= planned.starts_at:
        return Refusal.NO_LENGTH
    number = next_number(db, "HD", local_date(now))
    row = {**vars(planned), "number": number, "taken": 0, "state": "open", "planned_by": actor, "planned_at": now}
    db.execute(insert(ClubEvent).values(**row))
    detail = {"title": planned.title_zh, "starts_at": planned.starts_at.isoformat(), "capacity": planned.capacity}
    audit.record(db, actor=actor, event="event.planned", object=f"event:{number}", detail=detail, now=now)
    return number


@dataclass(frozen=True)
class Guest:
    """What of a client decides which events are for him."""

    is_member: bool
    tier: str
    level: str | None
    branch_no: str | None


def guest(db: Session, client_id: int, now: datetime) -> Guest:
    """Read who a client is to the events of today, once for all of them."""
    today, client = local_date(now), clients.client_by_id(db, client_id)
    is_member = queries.membership(db, client_id, today) is not None
    level, branch_no = (client.risk_level, client.branch_no) if client else (None, None)
    return Guest(is_member, tiers.tier_on(db, client_id, today), level, branch_no)


def refusal_of(event: Any, who: Guest, now: datetime) -> Refusal | None:
    """Say why somebody can't register for an event now, or None."""
    return rules.coming_refusal(
        state=event.state, starts_at=event.starts_at, now=now, members_only=event.members_only,
        is_member=who.is_member, tier_suffices=tiers.is_at_least(who.tier, event.min_tier),
        level_suffices=rules.level_suffices(who.level, event.min_level),
        branch_suits=rules.branch_suits(event.branches, who.branch_no),
    )  # fmt: skip


def may_come(db: Session, event: Any, client_id: int, now: datetime) -> Refusal | None:
    """Say why a client can't register for an event now, or None."""
    return refusal_of(event, guest(db, client_id, now), now)


def register(db: Session, event: Any, *, client_id: int, actor: str, now: datetime) -> Seat | Refusal:
    """Take a place, or stand in the waiting list when none is left; asked again, give what the client has already.

    Whether he may come is asked at this moment: a tier that lapses later takes no place away.
    """
    clients.lock(db, client_id)  # the same client twice at once: the second finds the first's registration
    mine = select(ClubRegistration.state).where(_mine(event.id, client_id))
    held = db.scalar(mine)
    if held in (Seat.REGISTERED, Seat.WAITING, Seat.ATTENDED):
        return Seat(held)
    if refusal := may_come(db, event, client_id, now):
        return refusal
    seat = Seat.REGISTERED if _take_place(db, event.id, now) else Seat.WAITING
    row = {"state": seat, "queued_at": now, "checked_in_at": None}
    if held is None:
        code = _free_code(db, event.id)
        db.execute(insert(ClubRegistration).values(event_id=event.id, client_id=client_id, code=code, **row))
    else:
        db.execute(update(ClubRegistration).where(_mine(event.id, client_id)).values(**row))
    _record(db, event, client_id, str(seat), actor, now)
    return seat


def give_up(db: Session, event: Any, *, client_id: int, actor: str, now: datetime) -> bool | Refusal:
    """Give a place back, or leave the waiting list; the place goes to who waits longest."""
    if event.starts_at <= now:
        return Refusal.EVENT_OVER
    # Who gives back holds the event: nobody takes the place between the one who leaves and the one who waits.
    db.execute(select(ClubEvent.id).where(ClubEvent.id == event.id).with_for_update())
    held = db.scalar(select(ClubRegistration.state).where(_mine(event.id, client_id)).with_for_update())
    if held not in (Seat.REGISTERED, Seat.WAITING):
        return False
    gone = update(ClubRegistration).where(_mine(event.id, client_id), ClubRegistration.state == held)
    db.execute(gone.values(state=Seat.CANCELLED))
    _record(db, event, client_id, "cancelled", actor, now)
    if held == Seat.REGISTERED:
        _pass_on(db, event, now)
    return True


def check_in(db: Session, event: Any, *, code: str, actor: str, now: datetime) -> int | Refusal:
    """Let somebody in by the code of his registration; coming earns the event's points once. Gives the client's id."""
    if event.state == "cancelled":
        return Refusal.EVENT_CANCELLED
    if not rules.door_is_open(local_date(event.starts_at), local_date(now)):
        return Refusal.TOO_EARLY
    place = (ClubRegistration.event_id == event.id, ClubRegistration.code == code.strip())
    row = db.execute(select(ClubRegistration.client_id, ClubRegistration.state).where(*place)).one_or_none()
    if row is None or row.state not in TAKEN:
        return Refusal.WRONG_CODE
    came = update(ClubRegistration).where(*place, ClubRegistration.state == Seat.REGISTERED)
    if rows_touched(db.execute(came.values(state=Seat.ATTENDED, checked_in_at=now))):
        _record(db, event, row.client_id, "attended", actor, now)
        if event.points:
            today = local_date(now)
            points.earn(
                db, client_id=row.client_id, points=event.points, kind="event", now=now,
                key=f"earn:event:{event.number}:{row.client_id}", expires_at=points.lapses_at(db, today),
                explain={"rule": "event", "event": event.number, "points": event.points}, actor=actor,
            )  # fmt: skip
    return int(row.client_id)


def cancel(db: Session, event: Any, *, actor: str, now: datetime) -> bool:
    """Call an event off; False when it was already, or has begun."""
    open_ = (ClubEvent.id == event.id, ClubEvent.state == "open", ClubEvent.starts_at > now)
    if not rows_touched(db.execute(update(ClubEvent).where(*open_).values(state="cancelled"))):
        return False
    audit.record(db, actor=actor, event="event.cancelled", object=f"event:{event.number}", detail={}, now=now)
    telling.tell_cancelled(db, event, now)
    return True


def _take_place(db: Session, event_id: int, now: datetime) -> bool:
    # One statement compares and counts: of forty at once exactly as many get through as there are places.
    free = (ClubEvent.id == event_id, ClubEvent.taken < ClubEvent.capacity, ClubEvent.state == "open")
    taken = update(ClubEvent).where(*free, ClubEvent.starts_at > now).values(taken=ClubEvent.taken + 1)
    return rows_touched(db.execute(taken)) == 1


def _pass_on(db: Session, event: Any, now: datetime) -> None:
    waits = (ClubRegistration.event_id == event.id, ClubRegistration.state == Seat.WAITING)
    line = select(ClubRegistration.client_id).where(*waits)
    next_ = db.scalar(line.order_by(ClubRegistration.queued_at, ClubRegistration.client_id).limit(1).with_for_update())
    if next_ is None:
        db.execute(update(ClubEvent).where(ClubEvent.id == event.id).values(taken=ClubEvent.taken - 1))
        return
    db.execute(update(ClubRegistration).where(_mine(event.id, next_)).values(state=Seat.REGISTERED))
    _record(db, event, next_, "moved_up", "system", now)
    telling.tell_moved_up(db, event, next_, now)


def _free_code(db: Session, event_id: int) -> str:
    used = set(db.scalars(select(ClubRegistration.code).where(ClubRegistration.event_id == event_id)))
    while (code := f"{secrets.randbelow(10**6):06d}") in used:
        pass
    return code


def _mine(event_id: int, client_id: int) -> Any:
    return (ClubRegistration.event_id == event_id) & (ClubRegistration.client_id == client_id)


def _record(db: Session, event: Any, client_id: int, verb: str, actor: str, now: datetime) -> None:
    detail = {"client_id": client_id}
    audit.record(db, actor=actor, event=f"event.{verb}", object=f"event:{event.number}", detail=detail, now=now)
