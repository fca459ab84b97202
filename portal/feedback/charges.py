"""Cases and improvements in somebody's hands, on their way to a colleague; the client reads the new name."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import queues
from portal.feedback.actions import change_hands
from portal.feedback.models import Case, Improvement
from portal.feedback.rules import CLOSED, QUEUE
from portal.kit.clock import at
from portal.kit.i18n import later
from portal.queues import Charge, Held, Passing, claims_charge

OWNER: Any = func.coalesce(
    Improvement.owner_id, Improvement.opened_by
)  # of the first ones only who opened them is known


def cases(db: Session, user_id: int, now: datetime) -> Sequence[Held]:
    """List the cases that somebody has taken on by name, answered ones among them: a client may still object."""
    columns = (Case.id, Case.number, Case.client_id, Case.due_at)
    found = select(*columns).where(Case.handler_id == user_id, Case.state.not_in(CLOSED)).order_by(Case.id)
    rows = db.execute(found)
    return [Held(row.id, row.number, row.client_id, row.due_at, "feedback.review", _at(row)) for row in rows]


def give_cases(db: Session, passing: Passing, ids: Collection[int]) -> Sequence[int]:
    """Put a colleague's name on the cases that are still the giver's."""
    his = (Case.id.in_(ids), Case.handler_id == passing.giver.user_id, Case.state.not_in(CLOSED))
    found = db.scalars(select(Case).where(*his).order_by(Case.id).with_for_update()).all()
    return [case.id for case in found if isinstance(change_hands(db, case, passing), Case)]


def improvements(db: Session, user_id: int, now: datetime) -> Sequence[Held]:
    """List the open improvements that somebody sees to."""
    columns = (Improvement.id, Improvement.number, Improvement.due_on)
    found = select(*columns).where(user_id == OWNER, Improvement.state == "open")
    rows = db.execute(found.order_by(Improvement.id))
    return [Held(row.id, row.number, None, at(row.due_on), "feedback.improvements") for row in rows]


def give_improvements(db: Session, passing: Passing, ids: Collection[int]) -> Sequence[int]:
    """Let a colleague see to the improvements that are still the giver's."""
    his = (Improvement.id.in_(ids), passing.giver.user_id == OWNER, Improvement.state == "open")
    moving = update(Improvement).where(*his).values(owner_id=passing.taker.user_id, owner_name=passing.taker.name)
    moved = db.execute(moving.returning(Improvement.id, Improvement.number)).all()
    for row in moved:
        queues.note(db, passing, "improvement.handed_over", f"task:{row.number}")
    return sorted(row.id for row in moved)


def case_loads(db: Session, now: datetime) -> dict[int, int]:
    """Count the cases of everybody."""
    return queues.counted(db, Case.handler_id, Case.handler_id.is_not(None), Case.state.not_in(CLOSED))


def improvement_loads(db: Session, now: datetime) -> dict[int, int]:
    """Count the improvements of everybody."""
    return queues.counted(db, OWNER, Improvement.state == "open")


def _at(row) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {"number": row.number}


CHARGES = (
    claims_charge(
        QUEUE, later("心声，领取中"), Case, label=Case.number, client_id=Case.client_id, due_at=Case.due_at,
        page="feedback.review",
    ),
    Charge("feedback.cases", later("心声"), frozenset({"feedback_case.handler_id"}), cases, give_cases, case_loads),
    Charge(
        "feedback.improvements", later("改进"), frozenset({"feedback_improvement.owner_id"}), improvements,
        give_improvements, improvement_loads,
    ),
)  # fmt: skip
