"""Three papers that must agree: the booking, the signed confirmation, the line in the day's relation ledger."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.bookings import rules
from portal.bookings.models import Booking, Confirmation, ConfirmationCopy, RelationDay, RelationLine
from portal.bookings.recording import Person
from portal.bookings.rules import Copy, Refusal
from portal.kit.clock import local_date
from portal.kit.db import insert_once, rows_touched

FIELDS = ("number", "name", "phone", "branch_id", "handler_id", "referrer", "client_no")


def fields_of(booking: Booking) -> dict[str, Any]:
    """Give what the three papers have in common."""
    return {name: getattr(booking, name) for name in FIELDS}


def confirm(db: Session, booking: Booking, now: datetime) -> None:
    """Keep the confirmation as it was signed; the client has his copy at once, by the link."""
    signed = {"text_version": booking.letter_version, "sha256": booking.letter_hash, "signed_name": booking.signed_name}
    db.execute(insert(Confirmation).values(booking_id=booking.id, fields=fields_of(booking), signed_at=now, **signed))
    keep_copy(db, booking, Copy.CLIENT, "visitor", now)
    day = local_date(now)
    insert_once(db, RelationDay, branch_id=booking.branch_id, day=day, version=1)
    db.execute(insert(RelationLine).values(booking_id=booking.id, branch_id=booking.branch_id, day=day,
                                           fields=fields_of(booking)))  # fmt: skip


def keep_copy(db: Session, booking: Booking, holder: Copy, by: str, now: datetime) -> bool:
    """Record who has received a copy, once for each holder."""
    return insert_once(db, ConfirmationCopy, booking_id=booking.id, holder=holder, received_by=by, received_at=now)


def pass_on(db: Session, *, branch_id: int, day: date, seen: int, staff: Person, now: datetime) -> Refusal | str:
    """Take a day's ledger one hand further: closed by a handler, signed by the director, received by the registrar."""
    found = day_of(db, branch_id, day)
    if found is None or found.version != seen:
        return Refusal.STALE
    step, refusal = rules.ledger_step(
        closed_by=found.closed_by, signed_by=found.signed_by, received_by=found.received_by, staff=staff.user_id or 0
    )
    if refusal:
        return refusal
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
    mine = select(RelationLine.booking_id).where(RelationLine.branch_id == branch_id, RelationLine.day == day)
    for booking in db.scalars(select(Booking).where(Booking.id.in_(mine))):
        keep_copy(db, booking, Copy.OPERATIONS, staff.actor, now)
        keep_copy(db, booking, Copy.REGISTRAR, staff.actor, now)


def day_of(db: Session, branch_id: int, day: date) -> Any:
    """Give a day of the relation ledger, or None."""
    here = (RelationDay.branch_id == branch_id, RelationDay.day == day)
    return db.execute(select(*RelationDay.__table__.c).where(*here)).first()


def open_days(db: Session, limit: int = 30) -> Sequence[Any]:
    """Give the days of the relation ledger, newest first."""
    newest = select(*RelationDay.__table__.c).order_by(RelationDay.day.desc(), RelationDay.branch_id).limit(limit)
    return db.execute(newest).all()


def lines_of(db: Session, branch_id: int, day: date) -> Sequence[Any]:
    """Give a day's lines with their bookings' state."""
    columns = (RelationLine.booking_id, RelationLine.fields, Booking.number, Booking.name, Booking.state)
    joined = select(*columns).join(Booking, Booking.id == RelationLine.booking_id)
    return db.execute(
        joined.where(RelationLine.branch_id == branch_id, RelationLine.day == day).order_by(RelationLine.id)
    ).all()


def differences(db: Session, booking: Booking) -> list[str]:
    """Name what keeps a relation from taking effect: a paper that is missing, not received, or a field that differs."""
    confirmation = db.execute(select(Confirmation.fields, Confirmation.sha256).filter_by(booking_id=booking.id)).first()
    line = db.execute(select(RelationLine.fields, RelationLine.day).filter_by(booking_id=booking.id)).first()
    if confirmation is None or line is None:
        return ["missing"]
    found = day_of(db, booking.branch_id, line.day)
    late = [] if found and found.received_by else ["not_received"]
    wrong = ["sha256"] if confirmation.sha256 != booking.letter_hash else []
    return late + wrong + _unlike(fields_of(booking), confirmation.fields, line.fields)


def _unlike(*papers: Mapping[str, Any]) -> list[str]:
    return [name for name in FIELDS if len({str(paper.get(name)) for paper in papers}) > 1]
