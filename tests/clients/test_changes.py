"""A request for a change, from the client's question to the day on which the counter brings it."""

from datetime import date, timedelta

import pytest
from alembic import command
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import audit, clients, queues
from portal.clients import changes, queries
from portal.clients.changes import approve, ask, by_number, edit, endorse, events, fall_overdue, reject, withdraw
from portal.clients.models import ClientChange, ClientFactHistory
from portal.clients.rules import Refusal, State
from portal.kit import migrations
from tests.clients.house import NOW, furnish

NEW = "13900000002"
BEFORE_CALLS = "0034_adjustments"  # the schema before requests came to know who entered them
HOME = "浙江省杭州市西湖区文三路 1 号"


def asked(house, key="mobile", value=NEW, *, now=NOW):
    """Ask as the client; give the number, or the refusal."""
    with house.database.writing() as db:
        made = ask(db, who=house.client, client_id=house.client_id, key=key, value=value, why="换了号码", now=now)
        return getattr(made, "number", made)


def decide(house, number, verb, *, by=None, seen=1, now=NOW, note=""):
    """Let staff act on a request; give its state, or why not."""
    with house.database.writing() as db:
        row = by_number(db, number)
        outcome = verb(db, row, seen=seen, staff=by or house.handler, note=note, now=now)
        return outcome.state if isinstance(outcome, ClientChange) else outcome


def approved(house, **request):
    number = asked(house, **request)
    assert decide(house, number, endorse) == State.ENDORSED
    assert decide(house, number, approve, by=house.reviewer, seen=2) == State.APPROVED
    return number


def state_of(house, number):
    with house.database.reading() as db:
        return by_number(db, number).state


def verbs(house, number):
    with house.database.reading() as db:
        return [each.verb for each in events(db, by_number(db, number).id)]


def held(house, key):
    with house.database.reading() as db:
        return queries.held(db, house.client_id, NOW.date()).get(key)


def test_what_the_client_may_say_holds_at_once_with_its_history(database):
    house = furnish(database)
    for value in ("310000", "310001"):
        with database.writing() as db:
            edit(db, who=house.client, client_id=house.client_id, key="postcode", value=value, now=NOW)
    assert (held(house, "postcode").value, held(house, "postcode").source) == ("310001", "client")
    with database.reading() as db:
        rows = queries.history(db, house.client_id, "postcode")
        assert [(row.old, row.new, row.channel) for row in rows] == [
            ("310000", "310001", "web"),
            (None, "310000", "web"),
        ]
        told = [each.detail for each in audit.events_of(db, f"client:{house.client_id}")]
    assert "310001" not in str(told)  # the chain is for ever: it names the indicator, never its value


def test_history_is_for_ever(database):
    house = furnish(database)
    house.feed(mobile=NEW)
    with pytest.raises(DBAPIError, match="only grows"), database.writing() as db:
        db.execute(update(ClientFactHistory).values(new="never"))


def test_what_the_feed_brings_anew_leaves_its_line(database):
    house = furnish(database)
    house.feed(mobile=NEW)
    with database.reading() as db:
        (row,) = queries.history(db, house.client_id, "mobile")
    assert (row.old, row.new, row.channel, row.actor) == ("13800000001", NEW, "system", "system")


def test_what_the_core_holds_needs_two_and_changes_only_when_the_feed_brings_it(database):
    house = furnish(database)
    number = asked(house)
    assert number == "XX-20261120-0001"
    assert decide(house, number, approve) is queues.Refusal.NOT_ENDORSED
    assert decide(house, number, endorse) == State.ENDORSED
    assert decide(house, number, approve, seen=2) is queues.Refusal.SAME_PERSON
    assert decide(house, number, approve, by=house.reviewer, seen=2) == State.APPROVED
    assert held(house, "mobile").value == "13800000001"
    house.feed(mobile=NEW)
    assert (state_of(house, number), held(house, "mobile").value) == (State.EFFECTIVE, NEW)


def test_a_feed_with_the_old_value_undoes_nothing_and_is_written_down(database):
    house = furnish(database)
    number = approved(house)
    house.feed()
    assert (state_of(house, number), verbs(house, number)[-1]) == (State.APPROVED, "feed_differs")
    house.feed(mobile=NEW)
    house.feed()  # even later: what took effect stays decided, and the record follows the counter
    assert state_of(house, number) == State.EFFECTIVE


def test_a_new_name_comes_with_the_client_s_own_row(database):
    house = furnish(database)
    number = approved(house, key="name", value="王大满")
    house.feed(name="王大满")
    assert (state_of(house, number), held(house, "name").value) == (State.EFFECTIVE, "王大满")


def test_after_three_trading_days_it_is_a_break_and_the_counter_can_still_mend_it(database):
    house = furnish(database)
    number = approved(house)  # on Friday the 20th: Monday to Wednesday are the counter's
    with database.writing() as db:
        assert by_number(db, number).overdue_on == date(2026, 11, 26)
        assert fall_overdue(db, NOW + timedelta(days=5)) == 0
        assert fall_overdue(db, NOW + timedelta(days=6)) == 1
        assert fall_overdue(db, NOW + timedelta(days=6)) == 0
        assert [row.number for row in changes.queue(db, "counter", [])] == [number]
    assert state_of(house, number) == State.OVERDUE
    house.feed(mobile=NEW)
    assert state_of(house, number) == State.EFFECTIVE


