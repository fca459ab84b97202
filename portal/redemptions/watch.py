"""Which requests are late: the promised time is over and nobody has decided."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clients, queues
from portal.kit.i18n import later
from portal.queues import Late, Watch
from portal.redemptions.models import Redemption
from portal.redemptions.rules import OPEN, QUEUE

BATCH = 200
DECISION = "decision"
PROMISES = {DECISION: later("答复兑换申请")}


def late(db: Session, now: datetime) -> Sequence[Late]:
    """Give the open requests whose promised time is over; owed by who has one in hand, else by the branch."""
    columns = (Redemption.id, Redemption.number, Redemption.promised_at, Redemption.client_id)
    overdue = (Redemption.state.in_(OPEN), Redemption.promised_at <= now)
    newest = Redemption.promised_at.desc(), Redemption.id
    rows = db.execute(select(*columns).where(*overdue).order_by(*newest).limit(BATCH)).all()
    branches = clients.branches_of(db, rows)
    held = {id: claim.staff_id for id, claim in queues.held(db, QUEUE, now).items()}
    return [
        Late(row.number, DECISION, row.promised_at, held.get(row.id), branches.get(row.client_id, "")) for row in rows
    ]


WATCH = Watch("redemptions", later("兑换"), PROMISES, "redemptions.review", "number", late)
