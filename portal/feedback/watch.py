"""Which cases are late, and which are critical: both go up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.feedback.models import Case
from portal.feedback.rules import OPEN, RUNNING, Severity
from portal.kit.i18n import later
from portal.queues import Late, Watch

BATCH = 200
ANSWER, CRITICAL = "answer", "critical"
PROMISES = {ANSWER: later("受理或答复"), CRITICAL: later("重大件，须马上处理")}


def late(db: Session, now: datetime) -> Sequence[Late]:
    """Give the cases whose running clock is over, and the critical ones from the moment that they went up."""
    over = and_(Case.state.in_(RUNNING), Case.due_at <= now)
    critical = and_(Case.state.in_(OPEN), Case.severity == Severity.CRITICAL, Case.escalated_at.is_not(None))
    columns = (
        Case.number, Case.state, Case.severity, Case.due_at, Case.escalated_at, Case.received_at, Case.handler_id,
        Case.branch_no,
    )  # fmt: skip
    rows = db.execute(select(*columns).where(or_(over, critical)).order_by(Case.id.desc()).limit(BATCH)).all()
    found = []
    for row in rows:
        if row.state in RUNNING and row.due_at and row.due_at <= now:
            found.append(Late(row.number, ANSWER, row.due_at, row.handler_id, row.branch_no))
        if row.severity == Severity.CRITICAL and row.escalated_at:
            found.append(Late(row.number, CRITICAL, row.received_at, row.handler_id, row.branch_no))
    return found


WATCH = Watch("feedback", later("心声"), PROMISES, "feedback.review", "number", late)