def test_our_own_indicator_takes_effect_with_one_approval(database):
    house = furnish(database)
    number = asked(house, "address_home", HOME)
    assert decide(house, number, approve) == State.EFFECTIVE
    assert held(house, "address_home").value == HOME
    with database.reading() as db:
        (row,) = queries.history(db, house.client_id, "address_home")
    assert (row.ref, row.actor_name) == (number, "周经办")


def test_a_reported_error_is_dealt_with_by_one_and_changes_nothing_here(database):
    house = furnish(database)
    number = asked(house, "open_date", None)
    assert decide(house, number, approve, note="已请柜台更正") == State.EFFECTIVE
    assert held(house, "open_date").value == "20190105"


def test_one_request_waits_at_a_time_and_what_holds_already_is_none(database):
    house = furnish(database)
    assert asked(house, value="13800000001") is Refusal.UNCHANGED
    first = asked(house)
    assert asked(house, value="13900000003") is Refusal.WAITS_ALREADY
    with database.writing() as db:
        assert withdraw(db, by_number(db, first), client=house.client, now=NOW).state == State.WITHDRAWN
    assert asked(house, value="13900000003") == "XX-20261120-0002"


def test_a_rejection_needs_its_reason(database):
    house = furnish(database)
    number = asked(house)
    assert decide(house, number, reject) is Refusal.NO_REASON
    assert decide(house, number, reject, note="照片看不清") == State.REJECTED
    with database.writing() as db:
        outcome = withdraw(db, by_number(db, number), client=house.client, now=NOW)
    assert (outcome.by, outcome.outcome) == ("周经办", State.REJECTED)


def test_a_stale_screen_is_told_who_decided_and_changes_nothing(database):
    house = furnish(database)
    number = asked(house)
    decide(house, number, endorse)
    outcome = decide(house, number, reject, by=house.reviewer, seen=1, note="late")
    assert outcome == queues.Stale("周经办", NOW, State.ENDORSED)


def test_the_database_itself_refuses_one_person_for_both(database):
    house = furnish(database)
    number = asked(house)
    with pytest.raises(IntegrityError), database.writing() as db:
        row = by_number(db, number)
        row.endorsed_by = row.decided_by = house.handler.user_id
        db.flush()


def test_each_step_leaves_its_audit_row(database):
    house = furnish(database)
    number = approved(house)
    with database.reading() as db:
        found = [each.event for each in audit.events_of(db, f"change:{number}")]
    assert found == ["change.request", "change.endorse", "change.approve"]


def test_the_31st_unmasked_value_of_a_day_raises_an_alarm(database):
    house = furnish(database)

    def look(times, now=NOW):
        with database.writing() as db:
            for _ in range(times):
                clients.look(
                    db,
                    staff=house.handler,
                    client_id=house.client_id,
                    what="value",
                    key="mobile",
                    reason="回电",
                    now=now,
                )
            return [(row.staff_name, row.count) for row in clients.alarms(db, now)]

    assert look(30) == []
    assert look(1) == [("周经办", 31)]
    assert look(1, NOW + timedelta(days=1)) == []  # counted by the day
    with database.reading() as db:
        alarms = [each for each in audit.events_of(db, house.handler.actor) if each.event == "client.reveal_alarm"]
        assert [each.detail for each in alarms] == [{"count": 31}]
        assert len(queries.views(db, house.client_id)) == 32


def test_an_unmasked_value_without_a_reason_is_refused_by_the_database(database):
    house = furnish(database)
    with pytest.raises(IntegrityError), database.writing() as db:
        clients.look(db, staff=house.handler, client_id=house.client_id, what="value", key="mobile", now=NOW)


def test_a_consent_is_an_event_and_the_last_one_counts(database):
    house = furnish(database)
    for given, minute in ((True, 0), (False, 1)):
        with database.writing() as db:
            when = NOW + timedelta(minutes=minute)
            clients.consent(
                db, who=house.client, client_id=house.client_id, kind="consent_marketing", is_given=given, now=when
            )
    assert held(house, "consent_marketing").value == "0"
    with database.reading() as db:
        events = queries.consents(db, house.client_id)["consent_marketing"]
        assert [(row.is_given, row.text_version) for row in events] == [(False, "2026.1"), (True, "2026.1")]


def test_a_database_with_requests_in_it_is_brought_to_a_newer_schema(database):
    house = furnish(database)
    number = asked(house)
    url = database.engine.url.render_as_string(hide_password=False)
    command.downgrade(migrations.config(url), BEFORE_CALLS)
    migrations.upgrade(url)
    assert (state_of(house, number), verbs(house, number)) == (State.REQUESTED, ["request"])
