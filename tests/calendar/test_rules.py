"""Working time and trading days as laws that hold for any calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendar.rules import SHANGHAI, Calendar, Day, DayUnknown

MONDAY = date(2026, 3, 2)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Give two hundred days with at least one trading day a week, so that every sum ends."""
    flags = draw(st.lists(st.sampled_from([(True, True), (False, True), (False, False)]), min_size=7, max_size=7))
    flags[draw(st.integers(0, 6))] = (True, True)
    return Calendar({MONDAY + timedelta(days=n): Day(*flags[n % 7]) for n in range(200)})


MARCH = datetime(2026, 3, 3, tzinfo=UTC)
instants = st.timedeltas(timedelta(0), timedelta(days=31)).map(lambda passed: MARCH + passed)
minutes = st.integers(0, 2000)
WEEK = Calendar({MONDAY + timedelta(days=n): Day(n % 7 < 5, n % 7 < 5) for n in range(200)})


def at(text: str) -> datetime:
    """Read a Shanghai wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@given(calendars(), instants, minutes)
def test_minutes_added_are_the_minutes_between(calendar: Calendar, instant: datetime, n: int) -> None:
    assert calendar.working_minutes_between(instant, calendar.add_working_minutes(instant, n)) == n


@given(calendars(), instants, minutes.filter(bool))
def test_a_promise_falls_at_the_earliest_instant_that_keeps_it(calendar: Calendar, instant: datetime, n: int) -> None:
    promised = calendar.add_working_minutes(instant, n)
    assert calendar.working_minutes_between(instant, promised - timedelta(microseconds=1)) == n - 1
    assert time(9) < promised.astimezone(SHANGHAI).time() <= time(17, 30)
    assert calendar.is_workday(promised.astimezone(SHANGHAI).date())


@given(calendars(), instants, minutes, minutes)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, instant: datetime, m: int, n: int) -> None:
    twice = calendar.add_working_minutes(calendar.add_working_minutes(instant, m), n)
    assert twice == calendar.add_working_minutes(instant, m + n)


@given(calendars(), instants, instants, minutes, minutes)
def test_later_and_longer_never_end_sooner(calendar: Calendar, a: datetime, b: datetime, m: int, n: int) -> None:
    ended = calendar.add_working_minutes(min(a, b), min(m, n))
    assert ended <= calendar.add_working_minutes(max(a, b), min(m, n))
    assert ended <= calendar.add_working_minutes(min(a, b), max(m, n))


@given(calendars(), instants, instants)
def test_the_way_back_counts_below_zero(calendar: Calendar, a: datetime, b: datetime) -> None:
    assert calendar.working_minutes_between(a, b) == -calendar.working_minutes_between(b, a)


@given(calendars(), st.dates(date(2026, 3, 3), date(2026, 4, 30)), st.integers(1, 20))
def test_the_nth_trading_day_has_n_trading_days_up_to_it(calendar: Calendar, day: date, n: int) -> None:
    nth = calendar.trading_day_after(day, n)
    assert sum(calendar.is_trading(day + timedelta(days=k)) for k in range(1, (nth - day).days + 1)) == n
    assert calendar.is_trading(nth)
    assert calendar.last_trading_day_before(nth + timedelta(days=1)) == nth


@pytest.mark.parametrize(
    ("asked", "promised"),
    [
        ("2026-03-04 09:42", "2026-03-04 10:42"),
        ("2026-03-04 11:00", "2026-03-04 13:30"),
        ("2026-03-04 10:30", "2026-03-04 11:30"),
        ("2026-03-04 12:10", "2026-03-04 14:00"),
        ("2026-03-06 17:00", "2026-03-09 09:30"),
        ("2026-03-07 03:00", "2026-03-09 10:00"),
    ],
)
def test_an_hour_of_working_time_rests_at_noon_at_night_and_at_the_weekend(asked: str, promised: str) -> None:
    assert WEEK.add_working_minutes(at(asked), 60) == at(promised)


def test_a_day_outside_the_table_is_never_guessed() -> None:
    with pytest.raises(DayUnknown) as refused:
        WEEK.trading_day_after(MONDAY + timedelta(days=198), 5)
    assert refused.value.day == MONDAY + timedelta(days=200)


def test_an_unconfirmed_day_is_never_guessed() -> None:
    guessed = Calendar({MONDAY: Day(is_trading=True, is_workday=True, confirmed=False)})
    with pytest.raises(DayUnknown):
        guessed.is_trading(MONDAY)
    with pytest.raises(DayUnknown):
        guessed.add_working_minutes(at("2026-03-02 10:00"), 1)


def test_days_are_counted_from_one_and_minutes_only_added() -> None:
    with pytest.raises(ValueError, match="from 1"):
        WEEK.trading_day_after(MONDAY, 0)
    with pytest.raises(ValueError, match="never taken away"):
        WEEK.add_working_minutes(at("2026-03-02 10:00"), -1)
