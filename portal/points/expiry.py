"""Telling clients in time that points lapse: 60, 30 and 7 days before, each once, and never at night."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal import clients
from portal.inbox import Letter, Topic
from portal.kit.clock import day_after, local, local_date
from portal.kit.db import insert_once
from portal.kit.i18n import later
from portal.points.models import PointsLapseNotice, PointsLot, PointsLotBucket
from portal.points.rules import NOTICE_DAYS, Bucket, notice_step

HOURS = range(9, 20)  # of the Shanghai day
CHUNK = 200  # clients a transaction


def tell_lapses(db: Session, now: datetime) -> int:
    """Tell of the lapses that have come within a step (a duty); gives how many were told of."""
    if local(now).hour not in HOURS:
        return 0
    return sum(_tell(db, row, local_date(now), now) for row in _due(db, now))


def _tell(db: Session, row: Any, today: date, now: datetime) -> bool:
    step = notice_step((row.expires_on - today).days) or NOTICE_DAYS[0]
    told = {"client_id": row.client_id, "expires_on": row.expires_on, "step": step}
    if not insert_once(db, PointsLapseNotice, **told, points=row.points, told_at=now):
        return False
    letter = Letter(
        Topic.REDEMPTION, later("%(n)s 分到 %(day)s 到期。"),
        later("到期日当天仍可使用；兑换时先用最早到期的。能换什么、哪一天到期多少，见“积分”。"),
        values={"n": row.points, "day": row.expires_on.isoformat()}, page="points.index",
        short=later("您有积分将要到期，请登录客户服务，在“积分”查看。"),
    )  # fmt: skip
    clients.tell(db, row.client_id, letter, key=f"points.lapse:{row.client_id}:{row.expires_on}:{step}", now=now)
    return True


def _due(db: Session, now: datetime) -> Sequence[Any]:
    """Give client_id, expires_on, points of what lapses within a step nobody was told of, for some clients."""
    today = local_date(now)
    told = PointsLapseNotice.__table__.alias()
    steps = zip(NOTICE_DAYS, (*NOTICE_DAYS[1:], -1), strict=True)  # 60: from 31 to 60 days before, and so on
    within = or_(
        *(
            and_(
                PointsLot.expires_on <= today + timedelta(days=step),
                PointsLot.expires_on > today + timedelta(days=next_),
                ~select(told.c.id).where(
                    told.c.client_id == PointsLot.client_id, told.c.expires_on == PointsLot.expires_on,
                    told.c.step == step,
                ).exists(),
            )
            for step, next_ in steps
        )
    )  # fmt: skip
    points = func.sum(PointsLotBucket.amount).label("points")
    found = select(PointsLot.client_id, PointsLot.expires_on, points)
    found = found.join(PointsLotBucket, PointsLotBucket.lot_id == PointsLot.id)
    live = (PointsLotBucket.bucket == Bucket.AVAIL.value, PointsLotBucket.amount > 0)
    ahead = (PointsLot.expires_at > now, PointsLot.expires_at <= day_after(today + timedelta(days=NOTICE_DAYS[0])))
    found = found.where(*live, *ahead, within).group_by(PointsLot.client_id, PointsLot.expires_on)
    return db.execute(found.order_by(PointsLot.client_id, PointsLot.expires_on).limit(CHUNK)).all()
