"""A client's holdings on a day: each with its figures, and the totals over all of them.

What is unknown is left out of a total and counted; where an account is being checked, nothing that rests on it is
shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from portal.holdings import formulas
from portal.holdings.fees import RateCard
from portal.holdings.figures import Fig, Source, exactly, leaf, total, unknown
from portal.holdings.rounds import CARRIED, SCALED, Event, Kind, Round, replay

ZERO = Decimal(0)
COVERED_MARKETS = {"SH", "SZ"}
UNCOVERED_KINDS = {"BOND", "OPTION"}
FINE_PRICES = formulas.FINE
RESULT_OF = {"ma": "float", "dil": "ref", "fifo": "fifo"}  # which result rests on which cost
CHECKING, UNCOVERED = "CHECKING", "UNCOVERED"


@dataclass(frozen=True)
class Price:
    """A close in yuan with its day; `previous` is the day before's, adjusted for ex-dates."""

    on: date
    close: Decimal
    previous: Decimal


@dataclass(frozen=True)
class Facts:
    """All that is known of one holding on a day; quantities are the counter's."""

    account_no: str
    market: str
    code: str
    name: str
    kind: str
    day: date
    qty: Decimal
    available: Decimal
    events: Sequence[Event] = ()
    price: Price | None = None
    before: Price | None = None
    dividends: Sequence[formulas.Dividend] = ()
    card: RateCard | None = None  # what this client pays for a sale
    refused: str | None = None  # the account is being checked, or the kind of security isn't covered


@dataclass(frozen=True)
class Holding:
    """One security in one account, with its figures by name."""

    facts: Facts
    gap: str | None
    figures: dict[str, Fig]
    known_qty: Decimal = ZERO
    known_cost: Decimal = ZERO

    def __getitem__(self, name: str) -> Fig:
        return self.figures[name]

    @property
    def places(self) -> int:
        """Count the decimals of its price: funds are quoted in thousandths."""
        close = self.figures["price"].value
        is_fine = close is not None and close != round(close, 2)
        return 3 if self.facts.kind in FINE_PRICES or is_fine else 2


@dataclass(frozen=True)
class Closed:
    """A round that has ended (已清仓): what it brought from the first share to the last; `number` counts from 1."""

    account_no: str
    market: str
    code: str
    name: str
    number: int
    since: date
    until: date
    result: Fig


@dataclass(frozen=True)
class Cash:
    """An account's cash as the counter closed it, and its money lent on the exchange."""

    account_no: str
    on: date
    closing: Decimal
    frozen: Decimal
    loans: Sequence[formulas.Loan] = ()
    is_checking: bool = False


@dataclass(frozen=True)
class Portfolio:
    """Everything a client holds on a day: `gone` are holdings that the day itself closed."""

    day: date
    batch: str
    holdings: list[Holding]
    gone: list[Holding]
    figures: dict[str, Fig]
    checking: list[str] = field(default_factory=list)
    closed: Sequence[Closed] = ()

    def __getitem__(self, name: str) -> Fig:
        return self.figures[name]

    @property
    def without_price(self) -> list[str]:
        """Name the holdings that the total assets leave out."""
        return [h.facts.name for h in self.holdings if h["mv"].value is None]

    @property
    def without_cost(self) -> int:
        """Count the holdings that the floating result leaves out."""
        return sum(h["pnl.float"].value is None for h in self.holdings)

    def share(self, part: Fig) -> Decimal | None:
        """Give a part of the total assets in percent."""
        return formulas.percent(part, self["assets.total"]).value

    def round(self, account_no: str, market: str, code: str, number: int) -> Closed | None:
        """Find a round that has ended."""
        wanted = (account_no, market, code, number)
        return next((c for c in self.closed if (c.account_no, c.market, c.code, c.number) == wanted), None)

    def find(self, account_no: str, market: str, code: str) -> Holding | None:
        """Find a holding."""
        wanted = (account_no, market, code)
        return next((h for h in self.holdings if (h.facts.account_no, h.facts.market, h.facts.code) == wanted), None)


