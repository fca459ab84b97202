"""A case from receipt to its end: each verb, its guards, what the client is told, and what only staff read."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit, queues
from portal.feedback import Kind, Refusal, State, actions, close_silent, escalate_due, queries
from portal.feedback.actions import SameAgain
from portal.feedback.models import Case, CaseEvent, ProposedAnswer
from portal.feedback.rules import WORKDAY
from portal.queues import Stale
from portal.tiers import grant
from tests.feedback.house import NOW, TEXT, furnish
from tests.redemptions.test_races import at_once

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def test_a_complaint_goes_from_receipt_to_acceptance(database):
    house = furnish(database)
    number = house.bring(remedy="增加窗口")
    assert number == "TS-20261120-0001"
    house.work(number)
    house.answer(number, now=NOW + WEEK)
    assert house.do(actions.accept, number, now=NOW + WEEK) == State.CLOSED
    asked = f"请评价 {number} 的处理"
    assert house.titles() == [f"已收到 {number}", f"{number} 已受理", f"{number} 已答复", asked]
    with database.reading() as db:
        events = [event.event for event in audit.events_of(db, f"voice:{number}")]
    assert events == ["voice.receive", "voice.acknowledge", "voice.answer", "voice.accept"]


def test_the_same_form_twice_is_one_case_and_the_same_words_are_not_taken_twice(database):
    house = furnish(database)
    number = house.bring(key="k" * 16)
    assert house.bring(key="k" * 16) == number
    with database.writing() as db:
        brought = actions.Brought(Kind.COMPLAINT, "service", "又来", TEXT + " ！")
        again = actions.receive(db, brought, by=house.client, client_id=house.client_id, key="l" * 16, now=NOW + DAY)
        assert again == SameAgain(number)
        other = actions.receive(db, brought, by=house.client, client_id=house.other_id, key="l" * 16, now=NOW)
        assert isinstance(other, Case)
    assert house.bring(now=NOW + timedelta(days=31)) == "TS-20261221-0001"


def test_eight_posts_of_one_form_are_one_case(database):
    house = furnish(database)
    assert set(at_once(*[lambda: house.bring(key="k" * 16)] * 8)) == {"TS-20261120-0001"}


def test_nobody_floods_the_firm(database):
    house = furnish(database)
    outcomes = [house.bring(f"第 {n} 件，每件都说点别的内容，请答复") for n in range(11)]
    assert outcomes[9] == "TS-20261120-0010"
    assert outcomes[10] is Refusal.TOO_MANY


def test_an_enquiry_is_promised_what_the_client_s_tier_is(database):
    house = furnish(database)
    with database.writing() as db:
        grant(
            db, client_id=house.client_id, tier="platinum", valid_from=NOW.date() - DAY, valid_to=NOW.date() + WEEK,
            basis={}, decided_by="system", reason="test", now=NOW,
        )  # fmt: skip
    number = house.bring(kind=Kind.ENQUIRY)
    found = house.clocks(number, NOW)
    assert (found.answer.minutes_promised, found.due_at) == (30, NOW + timedelta(minutes=30))
    assert house.do(actions.answer, number, text="周一到周五都可以办。") == State.ANSWERED


def test_a_complaint_is_answered_after_it_was_acknowledged_and_with_a_finding(database):
    house = furnish(database)
    number = house.bring()
    assert house.do(actions.answer, number, text="好", finding="founded") is Refusal.NOT_ACKNOWLEDGED
    house.work(number)
    assert house.do(actions.answer, number, text="好") is Refusal.NO_FINDING


def test_waiting_for_the_client_stops_the_clock_and_his_reply_starts_it(database):
    house = furnish(database)
    number = house.bring()
    house.work(number)
    assert house.do(actions.ask, number, text="是哪个窗口？") == State.WAITING
    assert house.clocks(number, NOW + WEEK).is_paused
    assert house.do(actions.reply, number, text="三号。", now=NOW + WEEK) == State.IN_WORK
    found = house.clocks(number, NOW + WEEK + timedelta(hours=1))
    assert found.answer.minutes_left == 15 * WORKDAY - 60
    with database.reading() as db:
        case = queries.by_number(db, number)
        assert (case.due_at, case.near_at) == (found.due_at, found.near_at)


def test_more_time_is_taken_once_and_the_reason_is_told(database):
    house = furnish(database)
    number = house.bring()
    house.work(number)
    assert house.do(actions.extend, number, reason="要等交易所回函") == State.IN_WORK
    assert house.do(actions.extend, number, reason="还要再等") is Refusal.EXTENDED_ALREADY
    assert house.clocks(number, NOW).answer.minutes_promised == 45 * WORKDAY
    assert house.titles()[-1] == f"{number} 需要更长时间"
    with database.reading() as db:
        told = [event.text for event in queries.thread(db, queries.by_number(db, number).id)]
    assert "要等交易所回函" in told


def test_a_step_on_an_old_screen_says_who_was_first(database):
    house = furnish(database)
    number = house.bring()
    house.work(number)
    outcome = house.do(actions.tell, number, text="在查了", seen=1)
    assert isinstance(outcome, Stale)
    assert (outcome.by, outcome.outcome) == ("周经办", State.IN_WORK)


def test_an_objection_leads_back_to_work_and_upwards(database):
    house = furnish(database)
    number = house.bring()
    house.work(number)
    house.answer(number)
    assert house.do(actions.object_to, number, text="没有回答我的问题", now=NOW + DAY) == State.IN_WORK
    with database.reading() as db:
        assert queries.by_number(db, number).escalated_at == NOW + DAY
    house.answer(number, now=NOW + DAY)
    assert house.do(actions.accept, number, now=NOW + DAY) == State.CLOSED


def test_critical_cases_go_up_at_once(database):
    house = furnish(database)
    number = house.bring()
    house.work(number, severity="critical")
    with database.reading() as db:
        assert [row.number for row in queries.queue(db, "escalated", [], NOW)] == [number]


def test_a_critical_answer_goes_out_by_a_second_person_alone(database):
    house = furnish(database)
    number = house.bring()
    house.work(number, severity="critical")
    said = {"text": "已查实，向您致歉。", "finding": "founded", "cause": "staff"}
    assert house.do(actions.second, number, staff=house.reviewer) is Refusal.NOTHING_PROPOSED
    assert house.do(actions.answer, number, **said) == State.IN_WORK
    assert house.do(actions.second, number) is queues.Refusal.OWN_WORK
    with database.reading() as db:
        case = queries.by_number(db, number)
        assert [row.number for row in queries.queue(db, "proposed", [], NOW)] == [number]
        assert said["text"] not in [event.text for event in queries.thread(db, case.id)]
        assert (case.answer, queries.counts(db, NOW).proposed) == (None, 1)
    assert house.do(actions.send_back, number, staff=house.reviewer, text="写明哪一天") == State.IN_WORK
    assert house.do(actions.second, number, staff=house.reviewer) is Refusal.NOTHING_PROPOSED
    assert house.do(actions.answer, number, **{**said, "text": "11 月 18 日的事已查实。"}) == State.IN_WORK
    assert house.do(actions.second, number, staff=house.reviewer) == State.ANSWERED
    with database.reading() as db:
        last = queries.thread(db, queries.by_number(db, number).id)[-1]
    assert (last.verb, last.text, last.detail["proposed_by"]) == ("answer", "11 月 18 日的事已查实。", "周经办")
    assert house.titles()[-1] == f"{number} 已答复"


def test_of_two_who_send_a_critical_answer_at_once_one_does(database):
    house = furnish(database)
    number = house.bring()
    house.work(number, severity="critical")
    house.do(actions.answer, number, text="已查实，向您致歉。", finding="founded")
    with database.reading() as db:
        seen = queries.by_number(db, number).version
    send = [lambda: house.do(actions.second, number, staff=house.reviewer, seen=seen) for _ in range(4)]
    assert [str(each) for each in at_once(*send)].count("answered") == 1
    assert house.titles().count(f"{number} 已答复") == 1


def test_the_database_itself_wants_two_for_a_proposed_answer(database):
    house = furnish(database)
    number = house.bring()
    house.work(number, severity="critical")
    house.do(actions.answer, number, text="已查实，向您致歉。", finding="founded")
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(update(ProposedAnswer).values(decided_by=house.handler.user_id, decided_at=NOW))


def test_near_and_late_cases_go_up_once_each_and_never_at_night(database):
    house = furnish(database)
    number = house.bring()
    due = house.clocks(number, NOW).due_at

    def escalated(now) -> int:
        with database.writing() as db:
            return escalate_due(db, now)

    assert escalated(NOW + timedelta(hours=7)) == 0
    near = house.clocks(number, NOW).near_at
    assert [escalated(near), escalated(near + timedelta(hours=12)), escalated(due), escalated(due + DAY)] == [
        1,
        0,
        1,
        0,
    ]
    with database.reading() as db:
        thread = queries.whole_thread(db, queries.by_number(db, number).id)
    assert [event.detail["why"] for event in thread if event.verb == "escalate"] == ["near", "late"]


def test_silence_of_ten_working_days_after_an_answer_closes_it(database):
    house = furnish(database)
    number = house.bring()
    house.work(number)
    house.answer(number)

    def closed(days: int) -> int:
        with database.writing() as db:
            return close_silent(db, NOW + timedelta(days=days))

    assert [closed(13), closed(14), closed(15)] == [0, 1, 0]
    assert house.titles()[-2:] == [f"{number} 已办结", f"请评价 {number} 的处理"]


def test_what_staff_write_for_themselves_never_reaches_the_client(database):
    house = furnish(database)
    number = house.bring()
    house.work(number, severity="high")
    house.do(actions.note, number, text="机密：疑似窗口人员失职")
    house.do(actions.assess, number, severity="critical", area="conduct")
    with database.reading() as db:
        row = queries.of_client(db, house.client_id, number)
        thread = queries.thread(db, row.id)
        assert len(queries.whole_thread(db, row.id)) == 5
    assert [event.verb for event in thread] == ["receive", "acknowledge"]
    assert not {"severity", "cause", "escalated_at"} & set(row._fields)


def test_the_database_itself_keeps_a_note_internal(database):
    house = furnish(database)
    house.bring()
    leaked = {"case_id": 1, "verb": "note", "to_state": "received", "is_internal": False, "actor": "x",
              "actor_name": "x", "detail": {}, "at": NOW}  # fmt: skip
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(insert(CaseEvent).values(**leaked))
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(update(Case).values(state="closed"))
    with database.reading() as db:
        assert db.scalar(select(Case.state)) == State.RECEIVED
