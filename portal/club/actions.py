"""The verbs of joining the club: apply, two reviews by two persons, membership, renewal, leaving."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal import audit, calendar, clients, points, products, queues, tiers
from portal.audit import SYSTEM, Person
from portal.club import queries, rules, telling
from portal.club.models import ClubApplication, ClubApplicationEvent, ClubLeaving, ClubMembership
from portal.club.queries import Membership
from portal.club.rules import OPEN, Reason, Refusal, State
from portal.kit.clock import at, local_date
from portal.kit.db import insert_once, rows_touched
from portal.kit.numbers import next_number
from portal.queues import Stale

CLOSE = time(17)


@dataclass(frozen=True)
class Standing:
    """What a client brings to the club's door."""

    tier: str
    points_asked: int | None
    available: int
    again_from: date | None
    refusal: Refusal | None


Outcome = ClubApplication | Refusal | queues.Refusal | Stale


def standing(db: Session, client_id: int, now: datetime) -> Standing:
    """Say whether a client may apply today, what it would ask, and from when he may again."""
    today = local_date(now)
    known, tier = tiers.terms_on(db, today).club, tiers.tier_on(db, client_id, today)
    asked, available = rules.points_asked(tier, known["points"]), points.balance(db, client_id, now).available
    refused_at, latest = queries.last_rejection(db, client_id), queries.latest_of(db, client_id)
    again = local_date(refused_at) + timedelta(days=known["again_after_days"]) if refused_at else None
    refusal = rules.joining_refusal(
        points_asked=asked, available=available, is_open=bool(latest and latest.state in OPEN),
        is_member=queries.membership(db, client_id, today) is not None, again_from=again, today=today,
    )  # fmt: skip
    return Standing(tier, asked, available, again if again and again > today else None, refusal)


def apply(db: Session, *, client: Person, client_id: int, key: str, now: datetime) -> ClubApplication | Refusal:
    """Ask to join; a gold client's points are held until it is decided. The same key gives the same one."""
    clients.lock(db, client_id)  # a form posted twice waits here, then finds what the first has made
    if made := queries.by_key(db, client_id, key):
        return made
    here, today = standing(db, client_id, now), local_date(now)
    if here.refusal:
        return here.refusal
    try:
        promised_at = calendar.promised_at(db, now, tiers.promised_minutes(db, here.tier, today))
        times_out_at = at(calendar.workday_after(db, today, rules.DECIDE_WORKDAYS), CLOSE)
    except calendar.DayUnknown:
        return Refusal.NO_CALENDAR
    number = next_number(db, "HL", today)
    hold_id = None
    if asked := here.points_asked or 0:
        held = points.hold(
            db, client_id=client_id, points=asked, key=f"club:{client_id}:{key}", ref_type="club", ref_id=number,
            timeout_at=times_out_at, now=now, actor=client.actor,
        )  # fmt: skip
        if isinstance(held, points.Refusal):
            return Refusal.TOO_FEW_POINTS
        hold_id = held.id
    made = ClubApplication(
        number=number, request_key=key, client_id=client_id, tier=here.tier, points=asked, hold_id=hold_id,
        state=State.APPLIED, version=1, applied_at=now, promised_at=promised_at, times_out_at=times_out_at,
    )  # fmt: skip
    db.add(made)
    db.flush()
    _trace(db, made, "apply", client, now)
    return made


