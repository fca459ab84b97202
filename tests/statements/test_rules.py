"""When a month is proved, and how months are named."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.statements.rules import (
    DayEnd,
    Entry,
    Period,
    around,
    balances_throughout,
    last_of,
    month_named,
    period_named,
)

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


def test_the_strip_shows_thirteen_months_with_the_one_in_view_among_them():
    known = [date(2025 + month // 12, month % 12 + 1, 1) for month in range(20)]
    assert list(around(known[19], known)) == known[7:]
    assert list(around(known[0], known)) == known[:13]
    assert list(around(known[10], known)) == known[4:17]
    assert list(around(known[3], known[:6])) == known[:6]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-02-03..2026-02-03", date(2026, 2, 3), date(2026, 2, 3)),
        ("2024-01-01..2024-12-31", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_is_named_as_a_month_or_from_day_to_day(name, first, last):
    period = period_named(name)
    assert period == Period(first, last)
    assert period.name == name


@pytest.mark.parametrize(
    "name", ["", "..", "2026-02-03", "2026-02-03..", "2026-02-04..2026-02-03", "2026-01-01..2027-01-02",
             "2026-02-30..2026-03-01", "20260203..20260204", "2026-02-03...2026-02-04", "1800-01-01..1800-01-02"]
)  # fmt: skip
def test_a_period_backwards_beyond_366_days_or_of_no_days_is_none(name):
    assert period_named(name) is None
