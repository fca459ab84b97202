"""The relation ledger of a day on its way through three hands: handler, director, registrar."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Person
from portal.bookings import rules
from portal.bookings.models import Booking
from portal.bookings.paper_models import ConfirmationCopy, RelationDay, RelationEntry
from portal.bookings.rules import SIGNED
from portal.bookings.terms import Copy, Refusal
from portal.kit.clock import at, day_after, local_date
from portal.kit.db import insert_once, rows_touched


def pass_on(
    db: Session, *, branch_id: int, day: date, seen: int, staff: Person, is_director: bool, now: datetime
) -> Refusal | str:
    """Take a day's ledger one hand further: closed by a handler, signed by the director, received by the registrar."""
    found = day_of(db, branch_id, day)
    if found is None or found.version != seen:
        return Refusal.STALE
    step, refusal = rules.ledger_step(
        closed_by=found.closed_by, signed_by=found.signed_by, received_by=found.received_by, staff=staff.user_id or 0
    )
    if refusal or (step == "closed" and without_line(db, branch_id, day)):
        return refusal or Refusal.LINES_MISSING
    if step == "signed" and not is_director:
        return Refusal.NOT_DIRECTOR
    values = {f"{step}_by": staff.user_id, f"{step}_at": now, "version": seen + 1}
    here = (RelationDay.branch_id == branch_id, RelationDay.day == day, RelationDay.version == seen)
    if not rows_touched(db.execute(update(RelationDay).where(*here).values(**values))):
        return Refusal.STALE
    if step == "received":
        _hand_out(db, branch_id, day, staff, now)
    what = f"relation_day:{branch_id}:{day}"
    audit.record(db, actor=staff.actor, event=f"relation_day.{step}", object=what, detail={}, now=now)
    return step


def _hand_out(db: Session, branch_id: int, day: date, staff: Person, now: datetime) -> None:
    mine = select(RelationEntry.booking_id).where(RelationEntry.branch_id == branch_id, RelationEntry.day == day)
    for booking_id in db.scalars(mine.distinct().order_by(RelationEntry.booking_id)):
        for holder in (Copy.OPERATIONS, Copy.REGISTRAR):
            kept = {"booking_id": booking_id, "holder": holder, "received_by": staff.actor, "received_at": now}
            insert_once(db, ConfirmationCopy, **kept)


def day_of(db: Session, branch_id: int, day: date) -> Any:
    """Give a day of the relation ledger, or None."""
    here = (RelationDay.branch_id == branch_id, RelationDay.day == day)
    return db.execute(select(*RelationDay.__table__.c).where(*here)).first()


def newest_days(db: Session, branch_ids: Collection[int], limit: int = 30) -> Sequence[Any]:
    """Give the days of the relation ledger of some branches, newest first."""
    newest = select(*RelationDay.__table__.c).where(RelationDay.branch_id.in_(branch_ids))
    return db.execute(newest.order_by(RelationDay.day.desc(), RelationDay.branch_id).limit(limit)).all()


def without_line(db: Session, branch_id: int, day: date) -> Sequence[str]:
    """Name the relations signed on a day whose handler has entered no line yet."""
    entered = exists().where(RelationEntry.booking_id == Booking.id)
    signed = (Booking.signed_at >= at(day), Booking.signed_at < day_after(day), Booking.state.in_(SIGNED))
    return db.scalars(select(Booking.number).where(Booking.branch_id == branch_id, *signed, ~entered)).all()


def without_lines(db: Session, days: Collection[Any]) -> dict[tuple[int, date], list[str]]:
    """Name what `without_line` names of many days, by branch and day, in one query."""
    if not days:
        return {}
    first, last = min(each.day for each in days), max(each.day for each in days)
    entered = exists().where(RelationEntry.booking_id == Booking.id)
    signed = (Booking.signed_at >= at(first), Booking.signed_at < day_after(last), Booking.state.in_(SIGNED))
    columns = (Booking.number, Booking.branch_id, Booking.signed_at)
    found: dict[tuple[int, date], list[str]] = {}
    for row in db.execute(select(*columns).where(*signed, ~entered).order_by(Booking.id)):
        found.setdefault((row.branch_id, local_date(row.signed_at)), []).append(row.number)
    return found


def lines_since(db: Session, day: date) -> dict[tuple[int, date], list[Any]]:
    """Give the lines of all days since one, by branch and day; `newest` tells whether a line counts still."""
    ranked = func.max(RelationEntry.ordinal).over(partition_by=RelationEntry.booking_id)
    columns = (
        RelationEntry.branch_id, RelationEntry.day, RelationEntry.fields, RelationEntry.reason, Booking.number,
        Booking.name, Booking.state, (ranked == RelationEntry.ordinal).label("newest"),
    )  # fmt: skip
    joined = select(*columns).join(Booking, Booking.id == RelationEntry.booking_id).where(RelationEntry.day >= day)
    found: dict[tuple[int, date], list[Any]] = {}
    for row in db.execute(joined.order_by(RelationEntry.id)):
        found.setdefault((row.branch_id, row.day), []).append(row)
    return found
