"""Suggestions that are taken up: adopted by one, awarded and published by another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit, points
from portal.audit import Person
from portal.feedback import letters
from portal.feedback.models import Adoption, Case
from portal.feedback.rules import Kind, Refusal, State
from portal.kit.db import insert_once, rows_touched

PUBLISHED = 50


def adopt(db: Session, case: Case, *, staff: Person, grade: str, summary: str, now: datetime) -> Refusal | None:
    """Take a suggestion up with a grade and the words that will be published; somebody else has to award it."""
    if case.kind != Kind.SUGGESTION or case.state == State.WITHDRAWN:
        return Refusal.NO_SUGGESTION
    row = {"grade": grade, "summary": summary, "adopted_by": staff.user_id, "adopted_by_name": staff.name}
    if not insert_once(db, Adoption.__table__, case_id=case.id, adopted_at=now, **row):
        return Refusal.ADOPTED_ALREADY
    _record(db, case, "adopt", staff, {"grade": grade}, now)
    return None


def award(db: Session, case: Case, *, staff: Person, now: datetime) -> Refusal | None:
    """Award what somebody else adopted: the points, the thanks and the publication, all or none."""
    made = of_case(db, case.id)
    if made is None or made.awarded_by is not None:
        return Refusal.ADOPTED_ALREADY if made else Refusal.NO_SUGGESTION
    if made.adopted_by == staff.user_id:
        return Refusal.SAME_PERSON
    worth = points.suggestion_rule().points_by[made.grade]
    first = update(Adoption).where(Adoption.case_id == case.id, Adoption.awarded_by.is_(None))
    if not rows_touched(db.execute(first.values(awarded_by=staff.user_id, awarded_at=now, points=worth))):
        return Refusal.ADOPTED_ALREADY
    earned = points.earn_suggestion(
        db, client_id=case.client_id, number=case.number, grade=made.grade, adopted_by=made.adopted_by,
        awarded_by=staff.user_id or 0, now=now,
    )  # fmt: skip
    if isinstance(earned, points.Refusal):
        raise ValueError(f"{case.number} can't be awarded: {earned}")  # nothing of it may stand
    _record(db, case, "award", staff, {"grade": made.grade, "points": worth}, now)
    letters.thank(db, case, worth, now)
    return None


def of_case(db: Session, case_id: int) -> Any:
    """Give the adoption of a case, or None."""
    return db.execute(select(*Adoption.__table__.c).where(Adoption.case_id == case_id)).one_or_none()


def published(db: Session) -> Sequence[Any]:
    """Give what was taken up and awarded, newest first: the words alone, nothing of the person."""
    found = select(Adoption.summary, Adoption.awarded_at).where(Adoption.awarded_at.is_not(None))
    return db.execute(found.order_by(Adoption.awarded_at.desc()).limit(PUBLISHED)).all()


def _record(db: Session, case: Case, verb: str, staff: Person, detail: dict[str, Any], now: datetime) -> None:
    audit.record(db, actor=staff.actor, event=f"voice.{verb}", object=f"voice:{case.number}", detail=detail, now=now)
