"""Which questions of clients are late: the tier's promised time is over and the team has not written."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clients, queues, tiers
from portal.conversations.models import Conversation
from portal.conversations.rules import QUEUE
from portal.kit.i18n import later
from portal.queues import Late, Watch

BATCH = 200
ANSWER = "answer"
PROMISES = {ANSWER: later("回复客户的消息")}


def late(db: Session, now: datetime) -> Sequence[Late]:
    """Give the questions that wait too long; owed by who has the conversation in hand, else by the client's adviser."""
    columns = (Conversation.id, Conversation.client_id, Conversation.promised_at)
    overdue = (Conversation.question_id.is_not(None), Conversation.promised_at <= now)
    newest = Conversation.promised_at.desc(), Conversation.id
    rows = db.execute(select(*columns).where(*overdue).order_by(*newest).limit(BATCH)).all()
    people = clients.names_of(db, {row.client_id for row in rows})
    advisers = tiers.advisers_of(db, people) if rows else {}
    held = {id: claim.staff_id for id, claim in queues.held(db, QUEUE, now).items()}
    found = [(row, people[row.client_id]) for row in rows]
    return [
        Late(one.client_no, ANSWER, row.promised_at, held.get(row.id, advisers.get(one.id)), one.branch_no)
        for row, one in found
    ]


WATCH = Watch("conversations", later("对话"), PROMISES, "conversations.case", "client_no", late)
