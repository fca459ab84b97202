"""Above one's level: only at the client's own wish, after the warning, the phrase, the wait and, if need be, a call."""

from datetime import timedelta

import pytest

from portal import calendar, callbacks, queues, suitability
from portal.callbacks.actions import Call
from portal.callbacks.models import CallbackTask
from portal.callbacks.queries import script
from portal.callbacks.rules import Means, Outcome
from portal.kit import jobs
from portal.suitability import WISH_CALLED, Code, Refusal, evidence, insisting, queries
from portal.suitability.rules import Insistence, Steps, steps_of
from tests.suitability.sheets import BY_NAME, NOW, SHIPPED, confirm, fill_in, furnish, person, staff, submit

PHRASE = SHIPPED.body["matching"]["over_level"]["phrase"]["zh"]
READ = timedelta(seconds=31)
CAUTIOUS = {**BY_NAME["p03_retired_saver"]["answers"], "product_intent": "C"}  # C2 by the tolerance ceiling


def assessed(database, answers, **client):
    client_id = furnish(database, **client)
    start = NOW - timedelta(minutes=10)
    fill_in(database, client_id, answers, now=start, until=NOW - timedelta(minutes=5))
    number = submit(database, client_id, confirmed=["X19"], now=NOW - timedelta(minutes=5))
    assert confirm(database, client_id, number, now=NOW - timedelta(minutes=5)) == "effective"
    return client_id


def wished(database, client_id, service="sms_advice", now=NOW):
    with database.writing() as db:
        made = insisting.wish(db, client=person(client_id), client_id=client_id, service=service, now=now)
        return getattr(made, "number", made)


def insisted(database, client_id, number, phrase=PHRASE, now=NOW + READ):
    with database.writing() as db:
        made = queries.over_level(db, client_id, number)
        outcome = insisting.insist(db, made, client=person(client_id), phrase=phrase, now=now)
        return getattr(outcome, "state", outcome)


def code(database, client_id, now):
    with database.reading() as db:
        asked = {"risk_class": "R3", "service_kind": "sms_advice"}
        return suitability.match(db, client_id, now=now, **asked).code


def test_the_steps_are_read_from_the_definition():
    assert steps_of(SHIPPED.body["matching"]["over_level"]["steps"]) == Steps(
        reading_seconds=30, cool_down_hours={"R4": 24, "R5": 48}, reviewed=frozenset({"R5"}),
        called=frozenset({"R5"}), called_from_age=65,
    )  # fmt: skip
    steps = steps_of(SHIPPED.body["matching"]["over_level"]["steps"])
    assert (steps.needs_call("R4", 64), steps.needs_call("R1", 65), steps.needs_call("R5", None)) == (False, True, True)
    assert (steps.needs_review("R4"), steps.needs_review("R5")) == (False, True)


def test_who_insists_after_reading_and_typing_may_have_it_and_the_record_is_sealed(database):
    client_id = assessed(database, CAUTIOUS)
    number = wished(database, client_id)
    assert code(database, client_id, NOW) is Code.ABOVE_LEVEL
    assert insisted(database, client_id, number, now=NOW + timedelta(seconds=29)) is Refusal.READ_TOO_FAST
    assert insisted(database, client_id, number, phrase=PHRASE[:-1]) is Refusal.OTHER_WORDS
    assert insisted(database, client_id, number) == Insistence.GRANTED
    assert insisted(database, client_id, number) is Refusal.NOT_YOURS_TO_CONFIRM
    assert code(database, client_id, NOW + READ) is Code.OVER_LEVEL
    with database.reading() as db:
        kept = suitability.match(db, client_id, risk_class="R3", service_kind="sms_advice", now=NOW + READ).kept()
        assert (kept["code"], kept["insisted"]) == ("over_level", number)
        assert suitability.match(db, client_id, risk_class="R4", now=NOW + READ).code is Code.ABOVE_LEVEL
        assert evidence.verify(db) == []


def test_the_lowest_class_has_no_path(database):
    client_id = assessed(database, BY_NAME["p01_all_lowest"]["answers"])
    assert wished(database, client_id) is Refusal.LOWEST_CLASS


def test_what_matches_already_and_what_nobody_knows_need_no_path(database):
    client_id = assessed(database, BY_NAME["p04_office_worker"]["answers"])
    assert wished(database, client_id) is Refusal.ALREADY_MATCHED
    assert wished(database, client_id, "no_such") is Refusal.NEEDS_ASSESSMENT
    assert wished(database, furnish(database, number="10000002")) is Refusal.NEEDS_ASSESSMENT


