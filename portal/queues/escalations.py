"""When a clock runs out: it is told once, to who owes the answer, to his branch and to the managers; both take note."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from portal import audit
from portal.kit.db import insert_once
from portal.queues.models import Acknowledgement, Escalation
from portal.queues.rules import Late, Person, Side

SHOWN_FOR = timedelta(days=30)
PAGE = 100


@dataclass(frozen=True)
class Watch:
    """What a room registers: its queue and words, the page of one item with its parameter, and what is late."""

    queue: str
    words: str
    promises: Mapping[str, str]
    page: str
    parameter: str
    late: Callable[[Session, datetime], Sequence[Late]]


@dataclass(frozen=True)
class Reader:
    """Who reads the list; `branch_no` is empty for whoever reaches every branch."""

    user_id: int
    branch_no: str
    is_manager: bool
    own_alone: bool = False  # an adviser sees what he owes himself


def tell(db: Session, watch: Watch, now: datetime) -> int:
    """Tell of each promise of a queue whose clock has run out, once; give how many are new."""
    return sum(_tell(db, watch.queue, each, now) for each in watch.late(db, now))


def _tell(db: Session, queue: str, late: Late, now: datetime) -> bool:
    key = {"queue": queue, "ref": late.ref, "promise": late.promise, "promised_at": late.promised_at}
    # The natural key is read first: a round finds mostly what is told already, and takes no lock for it.
    if db.scalar(select(Escalation.id).filter_by(**key)):
        return False
    told = {"responsible_id": late.responsible_id, "branch_no": late.branch_no}
    if not insert_once(db, Escalation, **key, **told, told_at=now):
        return False
    detail = {"promise": late.promise, "promised_at": late.promised_at.isoformat(), "responsible": late.responsible_id}
    audit.record(db, actor="system", event="promise.missed", object=f"{queue}:{late.ref}", detail=detail, now=now)
    return True


def acknowledge(db: Session, escalation: Any, *, side: Side, staff: Person, note: str, now: datetime) -> bool:
    """Take note for one side, with what is done about it; False when somebody of that side has already."""
    row = {"escalation_id": escalation.id, "side": side, "staff_id": staff.user_id, "staff_name": staff.name}
    if not insert_once(db, Acknowledgement, **row, note=note, at=now):
        return False
    what, detail = f"{escalation.queue}:{escalation.ref}", {"side": str(side), "note": note}
    actor = f"staff:{staff.user_id}"
    audit.record(db, actor=actor, event="promise.acknowledged", object=what, detail=detail, now=now)
    return True


def escalation(db: Session, escalation_id: int, reader: Reader) -> Any:
    """Give one within the reader's reach, or None."""
    mine = (Escalation.id == escalation_id, _within(reader))
    return db.execute(select(*Escalation.__table__.c).where(*mine)).one_or_none()


def escalations(db: Session, reader: Reader, now: datetime, *, waiting: bool) -> Sequence[Any]:
    """Give what waits for the reader's word, or all within his reach of the last thirty days; newest first."""
    where = [_within(reader), _waits_for(reader) if waiting else Escalation.told_at > now - SHOWN_FOR]
    newest = Escalation.told_at.desc(), Escalation.id.desc()
    return db.execute(select(*Escalation.__table__.c).where(*where).order_by(*newest).limit(PAGE)).all()


def waiting_count(db: Session, reader: Reader) -> int:
    """Count what waits for the reader's word."""
    waits = (_within(reader), _waits_for(reader))
    return db.scalar(select(func.count()).select_from(Escalation).where(*waits)) or 0


def acknowledgements(db: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Give who has taken note of each."""
    rows = db.execute(select(*Acknowledgement.__table__.c).where(Acknowledgement.escalation_id.in_(ids)))
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.escalation_id, []).append(row)
    return found


def _within(reader: Reader) -> ColumnElement[bool]:
    mine = Escalation.responsible_id == reader.user_id
    if reader.own_alone:
        return mine
    return or_(mine, Escalation.branch_no.in_(["", reader.branch_no])) if reader.branch_no else true()


def _waits_for(reader: Reader) -> ColumnElement[bool]:
    mine = and_(Escalation.responsible_id == reader.user_id, ~_noted(Side.RESPONSIBLE))
    if not reader.is_manager:
        return mine
    others = Escalation.responsible_id.is_distinct_from(reader.user_id)
    return or_(mine, and_(others, ~_noted(Side.MANAGER)))


def _noted(side: Side) -> ColumnElement[bool]:
    return exists().where(Acknowledgement.escalation_id == Escalation.id, Acknowledgement.side == side)
