"""Queue a message, claim it, and record what became of it; who follows a message learns of each change in place.

Nothing here talks to a gateway. A claim is committed before anything is sent; what came of it is recorded in another
transaction, and a follower's change rides in that one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from portal.kit.once import insert_once
from portal.sms import rules
from portal.sms.models import SmsEvent, SmsMessage, SmsReport
from portal.sms.queries import Message, message
from portal.sms.rules import Answer, Outcome, Report, State

Follower = Callable[[Session, Message, datetime], None]
BATCH = 200


@dataclass(frozen=True)
class Claim:
    """A message that this worker alone may send, until its lease ends."""

    id: int
    attempts: int
    to: str = field(repr=False)
    text: str = field(repr=False)


def queue(
    db: Session,
    *,
    client_id: int | None,
    to: str,
    text: str,
    purpose: str,
    ref_type: str,
    ref_id: int,
    key: str,
    now: datetime,
    not_before: datetime | None = None,
) -> int:
    """Queue a message, signed; the same key twice is one message. Gives its id; raises ValueError over ten segments."""
    body = rules.signed(text)
    if rules.segments(body) > rules.SEGMENTS_LIMIT:
        raise ValueError(f"a message may have at most {rules.SEGMENTS_LIMIT} segments")
    known = db.execute(select(SmsMessage.id).where(SmsMessage.key == key)).scalar()
    if known is not None:
        return known
    values: dict[str, Any] = {
        "client_id": client_id,
        "to": to,
        "text": body,
        "segments": rules.segments(body),
        "purpose": purpose,
        "ref_type": ref_type,
        "ref_id": ref_id,
        "state": State.QUEUED,
        "attempts": 0,
        "not_before": not_before or now,
        "queued_at": now,
    }
    return insert_once(db, SmsMessage, key, **values)


def claim(db: Session, now: datetime) -> Claim | None:
    """Take the oldest due message; send it only after this transaction has been committed."""
    if db.get_bind().dialect.name == "postgresql":
        # A cancelled commit can become visible before it is replicated: no time limit may cancel this one.
        db.execute(sql("SET LOCAL statement_timeout = 0"))
    due = (SmsMessage.state == State.QUEUED, SmsMessage.lease_until.is_(None), SmsMessage.not_before <= now)
    columns = (SmsMessage.id, SmsMessage.attempts, SmsMessage.to, SmsMessage.text)
    oldest = select(*columns).where(*due).order_by(SmsMessage.not_before, SmsMessage.id).limit(1)
    row = db.execute(oldest.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    taken = {"lease_until": now + rules.LEASE, "attempts": row.attempts + 1}
    if not _update(db, row.id, *due, SmsMessage.attempts == row.attempts, **taken):
        return None
    return Claim(row.id, row.attempts + 1, row.to, row.text)


def is_due(db: Session, now: datetime) -> bool:
    """Tell whether anything waits to be sent; takes no lock."""
    due = (SmsMessage.state == State.QUEUED, SmsMessage.lease_until.is_(None), SmsMessage.not_before <= now)
    return db.execute(select(SmsMessage.id).where(*due).limit(1)).first() is not None


def record(db: Session, mine: Claim, answer: Answer, followers: Sequence[Follower], now: datetime) -> bool:
    """Write down what came of a claim; False when the claim was lost meanwhile, and then nothing changes."""
    fence = (
        SmsMessage.state == State.QUEUED,
        SmsMessage.attempts == mine.attempts,
        SmsMessage.lease_until.is_not(None),
    )
    state = rules.after(answer, mine.attempts)
    values: dict[str, Any] = {"lease_until": None, "error_code": answer.error_code}
    match state:
        case State.QUEUED:
            pause = rules.FIRST_DELAY if answer.outcome == Outcome.NOT_SENT else rules.delay(mine.attempts)
            return _update(db, mine.id, *fence, not_before=now + pause, **values)
        case State.SUBMITTED:
            values |= {"submitted_at": now, "gateway_message_id": answer.gateway_message_id}
        case State.REJECTED:
            values |= {"finished_at": now}
    return _change(db, mine.id, fence, state, followers, now, **values)


def park_deserted(db: Session, followers: Sequence[Follower], now: datetime) -> int:
    """Park messages whose sender never came back: they may have gone out, so staff decide. Gives how many."""
    lost = (SmsMessage.state == State.QUEUED, SmsMessage.lease_until <= now)
    found = db.scalars(select(SmsMessage.id).where(*lost).limit(BATCH)).all()
    values: dict[str, Any] = {"lease_until": None, "error_code": "deserted"}
    return sum(_change(db, each, lost, State.UNKNOWN, followers, now, **values) for each in found)


def expire_silent(db: Session, followers: Sequence[Follower], now: datetime) -> int:
    """End messages without a report for 72 hours; gives how many."""
    silent = (SmsMessage.state == State.SUBMITTED, SmsMessage.submitted_at <= now - rules.SILENCE_LIMIT)
    found = db.scalars(select(SmsMessage.id).where(*silent).limit(BATCH)).all()
    values: dict[str, Any] = {"finished_at": now, "error_code": "silent"}
    return sum(_change(db, each, silent, State.EXPIRED, followers, now, **values) for each in found)


def keep_report(db: Session, report: Report, now: datetime) -> None:
    """Keep a report as it came, once; only then may the gateway be told that we have it."""
    key = f"{report.gateway_message_id[:65]}:{report.stat[:16]}"
    values = {"stat": report.stat[:16], "error_code": report.error_code[:40], "received_at": now}
    insert_once(db, SmsReport, key, gateway_message_id=report.gateway_message_id[:65], **values)


def apply_reports(db: Session, followers: Sequence[Follower], now: datetime) -> int:
    """Bring kept reports to their messages; one without a message yet stays for later. Gives how many were applied."""
    mine = SmsReport.gateway_message_id == SmsMessage.gateway_message_id
    columns = (SmsReport.id, SmsReport.gateway_message_id, SmsReport.stat, SmsReport.error_code)
    waiting = select(*columns, SmsMessage.id.label("message_id")).join(SmsMessage, mine)
    rows = db.execute(waiting.where(SmsReport.applied_at.is_(None)).order_by(SmsReport.id).limit(BATCH)).all()
    for row in rows:
        fresh = update(SmsReport).where(SmsReport.id == row.id, SmsReport.applied_at.is_(None))
        if db.execute(fresh.values(applied_at=now).returning(SmsReport.id)).first():
            _apply(db, row.message_id, Report(row.gateway_message_id, row.stat, row.error_code), followers, now)
    return len(rows)


def settle(
    db: Session, message_id: int, state: State, *, actor: str, followers: Sequence[Follower], now: datetime
) -> bool:
    """Decide about a parked message: send again (queued), it went out (submitted) or give up (undeliverable)."""
    if state not in rules.SETTLEMENTS:
        raise ValueError(f"a parked message can't be settled as {state}")
    parked = (SmsMessage.state == State.UNKNOWN,)
    stamp = {
        State.QUEUED: {"not_before": now},
        State.SUBMITTED: {"submitted_at": now},
        State.UNDELIVERABLE: {"finished_at": now},
    }
    values: dict[str, Any] = {"error_code": "settled", **stamp[state]}
    return _change(db, message_id, parked, state, followers, now, actor=actor, **values)


def _apply(db: Session, message_id: int, report: Report, followers: Sequence[Follower], now: datetime) -> None:
    state = rules.reported(report)
    if state is None:
        return
    seen = (SmsMessage.state == State.SUBMITTED,)
    _change(db, message_id, seen, state, followers, now, finished_at=now, error_code=report.error_code)


def _change(
    db: Session,
    message_id: int,
    seen: tuple[ColumnElement[bool], ...],
    state: State,
    followers: Sequence[Follower],
    now: datetime,
    *,
    actor: str = "system",
    **values: Any,
) -> bool:
    if not _update(db, message_id, *seen, state=state, **values):
        return False
    told = {"message_id": message_id, "at": now, "actor": actor, "state": state}
    db.execute(insert(SmsEvent).values(**told, error_code=values.get("error_code")))
    for follow in followers:
        follow(db, message(db, message_id), now)
    return True


def _update(db: Session, message_id: int, *seen: ColumnElement[bool], **values: Any) -> bool:
    changed = update(SmsMessage).where(SmsMessage.id == message_id, *seen).values(**values)
    return db.execute(changed.returning(SmsMessage.id)).first() is not None
