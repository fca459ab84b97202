"""Reads of the inbox: one statement a page; another client's message is not there."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.inbox.models import InboxMessage, InboxReading

PAGE = 30


def unread(db: Session, client_id: int) -> int:
    """Count what a client has not opened yet."""
    mine = select(func.count()).select_from(InboxMessage).outerjoin(InboxReading)
    return db.scalar(mine.where(InboxMessage.client_id == client_id, InboxReading.message_id.is_(None))) or 0


def messages(
    db: Session, client_id: int, *, topic: str = "", is_unread: bool = False, before: int | None = None
) -> Sequence[Any]:
    """Give a client's messages, newest first, one more than a page; `before` is the id where the last page ended."""
    found = _row().where(InboxMessage.client_id == client_id)
    if topic:
        found = found.where(InboxMessage.topic == topic)
    if is_unread:
        found = found.where(InboxReading.message_id.is_(None))
    if before is not None:
        found = found.where(InboxMessage.id < before)
    return db.execute(found.order_by(InboxMessage.id.desc()).limit(PAGE + 1)).all()


def message(db: Session, client_id: int, message_id: int) -> Any:
    """Give one message of this client, or None."""
    return db.execute(_row().where(InboxMessage.client_id == client_id, InboxMessage.id == message_id)).one_or_none()


def _row() -> Select[Any]:
    return select(*InboxMessage.__table__.c, InboxReading.read_at).outerjoin(InboxReading)
