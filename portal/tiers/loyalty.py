"""Points for each completed year of loyalty: a daily duty whose natural key is the client and the year."""

from datetime import date, datetime, timedelta

from sqlalchemy import and_, column, extract, or_, select, table
from sqlalchemy.orm import Session

from portal import points
from portal.kit.clock import at, local_date
from portal.kit.db import insert_once
from portal.statements import Account, Batch, Trade
from portal.tiers.models import TierLoyalty
from portal.tiers.queries import terms_on
from portal.tiers.terms import anniversary, loyalty_points

LOOK_BACK_DAYS = 7  # a duty that did not run for a week loses nobody's year
ACTIVE_DAYS = 365  # a year counts for a client who traded in it


def award_loyalty(db: Session, now: datetime) -> int:
    """Award the years that were completed on these days, each once for ever; give how many."""
    today = local_date(now)
    awarded = 0
    for back in range(LOOK_BACK_DAYS):
        day = today - timedelta(days=back)
        for client_id, opened_on in _born_on(db, day):
            years = anniversary(opened_on, day)
            if years and _is_active(db, client_id, day):
                awarded += _award(db, client_id, years, day, now)
    return awarded


def _award(db: Session, client_id: int, years: int, day: date, now: datetime) -> bool:
    worth = loyalty_points(terms_on(db, day), years)
    if not insert_once(db, TierLoyalty, client_id=client_id, years=years, points=worth, completed_on=day):
        return False
    explain = {"rule": "anniversary", "years": years, "completed_on": day.isoformat(), "points": worth}
    points.earn(
        db, client_id=client_id, points=worth, kind="anniversary", key=f"earn:anniversary:{client_id}:{years}", now=now,
        earned_at=at(day), expires_at=points.lapses_at(db, day), explain=explain,
    )  # fmt: skip
    return True


def _born_on(db: Session, day: date) -> list[tuple[int, date]]:
    client = table("client", column("id"), column("opened_on"), column("status"))
    # 29 February keeps its year on the 28th where there is no 29th.
    days = {day.day, 29} if (day.month, day.day) == (2, 28) else {day.day}
    month, in_month = extract("month", client.c.opened_on), extract("day", client.c.opened_on)
    same = or_(*(and_(month == day.month, in_month == each) for each in days))
    found = select(client.c.id, client.c.opened_on).where(same, client.c.opened_on < day, client.c.status == "0")
    return [(row.id, _date(row.opened_on)) for row in db.execute(found.order_by(client.c.id))]


def _is_active(db: Session, client_id: int, day: date) -> bool:
    mine = (Account.client_id == client_id, Trade.trade_on > day - timedelta(days=ACTIVE_DAYS), Trade.trade_on <= day)
    found = select(Trade.id).join(Account, Account.id == Trade.account_id).join(Batch, Batch.id == Trade.batch_id)
    return db.scalar(found.where(*mine, Batch.is_current).limit(1)) is not None


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
