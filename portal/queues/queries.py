"""Who works on what, and how the promises stand."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calendar import Calendar, DayUnknown
from portal.kit.i18n import later
from portal.queues.models import QueueClaim
from portal.queues.rules import Claim, Clock, Pace, Refusal, clock_at

REFUSALS = {
    Refusal.OWN_WORK: later("这是您自己提交的，须由他人决定。"),
    Refusal.NOT_ENDORSED: later("这一件须两人办理，还没有人初审。"),
    Refusal.SAME_PERSON: later("您已初审，须由他人复核。"),
    Refusal.NOT_A_REVIEWER: later("这一件须两人办理，由复核岗决定。"),
}
PACES = {Pace.ON_TIME: later("时限内"), Pace.NEAR: later("临近时限"), Pace.LATE: later("已超时")}
CLAIM = (
    QueueClaim.item_id,
    QueueClaim.staff_id,
    QueueClaim.staff_name,
    QueueClaim.claimed_at,
    QueueClaim.lease_until,
)


def claims_of(db: Session, queue: str, item_ids: Collection[int]) -> dict[int, Claim]:
    """Give the claims on many items in one query, those whose lease is over among them: ask `holds(now)`."""
    rows = db.execute(select(*CLAIM).where(QueueClaim.queue == queue, QueueClaim.item_id.in_(item_ids)))
    return {row.item_id: Claim(*row) for row in rows}


def claim_on(db: Session, queue: str, item_id: int) -> Claim | None:
    """Give the claim on one item, if there is one."""
    return claims_of(db, queue, [item_id]).get(item_id)


def clock(calendar: Calendar, *, asked_at: datetime, promised_at: datetime, now: datetime) -> Clock:
    """Tell how a promise stands now, or stood when it was answered, in working time."""
    return clock_at(
        promised=_minutes(calendar, asked_at, promised_at) or 0,
        left=_minutes(calendar, now, promised_at),
        is_over=now > promised_at,
    )


def _minutes(calendar: Calendar, a: datetime, b: datetime) -> int | None:
    try:
        return calendar.working_minutes_between(a, b)
    except DayUnknown:
        return None  # the page still shows the item; only how long is not known


def held(db: Session, queue: str, now: datetime) -> dict[int, Claim]:
    """Give every claim of a queue whose lease still runs, by item."""
    rows = db.execute(select(*CLAIM).where(QueueClaim.queue == queue, QueueClaim.lease_until > now))
    return {row.item_id: Claim(*row) for row in rows}
