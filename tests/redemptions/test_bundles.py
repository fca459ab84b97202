"""A bundle with its gifts, plans stopped before their time, and talks: what is spent when, and what comes back."""

from datetime import date, timedelta

import pytest

from portal import points, products, sms
from portal.kit import jobs
from portal.products import switching
from portal.products.rules import refund_points, unused_months
from portal.redemptions import BEGIN, Refusal, State, approve, begin, endorse, fail_forgotten, note_talk, stop
from portal.redemptions.queries import by_number, queue
from tests.redemptions.house import NOW, furnish
from tests.redemptions.test_actions import decide, gateway, state_of
from tests.redemptions.test_suitability import assess
from tests.suitability.sheets import BY_NAME, C3_SHEET

LATER = NOW + timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("today", "months"),
    [("2026-11-24", 2), ("2026-12-23", 2), ("2026-12-24", 1), ("2027-01-23", 1), ("2027-01-24", 0), ("2027-02-23", 0)],
)
def test_a_month_begun_is_used(today, months):
    assert unused_months(date(2027, 2, 23), date.fromisoformat(today)) == months


def test_points_come_back_by_whole_months_rounded_down():
    assert [refund_points(200, 3, months) for months in (0, 1, 2, 3, 4)] == [0, 66, 133, 200, 200]


def turn_on(house, code="commission_quarter"):
    with house.database.writing() as db:
        switch = switching.propose(db, code, reason="test", staff=house.handler, now=NOW)
        switching.turn_on(db, switch, staff=house.reviewer, now=NOW)


def turn_off(house, code="commission_quarter"):
    with house.database.writing() as db:
        switching.turn_off(db, code, reason="test", staff=house.reviewer, now=NOW)


def grant(house, number, two=False):
    if two:
        assert decide(house, number, endorse, note="") == State.ENDORSED
    seen = 2 if two else 1
    outcome = decide(house, number, approve, by=house.reviewer, seen=seen, reason="checked", note="")
    jobs.work(house.database, {BEGIN: begin}, LATER)
    return outcome


def running(house, day=date(2026, 11, 20)):
    with house.database.reading() as db:
        mine = [each for each in products.subscriptions_of(db, house.client_id) if each.state == "active"]
        names = products.offers(db, {each.item_version_id for each in mine})
        return {names[each.item_version_id].code: each for each in mine}


def test_a_bundle_gives_what_suits_while_it_runs_and_takes_it_along_when_it_ends(database):
    house = furnish(database, tier="gold")
    turn_on(house)
    assess(house, BY_NAME["p03_retired_saver"]["answers"])
    number = house.ask("commission_quarter")
    assert grant(house, number) == State.APPROVED
    mine = running(house)
    assert set(mine) == {"commission_quarter", "account_sms", "ipo_sms"}  # advice of R3 does not suit C2
    assert {each.ends_on for each in mine.values()} == {date(2027, 2, 19)}
    with database.writing() as db:
        assert products.keep_gifts(db, LATER) == 0
        products.end_lapsed(db, NOW + 100 * DAY)
    assert running(house) == {}


def test_what_the_client_pays_for_already_is_given_when_his_own_has_ended(database):
    house = furnish(database, tier="gold")
    turn_on(house)
    assess(house, C3_SHEET)
    grant(house, house.ask("ipo_sms"))
    grant(house, house.ask("commission_quarter", key="c" * 16))
    paid = running(house)["ipo_sms"]
    assert paid.gift_of is None
    with database.writing() as db:
        products.end_subscription(db, paid.id, reason=products.EndReason.STOPPED, actor="test", now=LATER)
        assert products.keep_gifts(db, LATER) == 1
    assert running(house)["ipo_sms"].gift_of == running(house)["commission_quarter"].id
    assert "morning_sms" in running(house)


def test_nobody_gets_what_is_switched_off_not_even_who_asked_before(database):
    house = furnish(database, tier="gold")
    turn_on(house)
    assess(house, C3_SHEET)
    offer = house.offer("commission_quarter")
    number = house.ask("commission_quarter")
    turn_off(house)
    assert grant(house, number) is Refusal.NOT_ON_OFFER
    assert running(house) == {}
    with database.reading() as db:
        assert not products.is_open(db, offer.item_version_id)


def test_a_plan_stopped_early_gives_whole_months_back_once(database):
    house = furnish(database, tier="gold")
    turn_on(house)
    assess(house, C3_SHEET)
    number = house.ask("commission_quarter")
    grant(house, number)
    gateway(house, number, sms.State.SUBMITTED)
    before = house.balance()[0]
    outcomes = []
    for _ in range(2):
        with database.writing() as db:
            outcomes.append(stop(db, by_number(db, number), client=house.client, now=NOW + 40 * DAY))
    assert [type(each).__name__ for each in outcomes] == ["Redemption", "Stale"]
    assert house.balance(NOW + 41 * DAY)[0] - before == 500  # one whole month of three
    assert running(house) == {}
    with database.reading() as db:
        assert points.verify(db) == []


def test_a_talk_is_spent_when_the_adviser_has_noted_it_and_not_before(database):
    house = furnish(database, brought=3000)
    number = house.ask("account_talk")
    grant(house, number, two=True)
    assert (state_of(house, number), house.balance()) == (State.APPROVED, (0, 3000))
    with database.reading() as db:
        assert [row.number for row in queue(db, "talks", [], NOW)] == [number]
    assert talk(house, number, note="") is Refusal.NO_REASON
    assert talk(house, number, note="11 月 25 日，电话") == State.FULFILLED
    assert house.balance(LATER) == (0, 0)
    assert talk(house, number, note="again").outcome == State.FULFILLED


def test_a_talk_that_did_not_happen_gives_the_points_back_and_so_does_one_that_nobody_noted(database):
    house = furnish(database, brought=6000)
    first = house.ask("account_talk")
    grant(house, first, two=True)
    assert talk(house, first, took_place=False, note="客户没有来") == State.FAILED
    second = house.ask("account_talk", key="s" * 16)
    grant(house, second, two=True)
    with database.writing() as db:
        assert fail_forgotten(db, NOW + 29 * DAY) == 0
        assert fail_forgotten(db, NOW + 31 * DAY) == 1
    assert state_of(house, second) == State.FAILED
    assert house.balance(NOW + 31 * DAY) == (6000, 0)


def talk(house, number, *, took_place=True, note):
    with house.database.writing() as db:
        made = by_number(db, number)
        outcome = note_talk(
            db, made, seen=made.version, staff=house.handler, took_place=took_place, note=note, now=LATER
        )
        return getattr(outcome, "state", outcome)
