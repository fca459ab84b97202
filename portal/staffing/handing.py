"""Handing over (交接): asked for by one, approved by another, moved in one transaction; an absence ends by itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit, identity
from portal.audit import SYSTEM, Person
from portal.kit.clock import local_date
from portal.kit.db import rows_touched
from portal.kit.numbers import next_number
from portal.queues import Charge, Held, Passing
from portal.staffing import queries, rules, work
from portal.staffing.models import Handover, Moved
from portal.staffing.rules import Kind, Refusal, State

SWEPT = timedelta(days=7)  # after somebody has left, what still reaches his name is passed on


class _Stuck(Exception):
    """A handover that can't happen as it stands: all of it is undone."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Plan:
    """Who hands over to whom, and for which days."""

    kind: Kind
    giver_id: int
    taker_id: int
    from_on: date
    to_on: date | None
    note: str = ""


@dataclass(frozen=True)
class Preview:
    """What would move, by kind, and why it can't."""

    pieces: list[tuple[Charge, Sequence[Held]]]
    refusal: Refusal | None
    objections: list[str]

    @property
    def count(self) -> int:
        """Give how many pieces there are."""
        return sum(len(held) for _, held in self.pieces)


def preview(db: Session, plan: Plan, now: datetime) -> Preview:
    """Say what would move if it happened now, and what stands in its way."""
    refusal = _refusal(db, plan, local_date(now))
    pieces = work.held_by(db, plan.giver_id, now)
    return Preview(pieces, refusal, work.objections(db, plan.giver_id, plan.taker_id))


