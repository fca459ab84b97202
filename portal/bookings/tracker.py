"""The client's tracker: each step with who does it and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import identity
from portal.bookings import rules
from portal.bookings.terms import Kind, State
from portal.bookings.words import TRACKS
from portal.kit.clock import at
from portal.kit.i18n import say


@dataclass(frozen=True)
class Step:
    """One step as the client sees it; `mark` is done, now or todo."""

    name: str
    mark: str
    who: str
    until: datetime | None


def of(db: Session, row: Any, call: Any) -> list[Step]:
    """Give the steps of a booking; `call` is its call-back, if one was asked for."""
    kind, now_at = Kind(row.kind), rules.step_now(State(row.state), Kind(row.kind))
    is_opening = kind in rules.OPENINGS
    people = _people(db, row, call) if is_opening else ["", row.staff_name or "", ""]
    untils = _untils(row, call) if is_opening else [None, row.starts_at, None]
    steps = []
    for number, name in enumerate(TRACKS[is_opening], 1):
        mark = "done" if number < now_at else "now" if number == now_at else "todo"
        steps.append(Step(name, mark, people[number - 1], untils[number - 1] if number >= now_at else None))
    return steps


def _people(db: Session, row: Any, call: Any) -> list[str]:
    handler = row.staff_name or ""
    reviewer = identity.name_of(db, row.reviewer_id) if row.reviewer_id else say("另一位工作人员")
    caller = identity.name_of(db, call.caller_id) if call and call.caller_id else say("第三位工作人员")
    return ["", handler, handler, reviewer or "", row.name, caller or "", say("系统")]


def _untils(row: Any, call: Any) -> list[datetime | None]:
    due = row.due_at
    state = State(row.state)
    return [
        None,
        row.promised_at,
        row.starts_at if state in (State.BOOKED, State.PRECHECKED) else due,
        due if state is State.IN_REVIEW else None,
        due if state is State.APPROVED else None,
        call.due_at if call else None,
        at(row.effective_on, rules.EFFECT_AT) if row.effective_on else None,
    ]
