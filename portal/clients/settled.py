"""Which changes of a client's record have lately taken effect, for rooms that ask how it went."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients.models import ClientChange, ClientChangeEvent
from portal.clients.rules import Verb


def settled_since(db: Session, since: datetime) -> Sequence[Any]:
    """Give number and client of the changes that took effect since an instant, oldest first."""
    step = (ClientChangeEvent.verb == Verb.TAKE_EFFECT, ClientChangeEvent.at >= since)
    found = select(ClientChange.number, ClientChange.client_id)
    joined = found.join(ClientChangeEvent, ClientChangeEvent.change_id == ClientChange.id)
    return db.execute(joined.where(*step).order_by(ClientChangeEvent.id)).all()
