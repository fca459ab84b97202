"""Joining the club, from the application to leaving: points, four eyes, what is posted twice or too late."""

from datetime import date, timedelta

from sqlalchemy import select

from portal import audit, club, points, queues, tiers
from portal.club import actions, queries
from portal.club.rules import Refusal, State
from portal.inbox import InboxMessage
from tests.club.house import DAY, NOW, furnish


def joined(house, tier="gold"):
    number = house.apply(tier)
    assert house.decide(number, actions.review) == State.REVIEWED
    assert house.decide(number, actions.admit, by=house.reviewer, seen=2) == State.GRANTED
    return number


def test_a_gold_client_s_points_are_held_and_spent_when_two_have_accepted(database):
    house = furnish(database)
    number = house.apply()
    assert number == "HL-20261120-0001"
    assert house.balance() == (2000, 3000)
    assert house.member() is None
    assert house.decide(number, actions.review) == State.REVIEWED
    assert house.decide(number, actions.admit, by=house.reviewer, seen=2) == State.GRANTED
    assert house.balance() == (2000, 0)
    assert house.member() == club.Membership("HLK-20261120-0001", date(2026, 11, 20), date(2027, 11, 19))
    with database.reading() as db:
        assert points.verify(db) == []
        assert [step.verb for step in queries.steps_of(db, 1)] == ["apply", "review", "admit"]
        trail = [each.event for each in audit.events_of(db, f"club:{number}")]
        assert trail == ["club.apply", "club.review", "club.admit"]


def test_a_platinum_client_joins_without_points(database):
    house = furnish(database, brought=1)
    joined(house, "platinum")
    assert house.balance("platinum") == (1, 0)
    assert house.member("platinum")


def test_who_is_neither_gold_nor_platinum_is_told_what_it_needs(database):
    house = furnish(database)
    assert house.apply("normal") is house.apply("silver") is Refusal.TIER_TOO_LOW
    assert house.balance("silver") == (5000, 0)


def test_one_point_short_is_refused(database):
    assert furnish(database, brought=2999).apply() is Refusal.TOO_FEW_POINTS


def test_an_application_posted_twice_is_one(database):
    house = furnish(database)
    assert house.apply() == house.apply(now=NOW + DAY) == "HL-20261120-0001"
    assert house.apply(key="another page " * 2) is Refusal.OPEN_ALREADY
    assert house.balance() == (2000, 3000)


def test_nobody_decides_alone(database):
    house = furnish(database)
    number = house.apply()
    assert house.decide(number, actions.admit) is queues.Refusal.NOT_ENDORSED
    house.decide(number, actions.review)
    assert house.decide(number, actions.admit, seen=2) is queues.Refusal.SAME_PERSON
    assert house.balance() == (2000, 3000)
    assert house.member() is None


def test_a_decision_on_an_old_screen_says_who_was_faster(database):
    house = furnish(database)
    number = house.apply()
    house.decide(number, actions.review)
    stale = house.decide(number, actions.review, by=house.reviewer)
    assert isinstance(stale, queues.Stale)
    assert (stale.by, stale.outcome) == ("周经办", State.REVIEWED)


def test_a_refused_client_has_the_points_back_and_may_ask_again_after_ninety_days(database):
    house = furnish(database)
    number = house.apply()
    assert house.decide(number, actions.reject, reason="") is Refusal.NO_REASON
    assert house.decide(number, actions.reject, reason="not_fitting", note="请先更新资料") == State.REJECTED
    assert house.balance() == (5000, 0)
    assert house.apply(key="b" * 16) is Refusal.TOO_EARLY
    with database.reading() as db:
        assert club.standing(db, house.ids["gold"], NOW).again_from == date(2027, 2, 18)
        assert club.standing(db, house.ids["gold"], NOW + 89 * DAY).refusal is Refusal.TOO_EARLY
        assert club.standing(db, house.ids["gold"], NOW + 90 * DAY).refusal is None


def test_who_withdraws_has_the_points_back_and_may_ask_again_at_once(database):
    house = furnish(database)
    number = house.apply()
    with database.writing() as db:
        actions.withdraw(db, queries.by_number(db, number), client=house.person("gold"), now=NOW)
    assert house.balance() == (5000, 0)
    assert house.apply(key="b" * 16) == "HL-20261120-0002"


def test_an_application_that_nobody_decides_gives_the_points_back(database):
    house = furnish(database)
    number = house.apply()
    late = NOW + 15 * DAY
    assert house.decide(number, actions.review, now=late) is Refusal.TOO_LATE
    with database.writing() as db:
        assert club.time_out_due(db, late) == 1
        assert club.time_out_due(db, late) == 0
        assert queries.by_number(db, number).state == State.TIMED_OUT
        assert tiers.promises_kept(db, house.ids["gold"], NOW) == (0, 0)
    assert house.balance(now=late) == (5000, 0)


def test_a_first_answer_in_time_is_kept(database):
    house = furnish(database)
    joined(house)
    with database.reading() as db:
        assert tiers.promises_kept(db, house.ids["gold"], NOW) == (1, 1)


def test_a_membership_is_renewed_near_its_end_under_the_same_card(database):
    house = furnish(database)
    joined(house, "platinum")
    me, who = house.ids["platinum"], house.person("platinum")
    with database.writing() as db:
        assert club.renew(db, client=who, client_id=me, now=NOW) is Refusal.TOO_EARLY
        soon = NOW + timedelta(days=330)
        assert [club.tell_ending(db, each) for each in (NOW, soon, soon)] == [0, 1, 1]
        titles = select(InboxMessage.title_zh).where(InboxMessage.client_id == me).order_by(InboxMessage.id)
        assert db.scalars(titles).all() == ["您已成为衡庐俱乐部会员。", "您的会员卡到 2027-11-19 到期。"]
        renewed = club.renew(db, client=who, client_id=me, now=soon)
        assert club.tell_ending(db, soon) == 0
        assert renewed == club.Membership("HLK-20261120-0001", date(2026, 11, 20), date(2028, 11, 19))
        assert club.renew(db, client=who, client_id=me, now=soon) is Refusal.TOO_EARLY


def test_who_has_left_is_no_member_and_may_apply_again(database):
    house = furnish(database)
    joined(house)
    with database.writing() as db:
        assert club.leave(db, client=house.person("gold"), client_id=house.ids["gold"], now=NOW + DAY)
        assert not club.leave(db, client=house.person("gold"), client_id=house.ids["gold"], now=NOW + DAY)
    assert house.member(day=date(2026, 11, 20))
    assert house.member(day=date(2026, 11, 21)) is None
    assert house.apply(key="c" * 16, now=NOW + DAY) is Refusal.TOO_FEW_POINTS