def ask(db: Session, plan: Plan, *, staff: Person, now: datetime) -> Handover | Refusal:
    """Ask for a handover; another person decides. One of a kind at a time for each giver."""
    seen = preview(db, plan, now)
    if seen.refusal or seen.objections:
        return seen.refusal or Refusal.LACKS_ROLE
    row = Handover(
        number=next_number(db, "JJ", local_date(now)), kind=plan.kind, giver_id=plan.giver_id, taker_id=plan.taker_id,
        from_on=plan.from_on, to_on=plan.to_on if plan.kind is Kind.ABSENCE else None, note=plan.note,
        state=State.ASKED, asked_by=staff.user_id, asked_at=now, posts={},
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError:
        return Refusal.RUNS_ALREADY
    told = {"kind": row.kind, "from": row.giver_id, "to": row.taker_id, "from_on": str(row.from_on)}
    _record(db, row, "asked", staff, told | {"to_on": str(row.to_on)}, now)
    return row


def approve(db: Session, row: Handover, *, staff: Person, now: datetime) -> Handover | Refusal:
    """Approve another person's request; where its first day has come, everything moves in this very transaction."""
    db.refresh(row, with_for_update=True)  # whoever comes second waits here, and finds it decided
    if row.state != State.ASKED:
        return Refusal.DECIDED
    concerned = (row.giver_id, row.taker_id)
    if refusal := rules.decide_refusal(staff.user_id, asked_by=row.asked_by, concerned=concerned):
        return refusal
    if refusal := _stands_in_the_way(db, row, local_date(now)):
        return refusal
    return _approve(db, row, staff, now) or row


def _approve(db: Session, row: Handover, staff: Person, now: datetime) -> Refusal | None:
    try:
        with db.begin_nested():
            _move(db, row, State.ASKED, State.APPROVED, decided_by=staff.user_id, decided_at=now)
            _record(db, row, "approved", staff, {}, now)
            if row.from_on <= local_date(now):
                _begin(db, row, now)
    except _Stuck as stuck:
        return stuck.refusal
    return None


def refuse(db: Session, row: Handover, *, staff: Person, reason: str, now: datetime) -> Refusal | None:
    """Decide against it, with the reason."""
    concerned = (row.giver_id, row.taker_id)
    if refusal := rules.decide_refusal(staff.user_id, asked_by=row.asked_by, concerned=concerned):
        return refusal
    if not reason:
        return Refusal.NO_REASON
    decided = {"decided_by": staff.user_id, "decided_at": now, "reason": reason}
    if not _move(db, row, State.ASKED, State.REFUSED, **decided):
        return Refusal.DECIDED
    _record(db, row, "refused", staff, {"reason": reason}, now)
    return None


def withdraw(db: Session, row: Handover, *, staff: Person, now: datetime) -> Refusal | None:
    """Take a request back, or end an absence before its time: then everything comes back at once."""
    if staff.user_id not in (row.asked_by, row.giver_id, row.decided_by):
        return Refusal.NOT_ALONE
    if row.state == State.AWAY:
        return None if _bring_back(db, row, now, staff) else Refusal.DECIDED
    before = State(row.state)
    if before not in (State.ASKED, State.APPROVED) or not _move(db, row, before, State.WITHDRAWN, ended_at=now):
        return Refusal.DECIDED
    _record(db, row, "withdrawn", staff, {}, now)
    return None


def keep(db: Session, now: datetime) -> int:
    """Do what the day asks for (a duty): bring back, begin, and pass on what still came to who is not there."""
    today = local_date(now)
    done = sum(_bring_back(db, row, now, SYSTEM) for row in queries.over(db, today))
    done += sum(_begin_if_possible(db, row, now) for row in queries.due(db, today))
    return done + sum(_pass_on(db, row, now) for row in queries.swept(db, now - SWEPT))


def stuck(db: Session, row: Handover, today: date) -> Refusal | None:
    """Say why an approved handover whose day has come has not happened."""
    is_due = row.state == State.APPROVED and row.from_on <= today
    return _stands_in_the_way(db, row, today) if is_due else None


def person(db: Session, user_id: int) -> Person:
    """Give a member of staff as who acts."""
    return Person(f"staff:{user_id}", identity.name_of(db, user_id), user_id)


def _refusal(db: Session, plan: Plan, today: date) -> Refusal | None:
    giver, taker = identity.member(db, plan.giver_id), identity.member(db, plan.taker_id)
    if giver is None or taker is None or giver.shut_for == "left" or taker.shut_at:
        return Refusal.UNKNOWN
    if giver.id == taker.id:
        return Refusal.SAME_PERSON
    if refusal := rules.period_refusal(plan.kind, from_on=plan.from_on, to_on=plan.to_on, today=today):
        return refusal
    if queries.is_away(db, taker.id, plan.from_on, plan.to_on if plan.kind is Kind.ABSENCE else None):
        return Refusal.TAKER_AWAY
    return rules.fit_refusal(
        giver_roles=giver.roles, giver_branch=giver.branch_no or "", taker_roles=taker.roles,
        taker_branch=taker.branch_no or "",
    )  # fmt: skip


def _stands_in_the_way(db: Session, row: Handover, today: date) -> Refusal | None:
    """Look again at what was fine when it was asked for: a day that has come meanwhile is no obstacle."""
    begin = max(row.from_on, today)
    plan = Plan(Kind(row.kind), row.giver_id, row.taker_id, begin, row.to_on and max(row.to_on, begin))
    refusal = _refusal(db, plan, today)
    return refusal or (Refusal.LACKS_ROLE if work.objections(db, row.giver_id, row.taker_id) else None)


def _begin_if_possible(db: Session, row: Handover, now: datetime) -> bool:
    if _stands_in_the_way(db, row, local_date(now)):
        return False
    try:
        with db.begin_nested():
            _begin(db, row, now)
    except _Stuck:
        db.refresh(row)
        return False
    return True


def _begin(db: Session, row: Handover, now: datetime) -> None:
    """Move everything; raises _Stuck, to be undone whole, where something would remain with who leaves."""
    is_leaving = row.kind == Kind.LEAVING
    if is_leaving:
        _end_absences(db, row, now)
    posts = {each.name: ids for each in work.CHARGES if (ids := each.stand_down(db, row.giver_id))}
    _move(db, row, State.APPROVED, State.DONE if is_leaving else State.AWAY, begun_at=now, posts=posts)
    by = person(db, row.decided_by or 0)
    if is_leaving:
        identity.shut(db, row.giver_id, "left", by=by.actor, ref=_ref(row), now=now)
    moved = _pass_on(db, row, now)
    if is_leaving and work.held_by(db, row.giver_id, now):
        raise _Stuck(Refusal.LACKS_ROLE)
    _record(db, row, "begun", by, {"moved": moved}, now)


def _end_absences(db: Session, row: Handover, now: datetime) -> None:
    """Let what a deputy has come back first, so that it goes on to who takes over for good."""
    for other in queries.running(db, row.giver_id):
        if other.id == row.id:
            continue
        found = db.get_one(Handover, other.id)
        if found.state == State.AWAY:
            _bring_back(db, found, now, SYSTEM)
        else:
            _move(db, found, State(found.state), State.WITHDRAWN, ended_at=now)


def _pass_on(db: Session, row: Handover, now: datetime) -> int:
    """Move all that is in the giver's hands now; give how many pieces."""
    taker = queries.stands_in(db, row.giver_id)
    if taker is None:
        return 0
    by = person(db, row.decided_by or 0)
    passing = Passing(person(db, row.giver_id), person(db, taker), by, _ref(row), now, row.to_on)
    return sum(_give(db, row, charge, passing, charge.held(db, row.giver_id, now)) for charge in work.CHARGES)


def _give(
    db: Session, row: Handover, charge: Charge, passing: Passing, pieces: Sequence[Held], *, is_return: bool = False
) -> int:
    labels = {piece.id: piece.label for piece in pieces}
    moved = charge.give(db, passing, list(labels))
    told = {
        "handover_id": row.id, "charge": charge.name, "from_id": passing.giver.user_id,
        "to_id": passing.taker.user_id, "is_return": is_return, "moved_at": passing.now,
    }  # fmt: skip
    if moved:
        db.execute(insert(Moved), [told | {"item_id": item, "label": labels[item]} for item in moved])
    return len(moved)


def _bring_back(db: Session, row: Handover, now: datetime, by: Person) -> bool:
    """End an absence: what is still open, and where nobody decided otherwise since, comes back to who was away."""
    if not _move(db, row, State.AWAY, State.DONE, ended_at=now):
        return False
    for name, ids in row.posts.items():
        work.BY_NAME[name].stand_up(db, ids)
    back: dict[tuple[str, int], list[Held]] = defaultdict(list)
    for piece in queries.to_return(db, row.id):
        back[piece.charge, piece.to_id].append(Held(piece.item_id, piece.label))
    home = person(db, row.giver_id)
    count = 0
    for (name, holder), pieces in back.items():
        if holder != row.giver_id and name in work.BY_NAME:
            passing = Passing(person(db, holder), home, by, _ref(row), now)
            count += _give(db, row, work.BY_NAME[name], passing, pieces, is_return=True)
    _record(db, row, "returned", by, {"moved": count}, now)
    return True


def _move(db: Session, row: Handover, before: State, after: State, **told: Any) -> bool:
    here = (Handover.id == row.id, Handover.state == before)
    change = update(Handover).where(*here).values(state=after, **told)
    if rows_touched(db.execute(change, execution_options={"synchronize_session": False})) == 0:
        db.refresh(row)
        return False
    db.refresh(row)
    return True


def _ref(row: Handover) -> str:
    return f"handover:{row.number}"


def _record(db: Session, row: Handover, verb: str, who: Person, detail: dict[str, Any], now: datetime) -> None:
    audit.record(db, actor=who.actor, event=f"handover.{verb}", object=_ref(row), detail=detail, now=now)
