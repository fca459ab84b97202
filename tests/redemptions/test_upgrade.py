"""A higher tier applied for with points: held, decided by two, spent when it is granted, given back when it is not."""

from datetime import date, timedelta

from portal import points, tiers
from portal.kit import jobs
from portal.redemptions import BEGIN, Refusal, State, approve, begin, endorse
from portal.redemptions.actions import reject
from portal.redemptions.queries import by_number, queue
from tests import keys
from tests.redemptions.house import NOW, furnish
from tests.redemptions.test_actions import decide, state_of

LATER = NOW + timedelta(minutes=1)


def granted(house, number):
    assert decide(house, number, endorse, note="") == State.ENDORSED
    assert decide(house, number, approve, by=house.reviewer, seen=2, reason="checked", note="") == State.APPROVED
    jobs.work(house.database, {BEGIN: begin}, LATER)


def test_gold_is_granted_for_a_year_and_the_points_are_spent(database):
    house = furnish(database, brought=9000, mobile=False)
    number = house.ask("gold_upgrade")
    assert house.balance() == (1000, 8000)
    granted(house, number)
    assert (state_of(house, number), house.balance()) == (State.FULFILLED, (1000, 0))
    with database.reading() as db:
        period = tiers.current(db, house.client_id, date(2026, 11, 20))
        assert (period.tier, period.source, period.valid_to) == ("gold", "points", date(2027, 11, 20))
        assert period.basis == {"source": "points", "redemption": number, "points": 8000}
        assert period.decided_by == house.reviewer.actor
        assert points.verify(db) == []


def test_a_refused_application_gives_the_points_back_and_no_tier(database):
    house = furnish(database, brought=9000)
    number = house.ask("gold_upgrade")
    assert decide(house, number, reject, reason="data_wrong", note="") == State.REJECTED
    assert house.balance() == (9000, 0)
    with database.reading() as db:
        assert tiers.tier_on(db, house.client_id, date(2026, 11, 20)) == "normal"


def test_nobody_pays_for_a_tier_that_he_has(database):
    house = furnish(database, brought=50000, tier="gold")
    assert house.ask("gold_upgrade") is Refusal.HAS_TIER
    assert house.ask("platinum_upgrade", key="p" * 16) == "DH-20261120-0001"


def test_a_tier_that_was_granted_otherwise_meanwhile_takes_no_points(database):
    house = furnish(database, brought=9000)
    number = house.ask("gold_upgrade")
    with database.writing() as db:
        tiers.grant(
            db, client_id=house.client_id, tier="gold", valid_from=date(2026, 11, 1), valid_to=date(2027, 1, 1),
            basis={}, decided_by="staff:9", reason="test", source="points", now=NOW,
        )  # fmt: skip
    granted(house, number)
    assert (state_of(house, number), house.balance()) == (State.FAILED, (9000, 0))


def test_silver_and_above_go_first_in_the_queue(database):
    house = furnish(database)
    first = house.ask("ipo_sms", key="a" * 16)
    other = furnish_other(database)
    second = other.ask("ipo_sms", key="b" * 16, now=NOW + timedelta(hours=5))
    with database.reading() as db:
        assert [row.number for row in queue(db, "open", [], NOW)] == [second, first]
        promised = [by_number(db, number).promised_at for number in (second, first)]
        assert promised[0] > promised[1]  # he asked later and was promised a later time: he goes first all the same


def furnish_other(database):
    """Lay a silver client beside the first."""
    from portal import clients
    from portal.audit import Person
    from portal.clients.models import Client, ClientFact
    from tests.redemptions.house import House

    with database.writing() as db:
        client = Client(
            client_no="10000002",
            name="李银川",
            client_type="1",
            branch_no="0101",
            opened_on=date(2019, 1, 5),
            status="0",
        )
        db.add(client)
        db.flush()
        db.add(
            ClientFact(
                client_id=client.id, source="core", as_of=date(2019, 1, 5), recorded_at=NOW,
                **keys.fact("mobile", "13800000002"),
            )
        )  # fmt: skip
        points.earn(db, client_id=client.id, points=5000, kind="opening_balance", key="opening 2", now=NOW)
        tiers.grant(
            db, client_id=client.id, tier="silver", valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1), basis={},
            decided_by="system", reason="test", now=NOW,
        )  # fmt: skip
        db.flush()
        assert clients.mobile(db, client.id)
        who = Person("staff:1", "周经办", 1)
        return House(database, Person(f"client:{client.id}", "李银川"), client.id, who, who)
