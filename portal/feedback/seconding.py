"""Answers to critical cases: written by one, sent by another; what waits for the second person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal import queues
from portal.audit import Person
from portal.feedback.models import ProposedAnswer

OPEN = ProposedAnswer.decided_at.is_(None)


def lay(db: Session, case_id: int, said: Mapping[str, Any], *, staff: Person, now: datetime) -> None:
    """Lay an answer down for a second person, in the place of an earlier one; the thread keeps both."""
    drop(db, case_id, OPEN | ProposedAnswer.decided_at.is_not(None))
    who = {"proposed_by": staff.user_id, "proposed_by_name": staff.name, "proposed_at": now}
    db.execute(insert(ProposedAnswer).values(case_id=case_id, **said, **who))


def waiting(db: Session, case_id: int) -> Any:
    """Give the answer that waits for a second person, or None."""
    return db.execute(select(*ProposedAnswer.__table__.c).where(ProposedAnswer.case_id == case_id, OPEN)).one_or_none()


def refusal(made: Any, staff: Person) -> queues.Refusal | None:
    """Say why somebody may not send an answer that waits, or None."""
    return queues.may_decide(staff.user_id or 0, made_by=made.proposed_by)


def agree(db: Session, case_id: int, *, staff: Person, now: datetime) -> None:
    """Write down who agreed to the answer."""
    agreed = update(ProposedAnswer).where(ProposedAnswer.case_id == case_id, OPEN)
    db.execute(agreed.values(decided_by=staff.user_id, decided_at=now))


def drop(db: Session, case_id: int, which: Any = OPEN) -> None:
    """Take away an answer that waits; what was said stands in the case's thread."""
    db.execute(delete(ProposedAnswer).where(ProposedAnswer.case_id == case_id, which))
