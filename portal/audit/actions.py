"""Write an event down, and give committed events their place in the chain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent, AuditHead, AuditSeal, AuditWaiting
from portal.audit.queries import EVENT, body_of
from portal.audit.rules import GENESIS, Head, seal_hash


def record(db: Session, *, actor: str, event: str, object: str, detail: dict[str, Any], now: datetime) -> None:
    """Write down who did what to which thing, in the transaction that does it; it takes no lock."""
    told = {"at": now, "actor": actor, "event": event, "object": object, "detail": detail}
    event_id = db.scalar(insert(AuditEvent).values(told).returning(AuditEvent.id))
    db.execute(insert(AuditWaiting).values(event_id=event_id))


def seal(db: Session, now: datetime, limit: int = 1000) -> int:
    """Seal the committed events that wait, at most `limit` of them; give how many. Sealers take turns at the head."""
    last = _take_head(db)
    waiting = _waiting(db, limit)
    if not waiting:
        return 0
    seals: list[dict[str, Any]] = []
    for row in waiting:
        body = body_of(row, last.seq + 1, now)
        link = {"seq": body.seq, "event_id": row.id, "prev_hash": last.hash, "hash": seal_hash(last.hash, body)}
        seals.append(link | {"sealed_at": now})
        last = Head(body.seq, link["hash"])
    db.execute(insert(AuditSeal), seals)
    db.execute(delete(AuditWaiting).where(AuditWaiting.event_id.in_([row.id for row in waiting])))
    db.execute(update(AuditHead).values(seq=last.seq, hash=last.hash))
    return len(seals)


def _waiting(db: Session, limit: int) -> Sequence[Any]:
    found = select(*EVENT).join(AuditWaiting, AuditWaiting.event_id == AuditEvent.id).order_by(AuditEvent.id)
    return db.execute(found.limit(limit)).all()


def _take_head(db: Session) -> Head:
    head = select(AuditHead.seq, AuditHead.hash).with_for_update()
    row = db.execute(head).one_or_none()
    if row is None:
        _lay_head(db)
        row = db.execute(head).one()
    return Head(row.seq, row.hash)


def _lay_head(db: Session) -> None:
    try:
        with db.begin_nested():
            db.execute(insert(AuditHead).values(id=1, seq=0, hash=GENESIS))
    except IntegrityError:
        pass  # another sealer laid it just now
