"""Reads of the worklist: who is a core client, and how this week's list stands."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clients, tiers
from portal.desk.models import CoreClient, CoreWeek
from portal.desk.rules import Definition, Reason, core, window_start
from portal.statements import Account, Batch, Trade

BATCH = 5000  # clients of one statement


def core_clients(db: Session, definition: Definition, today: date) -> dict[int, list[Reason]]:
    """Name the core clients of today with the reasons, from tiers, assets and trades of the window."""
    everybody = clients.active_ids(db)
    first = window_start(today, definition.window_months)
    high: set[int] = set()
    assets: dict[int, Decimal] = {}
    for begin in range(0, len(everybody), BATCH):
        some = everybody[begin : begin + BATCH]
        high |= {whom for whom, tier in tiers.tiers_of(db, some, today).items() if _is_high(tier, definition)}
        figures = tiers.figures_of(db, some, first, today)
        assets |= {whom: found.mean_assets for whom, found in figures.items() if found.days}
    known = set(everybody)
    trades = {whom: worth for whom, worth in turnover(db, first, today).items() if whom in known}
    return core(in_high_tier=high, assets=assets, trades=trades, definition=definition)


def turnover(db: Session, first: date, last: date) -> dict[int, Decimal]:
    """Add up what each client has bought and sold in these days, in yuan."""
    worth = func.sum(Trade.gross)
    found = select(Account.client_id, worth).join_from(Trade, Account, Account.id == Trade.account_id)
    found = found.join(Batch, Batch.id == Trade.batch_id).where(Batch.is_current, Trade.trade_on.between(first, last))
    return {row[0]: row[1] for row in db.execute(found.group_by(Account.client_id))}


def week_of(db: Session, monday: date) -> Any | None:
    """Give how a week's list was laid, or None."""
    return db.execute(select(*CoreWeek.__table__.c).where(CoreWeek.week == monday)).first()


def newest_week(db: Session) -> date | None:
    """Give the Monday of the newest list."""
    return db.scalar(select(func.max(CoreWeek.week)))


def begun_with(db: Session, monday: date, *, branch_no: str = "") -> Sequence[Any]:
    """Give who stood on a week's list when it began, the least complete first; by branch."""
    found = select(*CoreClient.__table__.c).where(CoreClient.week == monday)
    if branch_no:
        found = found.where(CoreClient.branch_no == branch_no)
    return db.execute(found.order_by(CoreClient.percent, CoreClient.client_id)).all()


def _is_high(tier: str, definition: Definition) -> bool:
    return tiers.is_at_least(tier, definition.min_tier)
