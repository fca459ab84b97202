"""Which call-backs are late: their day is over and nobody was spoken to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clients, queues
from portal.callbacks.models import CallbackTask, Campaign, CampaignTask
from portal.callbacks.rules import QUEUE, Kind, State
from portal.kit.i18n import later
from portal.queues import Late, Watch

BATCH = 200
CALL = "call"
PROMISES = {CALL: later("回访")}


def late(db: Session, now: datetime) -> Sequence[Late]:
    """Give the open calls that are overdue; one of a campaign is owed by its first person.

    The call before a relation is a promise of the booking's own, and told there.
    """
    overdue = (CallbackTask.state == State.OPEN, CallbackTask.due_at <= now, CallbackTask.kind != Kind.OPENING)
    columns = (CallbackTask.id, CallbackTask.number, CallbackTask.due_at, CallbackTask.client_id, Campaign.first_id)
    joined = select(*columns).outerjoin(CampaignTask, CampaignTask.task_id == CallbackTask.id)
    joined = joined.outerjoin(Campaign, Campaign.id == CampaignTask.campaign_id).where(*overdue)
    rows = db.execute(joined.order_by(CallbackTask.due_at.desc(), CallbackTask.id).limit(BATCH)).all()
    branches = clients.branches_of(db, rows)
    held = {id: claim.staff_id for id, claim in queues.held(db, QUEUE, now).items()}
    return [
        Late(row.number, CALL, row.due_at, held.get(row.id, row.first_id), branches.get(row.client_id, ""))
        for row in rows
    ]


WATCH = Watch("callbacks", later("回访"), PROMISES, "callbacks.task", "number", late)
