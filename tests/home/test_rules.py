"""Greetings and what is soon."""

from datetime import date, time, timedelta

import pytest

from portal.home.rules import Greeting, greeting, is_soon

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("hour", "greeted"),
    [
        (time(4, 59), Greeting.EVENING),
        (time(5), Greeting.MORNING),
        (time(11, 29), Greeting.MORNING),
        (time(11, 30), Greeting.NOON),
        (time(13), Greeting.AFTERNOON),
        (time(18), Greeting.EVENING),
    ],
)
def test_each_part_of_the_day_has_its_greeting(hour: time, greeted: Greeting) -> None:
    assert greeting(hour) is greeted


@pytest.mark.parametrize(("days", "soon"), [(-1, False), (0, True), (60, True), (61, False)])
def test_sixty_days_are_soon(days: int, soon: bool) -> None:
    assert is_soon(TODAY + timedelta(days=days), TODAY) is soon


def test_what_never_lapses_is_not_soon() -> None:
    assert not is_soon(None, TODAY)
