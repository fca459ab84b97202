"""Reads of handovers and of requests about staff."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.staffing.models import Handover, Moved, StaffChange
from portal.staffing.rules import Kind, State, last_link, overlaps

PAGE = 60
RUNNING = (State.ASKED, State.APPROVED, State.AWAY)


def by_number(db: Session, number: str) -> Handover | None:
    """Give a handover by its number, as an entity to change."""
    return db.scalar(select(Handover).where(Handover.number == number))


def handovers(db: Session, *, of: int | None = None) -> Sequence[Any]:
    """List the handovers, those that run first; of one person those that he gives, takes or asked for."""
    found = select(*Handover.__table__.c)
    if of is not None:
        found = found.where(or_(Handover.giver_id == of, Handover.taker_id == of, Handover.asked_by == of))
    order = (Handover.state.not_in(RUNNING), Handover.from_on.desc(), Handover.id.desc())
    return db.execute(found.order_by(*order).limit(PAGE)).all()


def running(db: Session, user_id: int) -> Sequence[Any]:
    """Give what somebody has asked for, planned or is away on."""
    mine = (Handover.giver_id == user_id, Handover.state.in_(RUNNING))
    return db.execute(select(*Handover.__table__.c).where(*mine).order_by(Handover.from_on)).all()


def is_away(db: Session, user_id: int, from_on: date, to_on: date | None) -> bool:
    """Tell whether somebody is not there on one of these days, as far as is planned."""
    return any(overlaps(from_on, to_on, row.from_on, row.to_on) for row in running(db, user_id))


def takes_for(db: Session, user_id: int) -> Sequence[Any]:
    """Give the handovers in which somebody is to take over and has not given back yet."""
    his = (Handover.taker_id == user_id, Handover.state.in_(RUNNING))
    return db.execute(select(*Handover.__table__.c).where(*his)).all()


def in_force() -> Any:
    """Give the condition of a handover whose giver is not there: away, or left."""
    return or_(Handover.state == State.AWAY, and_(Handover.kind == Kind.LEAVING, Handover.state == State.DONE))


def stands_in(db: Session, user_id: int) -> int | None:
    """Name who stands in for somebody, through all who are away themselves; None where nobody does."""
    rows = db.execute(select(Handover.giver_id, Handover.taker_id).where(in_force()).order_by(Handover.id))
    return last_link(user_id, {row.giver_id: row.taker_id for row in rows})


def due(db: Session, today: date) -> Sequence[Handover]:
    """Give the approved handovers whose first day has come."""
    now = (Handover.state == State.APPROVED, Handover.from_on <= today)
    return db.scalars(select(Handover).where(*now).order_by(Handover.id).with_for_update(skip_locked=True)).all()


def over(db: Session, today: date) -> Sequence[Handover]:
    """Give the absences whose last day has passed."""
    now = (Handover.state == State.AWAY, Handover.to_on < today)
    return db.scalars(select(Handover).where(*now).order_by(Handover.id).with_for_update(skip_locked=True)).all()


def swept(db: Session, since: datetime) -> Sequence[Handover]:
    """Give the handovers under which something may still arrive: who is away, and who left not long ago."""
    now = and_(in_force(), or_(Handover.state == State.AWAY, Handover.begun_at >= since))
    return db.scalars(select(Handover).where(now).order_by(Handover.id).with_for_update(skip_locked=True)).all()


def moved_under(db: Session, handover_id: int) -> Sequence[Any]:
    """Give every piece that changed hands under a handover, in order."""
    here = Moved.handover_id == handover_id
    return db.execute(select(*Moved.__table__.c).where(here).order_by(Moved.id)).all()


def to_return(db: Session, handover_id: int) -> Sequence[Any]:
    """Give what an absence moved, each piece with the colleague to whom it came last."""
    mine = (Moved.handover_id == handover_id, Moved.is_return.is_(False))
    pieces = select(Moved.charge, Moved.item_id).where(*mine).distinct().subquery()
    same = and_(Moved.charge == pieces.c.charge, Moved.item_id == pieces.c.item_id)
    newest = select(func.max(Moved.id)).join(pieces, same).group_by(Moved.charge, Moved.item_id)
    return db.execute(select(*Moved.__table__.c).where(Moved.id.in_(newest)).order_by(Moved.id)).all()


def changes(db: Session) -> Sequence[Any]:
    """List the requests about staff, open ones first, then the newest."""
    order = (StaffChange.state != "asked", StaffChange.id.desc())
    return db.execute(select(*StaffChange.__table__.c).order_by(*order).limit(PAGE)).all()


def absences(db: Session) -> dict[int, list[Any]]:
    """Give what is planned or runs by the person who is away, in one query."""
    rows = db.execute(select(*Handover.__table__.c).where(Handover.state.in_(RUNNING)).order_by(Handover.from_on))
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.giver_id, []).append(row)
    return found
