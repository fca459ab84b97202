"""Any stream of events against an oracle of another design: one entry per share, in fractions."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.holdings import fees, formulas, taxclock
from portal.holdings.figures import Fig, Op, leaf
from portal.holdings.rounds import Event, Kind, Round, replay

FIRST = date(2024, 1, 2)
NEAR = D("1e-30")
CENTS = st.decimals(0, 5000, places=2)
PRICES = st.decimals(D("0.01"), 500, places=2)
COUNTS = st.integers(1, 40)


@dataclass
class Oracle:
    """Every share by itself: the cost it was bought at, oldest first, and the average that all share."""

    shares: list[F] = field(default_factory=list)
    pool: F = F(0)
    won_pool: F = F(0)
    won_oldest: F = F(0)
    money: F = F(0)
    dividends: F = F(0)

    def come(self, count: int, paid: F) -> None:
        self.shares += [paid / count] * count
        self.pool += paid
        self.money += paid

    def go(self, count: int, got: F) -> None:
        average = self.pool / len(self.shares)
        gone, self.shares = self.shares[:count], self.shares[count:]
        self.won_pool += got - average * count
        self.won_oldest += got - sum(gone, F(0))
        self.pool -= average * count
        self.money -= got

    def multiply(self, times: int) -> None:
        self.shares = [cost / times for cost in self.shares for _ in range(times)]


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Event], Oracle]:
    """Tell a story of one round, to our events and to the oracle alike; the last share never goes."""
    events: list[Event] = []
    oracle = Oracle()
    for number in range(draw(st.integers(1, 12))):
        on = FIRST + timedelta(days=number)
        kinds = ["buy", "rights"] if not oracle.shares else ["buy", "sell", "bonus", "dividend", "tax", "rights", "in"]
        kind = draw(st.sampled_from(kinds))
        if kind in {"buy", "rights", "in"}:
            count, gross, fee = draw(COUNTS), draw(PRICES), draw(CENTS)
            paid = gross * count + fee
            oracle.come(count, F(paid))
            made = Kind.IN if kind == "in" else Kind.RIGHTS if kind == "rights" else Kind.BUY
            known = {"cost": paid} if kind == "in" else {"cash": -paid, "gross": gross * count}
            events.append(Event(made, on, D(count), **known))
        elif kind == "sell" and len(oracle.shares) > 1:
            count = draw(st.integers(1, len(oracle.shares) - 1))
            got = draw(PRICES) * count - draw(CENTS)
            oracle.go(count, F(got))
            events.append(Event(Kind.SELL, on, D(-count), got))
        elif kind == "bonus" and len(oracle.shares) < 200:
            times = draw(st.integers(2, 3))
            events.append(Event(Kind.BONUS, on, D(len(oracle.shares) * (times - 1))))
            oracle.multiply(times)
        elif kind in {"dividend", "tax"}:
            amount = draw(CENTS) if kind == "dividend" else -draw(CENTS)
            oracle.dividends += F(amount)
            oracle.money -= F(amount)
            events.append(Event(Kind.DIVIDEND if amount > 0 else Kind.TAX, on, cash=amount))
    return events, oracle


def near(ours: D, theirs: F) -> bool:
    return abs(F(ours) - theirs) < F(NEAR)


@given(stories())
def test_every_cost_and_result_is_what_counting_share_by_share_gives(story: tuple[list[Event], Oracle]) -> None:
    events, oracle = story
    round_ = replay(events)[-1]
    assert round_.qty == len(oracle.shares)
    assert near(round_.ma, oracle.pool)
    assert near(round_.fifo, sum(oracle.shares, F(0)))
    assert near(round_.diluted, oracle.money)
    assert near(round_.realised_ma, oracle.won_pool)
    assert near(round_.realised_fifo, oracle.won_oldest)
    assert near(round_.dividends, oracle.dividends)


@given(stories(), PRICES)
def test_the_bridge_from_floating_to_whole_result_always_holds(story: tuple[list[Event], Oracle], price: D) -> None:
    round_ = replay(story[0])[-1]
    assert formulas.bridge_holds(round_, round_.qty * price)


@given(stories(), PRICES)
def test_every_tree_gives_its_value_again_from_its_leaves(story: tuple[list[Event], Oracle], price: D) -> None:
    round_ = replay(story[0])[-1]
    for fig in trees(round_, price):
        assert fig.value is not None
        assert near(fig.value, worked_out(fig)), fig.rule


def trees(round_: Round, price: D) -> list[Fig]:
    qty = leaf(round_.qty, "shares", "row.qty/1")
    value = formulas.market_value(qty, leaf(price, "yuan/share", "row.price/1"))
    costs = [formulas.amount_ma(round_), formulas.amount_fifo(round_), formulas.amount_diluted(round_)]
    prices = [formulas.cost_price(cost, qty) for cost in costs]
    return [value, *costs, *prices, *(formulas.floating(value, cost) for cost in costs)]


def worked_out(fig: Fig) -> F:
    """Work a figure out anew from its leaves alone."""
    if fig.op is Op.LEAF:
        assert fig.value is not None
        return F(fig.value)
    if fig.op is Op.POOL:
        held = F(0)
        for step in fig.inputs:
            if step.op is Op.SHARE:
                leaving, whole = (worked_out(part) for part in step.inputs)
                held -= held * leaving / whole
            else:
                held += worked_out(step)
        return held
    parts = [worked_out(part) for part in fig.inputs]
    if fig.op is Op.SUM:
        return sum((sign * part for sign, part in zip(fig.signs, parts, strict=True)), F(0))
    return parts[0] * parts[1] if fig.op is Op.PRODUCT else parts[0] / parts[1]


def test_a_tax_clock_of_thirty_days_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = date(2024, 2, 8), date(2024, 3, 9)
    assert taxclock.rate(*asked) == D("0.1")
    monkeypatch.setattr(taxclock, "months_after", lambda day, months: day + timedelta(days=30 * months))
    assert taxclock.rate(*asked) == D("0.2")


def test_half_even_rounding_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    card = fees.RateCard(D("0.00025"), D(5), includes_levies=True, includes_transfer=False)
    order = {"market": "SH", "kind": "STOCK", "side": "B", "gross": D(4500), "on": date(2024, 6, 3)}
    right = fees.of_order(card, **order)
    monkeypatch.setattr(fees, "ROUND_HALF_UP", ROUND_HALF_EVEN)
    wrong = fees.of_order(card, **order)
    assert right
    assert wrong
    assert (right.transfer, wrong.transfer) == (D("0.05"), D("0.04"))
