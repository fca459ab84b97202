"""A way back in with two members of staff: one opens it, another confirms, a day passes, then a code is given."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.identity import rules
from portal.identity.actions import give_activation, notice
from portal.identity.models import Recovery
from portal.identity.queries import Visitor
from portal.identity.rules import Refusal, Told
from portal.kit.db import rows_touched

OPEN = ("opened", "confirmed", "given")


def open_recovery(db: Session, *, user_id: int, record: str, staff: Visitor, now: datetime) -> Recovery | Refusal:
    """Open a recovery with the record of the call back; one at a time, and the client is told."""
    row = Recovery(user_id=user_id, state="opened", record=record, opened_by=staff.user_id, opened_at=now)
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError:
        return Refusal.OPEN_ALREADY
    _step(db, row, "recovery.opened", Told.RECOVERY_OPENED, staff, now)
    return row


def confirm_recovery(db: Session, recovery_id: int, *, staff: Visitor, now: datetime) -> Refusal | None:
    """Confirm what somebody else opened; the code can be given a day later."""
    row = _known(db, recovery_id)
    if row is None or row.state != "opened":
        return Refusal.GONE
    if row.opened_by == staff.user_id:
        return Refusal.OWN_WORK
    told = {"confirmed_by": staff.user_id, "confirmed_at": now, "ready_at": now + rules.RECOVERY_RESTS}
    if not _move(db, row, "opened", state="confirmed", **told):
        return Refusal.GONE
    _step(db, row, "recovery.confirmed", Told.RECOVERY_CONFIRMED, staff, now)
    return None


def give_recovery_code(db: Session, recovery_id: int, *, staff: Visitor, now: datetime) -> str | Refusal:
    """Give the activation code that sets user name, password and second factor anew; shown once, good ten minutes."""
    row = _known(db, recovery_id)
    if row is None or row.state not in ("confirmed", "given") or row.ready_at is None:
        return Refusal.GONE
    if now < row.ready_at:
        return Refusal.TOO_EARLY
    if not _move(db, row, row.state, state="given"):
        return Refusal.GONE
    _step(db, row, "recovery.given", Told.RECOVERY_GIVEN, staff, now)
    return give_activation(db, user_id=row.user_id, by=staff.actor, now=now, recovery_id=row.id)


def cancel_recovery(db: Session, recovery_id: int, *, by: str, now: datetime, user_id: int | None = None) -> bool:
    """Call a recovery off: staff, or the client himself (`user_id`) who never asked for it."""
    row = _known(db, recovery_id)
    if row is None or row.state not in OPEN or user_id not in (None, row.user_id):
        return False
    if not _move(db, row, row.state, state="cancelled", ended_at=now):
        return False
    what = {"recovery": row.id}
    audit.record(db, actor=by, event="recovery.cancelled", object=f"user:{row.user_id}", detail=what, now=now)
    return True


def _known(db: Session, recovery_id: int) -> Recovery | None:
    return db.scalar(select(Recovery).where(Recovery.id == recovery_id).with_for_update())


def _move(db: Session, row: Recovery, seen: str, **told: object) -> bool:
    here = (Recovery.id == row.id, Recovery.state == seen)
    return rows_touched(db.execute(update(Recovery).where(*here).values(**told))) == 1


def _step(db: Session, row: Recovery, event: str, told: Told, staff: Visitor, now: datetime) -> None:
    what = {"recovery": row.id}
    audit.record(db, actor=staff.actor, event=event, object=f"user:{row.user_id}", detail=what, now=now)
    notice(db, row.user_id, told, now)