def call(database, number, **against):
    """Call the client as the queue of call-backs asks for it; gives the caller."""
    with database.writing() as db:
        calendar.seed(db)
        callbacks.publish_scripts(db, NOW)
        assert suitability.call_wishes(db, NOW + READ) == 1
        assert suitability.call_wishes(db, NOW + READ) == 0, "one call about one wish"
        task = callbacks.task_of(db, insisting.ABOUT_WISH, number)
        told = {each.key: against.get(each.key, each.expects) for each in script(db, task.script_id).questions}
    caller = staff(database, "王回访")
    with database.writing() as db:
        task = db.get_one(CallbackTask, task.id)
        said = Call(Outcome.ANSWERED, Means.VISIT, told, "REC-1")
        assert isinstance(
            callbacks.record_try(db, task, seen=1, caller=caller, call=said, now=NOW + READ), CallbackTask
        )
    jobs.work(database, {WISH_CALLED: suitability.hear_of_wish}, NOW + READ)
    return caller


def state(database, number):
    with database.reading() as db:
        return queries.over_level_by_number(db, number).state


def decide(database, number, by, *, granted, reason):
    with database.writing() as db:
        made = queries.over_level_by_number(db, number)
        return insisting.decide_wish(
            db, made, staff=by, seen=made.version, granted=granted, reason=reason, now=NOW + READ
        )  # fmt: skip


def test_from_65_on_a_passed_call_comes_before_it_holds(database):
    client_id = assessed(database, CAUTIOUS, born="1958-05-05")
    handler = staff(database, "周经办")
    number = wished(database, client_id)
    assert insisted(database, client_id, number) == Insistence.REVIEW
    assert code(database, client_id, NOW + READ) is Code.ABOVE_LEVEL
    assert decide(database, number, handler, granted=True, reason="evidence_seen") is Refusal.NO_REASON
    assert decide(database, number, handler, granted=True, reason="called_back") is Refusal.NOT_CALLED
    call(database, number)
    assert state(database, number) == Insistence.GRANTED
    assert code(database, client_id, NOW + READ) is Code.OVER_LEVEL
    assert isinstance(decide(database, number, handler, granted=False, reason="other"), queues.Stale)


def test_who_was_urged_to_it_does_not_get_it(database):
    number = wished(database, client_id := assessed(database, CAUTIOUS, born="1958-05-05"))
    insisted(database, client_id, number)
    call(database, number, urged="yes")
    assert state(database, number) == Insistence.REJECTED
    assert code(database, client_id, NOW + READ) is Code.ABOVE_LEVEL


def test_the_highest_class_is_looked_at_by_another_than_the_caller(database):
    number = wished(database, client_id := assessed(database, CAUTIOUS))
    with database.writing() as db:
        queries.over_level(db, client_id, number).risk_class = "R5"
    assert insisted(database, client_id, number) == Insistence.REVIEW
    caller = call(database, number)
    assert state(database, number) == Insistence.REVIEW
    assert decide(database, number, caller, granted=True, reason="called_back") is Refusal.OWN_CALL
    other = staff(database, "吴复核")
    assert decide(database, number, other, granted=True, reason="called_back").state == Insistence.GRANTED


def test_the_higher_classes_cool_down_first(database):
    client_id = assessed(database, CAUTIOUS)
    number = wished(database, client_id)
    with database.writing() as db:
        queries.over_level(db, client_id, number).risk_class = "R4"
    assert insisted(database, client_id, number) == Insistence.GRANTED
    almost = NOW + READ + timedelta(hours=24) - timedelta(seconds=1)
    assert code(database, client_id, almost) is Code.ABOVE_LEVEL
    assert code(database, client_id, almost + timedelta(seconds=1)) is Code.OVER_LEVEL


@pytest.mark.parametrize("sheet", [BY_NAME["p01_all_lowest"]["answers"], BY_NAME["p03_retired_saver"]["answers"]])
def test_a_new_assessment_ends_what_was_granted_on_the_old_one(database, sheet):
    client_id = assessed(database, CAUTIOUS)
    insisted(database, client_id, wished(database, client_id))
    later = NOW + timedelta(days=1)
    fill_in(database, client_id, sheet, now=later, until=later + timedelta(minutes=5))
    made = submit(database, client_id, confirmed=["X19"], now=later + timedelta(minutes=5))
    confirm(database, client_id, made, now=later + timedelta(minutes=5))
    assert code(database, client_id, later + timedelta(minutes=6)) in (Code.ABOVE_LEVEL, Code.LOWEST_CLASS)
