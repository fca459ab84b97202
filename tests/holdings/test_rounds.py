"""Any stream of events against an oracle of another design: one entry per share, in fractions."""

import random
from collections import Counter
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
STREAMS = 3000


@dataclass
class Oracle:
    """Every share of a round by itself: the cost it was bought at, oldest first, and the average that all share."""

    shares: list[F] = field(default_factory=list)
    pool: F = F(0)
    won_pool: F = F(0)
    won_oldest: F = F(0)
    money: F = F(0)
    dividends: F = F(0)
    has_sold: bool = False

    def come(self, count: int, paid: F) -> None:
        self.shares += [paid / count] * count
        self.pool += paid
        self.money += paid

    def go(self, count: int, got: F | None) -> None:
        average = self.pool / len(self.shares)
        got = average * count if got is None else got  # moved elsewhere: at what they cost
        gone, self.shares = self.shares[:count], self.shares[count:]
        self.won_pool += got - average * count
        self.won_oldest += got - sum(gone, F(0))
        self.pool -= average * count
        self.money -= got

    def multiply(self, times: int) -> None:
        self.shares = [cost / times for cost in self.shares for _ in range(times)]

    def merge(self, into_one: int) -> None:
        every = range(0, len(self.shares), into_one)
        self.shares = [sum(self.shares[at : at + into_one], F(0)) for at in every]

    def pay(self, amount: F) -> None:
        self.dividends += amount
        self.money -= amount


class Story:
    """A story of one security, told to our events and to the oracle alike: round after round."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.events: list[Event] = []
        self.rounds: list[Oracle] = []
        for number in range(chance.randint(1, 14)):
            self.happen(FIRST + timedelta(days=number))

    def happen(self, on: date) -> None:
        held = len(self.rounds[-1].shares) if self.rounds else 0
        kinds = [Kind.BUY, Kind.RIGHTS, Kind.IPO, Kind.IN] + ([Kind.TAX] if self.rounds else [])
        if held:
            kinds += [Kind.SELL, Kind.SELL, Kind.OUT, Kind.DIVIDEND] + ([Kind.BONUS] if held < 200 else [])
            kinds += [Kind.SPLIT] if held % 2 == 0 else []
        kind = self.chance.choice(kinds)
        if kind in (Kind.DIVIDEND, Kind.TAX):
            self.money(kind, on)
        elif kind in (Kind.SELL, Kind.OUT):
            self.leave(kind, on, held)
        elif kind in (Kind.BONUS, Kind.SPLIT):
            self.scale(kind, on, held)
        else:
            self.come(kind, on)

    def come(self, kind: Kind, on: date) -> None:
        if not self.rounds or not self.rounds[-1].shares:
            self.rounds.append(Oracle())
        count, gross = self.chance.randint(1, 40), self.yuan(500)
        paid = gross * count + self.yuan(50)
        self.rounds[-1].come(count, F(paid))
        known = {"cost": paid} if kind is Kind.IN else {"cash": -paid, "gross": gross * count}
        self.events.append(Event(kind, on, D(count), **known))

    def leave(self, kind: Kind, on: date, held: int) -> None:
        count = held if self.chance.random() < 0.3 else self.chance.randint(1, held)
        got = None if kind is Kind.OUT else self.yuan(500) * count - self.yuan(50)
        self.rounds[-1].go(count, None if got is None else F(got))
        self.rounds[-1].has_sold |= kind is Kind.SELL
        self.events.append(Event(kind, on, D(-count), **({} if got is None else {"cash": got})))

    def scale(self, kind: Kind, on: date, held: int) -> None:
        if kind is Kind.SPLIT:
            self.rounds[-1].merge(2)
            self.events.append(Event(kind, on, D(-held) / 2))
            return
        times = self.chance.randint(2, 3)
        self.rounds[-1].multiply(times)
        self.events.append(Event(kind, on, D(held * (times - 1))))

    def money(self, kind: Kind, on: date) -> None:
        amount = self.yuan(5000) * (1 if kind is Kind.DIVIDEND else -1)
        last = self.rounds[-1]
        # A tax that comes while a new round has sold nothing yet is that of the round before.
        late = kind is Kind.TAX and len(self.rounds) > 1 and last.shares and not last.has_sold
        (self.rounds[-2] if late else last).pay(F(amount))
        self.events.append(Event(kind, on, cash=amount))

    def yuan(self, most: int) -> D:
        return D(self.chance.randint(1, most * 100)) / 100


STORIES = st.randoms(use_true_random=False).map(Story)
PRICES = st.decimals(D("0.01"), 500, places=2)


def near(ours: D, theirs: F) -> bool:
    return abs(F(ours) - theirs) < F(NEAR)


def agree(story: Story) -> None:
    rounds = replay(story.events)
    assert len(rounds) == len(story.rounds)
    for ours, theirs in zip(rounds, story.rounds, strict=True):
        assert ours.gap is None
        assert ours.qty == len(theirs.shares)
        assert bool(ours.ended_on) == (not theirs.shares)
        assert near(ours.ma, theirs.pool)
        assert near(ours.fifo, sum(theirs.shares, F(0)))
        assert near(ours.diluted, theirs.money)
        assert near(ours.realised_ma, theirs.won_pool)
        assert near(ours.realised_fifo, theirs.won_oldest)
        assert near(ours.dividends, theirs.dividends)


@given(STORIES)
def test_every_cost_and_result_is_what_counting_share_by_share_gives(story: Story) -> None:
    agree(story)


def test_so_it_is_for_thousands_of_streams(capsys: pytest.CaptureFixture[str]) -> None:
    chance, met, rounds = random.Random(20240102), Counter[str](), 0
    for _ in range(STREAMS):
        story = Story(chance)
        agree(story)
        assert all(formulas.bridge_holds(each, each.qty * story.yuan(500)) for each in replay(story.events))
        met.update(event.kind.value for event in story.events)
        rounds += len(story.rounds)
    with capsys.disabled():
        print(f"\n{STREAMS} streams, {rounds} rounds, {sum(met.values())} events: {dict(met)}")
    assert set(met) == {kind.value for kind in Kind} - {"opening"}


@given(STORIES, PRICES)
def test_the_bridge_from_floating_to_whole_result_always_holds(story: Story, price: D) -> None:
    round_ = replay(story.events)[-1]
    assert formulas.bridge_holds(round_, round_.qty * price)


@given(STORIES, PRICES)
def test_every_tree_gives_its_value_again_from_its_leaves(story: Story, price: D) -> None:
    round_ = replay(story.events)[-1]
    for fig in trees(round_, price):
        if round_.qty:
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
