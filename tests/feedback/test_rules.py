"""The rules of a case on plain values: which step follows which, and how its two clocks are reckoned from events."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.calendar import Calendar, Day
from portal.feedback.limits import clocks, kept_until, terms
from portal.feedback.rules import (
    INTERNAL,
    WORKDAY,
    Kind,
    Refusal,
    State,
    Step,
    Verb,
    after,
    answer_refusal,
    extension_refusal,
    fingerprint,
    needs_two,
)
from portal.feedback.words import STATES
from portal.queues import Pace

FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
WEEK = [date(2026, 11, 16) + timedelta(days=n) for n in range(60)]
CALENDAR = Calendar({day: Day(day.weekday() < 5, day.weekday() < 5) for day in WEEK})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)


def reckon(steps, now, *, ack=WORKDAY, answer=15 * WORKDAY):
    return clocks(CALENDAR, steps, ack_minutes=ack, answer_minutes=answer, now=now)


RECEIVED = Step(Verb.RECEIVE, State.RECEIVED, FRIDAY)
TAKEN = Step(Verb.ACKNOWLEDGE, State.IN_WORK, at(20, 11))


def test_the_first_clock_counts_working_time_alone():
    found = reckon([RECEIVED], at(23, 9, 30))  # 5.5 hours of the Friday, half an hour of the Monday
    assert (found.acknowledge.minutes_left, found.acknowledge.pace) == (WORKDAY - 390, Pace.NEAR)
    assert found.due_at == at(23, 10)
    assert reckon([RECEIVED], at(23, 10, 1)).acknowledge.pace is Pace.LATE


def test_staff_are_warned_when_four_fifths_are_used():
    assert reckon([RECEIVED], at(20, 17, 6)).near_at == at(20, 17, 6)  # 336 of 420 minutes
    assert reckon([RECEIVED], at(20, 17, 6)).acknowledge.pace is Pace.ON_TIME
    assert reckon([RECEIVED], at(20, 17, 7)).acknowledge.pace is Pace.NEAR


def test_the_answer_s_clock_stands_still_while_we_wait_for_the_client():
    asked = Step(Verb.ASK, State.WAITING, at(23, 10))
    paused = reckon([RECEIVED, TAKEN, asked], at(27, 10))
    assert paused.is_paused
    assert (paused.due_at, paused.near_at) == (None, None)
    assert 15 * WORKDAY - paused.answer.minutes_left == WORKDAY
    replied = Step(Verb.REPLY, State.IN_WORK, at(27, 10))
    running = reckon([RECEIVED, TAKEN, asked, replied], at(27, 11))
    assert 15 * WORKDAY - running.answer.minutes_left == WORKDAY + 60
    assert not running.is_paused


def test_each_clock_is_kept_apart():
    found = reckon([RECEIVED, TAKEN], at(26, 10))
    assert found.is_acknowledged
    assert found.acknowledge.minutes_left == WORKDAY - 60
    assert found.answer.minutes_left == 11 * WORKDAY


def test_an_objection_begins_the_answer_s_clock_anew():
    answered, objected = Step(Verb.ANSWER, State.ANSWERED, at(24, 10)), Step(Verb.OBJECT, State.IN_WORK, at(26, 10))
    assert reckon([RECEIVED, TAKEN, answered], at(26, 9)).due_at is None
    assert reckon([RECEIVED, TAKEN, answered, objected], at(26, 11)).answer.minutes_left == 15 * WORKDAY - 60


def test_an_answer_due_before_the_acknowledgement_is_what_counts():
    found = reckon([RECEIVED], FRIDAY, answer=30)
    assert found.due_at == at(20, 10, 30)


def test_where_the_calendar_ends_nothing_is_promised_and_what_is_used_is_still_known():
    late = datetime(2027, 1, 8, 2, 0, tzinfo=UTC)
    found = reckon([Step(Verb.RECEIVE, State.RECEIVED, late)], late + timedelta(hours=1), answer=30 * WORKDAY)
    assert found.answer.minutes_left == 30 * WORKDAY - 60
    assert reckon([Step(Verb.RECEIVE, State.RECEIVED, late)], late, ack=30 * WORKDAY).due_at is None


@pytest.mark.parametrize("state", [State.RECEIVED, State.IN_WORK, State.WAITING])
def test_nobody_closes_what_was_not_answered(state):
    assert after(state, Verb.ACCEPT) is None
    assert after(state, Verb.LAPSE) is None


def test_what_is_ended_stays_ended():
    for state in (State.CLOSED, State.WITHDRAWN):
        assert {verb for verb in Verb if after(state, verb)} == {Verb.NOTE}


def test_every_state_has_a_name_for_the_client():
    assert set(STATES) == set(State)


def test_only_an_enquiry_is_answered_before_it_is_acknowledged():
    assert answer_refusal(Kind.COMPLAINT, State.RECEIVED, "founded") is Refusal.NOT_ACKNOWLEDGED
    assert answer_refusal(Kind.COMPLAINT, State.IN_WORK, "") is Refusal.NO_FINDING
    assert answer_refusal(Kind.ENQUIRY, State.RECEIVED, "") is None


def test_complaints_alone_are_extended_and_once():
    assert extension_refusal(Kind.ENQUIRY, 0) is Refusal.NOT_EXTENDABLE
    assert extension_refusal(Kind.COMPLAINT, 0) is None
    assert extension_refusal(Kind.COMPLAINT, 30 * WORKDAY) is Refusal.EXTENDED_ALREADY


def test_the_terms_are_those_of_the_house():
    assert terms()[Kind.COMPLAINT].acknowledge == WORKDAY
    assert terms()[Kind.COMPLAINT].answer == 15 * WORKDAY
    assert terms()[Kind.COMPLAINT].extension == 30 * WORKDAY


def test_the_same_words_have_the_same_fingerprint_however_they_are_set():
    assert fingerprint("排队，太久！ABC") == fingerprint("排队 太久 ａｂｃ\r\n")
    assert fingerprint("排队太久") != fingerprint("排队不久")


def test_notes_assessments_and_escalations_are_for_staff_alone():
    assert {Verb.NOTE, Verb.ASSESS, Verb.ESCALATE} == INTERNAL


def test_the_client_is_contacted_within_three_days_and_an_acknowledgement_is_no_contact():
    limits = terms()[Kind.COMPLAINT]
    given = {"ack_minutes": limits.acknowledge, "contact_minutes": limits.contact, "answer_minutes": limits.answer}
    waits = clocks(CALENDAR, [RECEIVED, TAKEN], now=at(23, 9), **given)
    assert waits.contact.minutes_promised == 3 * WORKDAY
    assert waits.due_at == at(25, 10)  # three working days after Friday 10:00
    told = Step(Verb.TELL, State.IN_WORK, at(23, 10))
    after_ = clocks(CALENDAR, [RECEIVED, TAKEN, told], now=at(23, 11), **given)
    assert after_.contact is None
    assert after_.due_at > at(25, 10)
    assert terms()[Kind.ENQUIRY].contact == 0


def test_cases_are_kept_three_years_and_suitability_twenty():
    assert kept_until(Kind.COMPLAINT, "fees", date(2026, 11, 20)) == date(2029, 11, 20)
    assert kept_until(Kind.ENQUIRY, "suitability", date(2026, 11, 20)) == date(2046, 11, 20)
    assert kept_until(Kind.COMPLAINT, "fees", date(2028, 2, 29)) == date(2031, 3, 1)


@pytest.mark.parametrize(
    ("kind", "severity", "two"),
    [
        ("complaint", "critical", True),
        ("report", "critical", True),
        ("enquiry", "critical", False),
        ("complaint", "high", False),
    ],
)
def test_critical_complaints_are_answered_by_two(kind, severity, two):
    assert needs_two(Kind(kind), severity) is two
