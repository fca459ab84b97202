"""The figures of a holding, each with its formula; definitions and vectors are in docs/formulas.md."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from portal.holdings.fees import RateCard, break_even, of_order
from portal.holdings.figures import Fig, Op, Source, exactly, leaf, product, quotient, total, unknown
from portal.holdings.rounds import CARRIED, Event, Kind, Round

ZERO = Decimal(0)
HUNDRED = Decimal(100)
YEAR_DAYS = 365
TICK, FINE_TICK = Decimal("0.01"), Decimal("0.001")
FINE = {"ETF", "LOF", "MMF", "CB"}  # quoted in thousandths
RESULTS = {"amount.ma": "pnl.float/1", "amount.dil": "pnl.ref/1", "amount.fifo": "pnl.fifo/1"}
DIVIDENDS = {"row.dividend", "row.dividend_tax"}


@dataclass(frozen=True)
class Loan:
    """Money lent on the exchange (逆回购) that has not come back."""

    principal: Decimal
    on: date
    number: str


@dataclass(frozen=True)
class Dividend:
    """A cash dividend that was announced: yuan per share, before tax."""

    number: str
    ex_on: date
    pay_on: date
    per_share: Decimal


def amount_ma(round_: Round) -> Fig:
    """移动加权成本: what the shares still held cost; a sale takes its share of the whole with it."""
    if round_.gap:
        return unknown("yuan", "amount.ma/1", round_.gap.value)
    return Fig(round_.ma, "yuan", "amount.ma/1", Op.POOL, tuple(round_.steps))


def amount_fifo(round_: Round) -> Fig:
    """先进先出成本: what the lots that are left cost when the oldest leave first."""
    if round_.gap:
        return unknown("yuan", "amount.fifo/1", round_.gap.value)
    lots = [(1, replace(leaf(lot.cost, "yuan", "row.lot/1"), on=lot.acquired_on)) for lot in round_.lots]
    return total("amount.fifo/1", lots)


def amount_diluted(round_: Round) -> Fig:
    """摊薄成本: how much of the client's own money is still in; may be below zero."""
    if round_.gap:
        return unknown("yuan", "amount.dil/1", round_.gap.value)
    return total("amount.dil/1", [(-1, flow) for flow in round_.cash])


def buy_average(round_: Round) -> Fig:
    """买入均价: what was paid for a share on the market, without fees."""
    if round_.gap:
        return unknown("yuan/share", "cost.buy/1", round_.gap.value, rounding=3)
    paid = leaf(round_.bought, "yuan", "amount.bought/1")
    return quotient("cost.buy/1", paid, leaf(round_.bought_qty, "shares", "row.qty/1", rounding=0))


def cost_price(amount: Fig, qty: Fig) -> Fig:
    """成本价: an amount by the shares held; `cost.ma` from `amount.ma`."""
    return quotient(amount.rule.replace("amount", "cost"), amount, qty)


def market_value(qty: Fig, price: Fig) -> Fig:
    """市值: shares at the latest close."""
    return product("mv/1", qty, price)


def floating(value: Fig, cost: Fig) -> Fig:
    """浮动盈亏: market value less what the shares cost; with the diluted cost it is 参考盈亏."""
    return total(RESULTS[cost.name], [(1, value), (-1, cost)])


def realised(round_: Round, cost: Fig) -> Fig:
    """已实现: what sales brought less what was paid, the shares still held counted at their cost."""
    rule = cost.rule.replace("amount", "realised")
    return total(rule, [*((1, flow) for flow in round_.cash if flow.name not in DIVIDENDS), (1, cost)])


def dividends_net(round_: Round) -> Fig:
    """红利净额: dividends less the tax on them."""
    return total("div.net/1", [(1, flow) for flow in round_.cash if flow.name in DIVIDENDS])


def closed_result(round_: Round) -> Fig:
    """已清仓 result: all signed cash of the round, from the first share to the last."""
    if round_.gap:
        return unknown("yuan", "pnl.closed/1", round_.gap.value)
    return total("pnl.closed/1", [(1, flow) for flow in round_.cash])


def break_even_price(cost: Fig, qty: Fig, card: RateCard | None, *, market: str, kind: str, on: date) -> Fig:
    """保本价: the lowest price at a tick at which a sale, after its fees, brings the cost back."""
    rule = cost.rule.replace("amount", "be")
    tick = FINE_TICK if kind in FINE else TICK
    places = -tick.as_tuple().exponent  # type: ignore[operator]
    if cost.value is None or qty.value is None or card is None:
        return unknown("yuan/share", rule, cost.unknown or qty.unknown or "RATE_CARD", rounding=places)
    found = break_even(card, market=market, kind=kind, qty=qty.value, cost=cost.value, tick=tick, on=on)
    if found is None or not qty.value:
        return unknown("yuan/share", rule, "RATE_CARD", rounding=places)
    gross = found[1] * qty.value
    fees = of_order(card, market=market, kind=kind, side="S", gross=gross, on=on) if gross else None
    paid = [
        leaf(amount, "yuan", f"row.{name}/1", Source("rate_card", f"{card.rate}", on))
        for name, amount in (
            (("commission", fees.commission), ("levies", fees.total - fees.commission)) if fees else ()
        )
    ]
    return Fig(found[1], "yuan/share", rule, Op.BREAK_EVEN, (cost, qty, *paid), rounding=places, on=on)


