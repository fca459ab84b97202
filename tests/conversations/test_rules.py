"""Who may write, how far a message has come, and when a text may go out."""

from datetime import time, timedelta

import pytest

from portal.conversations.rules import Mark, Refusal, mark, may_text, read_at, writing_refusal
from tests.club.house import NOW


@pytest.mark.parametrize(
    ("has_team", "waiting", "said"),
    [(False, 0, Refusal.NO_TEAM), (True, 0, None), (True, 19, None), (True, 20, Refusal.TOO_MANY)],
)
def test_who_has_a_team_writes_up_to_twenty_at_a_time(has_team, waiting, said):
    assert writing_refusal(has_team, waiting) is said


def test_a_message_is_sent_then_read_then_answered_and_a_later_one_waits_again():
    told = {"read_up_to": 0, "first_waiting": 5, "answered_up_to": 0}
    assert mark(5, **told) is Mark.SENT
    assert mark(5, **told | {"read_up_to": 5}) is Mark.READ
    assert mark(5, **told | {"read_up_to": 5, "first_waiting": None, "answered_up_to": 6}) is Mark.ANSWERED
    later = {"read_up_to": 5, "first_waiting": 7, "answered_up_to": 6}
    assert [mark(n, **later) for n in (5, 7)] == [Mark.ANSWERED, Mark.SENT]


def test_a_message_was_read_when_it_was_first_reached():
    readings = [(3, NOW), (9, NOW + timedelta(hours=1))]
    assert read_at(3, readings) == NOW
    assert read_at(4, readings) == NOW + timedelta(hours=1)
    assert read_at(10, readings) is None


def test_no_text_goes_out_at_night():
    assert [may_text(time(*clock)) for clock in ((8, 59), (9, 0), (19, 59), (20, 0))] == [False, True, True, False]