def closed_rounds(account_no: str, market: str, code: str, name: str, events: Sequence[Event]) -> list[Closed]:
    """List a security's rounds that have ended."""
    return [
        Closed(
            account_no, market, code, name, number, round_.started_on, round_.ended_on, formulas.closed_result(round_)
        )
        for number, round_ in enumerate(replay(events), 1)
        if round_.ended_on and round_.steps
    ]


def holding(facts: Facts) -> Holding:
    """Work out a holding's figures."""
    rounds = replay(facts.events)
    open_ = rounds[-1] if rounds and not rounds[-1].ended_on else None
    gap = _gap(facts, open_)
    source = Source("position", facts.account_no, facts.day)
    qty = leaf(
        facts.qty, "shares", "row.qty/1", source, rounding=0 if facts.qty == facts.qty.to_integral_value() else 2
    )
    price = _price(facts)
    value = formulas.market_value(qty, price)
    due = _due(facts)
    figures = {
        "qty": qty,
        "price": price,
        "mv": value,
        "dividend.due": due,
        "pnl.day": _of_day(facts, value, due),
        **_by_method(facts, open_ if not gap else None, gap or "QUANTITY", qty, value),
    }
    known = (open_.qty, open_.ma) if open_ and gap == "QUANTITY" and not open_.gap else (ZERO, ZERO)
    return Holding(facts, gap, figures, *known)


def _by_method(facts: Facts, round_: Round | None, gap: str, qty: Fig, value: Fig) -> dict[str, Fig]:
    """Work out cost, price, result and ratio under each method, and the parts of the bridge between them."""
    make = {"ma": formulas.amount_ma, "dil": formulas.amount_diluted, "fifo": formulas.amount_fifo}
    figures: dict[str, Fig] = {}
    for method, amount in make.items():
        cost = amount(round_) if round_ else unknown("yuan", f"amount.{method}/1", gap)
        result = formulas.floating(value, cost)
        figures |= {f"amount.{method}": cost, f"cost.{method}": formulas.cost_price(cost, qty)}
        figures |= {f"pnl.{RESULT_OF[method]}": result, f"pct.{RESULT_OF[method]}": formulas.percent(result, cost)}
        if method != "fifo":
            figures[f"be.{method}"] = formulas.break_even_price(
                cost, qty, facts.card, market=facts.market, kind=facts.kind, on=facts.day
            )
        if method != "dil":
            missing = unknown("yuan", f"realised.{method}/1", gap)
            figures[f"realised.{method}"] = formulas.realised(round_, cost) if round_ else missing
    figures["div.net"] = formulas.dividends_net(round_) if round_ else unknown("yuan", "div.net/1", gap)
    average = unknown("yuan/share", "cost.buy/1", gap, rounding=3)
    return figures | {"cost.buy": formulas.buy_average(round_) if round_ else average}


def _gap(facts: Facts, open_: Round | None) -> str | None:
    """Say why the cost is unknown, or None; what does not add up is never shown."""
    if facts.refused:
        return facts.refused
    if open_ and open_.gap:
        return open_.gap.value
    if (open_.qty if open_ else ZERO) != facts.qty:
        return "QUANTITY"
    if open_ and not formulas.bridge_holds(open_, open_.qty * (facts.price.close if facts.price else ZERO)):
        return "BRIDGE"
    return None


def _price(facts: Facts) -> Fig:
    if facts.refused or facts.price is None:
        return unknown("yuan/share", "row.price/1", facts.refused or "PRICE")
    source = Source("price", facts.code, facts.price.on)
    places = 3 if facts.kind in FINE_PRICES else 2
    return leaf(facts.price.close, "yuan/share", "row.price/1", source, rounding=places)


def _due(facts: Facts) -> Fig:
    if facts.refused:
        return unknown("yuan", "dividend.due/1", facts.refused)
    return formulas.receivable(facts.dividends, facts.events, facts.day)


def _of_day(facts: Facts, value: Fig, due: Fig) -> Fig:
    today = [event for event in facts.events if event.on == facts.day]
    held_before = facts.qty != sum((event.qty for event in today if event.kind not in CARRIED), ZERO)
    before = _close_before(facts, today)
    if facts.refused or any(event.cash is None for event in today):
        return unknown("yuan", "pnl.day/1", facts.refused or "UNPAID")
    if before is None and held_before:
        return unknown("yuan", "pnl.day/1", "PRICE_BEFORE")
    earlier_due = formulas.receivable(facts.dividends, facts.events, facts.day - timedelta(days=1))
    close = before or leaf(ZERO, "yuan/share", "row.price.before/1")
    return formulas.of_day(value, facts.qty, close, today, (due, earlier_due))


