"""What happens to a client after his assessment and asks for a new one, as the definition says it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal import clients, inbox, suitability
from portal.suitability import Refusal, evidence, queries
from portal.suitability.soundness import unsound
from portal.suitability.triggers import (
    Change,
    Kind,
    Trigger,
    has_changed,
    has_come_of_age,
    has_fallen,
    triggers_of,
)
from tests.suitability.sheets import BY_NAME, C3_SHEET, NOW, SHIPPED, confirm, fill_in, furnish, person, submit

LATER = NOW + timedelta(days=30)


def test_every_trigger_of_the_shipped_definition_is_understood():
    assert triggers_of(SHIPPED.rules["reassess_triggers"]) == (
        Trigger(Kind.BANDS, "annual_income", 2), Trigger(Kind.CHANGED, "occupation"), Trigger(Kind.EVENT, "debt"),
        Trigger(Kind.FALL, count=50, days=90), Trigger(Kind.AGE, "65"), Trigger(Kind.AGE, "70"),
        Trigger(Kind.COMPLAINT, "suitability"),
    )  # fmt: skip


def test_a_trigger_that_nobody_could_watch_stands_against_publishing():
    body = suitability.shipped()
    body["rules"] = {**body["rules"], "reassess_triggers": ["the moon is full"]}
    assert [each.where for each in unsound(body)] == ["rules.reassess_triggers: the moon is full"]


def changes(*values):
    days = range(1, len(values))
    return [Change("x", values[day - 1], values[day], NOW + timedelta(days=day)) for day in days]


@pytest.mark.parametrize(
    ("values", "moved"),
    [("AC", True), ("CA", True), ("AB", False), ("ABC", True), ("ACA", False), ("A", False), ("AX", False)],
)
def test_a_band_counts_from_where_it_stood_to_where_it_stands(values, moved):
    assert has_changed(Trigger(Kind.BANDS, "x", 2), changes(*values), list("ABCDE")) is moved


def test_a_fact_that_is_told_for_the_first_time_is_no_change():
    first = [Change("x", None, "teacher", NOW)]
    assert not has_changed(Trigger(Kind.CHANGED, "x"), first, [])
    assert has_changed(Trigger(Kind.CHANGED, "x"), changes("teacher", "retired"), [])


@pytest.mark.parametrize(
    ("values", "fell"),
    [(("100", "50"), True), (("100", "50.01"), False), (("60", "120", "60"), True), (("0", "0"), False), ((), False)],
)
def test_assets_fall_by_half_of_their_highest(values, fell):
    assert has_fallen(Trigger(Kind.FALL, count=50, days=90), changes(*values), NOW) is fell


def test_a_fall_that_is_longer_ago_than_the_days_counts_no_more():
    told = changes("100", "40", "39")
    assert has_fallen(Trigger(Kind.FALL, count=50, days=90), told, told[0].at)
    assert not has_fallen(Trigger(Kind.FALL, count=50, days=90), told, told[1].at)


def test_an_age_counts_from_the_birthday_on_and_only_when_it_came_after_the_assessment():
    reach = Trigger(Kind.AGE, "65")
    born, before = date(1961, 11, 21), date(2026, 11, 20)
    assert not has_come_of_age(reach, born, before, before)
    assert has_come_of_age(reach, born, before, date(2026, 11, 21))
    assert not has_come_of_age(reach, born, date(2026, 11, 21), date(2026, 11, 22))
    assert not has_come_of_age(reach, None, before, date(2030, 1, 1))


def assessed(database, answers=C3_SHEET, **told):
    client_id = furnish(database, **told)
    start = NOW - timedelta(minutes=10)
    fill_in(database, client_id, answers, now=start, until=NOW - timedelta(minutes=5))
    number = submit(database, client_id, confirmed=["X19"], now=NOW - timedelta(minutes=5))
    assert confirm(database, client_id, number, now=NOW) == "effective"
    return client_id


def told_anew(database, now=LATER, number="10000001", **facts):
    with database.writing() as db:
        given = [{"client_no": number, "key": key, "value": facts[key], "as_of": now.date()} for key in facts]
        clients.take_over(db, [], given, now=now)


def watched(database, now=LATER):
    with database.writing() as db:
        return suitability.watch(db, now)


def causes(database, client_id):
    with database.reading() as db:
        return [row.cause for row in queries.asked_anew_of(db, client_id)]


def test_a_client_whose_facts_change_is_asked_once_told_and_the_record_is_sealed(database):
    client_id = assessed(database, occupation="employee", debt_status="D", total_assets="500000.00")
    assert watched(database) == 0
    told_anew(database, occupation="retired", debt_status="A", total_assets="240000.00")
    assert watched(database) == 3
    assert watched(database) == 0
    assert sorted(causes(database, client_id)) == ["changed:occupation", "event:debt", "fall"]
    with database.reading() as db:
        assert inbox.unread(db, client_id) == 1, "one letter, however many reasons"
        assert evidence.verify(db) == []
        assert suitability.current(db, client_id, LATER).level == "C3", "what holds goes on holding"


def test_a_new_assessment_answers_the_call(database):
    client_id = assessed(database, occupation="employee")
    told_anew(database, occupation="retired")
    assert watched(database) == 1
    fill_in(database, client_id, C3_SHEET, now=LATER, until=LATER + timedelta(minutes=5))
    asked = [rule["id"] for rule in SHIPPED.body["contradictions"] if rule["severity"] == "confirm"]
    made = submit(database, client_id, confirmed=asked, now=LATER + timedelta(minutes=5))
    confirm(database, client_id, made, now=LATER + timedelta(minutes=5))
    assert causes(database, client_id) == []
    assert watched(database, LATER + timedelta(days=1)) == 0


def test_nobody_is_asked_at_night_nor_when_the_assessment_has_run_out_anyway(database):
    assessed(database, occupation="employee")
    told_anew(database, occupation="retired")
    assert watched(database, LATER + timedelta(hours=13)) == 0
    assert watched(database, datetime(2029, 1, 5, 2, tzinfo=UTC)) == 0


def test_a_birthday_asks_by_itself(database):
    client_id = assessed(database, born="1961-12-01")
    assert watched(database, LATER) == 1
    assert causes(database, client_id) == ["age:65"]


def test_a_complaint_about_suitability_asks_and_about_anything_else_does_not(database):
    client_id = assessed(database)
    with database.writing() as db:
        assert not suitability.complaint_opened(db, client_id, "fees", LATER)
        assert suitability.complaint_opened(db, client_id, "suitability", LATER)
        assert not suitability.complaint_opened(db, client_id, "suitability", LATER)
    assert causes(database, client_id) == ["complaint:suitability"]


def test_who_is_asked_anew_has_no_way_above_his_level_until_he_has_answered(database):
    answers = {**BY_NAME["p03_retired_saver"]["answers"], "product_intent": "C"}
    client_id = assessed(database, answers, occupation="employee")
    told_anew(database, occupation="retired")
    watched(database)
    with database.writing() as db:
        asked = suitability.wish(db, client=person(client_id), client_id=client_id, service="sms_advice", now=LATER)
    assert asked is Refusal.ASKED_ANEW