@exactly
def percent(result: Fig, cost: Fig) -> Fig:
    """盈亏比例: from the amounts, never from a rounded price; once the cost has been recovered there is none."""
    if result.value is None or cost.value is None:
        return unknown("%", "pct/1", result.unknown or cost.unknown or "UNKNOWN")
    if cost.value <= 0:
        return unknown("%", "pct/1", "RECOVERED")
    return Fig(result.value / cost.value * HUNDRED, "%", "pct/1", Op.QUOTIENT, (result, cost))


def entitled(events: Sequence[Event], ex_on: date) -> Decimal:
    """Count the shares that a dividend is paid for: those held when the day before its ex-date closed."""
    return sum((e.qty for e in events if e.on < ex_on or (e.on == ex_on and e.kind is Kind.OPENING)), ZERO)


@exactly
def receivable(dividends: Sequence[Dividend], events: Sequence[Event], day: date) -> Fig:
    """应收红利: dividends from their ex-date until they are paid; the price has fallen, the cash has not come."""
    due = []
    for one in dividends:
        qty = entitled(events, one.ex_on)
        is_paid = any(event.kind is Kind.DIVIDEND and one.ex_on <= event.on <= day for event in events)
        if one.ex_on <= day < one.pay_on and qty > 0 and not is_paid:
            source = Source("corp_action", one.number, one.ex_on)
            shares = leaf(qty, "shares", "row.qty/1", rounding=0)
            due.append((1, product("row.due/1", shares, leaf(one.per_share, "yuan", "row.per_share/1", source))))
    return total("dividend.due/1", due)


def of_day(value: Fig, qty: Decimal, before: Fig, events: Sequence[Event], due: tuple[Fig, Fig] | None = None) -> Fig:
    """当日盈亏: value now − value the day before + cash that this security moved today + what `due` has grown by.

    `before` is the close of the day before, unadjusted: on an ex-date the dividend or the new shares make up for it.
    Shares that were only moved (transfer, opening) count as if they had been there the day before.
    """
    traded = sum((event.qty for event in events if event.kind not in CARRIED), ZERO)
    earlier = leaf(qty - traded, "shares", "row.qty/1", rounding=0)
    was = product("mv.before/1", earlier, before) if earlier.value else leaf(ZERO, "yuan", "mv.before/1")
    cash = [
        (1, leaf(event.cash, "yuan", f"row.{event.kind.value}/1", event.source))
        for event in events
        if event.kind not in CARRIED and event.cash != 0
    ]
    now, earlier_due = due or (None, None)
    grown = [(sign, fig) for sign, fig in ((1, now), (-1, earlier_due)) if fig and fig.value]
    return total("pnl.day/1", [(1, value), (-1, was), *cash, *grown])


@exactly
def bridge_holds(round_: Round, value: Decimal) -> bool:
    """Check that both ways lead from floating to whole result: MV − C_dil = MV − C + R + dividends."""
    whole = value - round_.diluted
    by_average = value - round_.ma + round_.realised_ma + round_.dividends
    by_lots = value - round_.fifo + round_.realised_fifo + round_.dividends
    return max(abs(whole - by_average), abs(whole - by_lots)) < Decimal("1e-20")


@exactly
def repo_interest(principal: Decimal, rate_percent: Decimal, days: int) -> Decimal:
    """逆回购利息: by the actual days of the funds, in yuan, exact."""
    return principal * rate_percent / HUNDRED * days / YEAR_DAYS


def outstanding(lent: Sequence[Loan], backs: Sequence[tuple[str, Decimal]]) -> list[Loan]:
    """Strike out what came back: by the number of its trade, else the oldest loan that the amount repays."""
    open_: list[Loan] = list(lent)
    for number, amount in backs:
        match = next((loan for loan in open_ if loan.number == number), None)
        match = match or next((loan for loan in open_ if _repays(amount, loan.principal)), None)
        if match:
            open_.remove(match)
    return open_


def _repays(amount: Decimal, principal: Decimal) -> bool:
    return principal <= amount <= principal * Decimal("1.02")


def loan_fig(loan: Loan) -> Fig:
    """Show money lent as a leaf of the total assets."""
    return leaf(loan.principal, "yuan", "row.repo/1", Source("trade", loan.number, loan.on))