def review(db: Session, made: ClubApplication, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Support an application; somebody else decides it."""
    return _move(
        db,
        made,
        "review",
        (State.APPLIED,),
        State.REVIEWED,
        staff,
        now,
        seen=seen,
        note=note,
        reviewed_by=staff.user_id,
    )


def admit(db: Session, made: ClubApplication, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Make a member of an applicant, by a second person: the points are spent, the card begins today."""
    refusal = queues.may_decide(staff.user_id or 0, endorsed_by=made.reviewed_by, needs_two=True)
    if refusal and made.version == seen:
        return refusal
    decided = {"decided_by": staff.user_id, "decided_at": now, "reason": Reason.CHECKED}
    try:
        with db.begin_nested():
            return _admitted(db, made, seen, staff, note, now, decided)
    except PointsGone:
        db.refresh(made)
        return Refusal.TOO_LATE


class PointsGone(Exception):
    """Takes an admission back: nobody is admitted without the points that were asked."""


def _admitted(
    db: Session, made: ClubApplication, seen: int, staff: Person, note: str, now: datetime, decided: dict[str, Any]
) -> Outcome:
    moved = _move(db, made, "admit", (State.REVIEWED,), State.GRANTED, staff, now, seen=seen, note=note, **decided)
    if not isinstance(moved, ClubApplication):
        return moved
    if made.hold_id and isinstance(points.capture(db, hold_id=made.hold_id, now=now), points.Refusal):
        raise PointsGone
    _begin(db, made.client_id, _card(db, now), f"application:{made.number}", local_date(now), now)
    return made


def reject(
    db: Session, made: ClubApplication, *, seen: int, staff: Person, reason: str, note: str, now: datetime
) -> Outcome:
    """Decide against it, with a reason; the points go back."""
    if not reason or (reason == Reason.OTHER and not note):
        return Refusal.NO_REASON
    decided: dict[str, Any] = {"decided_by": staff.user_id, "decided_at": now, "reason": reason}
    if made.reviewed_by == staff.user_id:  # who supported may take that back by rejecting; the row says so once
        decided["reviewed_by"] = None
    return _end(db, made, "reject", State.REJECTED, staff, now, seen=seen, note=note, **decided)


def withdraw(db: Session, made: ClubApplication, *, client: Person, now: datetime) -> Outcome:
    """Let the client take the application back; the points are free at once."""
    return _end(db, made, "withdraw", State.WITHDRAWN, client, now, seen=made.version)


def time_out_due(db: Session, now: datetime) -> int:
    """Give back the points of applications that staff did not decide in time; give how many."""
    late = [queries.by_number(db, number) for number in queries.timed_out(db, now)]
    ended = [_end(db, each, "time_out", State.TIMED_OUT, SYSTEM, now, seen=each.version) for each in late if each]
    return sum(isinstance(each, ClubApplication) for each in ended)


def renew(db: Session, *, client: Person, client_id: int, now: datetime) -> Membership | Refusal:
    """Renew a card for another period, from sixty days before its end and while the tier still lets one join."""
    clients.lock(db, client_id)
    today = local_date(now)
    mine = queries.membership(db, client_id, today)
    if mine is None:
        return Refusal.NOT_A_MEMBER
    if not rules.may_renew(mine.ends_on, today):
        return Refusal.TOO_EARLY
    asked = rules.points_asked(tiers.tier_on(db, client_id, today), tiers.terms_on(db, today).club["points"])
    if asked is None:
        return Refusal.TIER_TOO_LOW
    if asked:
        held = points.hold(
            db, client_id=client_id, points=asked, key=f"club:renewal:{mine.card_no}:{mine.ends_on}", ref_type="club",
            ref_id=f"{mine.card_no}:{mine.ends_on}", timeout_at=now + timedelta(days=1), now=now, actor=client.actor,
        )  # fmt: skip
        if isinstance(held, points.Refusal) or isinstance(points.capture(db, hold_id=held.id, now=now), points.Refusal):
            return Refusal.TOO_FEW_POINTS
    _begin(db, client_id, mine.card_no, "renewal", mine.ends_on + timedelta(days=1), now)
    return queries.membership(db, client_id, today) or Refusal.NOT_A_MEMBER


def leave(db: Session, *, client: Person, client_id: int, now: datetime) -> bool:
    """Leave the club from today; the card opens it no more. False for who is no member."""
    clients.lock(db, client_id)
    today = local_date(now)
    mine = queries.membership(db, client_id, today)
    if mine is None:
        return False
    row = {"client_id": client_id, "left_on": today, "recorded_at": now}
    if not insert_once(db, ClubLeaving, card_no=mine.card_no, **row):
        return False
    detail = {"card_no": mine.card_no}
    audit.record(db, actor=client.actor, event="club.left", object=f"client:{client_id}", detail=detail, now=now)
    return True


def take_over(db: Session, *, client_id: int, since: date, now: datetime) -> str:
    """Bring a member from the system before: a card from a day on, for one term."""
    card_no = _card(db, now)
    _begin(db, client_id, card_no, "taken_over", since, now)
    return card_no


def _begin(db: Session, client_id: int, card_no: str, basis: str, begins_on: date, now: datetime) -> None:
    months = tiers.terms_on(db, local_date(now)).club["months"]
    ends_on = products.last_day(begins_on, months)
    row = {"client_id": client_id, "card_no": card_no, "basis": basis, "begins_on": begins_on, "ends_on": ends_on}
    db.execute(insert(ClubMembership).values(**row, recorded_at=now))
    detail = {"card_no": card_no, "basis": basis, "begins_on": str(begins_on), "ends_on": str(ends_on)}
    audit.record(db, actor="system", event="club.member", object=f"client:{client_id}", detail=detail, now=now)


def _card(db: Session, now: datetime) -> str:
    return next_number(db, "HLK", local_date(now))


def _end(
    db: Session, made: ClubApplication, verb: str, target: State, who: Person, now: datetime, *, seen: int,
    note: str = "", **decided: Any,
) -> Outcome:  # fmt: skip
    outcome = _move(db, made, verb, OPEN, target, who, now, seen=seen, note=note, **decided)
    if isinstance(outcome, ClubApplication) and made.hold_id:
        points.release(db, hold_id=made.hold_id, now=now, reason_code=made.state)
    return outcome


def _move(
    db: Session, made: ClubApplication, verb: str, allowed: tuple[State, ...], target: State, who: Person,
    now: datetime, *, seen: int, note: str = "", **decided: Any,
) -> Outcome:  # fmt: skip
    if made.state in OPEN and verb != "time_out" and made.times_out_at <= now:
        return Refusal.TOO_LATE
    here = (ClubApplication.id == made.id, ClubApplication.state.in_(allowed), ClubApplication.version == seen)
    change = update(ClubApplication).where(*here).values(state=target, version=seen + 1, note=note or None, **decided)
    if rows_touched(db.execute(change, execution_options={"synchronize_session": False})) == 0:
        last = queries.steps_of(db, made.id)[-1]
        return Stale(last.actor_name, last.at, last.to_state)
    db.refresh(made)
    _trace(db, made, verb, who, now, note)
    if target in (State.GRANTED, State.REJECTED, State.TIMED_OUT):
        telling.tell_decided(db, made, now)
    if who.user_id and who.actor.startswith("staff:"):
        tiers.answered(
            db, client_id=made.client_id, ref_type="club", ref_id=made.number, promised_at=made.promised_at,
            answered_at=now,
        )  # fmt: skip
    return made


def _trace(db: Session, made: ClubApplication, verb: str, who: Person, now: datetime, note: str = "") -> None:
    step = ClubApplicationEvent(
        application_id=made.id, verb=verb, to_state=made.state, actor=who.actor, actor_name=who.name, at=now,
        note=note or None,
    )  # fmt: skip
    db.add(step)
    db.flush()
    detail = {"to": made.state, "points": made.points, "reason": made.reason}
    audit.record(db, actor=who.actor, event=f"club.{verb}", object=f"club:{made.number}", detail=detail, now=now)
