"""What became of messages. None of these reads gives a number or a text: who logs a row tells nobody's secrets."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from portal.sms.models import SmsEvent, SmsMessage
from portal.sms.rules import State


@dataclass(frozen=True)
class Message:
    """A message as other rooms may know it."""

    id: int
    client_id: int | None
    purpose: str
    ref_type: str
    ref_id: int
    state: State
    segments: int
    attempts: int
    gateway_message_id: str | None
    error_code: str | None
    queued_at: datetime
    submitted_at: datetime | None
    finished_at: datetime | None


def message(db: Session, message_id: int) -> Message:
    """Give one message."""
    return _message(db.execute(_columns().where(SmsMessage.id == message_id)).one())


def message_of(db: Session, ref_type: str, ref_id: int) -> Message | None:
    """Give the newest message that was sent for a thing, or None."""
    of_it = _columns().where(SmsMessage.ref_type == ref_type, SmsMessage.ref_id == ref_id)
    row = db.execute(of_it.order_by(SmsMessage.id.desc()).limit(1)).first()
    return None if row is None else _message(row)


def states_of(db: Session, message_ids: Collection[int]) -> dict[int, State]:
    """Give the state of many messages in one query."""
    found = select(SmsMessage.id, SmsMessage.state).where(SmsMessage.id.in_(message_ids))
    return {row.id: State(row.state) for row in db.execute(found)} if message_ids else {}


def parked(db: Session) -> list[Message]:
    """List what waits for staff: nobody knows whether the gateway has it. Oldest first."""
    waiting = _columns().where(SmsMessage.state == State.UNKNOWN)
    return [_message(row) for row in db.execute(waiting.order_by(SmsMessage.id))]


def history(db: Session, message_id: int) -> list[Row[tuple[datetime, str, str, str | None]]]:
    """List a message's changes in order: at, actor, state, error_code."""
    columns = (SmsEvent.at, SmsEvent.actor, SmsEvent.state, SmsEvent.error_code)
    return list(db.execute(select(*columns).where(SmsEvent.message_id == message_id).order_by(SmsEvent.id)))


def _columns() -> Select[tuple[object, ...]]:
    return select(*(getattr(SmsMessage, name) for name in Message.__dataclass_fields__))


def _message(row: Row[tuple[object, ...]]) -> Message:
    known = dict(row._mapping)
    return Message(**known | {"state": State(known["state"])})
