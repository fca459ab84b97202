"""A held result stands in the queue of call-backs; what the client says there decides."""

import pytest
from sqlalchemy import select

from portal import calendar, callbacks, suitability
from portal.callbacks.actions import Call
from portal.callbacks.models import CallbackTask
from portal.callbacks.queries import script
from portal.callbacks.rules import Means, Outcome
from portal.kit import jobs
from portal.suitability.calling import CALLED, hear_of_call
from portal.suitability.rules import State
from tests.suitability.sheets import BY_NAME
from tests.suitability.test_actions import LATER, NOW, fill_in, furnish, hand_in, staff


@pytest.fixture
def held(database):
    client_id = furnish(database, born="2006-01-01", occupation="student")
    fill_in(database, client_id, BY_NAME["p09_student_rich"]["answers"], until=LATER)
    number = hand_in(database, client_id, confirmed=["X12"], now=LATER)
    with database.writing() as db:
        calendar.seed(db)
        callbacks.publish_scripts(db, NOW)
    return number


def spoken(database, outcome=Outcome.ANSWERED, **against):
    with database.writing() as db:
        assert suitability.call_held(db, LATER) == 1
        assert suitability.call_held(db, LATER) == 0  # one call about one result
        task = db.scalars(select(CallbackTask)).one()
        told = {each.key: against.get(each.key, each.expects) for each in script(db, task.script_id).questions}
        call = Call(outcome, Means.VISIT, told, "REC-1")
    caller = staff(database, "王回访")
    with database.writing() as db:
        task = db.get_one(CallbackTask, task.id)
        callbacks.record_try(db, task, seen=1, caller=caller, call=call, now=LATER)
    jobs.work(database, {CALLED: hear_of_call}, LATER)
    return caller


def state(database, number):
    with database.reading() as db:
        made = suitability.by_number(db, number)
        return made.state, made.decided_by


def test_a_passed_call_lets_the_result_go_on_to_the_client(database, held):
    caller = spoken(database)
    assert state(database, held) == (State.UNCONFIRMED, caller.user_id)


def test_an_answer_against_the_script_rejects_it(database, held):
    caller = spoken(database, guided="yes")
    assert state(database, held) == (State.REJECTED, caller.user_id)


def test_who_was_not_reached_stays_held(database, held):
    spoken(database, Outcome.NO_ANSWER)
    assert state(database, held) == (State.HELD, None)
