"""Four eyes, stale screens and the clock of a promise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import queues
from portal.calendar import Calendar, Day
from portal.kit.i18n import say, speaking
from portal.queues.rules import AlreadyClaimed, Claim, Pace, Refusal, Stale, clock_at, held_by_other, may_decide, stale

MONDAY = date(2026, 3, 2)
WEEK = Calendar({MONDAY + timedelta(days=n): Day(n % 7 < 5, n % 7 < 5) for n in range(14)})
NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)  # nine o'clock in Shanghai
HOUR = timedelta(hours=1)
ZHOU, WU = 7, 8


@pytest.mark.parametrize(
    ("known", "refusal"),
    [
        ({}, None),
        ({"needs_two": True}, Refusal.NOT_ENDORSED),
        ({"needs_two": True, "endorsed_by": WU}, None),
        ({"needs_two": True, "endorsed_by": ZHOU}, Refusal.SAME_PERSON),
        ({"endorsed_by": ZHOU}, Refusal.SAME_PERSON),
        ({"made_by": ZHOU, "needs_two": True, "endorsed_by": WU}, Refusal.OWN_WORK),
        ({"made_by": WU}, None),
    ],
)
def test_four_eyes(known: dict[str, object], refusal: Refusal | None) -> None:
    assert may_decide(ZHOU, **known) is refusal


@given(st.integers(1, 4), st.integers(1, 4) | st.none(), st.integers(1, 4) | st.none(), st.booleans())
def test_nobody_ever_decides_alone_on_what_needs_two(decider: int, first: int, maker: int, needs_two: bool) -> None:
    if may_decide(decider, endorsed_by=first, made_by=maker, needs_two=needs_two) is None:
        assert decider not in (first, maker)
        assert first is not None or not needs_two


def test_an_old_screen_is_told_who_was_faster() -> None:
    changed = {"by": "吴复核", "at": NINE, "outcome": "approved"}
    assert stale(seen=3, version=3, **changed) is None
    assert stale(seen=2, version=3, **changed) == Stale("吴复核", NINE, "approved")


def test_only_anothers_running_claim_stands_in_the_way() -> None:
    claim = Claim(1, WU, "吴复核", NINE, NINE + HOUR)
    assert held_by_other(claim, ZHOU, NINE) == AlreadyClaimed("吴复核", NINE + HOUR)
    assert held_by_other(claim, WU, NINE) is None
    assert held_by_other(claim, ZHOU, NINE + HOUR) is None
    assert held_by_other(None, ZHOU, NINE) is None


@pytest.mark.parametrize(
    ("minutes_in", "pace", "left"), [(0, "on_time", 60), (48, "on_time", 12), (49, "near", 11), (60, "near", 0)]
)
def test_a_promise_is_near_when_less_than_a_fifth_is_left(minutes_in: int, pace: str, left: int) -> None:
    now = NINE + timedelta(minutes=minutes_in)
    clock = queues.clock(WEEK, asked_at=NINE, promised_at=NINE + HOUR, now=now)
    assert (clock.pace, clock.minutes_left, clock.minutes_promised) == (pace, left, 60)


def test_a_promise_that_has_passed_is_late_even_while_nobody_works() -> None:
    evening = {"asked_at": NINE + 7 * HOUR, "promised_at": NINE + 8 * HOUR + HOUR / 2}
    assert queues.clock(WEEK, **evening, now=NINE + 12 * HOUR).pace is Pace.LATE
    late = queues.clock(WEEK, **evening, now=NINE + 25 * HOUR)
    assert (late.pace, late.minutes_left, late.percent_used) == (Pace.LATE, -60, 100)


def test_a_calendar_that_ends_does_not_hide_the_item() -> None:
    clock = queues.clock(WEEK, asked_at=NINE, promised_at=NINE + HOUR, now=NINE + 24 * 30 * HOUR)
    assert (clock.pace, clock.minutes_left, clock.minutes_promised) == (Pace.LATE, None, 60)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_time_only_makes_a_promise_worse(promised: int, a: int, b: int) -> None:
    sooner, later = (clock_at(promised=promised, left=left, is_over=False) for left in (max(a, b), min(a, b)))
    assert list(Pace).index(sooner.pace) <= list(Pace).index(later.pace)
    assert 0 <= sooner.percent_used <= later.percent_used <= 100


def test_every_word_is_known_in_english() -> None:
    words = [*queues.REFUSALS.values(), *queues.PACES.values()]
    with speaking("en"):
        assert all(say(word).isascii() for word in words)
    assert set(queues.REFUSALS) == set(Refusal)
    assert set(queues.PACES) == set(Pace)
