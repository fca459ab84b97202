"""Conversations that somebody has in hand, for a colleague who takes over; whose team it is follows the adviser."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal import clients
from portal.conversations.models import Conversation
from portal.conversations.rules import QUEUE
from portal.kit.i18n import later
from portal.queues import Held, claims_charge

CLAIMED = claims_charge(
    QUEUE, later("对话"), Conversation, label=Conversation.client_id, client_id=Conversation.client_id,
    due_at=Conversation.promised_at, page="conversations.case",
)  # fmt: skip


def held(db: Session, user_id: int, now: datetime) -> Sequence[Held]:
    """List the conversations by their clients' numbers."""
    rows = CLAIMED.held(db, user_id, now)
    people = clients.names_of(db, {row.client_id for row in rows if row.client_id})
    numbers = {id: person.client_no for id, person in people.items()}
    return [
        replace(row, label=numbers[row.client_id], place={"client_no": numbers[row.client_id]})
        for row in rows
        if row.client_id in numbers
    ]


CHARGES = (replace(CLAIMED, held=held),)