def _close_before(facts: Facts, today: Sequence[Event]) -> Fig | None:
    """Give the close of the day before; where it isn't loaded the feed's own will do, unless an ex-date adjusted it."""
    price, on = (facts.before.close, facts.before.on) if facts.before else (None, None)
    if price is None and facts.price and not any(event.kind in SCALED | {Kind.DIVIDEND} for event in today):
        price = facts.price.previous
    source = Source("price", facts.code, on)
    places = 3 if facts.kind in FINE_PRICES else 2
    return None if price is None else leaf(price, "yuan/share", "row.price.before/1", source, rounding=places)


@exactly
def portfolio(
    day: date, batch: str, cash: Sequence[Cash], holdings: Sequence[Holding], closed: Sequence[Closed] = ()
) -> Portfolio:
    """Add up the totals of a client's accounts."""
    held = sorted((h for h in holdings if h.facts.qty), key=_largest_first)
    gone = [h for h in holdings if not h.facts.qty]
    checking = [account.account_no for account in cash if account.is_checking]
    figures = _totals(cash, held, gone)
    if checking:
        figures = {name: unknown(fig.unit, fig.rule, CHECKING) for name, fig in figures.items()}
    latest_first = sorted(closed, key=lambda one: (one.until, one.code, one.number), reverse=True)
    return Portfolio(day, batch, held, gone, figures, checking, latest_first)


def _totals(cash: Sequence[Cash], held: Sequence[Holding], gone: Sequence[Holding]) -> dict[str, Fig]:
    balances = [_balance(account, "row.balance/1", account.closing) for account in cash]
    frozen = [_balance(account, "row.frozen/1", account.frozen) for account in cash if account.frozen]
    loans = [formulas.loan_fig(loan) for account in cash for loan in account.loans]
    securities = total("assets.securities/1", _known(held, "mv"))
    money = total("assets.cash/1", [(1, fig) for fig in [*balances, *loans]])
    due = total("dividend.due.all/1", [term for term in _known([*held, *gone], "dividend.due") if term[1].value])
    assets = total("assets.total/1", [(1, securities), (1, money), *([(1, due)] if due.value else [])])
    of_day = total("pnl.day.all/1", _known([*held, *gone], "pnl.day"))
    floating = total("pnl.float.all/1", _known(held, "pnl.float"))
    known = [h for h in held if h["pnl.float"].value is not None]
    bridge = {
        f"{name}.all": total(f"{name}.all/1", _known(known, name))
        for name in ("pnl.ref", "pnl.fifo", "realised.ma", "realised.fifo", "div.net")
    }
    costs = total("amount.ma.all/1", _known(known, "amount.ma"))
    return {
        "assets.securities": securities,
        "assets.cash": money,
        "assets.lent": total("assets.lent/1", [(1, fig) for fig in loans]),
        "assets.total": assets,
        "dividend.due.all": due,
        "pnl.day.all": of_day,
        "pnl.float.all": floating,
        **bridge,
        "pct.day.all": formulas.percent(of_day, total("assets.before/1", [(1, assets), (-1, of_day)])),
        "pct.float.all": formulas.percent(floating, costs),
        "cash.available": total("cash.available/1", [*((1, fig) for fig in balances), *((-1, fig) for fig in frozen)]),
    }


def _known(holdings: Sequence[Holding], name: str) -> list[tuple[int, Fig]]:
    return [(1, replace(h[name], about=h.facts.name)) for h in holdings if h[name].value is not None]


def _balance(account: Cash, rule: str, amount: Decimal) -> Fig:
    return replace(
        leaf(amount, "yuan", rule, Source("balance", account.account_no, account.on)), about=account.account_no
    )


def _largest_first(item: Holding) -> tuple[bool, Decimal, str]:
    value = item["mv"].value
    return value is None, -(value or ZERO), item.facts.code
