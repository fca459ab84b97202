"""What compliance watches over is off until two have turned it on, and off again at once."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal import audit, identity, products
from portal.audit import Person
from portal.products import switching
from portal.products.rules import Refusal
from tests.products.test_actions import DAY, NOW, shop

__all__ = ["shop"]
CODE = "commission_quarter"


@pytest.fixture
def staff(shop):
    with shop.writing() as db:
        people = [identity.add_staff(db, name=name, roles=[], by="system", now=NOW) for name in ("周经办", "郑合规")]
        return [Person(f"staff:{each.id}", each.name, each.id) for each in people]


def on_offer(shop):
    with shop.reading() as db:
        return CODE in {offer.code for offer in products.on_offer(db, NOW + DAY)}


def propose(shop, who, code=CODE, reason="合规意见 2026-11"):
    with shop.writing() as db:
        return switching.propose(db, code, reason=reason, staff=who, now=NOW)


def turn_on(shop, number, who):
    with shop.writing() as db:
        return switching.turn_on(db, number, staff=who, now=NOW)


def test_it_is_off_until_another_person_confirms_and_the_trail_names_both(shop, staff):
    handler, officer = staff
    assert not on_offer(shop)
    number = propose(shop, handler)
    assert propose(shop, officer) is Refusal.PROPOSED_ALREADY
    assert turn_on(shop, number, handler) is Refusal.SAME_PERSON
    assert not on_offer(shop)
    assert turn_on(shop, number, officer) is True
    assert on_offer(shop)
    assert turn_on(shop, number, officer) is Refusal.NOTHING_TO_DO
    with shop.reading() as db:
        told = audit.events_of(db, f"plan:{CODE}")[-1]
    assert (told.event, told.actor, told.detail["proposed_by"]) == ("plan.switch_in_force", officer.actor, "周经办")


def test_off_is_at_once_and_takes_open_proposals_with_it(shop, staff):
    handler, officer = staff
    turn_on(shop, propose(shop, handler), officer)
    with shop.writing() as db:
        assert switching.turn_off(db, CODE, reason="", staff=officer, now=NOW) is Refusal.NO_REASON
        assert isinstance(switching.turn_off(db, CODE, reason="监管来函", staff=officer, now=NOW), int)
        assert switching.turn_off(db, CODE, reason="监管来函", staff=officer, now=NOW) is Refusal.NOTHING_TO_DO
    assert not on_offer(shop)
    assert turn_on(shop, propose(shop, handler), officer) is True
    assert on_offer(shop)


def test_a_proposal_taken_back_turns_nothing_on(shop, staff):
    number = propose(shop, staff[0])
    with shop.writing() as db:
        assert switching.withdraw(db, number, staff=staff[0], now=NOW)
        assert not switching.withdraw(db, number, staff=staff[0], now=NOW)
    assert turn_on(shop, number, staff[1]) is Refusal.NOTHING_TO_DO
    assert isinstance(propose(shop, staff[0]), int)


def test_what_has_no_switch_can_t_be_turned(shop, staff):
    assert propose(shop, staff[0], "account_sms") is Refusal.NOTHING_TO_DO
    assert propose(shop, staff[0], "nothing") is Refusal.NOTHING_TO_DO
    assert propose(shop, staff[0], reason="") is Refusal.NO_REASON


def test_the_database_itself_refuses_one_person_for_both(shop, staff):
    number = propose(shop, staff[0])
    with pytest.raises(DBAPIError), shop.writing() as db:
        change = "UPDATE catalog_switch SET state = 'in_force', decided_by = proposed_by WHERE id = :id"
        db.execute(text(change), {"id": number})
