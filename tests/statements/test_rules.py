"""When a month is proved, and how months are named."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.statements.rules import DayEnd, Entry, around, balances_throughout, last_of, month_named

ENTRIES = [Entry(Decimal("7691.07"), Decimal("27691.07")), Entry(Decimal("-45.00"), Decimal("27646.07"))]
DAYS = [DayEnd(Decimal(20000), Decimal(20000), 0), DayEnd(Decimal(20000), Decimal("27646.07"), 0)]


def test_a_month_whose_every_step_closes_is_proved():
    assert balances_throughout(ENTRIES, DAYS)


@pytest.mark.parametrize(
    ("entries", "days"),
    [
        (ENTRIES, []),
        (ENTRIES[:1], DAYS),
        (list(reversed(ENTRIES)), DAYS),
        (ENTRIES, [DAYS[0], DayEnd(Decimal(20000), Decimal("27646.08"), 0)]),
        (ENTRIES, [DAYS[0], DayEnd(Decimal(20001), Decimal("27646.07"), 0)]),
        (ENTRIES, [DAYS[0], DayEnd(Decimal(20000), Decimal("27646.07"), 1)]),
        (ENTRIES, [DAYS[0], DayEnd(Decimal(20000), Decimal("27646.07"), None)]),
        ([Entry(Decimal("7691.07"), Decimal("27691.08")), ENTRIES[1]], DAYS),
    ],
)
def test_anything_that_does_not_close_or_was_not_checked_is_not_proved(entries, days):
    assert not balances_throughout(entries, days)


@given(amounts=st.lists(st.decimals(-(10**6), 10**6, places=2)), wrong=st.decimals(-100, 100, places=2))
def test_a_wrong_cent_anywhere_is_seen(amounts, wrong):
    entries, balance = [], Decimal(1000)
    for amount in amounts:
        balance += amount
        entries.append(Entry(amount, balance))
    days = [DayEnd(Decimal(1000), balance + wrong, 0)]
    assert balances_throughout(entries, days) is (wrong == 0)


def test_a_month_is_named_as_in_2026_11():
    assert month_named("2026-11") == date(2026, 11, 1)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-11", "2026/11", "", "２０２６-11", "1800-01", "abcd-ef"]
)
def test_anything_else_names_no_month(text):
    assert month_named(text) is None


def test_a_month_ends_on_its_last_day():
    assert [last_of(date(2024, month, 1)).day for month in (2, 6, 12)] == [29, 30, 31]


def test_the_switch_shows_the_month_among_its_neighbours():
    known = [date(2026, month, 1) for month in (7, 8, 9, 10, 11)]
    assert [one.month for one in around(known[2], known)] == [8, 9, 10]
    assert [one.month for one in around(known[4], known)] == [9, 10, 11]
    assert [one.month for one in around(known[0], known[:2])] == [7, 8]
