"""From cause to improvement: a task from some cases, with an owner and a day; when it is done, who complained hears."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from portal import audit, identity
from portal.audit import Person
from portal.feedback import letters
from portal.feedback.models import Case, Improvement, ImprovementCase
from portal.feedback.rules import Cause, Refusal
from portal.kit.clock import local_date
from portal.kit.db import insert_once, rows_touched
from portal.kit.numbers import next_number

PAGE = 50


@dataclass(frozen=True)
class Plan:
    """What is to be changed, and until when."""

    cause: Cause
    title: str
    plan: str
    due_on: date
    owner_id: int | None = None  # whoever opens it, unless somebody else is to see to it


def open_improvement(db: Session, plan: Plan, cases: Sequence[Case], *, staff: Person, now: datetime) -> str:
    """Open a task from some cases; give its number."""
    number = next_number(db, "GJ", local_date(now))
    made = Improvement(
        number=number, cause=plan.cause, title=plan.title, plan=plan.plan, due_on=plan.due_on, state="open",
        opened_by=staff.user_id, opened_by_name=staff.name, opened_at=now, **_owner(db, plan.owner_id or staff.user_id),
    )  # fmt: skip
    db.add(made)
    db.flush()
    db.execute(insert(ImprovementCase), [{"improvement_id": made.id, "case_id": case.id} for case in cases])
    _record(db, number, "opened", staff, {"cause": plan.cause, "cases": [case.number for case in cases]}, now)
    return number


def hand_to(db: Session, number: str, owner_id: int, *, staff: Person, now: datetime) -> Refusal | None:
    """Give an open task to another owner, who has to be one of the staff."""
    owner = _owner(db, owner_id)
    if not owner["owner_name"]:
        return Refusal.NOBODY
    open_ = (Improvement.number == number, Improvement.state == "open")
    if not rows_touched(db.execute(update(Improvement).where(*open_).values(**owner))):
        return Refusal.ENDED_ALREADY
    _record(db, number, "handed_on", staff, {"owner": owner_id}, now)
    return None


def join(db: Session, number: str, case: Case, *, staff: Person, now: datetime) -> bool:
    """Let another case hang on an open task; tell whether it does now."""
    task = db.scalar(select(Improvement.id).where(Improvement.number == number, Improvement.state == "open"))
    if task is None:
        return False
    if insert_once(db, ImprovementCase.__table__, improvement_id=task, case_id=case.id):
        _record(db, number, "joined", staff, {"case": case.number}, now)
    return True


def finish(db: Session, number: str, *, staff: Person, told: str, now: datetime) -> Refusal | int:
    """End a task with the words for everybody who complained; give how many were told."""
    open_ = (Improvement.number == number, Improvement.state == "open")
    ended = {"state": "done", "told": told, "ended_by": staff.user_id, "ended_at": now}
    if not rows_touched(db.execute(update(Improvement).where(*open_).values(**ended))):
        return Refusal.ENDED_ALREADY
    cases = db.scalars(_cases().where(Improvement.number == number)).all()
    for case in cases:
        letters.improved(db, case, number, told, now)
    _record(db, number, "done", staff, {"told": [case.number for case in cases]}, now)
    return len(cases)


def drop(db: Session, number: str, *, staff: Person, now: datetime) -> bool:
    """Give a task up; tell whether it was open."""
    open_ = (Improvement.number == number, Improvement.state == "open")
    dropped = update(Improvement).where(*open_).values(state="dropped", ended_by=staff.user_id, ended_at=now)
    gone = rows_touched(db.execute(dropped)) > 0
    if gone:
        _record(db, number, "dropped", staff, {}, now)
    return gone


def tasks(db: Session) -> Sequence[Any]:
    """Give the tasks with how many cases hang on each: open ones first, by day."""
    count = func.count(ImprovementCase.case_id).label("cases")
    found = select(*Improvement.__table__.c, count).outerjoin(ImprovementCase)
    order = (Improvement.state != "open", Improvement.due_on, Improvement.id)
    return db.execute(found.group_by(*Improvement.__table__.c).order_by(*order).limit(PAGE)).all()


def cases_of(db: Session, task_ids: Sequence[int]) -> dict[int, list[str]]:
    """Give the numbers of the cases that hang on each of many tasks, in one query."""
    found = select(ImprovementCase.improvement_id, Case.number).join(Case, Case.id == ImprovementCase.case_id)
    rows = db.execute(found.where(ImprovementCase.improvement_id.in_(task_ids)).order_by(Case.id))
    numbers: dict[int, list[str]] = {}
    for row in rows:
        numbers.setdefault(row.improvement_id, []).append(row.number)
    return numbers


def of_case(db: Session, case_id: int) -> Sequence[Any]:
    """Give the tasks that hang on a case; `told` is what its client may read."""
    found = select(*Improvement.__table__.c).join(ImprovementCase)
    return db.execute(found.where(ImprovementCase.case_id == case_id).order_by(Improvement.id)).all()


def told_of(db: Session, case_id: int) -> Sequence[Any]:
    """Give what the client of a case may read: the improvements that are done, in the words meant for him."""
    found = select(Improvement.number, Improvement.told, Improvement.ended_at).join(ImprovementCase)
    done = (ImprovementCase.case_id == case_id, Improvement.state == "done")
    return db.execute(found.where(*done).order_by(Improvement.id)).all()


def _owner(db: Session, user_id: int | None) -> dict[str, Any]:
    return {"owner_id": user_id, "owner_name": identity.staff_at_work(db).get(user_id or 0)}


def _cases() -> Any:
    joined = select(Case).join(ImprovementCase, ImprovementCase.case_id == Case.id)
    return joined.join(Improvement, Improvement.id == ImprovementCase.improvement_id).order_by(Case.id)


def _record(db: Session, number: str, verb: str, staff: Person, detail: dict[str, Any], now: datetime) -> None:
    audit.record(db, actor=staff.actor, event=f"improvement.{verb}", object=f"task:{number}", detail=detail, now=now)
