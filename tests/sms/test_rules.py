"""What a message costs, whom it may reach, and how a gateway's words are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.sms import rules
from portal.sms.rules import Answer, Outcome, Report, State


@pytest.mark.parametrize(
    ("length", "count"),
    [(0, 1), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4), (670, 10), (671, 11)],
)
def test_seventy_characters_go_alone_and_more_go_in_parts_of_sixty_seven(length: int, count: int) -> None:
    assert rules.segments("衡" * length) == count


def test_a_character_outside_ucs2_takes_two_places_and_is_never_parted() -> None:
    assert rules.segments("𠮷" * 35) == 1
    assert rules.segments("衡" * 66 + "𠮷" + "衡" * 66) == 3
    assert rules.segments("衡" * 65 + "𠮷" + "衡" * 67) == 2


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_parts_are_enough_for_the_text_and_one_fewer_would_not_be(text: str) -> None:
    units, count = len(text.encode("utf-16-be")) // 2, rules.segments(text)
    assert units <= (rules.ALONE if count == 1 else count * rules.PART)
    if count > 2:  # a part loses at most one place to a character that must not be parted
        assert units > (count - 1) * (rules.PART - 1)


def test_the_signature_stands_in_front_once() -> None:
    assert rules.signed("您好") == "【青衡证券】您好"
    assert rules.signed(rules.signed("您好")) == "【青衡证券】您好"


@pytest.mark.parametrize("number", ["13800000101", "8613800000101", "+8613800000101"])
def test_a_mobile_number_of_the_mainland_can_be_reached(number: str) -> None:
    assert rules.is_mobile(number)


@pytest.mark.parametrize(
    "number", ["", "01012345678", "1380000010", "138000001011", "12800000101", "1380000010a", "１３８"]
)
def test_any_other_number_can_not(number: str) -> None:
    assert not rules.is_mobile(number)


@pytest.mark.parametrize(
    ("outcome", "attempts", "state"),
    [
        (Outcome.ACCEPTED, 1, State.SUBMITTED),
        (Outcome.REFUSED, 1, State.REJECTED),
        (Outcome.UNHEARD, 1, State.UNKNOWN),
        (Outcome.NOT_SENT, 500, State.QUEUED),
        (Outcome.LATER, 11, State.QUEUED),
        (Outcome.LATER, 12, State.REJECTED),
    ],
)
def test_what_a_message_becomes_after_an_answer(outcome: Outcome, attempts: int, state: State) -> None:
    assert rules.after(Answer(outcome), attempts) == state


@pytest.mark.parametrize(
    ("stat", "state"),
    [("DELIVRD", State.DELIVERED), ("UNDELIV", State.UNDELIVERABLE), ("ACCEPTD", None), ("ENROUTE", None), ("X", None)],
)
def test_a_report_brings_a_final_state_or_nothing(stat: str, state: State | None) -> None:
    assert rules.reported(Report("1", stat, "0")) == state


def test_pauses_double_up_to_five_minutes() -> None:
    assert [int(rules.delay(n).total_seconds()) for n in (1, 2, 3, 7, 100)] == [5, 10, 20, 300, 300]
