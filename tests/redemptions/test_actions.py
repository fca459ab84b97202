"""A redemption from the request to its end: points, promises, four eyes, and what happens twice or too late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import audit, points, products, queues, sms
from portal.kit import jobs
from portal.redemptions import BEGIN, Refusal, State, approve, begin, cancel, endorse, follow, time_out_due
from portal.redemptions.actions import reject, take_back
from portal.redemptions.models import Redemption, RedemptionEvent
from portal.redemptions.queries import by_number, events
from tests.redemptions.house import NOW, furnish

MINUTE = timedelta(minutes=1)


def decide(house, number, verb, *, by=None, seen=1, now=NOW, **said):
    """Let staff act on a request; give its state, or why not."""
    with house.database.writing() as db:
        redemption = by_number(db, number)
        outcome = verb(db, redemption, seen=seen, staff=by or house.handler, now=now, **said)
        return outcome.state if isinstance(outcome, Redemption) else outcome


def approved(house, number, *, now=NOW, seen=1, by=None):
    return decide(house, number, approve, by=by, seen=seen, now=now, reason="checked", note="")


def state_of(house, number):
    with house.database.reading() as db:
        return by_number(db, number).state


def do_jobs(house, now):
    return jobs.work(house.database, {BEGIN: begin}, now)


def gateway(house, number, state):
    """Let the gateway have said what became of the first message."""
    with house.database.writing() as db:
        message = sms.message_of(db, "redemption", by_number(db, number).id)
        follow(db, message.__class__(**{**vars(message), "state": state}), NOW)


def trail(house, number):
    with house.database.reading() as db:
        return [(each.verb, each.actor_name) for each in events(db, by_number(db, number).id)]


def test_a_request_holds_the_points_and_promises_a_time(database):
    house = furnish(database)
    number = house.ask("ipo_sms")
    assert number == "DH-20261120-0001"
    assert house.balance() == (4700, 300)
    with database.reading() as db:
        made = by_number(db, number)
        # 普通: 240 working minutes from 10:00 are 90 before noon and 150 from 13:00
        assert made.promised_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
        # 17:00 on the second workday after a Friday
        assert made.times_out_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_platinum_client_is_promised_an_answer_within_half_an_hour(database):
    house = furnish(database, tier="platinum")
    with database.reading() as db:
        assert by_number(db, house.ask()).promised_at == NOW + 30 * MINUTE


def test_a_double_click_is_one_request(database):
    house = furnish(database)
    assert house.ask() == house.ask(now=NOW + MINUTE) == "DH-20261120-0001"
    assert house.balance() == (4700, 300)
    assert trail(house, "DH-20261120-0001") == [("request", "王小满")]


@pytest.mark.parametrize(
    ("code", "brought", "mobile", "refusal"),
    [
        ("ipo_sms", 299, True, Refusal.TOO_FEW_POINTS),
        ("morning_sms", 5000, True, Refusal.NEEDS_ASSESSMENT),
        ("ipo_sms", 5000, False, Refusal.NO_MOBILE),
    ],
)
def test_a_refused_request_changes_nothing(database, code, brought, mobile, refusal):
    house = furnish(database, brought=brought, mobile=mobile)
    assert house.ask(code) is refusal
    assert house.balance() == (brought, 0)


def test_one_point_short_is_refused_and_one_more_is_not(database):
    house = furnish(database, brought=299)
    assert house.ask() is Refusal.TOO_FEW_POINTS
    with database.writing() as db:
        points.earn(db, client_id=house.client_id, points=1, kind="opening_balance", key="one more", now=NOW)
    assert house.ask(key="a new page has a new key") == "DH-20261120-0001"


def test_no_time_is_promised_beyond_the_confirmed_calendar(database):
    house = furnish(database)
    assert house.ask(now=datetime(2026, 12, 31, 2, 0, tzinfo=UTC)) is Refusal.NO_CALENDAR
    assert house.balance() == (5000, 0)


def test_a_second_request_for_what_runs_already_is_refused(database):
    house = furnish(database)
    house.ask(key="a" * 16)
    assert house.ask(key="b" * 16) is Refusal.AT_LIMIT
    assert house.ask("account_sms", key="c" * 16) == "DH-20261120-0002"


def test_approved_points_are_spent_only_when_the_gateway_has_the_first_message(database):
    house = furnish(database)
    number = house.ask()
    assert approved(house, number) == State.APPROVED
    assert do_jobs(house, NOW + timedelta(seconds=29)) == 0
    assert do_jobs(house, NOW + timedelta(seconds=30)) == 1
    assert (state_of(house, number), house.balance()) == (State.APPROVED, (4700, 300))
    gateway(house, number, sms.State.SUBMITTED)
    assert (state_of(house, number), house.balance()) == (State.FULFILLED, (4700, 0))
    gateway(house, number, sms.State.DELIVERED)  # the later report spends nothing again
    assert house.balance() == (4700, 0)
    with database.reading() as db:
        (subscription,) = products.subscriptions_of(db, house.client_id)
        assert (subscription.state, subscription.ref_id) == ("active", number)
        assert points.verify(db) == []


def test_a_message_that_finally_failed_gives_the_points_back_and_ends_the_subscription(database):
    house = furnish(database)
    number = house.ask()
    approved(house, number)
    do_jobs(house, NOW + MINUTE)
    gateway(house, number, sms.State.REJECTED)
    assert (state_of(house, number), house.balance()) == (State.FAILED, (5000, 0))
    with database.reading() as db:
        assert [each.state for each in products.subscriptions_of(db, house.client_id)] == ["ended"]
    assert house.ask(key="another try after the failure") == "DH-20261120-0002"


def test_a_gateway_down_past_the_time_out_costs_an_approved_request_nothing(database):
    house = furnish(database)
    number = house.ask()
    approved(house, number)
    later = NOW + timedelta(days=6)
    with database.writing() as db:
        points.time_out_holds(db, later)
        assert time_out_due(db, later) == 0
    do_jobs(house, later)
    gateway(house, number, sms.State.SUBMITTED)
    assert (state_of(house, number), house.balance(later)) == (State.FULFILLED, (4700, 0))


def test_an_approval_is_taken_back_within_its_half_minute_and_not_after(database):
    house = furnish(database)
    number = house.ask()
    approved(house, number)

    def undo(by):
        with database.writing() as db:
            outcome = take_back(db, by_number(db, number), staff=by, now=NOW + timedelta(seconds=20))
            return outcome.state if isinstance(outcome, Redemption) else outcome

    assert isinstance(undo(house.reviewer), queues.Stale)  # only who approved
    assert undo(house.handler) == State.REQUESTED
    assert do_jobs(house, NOW + MINUTE) == 0
    assert approved(house, number, seen=3) == State.APPROVED
    assert do_jobs(house, NOW + MINUTE) == 1
    assert undo(house.handler) is Refusal.TOO_LATE


def test_a_rejection_needs_its_reason_and_gives_the_points_back(database):
    house = furnish(database)
    number = house.ask()
    assert decide(house, number, reject, reason="", note="") is Refusal.NO_REASON
    assert decide(house, number, reject, reason="other", note="") is Refusal.NO_REASON
    assert decide(house, number, reject, reason="duplicate", note="") == State.REJECTED
    assert house.balance() == (5000, 0)


def test_a_client_may_withdraw_until_staff_have_decided(database):
    house = furnish(database)
    number = house.ask()
    with database.writing() as db:
        assert cancel(db, by_number(db, number), client=house.client, now=NOW).state == State.CANCELLED
    assert house.balance() == (5000, 0)
    late = house.ask(key="asked for again")
    approved(house, late)
    with database.writing() as db:
        outcome = cancel(db, by_number(db, late), client=house.client, now=NOW)
    assert (outcome.by, outcome.outcome) == ("周经办", State.APPROVED)


def test_a_stale_screen_is_told_who_decided_and_when_and_changes_nothing(database):
    house = furnish(database)
    number = house.ask()
    approved(house, number, now=NOW + MINUTE)
    outcome = decide(house, number, reject, by=house.reviewer, seen=1, reason="duplicate", note="")
    assert outcome == queues.Stale("周经办", NOW + MINUTE, State.APPROVED)
    assert state_of(house, number) == State.APPROVED


def test_staff_who_come_after_a_withdrawal_read_the_client_masked(database):
    house = furnish(database)
    number = house.ask()
    with database.writing() as db:
        cancel(db, by_number(db, number), client=house.client, now=NOW)
    assert approved(house, number) == queues.Stale("王*满", NOW, State.CANCELLED)


def dear(house):
    """Ask for something above the limit: a plan whose price two persons decide about."""
    plan = next(each for each in products.plans() if each.code == "ipo_sms")
    with house.database.writing() as db:
        changed = type(plan)(**{name: getattr(plan, name) for name in plan.__slots__} | {"points": 1501})
        products.publish(db, changed, author="staff:a", approver="staff:b", now=NOW)
    return house.ask("ipo_sms")


def test_above_the_limit_one_endorses_and_another_decides(database):
    house = furnish(database)
    number = dear(house)
    assert approved(house, number) is queues.Refusal.NOT_ENDORSED
    assert decide(house, number, endorse, note="") == State.ENDORSED
    assert approved(house, number, seen=2) is queues.Refusal.SAME_PERSON
    assert approved(house, number, seen=2, by=house.reviewer) == State.APPROVED
    assert trail(house, number) == [("request", "王小满"), ("endorse", "周经办"), ("approve", "吴复核")]


def test_the_database_itself_refuses_one_person_for_both(database):
    house = furnish(database)
    number = dear(house)
    with pytest.raises(IntegrityError), database.writing() as db:
        made = by_number(db, number)
        made.endorsed_by = made.decided_by = house.handler.user_id
        db.flush()


def test_what_nobody_decided_in_time_goes_back_by_itself_and_can_no_longer_be_approved(database):
    house = furnish(database)
    number = house.ask()
    due = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert approved(house, number, now=due) is Refusal.TOO_LATE  # whether or not the duty has run
    assert house.balance(due) == (5000, 0)
    with database.writing() as db:
        assert time_out_due(db, due - timedelta(seconds=1)) == 0
        assert time_out_due(db, due) == 1
        assert time_out_due(db, due) == 0
    assert (state_of(house, number), house.balance(due)) == (State.TIMED_OUT, (5000, 0))
    with database.reading() as db:
        assert points.verify(db) == []


def test_each_change_leaves_its_audit_row_in_the_same_transaction(database):
    house = furnish(database)
    number = house.ask()
    approved(house, number)
    with database.reading() as db:
        found = [each.event for each in audit.events_of(db, f"redemption:{number}")]
    assert sorted(found) == ["redemption.approve", "redemption.request"]


def test_steps_are_for_ever(database):
    house = furnish(database)
    house.ask()
    with pytest.raises(DBAPIError, match="only grows"), database.writing() as db:
        db.query(RedemptionEvent).update({"note": "never happened"})
