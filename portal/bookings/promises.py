"""The promises of the service: each is a row with its time, kept by a step; what is late is marked, once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, case, func, select, update
from sqlalchemy.orm import Session

from portal.audit import SYSTEM
from portal.bookings.models import Booking
from portal.bookings.paper_models import Promise
from portal.bookings.recording import trace
from portal.bookings.terms import PromiseKind
from portal.kit.clock import at

BATCH = 50


def make(db: Session, booking_id: int, kind: PromiseKind, due_at: datetime | None, now: datetime) -> None:
    """Promise something by a time; nothing is promised where the calendar can't tell."""
    if due_at:
        db.add(Promise(booking_id=booking_id, kind=kind, made_at=now, due_at=due_at))
        db.flush()


def standard(db: Session, since: date, now: datetime) -> Mapping[str, Sequence[int]]:
    """Count by kind of promise: kept in time, missed (late, or over and open still), running."""
    kept = and_(Promise.kept_at.is_not(None), Promise.kept_at <= Promise.due_at)
    late = and_(Promise.kept_at.is_not(None), Promise.kept_at > Promise.due_at)
    over = and_(Promise.kept_at.is_(None), Promise.due_at < now)
    running = and_(Promise.kept_at.is_(None), Promise.due_at >= now)
    sums = [func.sum(case((each, 1), else_=0)) for each in (kept, late | over, running)]
    rows = db.execute(select(Promise.kind, *sums).where(Promise.made_at >= at(since)).group_by(Promise.kind))
    found = {row[0]: [int(each) for each in row[1:]] for row in rows}
    return {kind: found.get(kind, [0, 0, 0]) for kind in PromiseKind}


def escalate_late(db: Session, now: datetime) -> int:
    """Mark bookings that nobody has answered in the promised time, once (a duty)."""
    late = (
        Booking.is_open, Booking.answered_at.is_(None), Booking.promised_at <= now, Booking.escalated_at.is_(None)
    )  # fmt: skip
    found = db.scalars(select(Booking).where(*late).order_by(Booking.id).limit(BATCH)).all()
    for booking in found:
        mine = (Booking.id == booking.id, Booking.escalated_at.is_(None))
        db.execute(update(Booking).where(*mine).values(escalated_at=now))
        trace(db, booking, "escalate", SYSTEM, now, before={}, after={"promised_at": str(booking.promised_at)})
    return len(found)
