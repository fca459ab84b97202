"""Adjustments by staff: a reason, a sentence that the client reads, and a second signature above a limit."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from portal import audit, clients
from portal.audit import Person
from portal.kit.clock import at, local_date
from portal.kit.db import rows_touched
from portal.kit.numbers import next_number
from portal.points import actions
from portal.points.book import Command
from portal.points.earning import lapses_at
from portal.points.models import PointsAdjustment
from portal.points.rules import Refusal

ALONE_POINTS = 100  # house default: one person alone may give or take so many at a time
ALONE_A_DAY = 500  # and so many a day, given and taken added up


class Reason(StrEnum):
    """Why points are given or taken."""

    CORRECTION = "correction"
    GOODWILL = "goodwill"
    COMPLAINT = "complaint"
    CAMPAIGN = "campaign"
    UNDO = "undo"  # another adjustment is taken back


class Outcome(StrEnum):
    """Why an adjustment can't be made."""

    SAME_PERSON = "same_person"
    DECIDED = "decided"
    TOO_FEW_POINTS = "too_few_points"
    UNDONE = "undone"


def undo(db: Session, number: str, *, staff: Person, now: datetime) -> Any | Outcome:
    """Ask for the counterpart of a posted adjustment, once; the same limits hold for it. An undoing is not undone."""
    row = by_number(db, number)
    if row is None or row.state != "posted":
        return Outcome.DECIDED
    clients.lock(db, row.client_id)  # of two who undo at once, the second finds the first's
    if row.undoes is not None or db.scalar(select(PointsAdjustment.id).where(PointsAdjustment.undoes == row.id)):
        return Outcome.UNDONE
    return propose(
        db, client_id=row.client_id, points=-row.points, reason=Reason.UNDO, public_text=number, staff_note="",
        key=f"undo:{number}", undoes=row.id, staff=staff, now=now,
    )  # fmt: skip


def propose(
    db: Session, *, client_id: int, points: int, reason: str, public_text: str, staff_note: str, key: str,
    staff: Person, now: datetime, undoes: int | None = None,
) -> Any | Outcome:  # fmt: skip
    """Ask for an adjustment; a small one is posted at once. The same key again gives the same one."""
    clients.lock(db, client_id)
    known = db.execute(_all().where(PointsAdjustment.request_key == key)).one_or_none()
    if known:
        return known
    needs_two = abs(points) > ALONE_POINTS or _alone_today(db, staff, now) + abs(points) > ALONE_A_DAY
    row: dict[str, Any] = {
        "number": next_number(db, "TZ", local_date(now)), "request_key": key, "client_id": client_id, "points": points,
        "reason_code": reason, "public_text": public_text, "staff_note": staff_note or None, "needs_two": needs_two,
        "undoes": undoes, "state": "proposed", "proposed_by": staff.user_id,
        "proposed_by_name": staff.name, "proposed_at": now,
    }  # fmt: skip
    try:
        with db.begin_nested():
            _proposed(db, row, staff, now)
    except NotPosted as refused:
        return refused.outcome
    return by_number(db, row["number"])


class NotPosted(Exception):
    """Takes a small adjustment back that could not be posted at once."""

    def __init__(self, outcome: Outcome) -> None:
        """Remember why."""
        super().__init__(outcome)
        self.outcome = outcome


def _proposed(db: Session, row: dict[str, Any], staff: Person, now: datetime) -> None:
    db.execute(insert(PointsAdjustment).values(**row))
    told = {"points": row["points"], "reason": row["reason_code"]}
    _record(db, row["number"], "proposed", staff, told, now)
    if not row["needs_two"] and (refused := _post(db, by_number(db, row["number"]), staff, now)):
        raise NotPosted(refused)


def approve(db: Session, number: str, *, staff: Person, now: datetime) -> Any | Outcome:
    """Post another person's adjustment: the second signature."""
    row = by_number(db, number)
    if row is None or row.state != "proposed":
        return Outcome.DECIDED
    if row.proposed_by == staff.user_id:
        return Outcome.SAME_PERSON
    posted = _post(db, row, staff, now)
    return posted if isinstance(posted, Outcome) else by_number(db, number)


def reject(db: Session, number: str, *, staff: Person, now: datetime) -> bool:
    """Refuse an adjustment, or take one's own back; False when it is decided already."""
    if not _decide(db, number, "rejected", staff, now):
        return False
    _record(db, number, "rejected", staff, {}, now)
    return True


def undone(db: Session, ids: Sequence[int]) -> set[int]:
    """Give those of some adjustments that somebody has undone, or asked to."""
    return set(db.scalars(select(PointsAdjustment.undoes).where(PointsAdjustment.undoes.in_(ids))))


def by_number(db: Session, number: str) -> Any:
    """Give an adjustment by its number."""
    return db.execute(_all().where(PointsAdjustment.number == number)).one_or_none()


def adjustments(db: Session, *, is_open: bool, limit: int = 50) -> Sequence[Any]:
    """List what waits for a second signature, the oldest first, or what is decided, the latest first."""
    waits = PointsAdjustment.state == "proposed"
    found = _all().where(waits if is_open else ~waits)
    return db.execute(found.order_by(PointsAdjustment.id if is_open else PointsAdjustment.id.desc()).limit(limit)).all()


def _all() -> Any:
    return select(*PointsAdjustment.__table__.c)


def _alone_today(db: Session, staff: Person, now: datetime) -> int:
    mine = (PointsAdjustment.proposed_by == staff.user_id, PointsAdjustment.proposed_at >= at(local_date(now)))
    alone = (PointsAdjustment.needs_two.is_(False), PointsAdjustment.state == "posted")
    return int(db.scalar(select(func.sum(func.abs(PointsAdjustment.points))).where(*mine, *alone)) or 0)


def _post(db: Session, row: Any, staff: Person, now: datetime) -> Outcome | None:
    command = Command(
        f"adjust:{row.number}", {"number": row.number, "points": row.points}, f"staff:{row.proposed_by}",
        reason_code=row.reason_code, ref_type="adjustment", ref_id=row.number, public_text=row.public_text,
        staff_note=row.staff_note, second_actor_id=staff.user_id if staff.user_id != row.proposed_by else None,
    )  # fmt: skip
    done = actions.adjust(
        db, client_id=row.client_id, points=row.points, command=command, expires_at=lapses_at(db, local_date(now)),
        now=now,
    )  # fmt: skip
    if isinstance(done, Refusal):
        return Outcome.TOO_FEW_POINTS
    if not _decide(db, row.number, "posted", staff, now):
        return Outcome.DECIDED
    _record(db, row.number, "posted", staff, {"points": row.points}, now)
    return None


def _decide(db: Session, number: str, state: str, staff: Person, now: datetime) -> bool:
    here = (PointsAdjustment.number == number, PointsAdjustment.state == "proposed")
    decided = {"state": state, "decided_by": staff.user_id, "decided_by_name": staff.name, "decided_at": now}
    return rows_touched(db.execute(update(PointsAdjustment).where(*here).values(**decided))) == 1


def _record(db: Session, number: str, verb: str, staff: Person, detail: dict[str, Any], now: datetime) -> None:
    event, what = f"points.adjustment_{verb}", f"adjustment:{number}"
    audit.record(db, actor=staff.actor, event=event, object=what, detail=detail, now=now)
