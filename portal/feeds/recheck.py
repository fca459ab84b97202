"""The cross checks of an account once more, over the rows that the ledger holds by now."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal import holdings
from portal.feeds import booking, crosschecks, queries
from portal.feeds.checks import Row
from portal.feeds.models import FeedBreak
from portal.feeds.rules import Break, BreakKind
from portal.statements import (
    Account,
    AccountDay,
    BizCode,
    CashBalance,
    CashFlow,
    Position,
    ShareMove,
    Trade,
)

_SHARES = ("holder_no", "market")
_ROWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "cash_balance": (CashBalance, ("currency", "opening", "closing")),
    "cash_flow": (
        CashFlow,
        ("currency", "amount", "balance_after", "flow_no", "line", "trade_no", "biz_code", "settle_on"),
    ),
    "trade": (Trade, ("trade_no", "net_amount", "commission")),
    "share_move": (ShareMove, (*_SHARES, "qty", "biz_code")),
    "position": (Position, (*_SHARES, "qty_total")),
}


def traded_commission(db: Session, batch_id: int, account_id: int) -> Decimal:
    """Give the commission that the counter's own file told of an account's day.

    The file itself is not kept: what it told is in the break where there is one, else what the trades add up to. Ask
    before a row is released.
    """
    told = select(FeedBreak.reported).where(
        FeedBreak.batch_id == batch_id, FeedBreak.account_id == account_id, FeedBreak.kind == BreakKind.COMMISSION
    )
    if (found := db.scalar(told)) is not None:
        return found
    mine = (Trade.batch_id == batch_id, Trade.account_id == account_id)
    return db.scalar(select(func.sum(Trade.commission)).where(*mine)) or Decimal(0)


def run(db: Session, account_id: int, first: date, told: Decimal) -> list[Break]:
    """Check an account's days from `first` on again, and write down what is found; gives the breaks of the first."""
    account_no = db.scalars(select(Account.account_no).where(Account.id == account_id)).one()
    found: list[list[Break]] = []
    for each in queries.days_from(db, account_id, first):
        commission = told if each.business_date == first else traded_commission(db, each.batch_id, account_id)
        found.append(_one_day(db, each.batch_id, each.business_date, account_id, account_no, commission))
    return found[0] if found else []


def count(db: Session, batch_id: int, account_id: int) -> None:
    """Write down how much is still wrong with an account's day: open rows and breaks."""
    mine = (FeedBreak.batch_id == batch_id, FeedBreak.account_id == account_id)
    breaks = db.scalar(select(func.count(FeedBreak.id)).where(*mine)) or 0
    here = (AccountDay.batch_id == batch_id, AccountDay.account_id == account_id)
    faults = breaks + queries.open_rows(db, batch_id, account_id)
    db.execute(update(AccountDay).where(*here).values(faults=faults))


def _one_day(
    db: Session, batch_id: int, on: date, account_id: int, account_no: str, commission: Decimal
) -> list[Break]:
    before = queries.before(db, on, Account.id == account_id)
    day = _day(db, batch_id, account_id, account_no) | {
        "commission": [{"account_no": account_no, "gross_commission": commission}]
    }
    _take_over_anew(db, batch_id, on, day, before, {account_no: account_id})
    found = crosschecks.breaks(day, before)
    db.execute(delete(FeedBreak).where(FeedBreak.batch_id == batch_id, FeedBreak.account_id == account_id))
    booking.book_breaks(db, batch_id, found, {account_no: account_id})
    count(db, batch_id, account_id)
    holdings.note_day(db, {account_id}, on, batch_id=batch_id)
    return found


def _take_over_anew(
    db: Session, batch_id: int, on: date, day: dict[str, list[Row]], before: crosschecks.Before, ids: dict[str, int]
) -> None:
    # What an account stood with before its first day follows from that day's rows; a row released on an earlier day
    # makes that one the first.
    for table in (CashFlow, ShareMove):
        mine = (table.batch_id == batch_id, table.account_id.in_(ids.values()), table.biz_code == BizCode.OPENING)
        db.execute(delete(table).where(*mine))
    cash, shares = crosschecks.opening_cash(day, before), crosschecks.opening_shares(day, before)
    booking.book_takeover(db, batch_id, on, cash, shares, ids)


def _day(db: Session, batch_id: int, account_id: int, account_no: str) -> dict[str, list[Row]]:
    return {file: _rows(db, table, names, batch_id, account_id, account_no) for file, (table, names) in _ROWS.items()}


def _rows(db: Session, table: Any, names: Sequence[str], batch_id: int, account_id: int, account_no: str) -> list[Row]:
    columns = [getattr(table, name) for name in names]
    if table in (ShareMove, Position):
        columns.append(table.code.label("security_code"))
    mine = (table.batch_id == batch_id, table.account_id == account_id)
    rows = db.execute(select(*columns).where(*mine).order_by(table.line, table.id))
    found = [{"account_no": account_no, **row._mapping} for row in rows]
    return [row for row in found if row.get("biz_code") != BizCode.OPENING]
