"""Reads of the record, and the walk that checks it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Text, exists, select, type_coerce
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent, AuditHead, AuditSeal, AuditWaiting
from portal.audit.rules import GENESIS, Body, Fault, Head, Problem, seal_hash
from portal.kit.timeline import moment


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event; `seq` is None until the worker has sealed it."""

    id: int
    at: datetime
    actor: str
    event: str
    object: str
    detail: Any
    seq: int | None


def events_of(db: Session, object: str) -> list[Event]:
    """Give what was done to a thing, oldest first."""
    whole = (AuditEvent.id, AuditEvent.at, AuditEvent.actor, AuditEvent.event, AuditEvent.object, AuditEvent.detail)
    found = select(*whole, AuditSeal.seq).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
    return [Event(*row) for row in db.execute(found.where(AuditEvent.object == object).order_by(AuditEvent.id))]


def moments_of(object: Any, events: Collection[str]) -> Select[Any]:
    """Select what was done to a thing, of these kinds, as moments of a timeline; `object` may be a subquery."""
    told = moment(AuditEvent.at, AuditEvent.id, AuditEvent.event, by=AuditEvent.actor)
    return told.where(AuditEvent.object == object, AuditEvent.event.in_(events))


def head(db: Session) -> Head:
    """Give where the chain ends, to be noted outside the database."""
    row = db.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def verify(db: Session, noted: Iterable[Head] = ()) -> list[Problem]:
    """Walk the whole chain and list its faults; none means that every sealed event is as it was sealed.

    Seen: any edit, deletion, swap or insertion, and a tail cut off without mending the head. Not seen from inside: a
    chain rewritten whole together with its head (`noted` heads from outside show it), and changes to an event in the
    second before it is sealed.
    """
    # The head is read first: what a sealer adds during the walk comes after it and is no fault.
    return [*_walk(db, [(head(db), Fault.HEAD), *((mark, Fault.ANCHOR) for mark in noted)]), *_lost(db)]


def _walk(db: Session, marks: list[tuple[Head, Fault]]) -> Iterator[Problem]:
    last = Head(0, GENESIS)
    wanted, passed = {mark.seq for mark, _ in marks}, {last.seq: last.hash}
    for row in _links(db):
        if row.seq != last.seq + 1:
            yield Problem(Fault.GAP, last.seq + 1)
        if row.prev_hash != last.hash:
            yield Problem(Fault.BROKEN, row.seq)
        if row.id is None:
            yield Problem(Fault.GONE, row.seq, row.event_id)
        elif row.hash != seal_hash(row.prev_hash, body_of(row, row.seq, row.sealed_at)):
            yield Problem(Fault.CHANGED, row.seq, row.event_id)
        last = Head(row.seq, row.hash)
        if row.seq in wanted:
            passed[row.seq] = row.hash
    yield from (Problem(fault, mark.seq) for mark, fault in marks if passed.get(mark.seq) != mark.hash)
    if last.seq > head(db).seq:
        yield Problem(Fault.HEAD, last.seq)


def body_of(row: Row[Any], seq: int, sealed_at: datetime) -> Body:
    """Gather what a seal vouches for from a row with an event's columns."""
    return Body(seq, row.id, row.at, row.actor, row.event, row.object, row.detail, sealed_at)


EVENT = (
    AuditEvent.id,
    AuditEvent.at,
    AuditEvent.actor,
    AuditEvent.event,
    AuditEvent.object,
    type_coerce(AuditEvent.detail, Text).label("detail"),
)


def _links(db: Session) -> Iterable[Row[Any]]:
    seal = (AuditSeal.seq, AuditSeal.event_id, AuditSeal.prev_hash, AuditSeal.hash, AuditSeal.sealed_at)
    chain = select(*seal, *EVENT).outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id).order_by(AuditSeal.seq)
    return db.execute(chain, execution_options={"yield_per": 1000})


def _lost(db: Session) -> Iterator[Problem]:
    known = [exists().where(table.event_id == AuditEvent.id) for table in (AuditSeal, AuditWaiting)]
    for event_id in db.scalars(select(AuditEvent.id).where(~known[0], ~known[1]).order_by(AuditEvent.id)):
        yield Problem(Fault.LOST, event_id=event_id)
