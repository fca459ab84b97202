"""A client's holdings on a day: each with its figures, and the totals over all of them.

What is unknown is left out of a total and counted; where an account is being checked, nothing that rests on it is
shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from portal.holdings import formulas
from portal.holdings.figures import Fig, Source, exactly, leaf, total, unknown
from portal.holdings.rounds import CARRIED, SCALED, Event, Kind, Round, replay

ZERO = Decimal(0)
COVERED_MARKETS = {"SH", "SZ"}
UNCOVERED_KINDS = {"BOND", "OPTION"}
FINE_PRICES = {"ETF", "LOF", "MMF", "CB"}
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

    def find(self, account_no: str, market: str, code: str) -> Holding | None:
        """Find a holding."""
        wanted = (account_no, market, code)
        return next((h for h in self.holdings if (h.facts.account_no, h.facts.market, h.facts.code) == wanted), None)


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
    cost = formulas.amount_ma(open_) if open_ and not gap else unknown("yuan", "amount.ma/1", gap or "QUANTITY")
    result = formulas.floating(value, cost)
    due = _due(facts)
    figures = {
        "qty": qty,
        "price": price,
        "mv": value,
        "amount.ma": cost,
        "cost.ma": formulas.cost_price(cost, qty),
        "pnl.float": result,
        "pct.float": formulas.percent(result, cost),
        "dividend.due": due,
        "pnl.day": _of_day(facts, value, due),
    }
    known = (open_.qty, open_.ma) if open_ and gap == "QUANTITY" and not open_.gap else (ZERO, ZERO)
    return Holding(facts, gap, figures, *known)


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
def portfolio(day: date, batch: str, cash: Sequence[Cash], holdings: Sequence[Holding]) -> Portfolio:
    """Add up the totals of a client's accounts."""
    held = sorted((h for h in holdings if h.facts.qty), key=_largest_first)
    gone = [h for h in holdings if not h.facts.qty]
    checking = [account.account_no for account in cash if account.is_checking]
    figures = _totals(cash, held, gone)
    if checking:
        figures = {name: unknown(fig.unit, fig.rule, CHECKING) for name, fig in figures.items()}
    return Portfolio(day, batch, held, gone, figures, checking)


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
    costs = total("amount.ma.all/1", _known([h for h in held if h["pnl.float"].value is not None], "amount.ma"))
    return {
        "assets.securities": securities,
        "assets.cash": money,
        "assets.lent": total("assets.lent/1", [(1, fig) for fig in loans]),
        "assets.total": assets,
        "dividend.due.all": due,
        "pnl.day.all": of_day,
        "pnl.float.all": floating,
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
