"""A period's statement as its page needs it: a few reads, and no figure left to work out in the template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.kit.i18n import later
from portal.statements import ledger, queries
from portal.statements.queries import Line, Rows
from portal.statements.rules import FUNDS, BizCode, DayEnd, Period, balances_throughout

ZERO = Decimal(0)
TITLES = {
    BizCode.BUY: later("证券买入"),
    BizCode.SELL: later("证券卖出"),
    BizCode.DIV_CASH: later("红利入账"),
    BizCode.DIV_TAX: later("红利税"),
    BizCode.BONUS: later("红股入账"),
    BizCode.RIGHTS_RIGHT: later("配股权证"),
    BizCode.RIGHTS_PAY: later("配股缴款"),
    BizCode.RIGHTS_IN: later("配股入账"),
    BizCode.IPO_LOT: later("申购配号"),
    BizCode.IPO_PAY: later("新股缴款"),
    BizCode.IPO_BACK: later("申购还款"),
    BizCode.IPO_IN: later("新股入账"),
    BizCode.REPO_LEND: later("逆回购融出"),
    BizCode.REPO_BACK: later("逆回购到期"),
    BizCode.CASH_IN: later("银证转入"),
    BizCode.CASH_OUT: later("银证转出"),
    BizCode.INTEREST: later("利息"),
    BizCode.INTEREST_TAX: later("利息税"),
    BizCode.XFER_IN: later("转托管转入"),
    BizCode.XFER_OUT: later("转托管转出"),
    BizCode.SPLIT: later("份额合并或拆分"),
    BizCode.FREEZE: later("资金冻结"),
}
FEES = (
    ("net_commission", later("净佣金")),
    ("handling_fee", later("经手费")),
    ("regulatory_fee", later("证管费")),
    ("stamp", later("印花税")),
    ("transfer_fee", later("过户费")),
    ("other_fee", later("其他费")),
)


@dataclass(frozen=True)
class Deal:
    """What was dealt: so many units at a price, or what a repo brought back; price places as the security is quoted."""

    qty: Decimal
    unit: str
    price: Decimal
    places: int
    is_rate: bool
    interest: Decimal | None = None
    principal: Decimal | None = None


@dataclass(frozen=True)
class Movement:
    """One cash row: what, about which security, the deal behind it, the signed amount, and the balance after it."""

    id: int
    on: date
    title: str
    words: str
    is_unknown: bool
    security: str
    deal: Deal | None
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Confirmation:
    """One trade with each of its fees that isn't zero, in yuan."""

    id: int
    on: date
    title: str
    security: str
    deal: Deal
    gross: Decimal
    fees: Sequence[tuple[str, Decimal]]
    net: Decimal


@dataclass(frozen=True)
class Sheet:
    """An account's period, in yuan; `sealed` only where the server has proved that it balances."""

    period: Period
    last: date
    is_closed: bool
    opening: Decimal
    inflow: Decimal
    outflow: Decimal
    closing: Decimal
    count: int
    sealed: bool
    from_file: bool

    @property
    def unexplained(self) -> Decimal:
        """Give what the counter's closing has more than opening and flows explain."""
        return self.closing - self.opening - self.inflow + self.outflow


def sheet_of(db: Session, account_id: int, period: Period) -> Sheet | None:
    """Draw up a period of an account; None when the counter has reported no day of it."""
    days = queries.day_ends(db, account_id, period.first, period.last)
    if not days:
        return None
    entries = ledger.entries(db, account_id, period)
    is_closed = queries.reported_after(db, account_id, period.last)
    return Sheet(
        period=period,
        last=period.last if is_closed else days[-1].on,
        is_closed=is_closed,
        opening=days[0].opening,
        inflow=sum((entry.amount for entry in entries if entry.amount > 0), ZERO),
        outflow=-sum((entry.amount for entry in entries if entry.amount < 0), ZERO),
        closing=days[-1].closing,
        count=len(entries),
        sealed=balances_throughout(entries, _ends(days)),
        from_file=any(day.kind != "feed" for day in days),
    )


def _ends(days: Rows) -> list[DayEnd]:
    # A file that a terminal exported is nobody's word but the file's: no seal rests on it.
    return [DayEnd(day.opening, day.closing, day.faults if day.kind == "feed" else None) for day in days]


def movements(flows: Sequence[Line], trades: Rows) -> list[Movement]:
    """Put cash flows, with the trades behind them, into lines of the page."""
    # The feed's numbers are the counter's own, unique for ever; those of a terminal's file are unique within it.
    deals = {_deal_key(row): row for row in trades if row.trade_no}
    return [_movement(row, deals.get(_deal_key(row)) if row.trade_no else None) for row in flows]


def _deal_key(row: Line) -> tuple[int | None, str]:
    return (None if row.batch_kind == "feed" else row.batch_id), row.trade_no


def confirmations(trades: Iterable[Line]) -> list[Confirmation]:
    """Put trades into lines of the page."""
    return [_confirmation(row) for row in trades]


def _movement(row: Line, trade: Line | None) -> Movement:
    code = BizCode(row.biz_code)
    return Movement(
        id=row.id,
        on=row.settle_on,
        title=TITLES.get(code, ""),
        words=row.biz_name,
        is_unknown=code is BizCode.UNKNOWN,
        security=_security(row),
        deal=_deal(trade, row.amount if code is BizCode.REPO_BACK else None) if trade else None,
        amount=row.amount,
        balance=row.balance_after,
    )


def _confirmation(row: Line) -> Confirmation:
    side = BizCode.BUY if row.side == "B" else BizCode.SELL
    return Confirmation(
        id=row.id,
        on=row.trade_on,
        title=TITLES[BizCode.REPO_LEND if row.security_type == "REPO" else side],
        security=_security(row),
        deal=_deal(row),
        gross=row.gross,
        fees=[(label, getattr(row, name)) for name, label in FEES if getattr(row, name)],
        net=row.net_amount,
    )


def _deal(trade: Line, came_back: Decimal | None = None) -> Deal:
    kind = trade.security_type
    unit = later("份") if kind in FUNDS else later("张") if kind in {"REPO", "BOND", "CB"} else later("股")
    principal, interest = (None, None) if came_back is None else (trade.gross, came_back - trade.gross)
    places = 2 if kind not in FUNDS | {"REPO", "BOND", "CB"} else 3
    return Deal(trade.qty, unit, trade.price, places, kind == "REPO", interest, principal)


def _security(row: Line) -> str:
    return " ".join(part for part in (row.name, row.code) if part)
