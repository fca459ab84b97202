"""Which rule yields the cost price that another application shows."""

from datetime import date
from decimal import Decimal as D

import pytest

from portal.holdings import recognition
from portal.holdings.rounds import Event, Kind

JUNE = date(2024, 6, 3)
V2 = [
    Event(Kind.BUY, JUNE, D(1000), D("-10005.10"), D(10000)),
    Event(Kind.BUY, JUNE, D(1000), D("-12005.12"), D(12000)),
    Event(Kind.SELL, JUNE, D(-800), D("11988.88"), D(12000)),
]


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("8.351", "dil"), ("8.333", "dil.bare"), ("11.005", "ma"), ("11.000", "ma.bare"), ("11.672", "fifo"),
        ("11.667", "fifo.bare"), ("8.3511", "dil"), ("11.671", "fifo"), ("８.351", "dil"),
    ],
)  # fmt: skip
def test_each_rule_is_known_by_its_price(typed: str, rule: str) -> None:
    assert rule in recognition.matching(typed, recognition.prices(V2))


def test_two_rules_that_yield_the_same_are_both_named() -> None:
    assert recognition.matching("11.000", recognition.prices(V2)) == ["ma.bare", "ma.dividends", "buy"]


def test_a_dividend_lowers_the_average_of_some_engines_before_tax() -> None:
    paid = [*V2[:2], Event(Kind.DIVIDEND, JUNE, cash=D(500)), Event(Kind.TAX, JUNE, cash=D(-100))]
    assert recognition.prices(paid)["ma.dividends"] == D("10.75")


def test_a_price_that_no_rule_yields_has_a_nearest_one() -> None:
    found = recognition.prices(V2)
    assert (recognition.matching("8.360", found), recognition.nearest("8.360", found)) == ([], "dil")


@pytest.mark.parametrize("typed", ["", "x", "NaN", "Infinity", "1e9", "8.1234567", "1" * 40])
def test_what_is_no_price_matches_nothing(typed: str) -> None:
    assert recognition.typed_price(typed) is None
    assert recognition.matching(typed, recognition.prices(V2)) == []


def test_an_unknown_cost_has_no_price_under_any_rule() -> None:
    assert recognition.prices([Event(Kind.OPENING, JUNE, D(1000))]) == {}
