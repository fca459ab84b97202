"""The client is told of each step that concerns him, once; what only promotes stays away unless he asked for it."""

import threading

import pytest
from sqlalchemy import select

from portal import clients
from portal.clients import changes
from portal.clients.changes import approve, by_number, edit, endorse, events, reject
from portal.inbox import InboxMessage, Letter, Topic
from tests.clients.house import NOW, furnish
from tests.clients.test_changes import asked, decide


def letters(house):
    with house.database.reading() as db:
        return db.scalars(select(InboxMessage.title_zh).order_by(InboxMessage.id)).all()


def test_the_client_is_told_of_each_decision_once(database):
    house = furnish(database)
    to_counter = asked(house, "id_valid_to", "20460131")
    decide(house, to_counter, endorse)
    decide(house, to_counter, approve, by=house.reviewer, seen=2)
    decide(house, asked(house, "occupation", "farmer"), approve, by=house.reviewer)
    decide(house, asked(house, "tax_residency", "china_only"), reject, by=house.reviewer, note="材料不全")
    decide(house, asked(house, "birth_date", None), approve, by=house.reviewer)
    house.feed(id_valid_to="20460131")
    assert letters(house) == [
        "您申请的更改已批准，待柜台生效。", "您申请的更改已生效。", "您申请的更改没有通过。", "您报告的错误已处理。",
        "您申请的更改已生效。",
    ]  # fmt: skip


def test_of_two_who_decide_at_once_one_is_told_that_his_screen_is_old(database):
    house = furnish(database)
    number, gate, outcomes = asked(house, "occupation", "farmer"), threading.Barrier(2), []

    def go(verb, staff):
        gate.wait()
        with database.writing() as db:
            outcome = verb(db, by_number(db, number), seen=1, staff=staff, note="核对过", now=NOW)
            outcomes.append(type(outcome).__name__)

    both = ((approve, house.handler), (reject, house.reviewer))
    threads = [threading.Thread(target=go, args=each) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ClientChange", "Stale"]
    with database.reading() as db:
        decisions = [each for each in events(db, by_number(db, number).id) if each.verb in ("approve", "reject")]
    assert (len(decisions), len(letters(house))) == (1, 1)


@pytest.mark.parametrize(
    ("agreed", "no_calls", "route"), [(False, "0", "quiet"), (True, "1", "quiet"), (True, "0", "unstated")]
)
def test_what_promotes_goes_out_only_to_who_agreed_and_may_be_disturbed(database, agreed, no_calls, route):
    house = furnish(database)
    told = {"who": house.client, "client_id": house.client_id, "now": NOW}
    with database.writing() as db:
        clients.consent(db, kind="consent_marketing", is_given=True, **told)
        clients.consent(db, kind="consent_marketing", is_given=agreed, **told)
        edit(db, key="do_not_call", value=no_calls, **told)
        for topic in (Topic.SURVEY, Topic.RECORD):
            clients.tell(db, house.client_id, Letter(topic, "年会", "请来"), key=topic, now=NOW)
    with database.reading() as db:
        routes = dict(db.execute(select(InboxMessage.topic, InboxMessage.route)).all())
    assert routes == {"survey": route, "record": "unstated"}


def test_who_never_said_anything_is_offered_nothing(database):
    house = furnish(database)
    with database.reading() as db:
        assert not clients.may_promote(db, house.client_id)
        assert not clients.wants_no_calls(db, house.client_id)


def test_a_break_has_an_owner_and_the_client_is_told(database):
    house = furnish(database)
    number = asked(house, "id_valid_to", "20460131")
    decide(house, number, endorse)
    decide(house, number, approve, by=house.reviewer, seen=2)
    with database.writing() as db:
        late = by_number(db, number).overdue_on
        assert changes.fall_overdue(db, NOW.replace(year=late.year, month=late.month, day=late.day)) == 1
        assert by_number(db, number).decided_by == house.reviewer.user_id
    assert letters(house)[-1] == "您申请的更改，柜台还没有生效，已由专人追查。"
