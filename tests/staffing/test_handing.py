"""Handing over: by two, all at once, told to whom it concerns; an absence comes back by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal import audit, identity, queues, tiers
from portal.clients.models import ClientChange
from portal.inbox.models import InboxMessage
from portal.staffing import Refusal, State, approve, held_by, keep, preview, refuse, withdraw
from portal.staffing.models import Handover, Moved
from portal.staffing.queries import by_number
from tests.staffing.house import NOW, TODAY, furnish

LATER = NOW + timedelta(days=7)


def decide(house, number, by="吴复核", now=NOW, verb=approve, **more):
    with house.database.writing() as db:
        outcome = verb(db, by_number(db, number), staff=house.people[by], now=now, **more)
        return outcome if isinstance(outcome, Refusal) else by_number(db, number).state


def advised(house, name):
    with house.database.reading() as db:
        return len(tiers.clients_of(db, house.id(name)))


def in_hand(house, name, now=NOW):
    with house.database.reading() as db:
        return {charge.name: len(pieces) for charge, pieces in held_by(db, house.id(name), now)}


def claim(house, name, item=1, queue="client_changes", now=NOW):
    with house.database.writing() as db:
        return queues.claim(db, queue=queue, item_id=item, staff=house.people[name], now=now)


def change(house, owner=None, state="requested"):
    with house.database.writing() as db:
        number = f"GX-{db.scalar(select(func.count()).select_from(ClientChange))}"
        row = ClientChange(
            number=number, client_id=house.clients["gold"], key="occupation", kind="report", value=None, why="记错了",
            channel="web", state=state, version=1, requested_at=NOW, owner_id=owner,
        )  # fmt: skip
        db.add(row)
        db.flush()
        return row.id


def test_the_preview_counts_by_kind_what_would_move_and_writes_nothing(database):
    house = furnish(database)
    claim(house, "沈投顾", change(house))
    with database.reading() as db:
        seen = preview(db, house.plan(), NOW)
        counts = {charge.name: len(pieces) for charge, pieces in seen.pieces}
        assert (counts, seen.count) == ({"advised": 3, "claims.client_changes": 1}, 4)
        assert (seen.refusal, seen.objections) == (None, [])
        assert db.scalar(select(func.count()).select_from(Handover)) == 0


def test_who_asks_gives_or_takes_never_approves(database):
    house = furnish(database)
    number = house.ask(by="韩主管")
    assert decide(house, number, "韩主管") is Refusal.OWN_WORK
    assert decide(house, number, "沈投顾") is Refusal.NOT_ALONE
    assert decide(house, number, "顾接手") is Refusal.NOT_ALONE
    assert advised(house, "沈投顾") == 3
    assert decide(house, number, "吴复核") == State.DONE


def test_the_database_itself_holds_four_eyes(database):
    house = furnish(database)
    number = house.ask()
    with pytest.raises(DBAPIError), database.writing() as db:
        told = {"who": house.id("韩主管"), "number": number}
        db.execute(text("UPDATE staffing_handover SET state = 'done', decided_by = :who WHERE number = :number"), told)


def test_whoever_leaves_keeps_nothing_and_can_t_come_in_again(database):
    house = furnish(database)
    claimed, followed = change(house), change(house, owner=house.id("沈投顾"), state="overdue")
    claim(house, "沈投顾", claimed)
    assert decide(house, house.ask()) == State.DONE
    assert in_hand(house, "沈投顾") == {}
    assert in_hand(house, "顾接手") == {"advised": 3, "claims.client_changes": 1, "changes.counter": 1}
    with database.reading() as db:
        assert identity.member(db, house.id("沈投顾")).shut_for == "left"
        assert queues.claim_on(db, "client_changes", claimed).staff_name == "顾接手"
        assert db.scalar(select(ClientChange.owner_id).where(ClientChange.id == followed)) == house.id("顾接手")
        assert db.scalar(select(func.count()).select_from(Moved)) == 5


def test_every_piece_has_its_audit_row(database):
    house = furnish(database)
    number = house.ask()
    decide(house, number)
    with database.reading() as db:
        verbs = [each.event for each in audit.events_of(db, f"handover:{number}")]
        assert verbs == ["handover.asked", "handover.approved", "handover.begun"]
        for client_id in house.clients.values():
            last = audit.events_of(db, f"client:{client_id}")[-1]
            assert (last.event, last.actor) == ("adviser.handed_over", house.people["吴复核"].actor)
            assert last.detail == {"from": house.id("沈投顾"), "to": house.id("顾接手"), "by": f"handover:{number}"}


def test_gold_and_platinum_clients_are_told_who_it_is_now_and_silver_ones_are_not(database):
    house = furnish(database)
    decide(house, house.ask())
    with database.reading() as db:
        told = db.execute(select(InboxMessage.client_id, InboxMessage.title_zh, InboxMessage.text_zh)).all()
    assert {row.client_id for row in told if "顾接手" in row.title_zh} == {
        house.clients["gold"], house.clients["platinum"]
    }  # fmt: skip
    assert all("01060000002" in row.text_zh and "沈投顾" in row.text_zh for row in told if "顾接手" in row.title_zh)


def test_an_absence_begins_on_its_day_and_comes_back_by_itself(database):
    house = furnish(database)
    first, last = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
    number = house.ask(house.plan(leaves=False, first=first, last=last), by="沈投顾")
    assert decide(house, number, "韩主管") == State.APPROVED
    assert advised(house, "沈投顾") == 3
    for days, state, his in ((2, State.APPROVED, 3), (3, State.AWAY, 0), (5, State.AWAY, 0), (6, State.DONE, 3)):
        with database.writing() as db:
            keep(db, NOW + timedelta(days=days))
            assert by_number(db, number).state == state
        assert advised(house, "沈投顾") == his
    with database.reading() as db:
        assert identity.member(db, house.id("沈投顾")).shut_at is None


def test_while_he_is_away_nobody_new_is_given_to_him_and_afterwards_again(database):
    house = furnish(database)
    decide(house, house.ask(house.plan(leaves=False, last=TODAY), by="沈投顾"), "韩主管")
    with database.reading() as db:
        assert [row.user_id for row in tiers.advisers(db, "0101")] == [house.id("顾接手")]
    with database.writing() as db:
        keep(db, NOW + timedelta(days=1))
        assert len(tiers.advisers(db, "0101")) == 2


def test_what_reaches_him_while_he_is_away_goes_on_to_his_deputy(database):
    house = furnish(database)
    decide(house, house.ask(house.plan(leaves=False, last=TODAY + timedelta(days=9)), by="沈投顾"), "韩主管")
    claim(house, "沈投顾", change(house))
    with database.writing() as db:
        assert keep(db, NOW + timedelta(minutes=10)) == 1
    assert in_hand(house, "沈投顾") == {}


def test_what_a_deputy_gave_to_somebody_else_does_not_come_back(database):
    house = furnish(database)
    number = house.ask(house.plan(leaves=False, last=TODAY), by="沈投顾")
    item = change(house)
    claim(house, "沈投顾", item)
    decide(house, number, "韩主管")
    with database.writing() as db:
        queues.release(db, queue="client_changes", item_id=item)
    claim(house, "周经办", item)
    with database.writing() as db:
        keep(db, NOW + timedelta(days=1))
        assert queues.claim_on(db, "client_changes", item).staff_name == "周经办"
    assert in_hand(house, "沈投顾") == {"advised": 3}


def test_whoever_leaves_during_an_absence_hands_over_what_his_deputy_has_too(database):
    house = furnish(database)
    away = house.ask(house.plan(leaves=False, last=TODAY + timedelta(days=20)), by="沈投顾")
    decide(house, away, "韩主管")
    with database.writing() as db:
        third = identity.add_staff(db, name="何顾问", roles=["adviser", "handler"], by="system", now=NOW)
        tiers.appoint_adviser(db, user_id=third.id, branch_no="0101", direct_line="3", by="system", now=NOW)
    house.people["何顾问"] = audit.Person(f"staff:{third.id}", "何顾问", third.id)
    assert (
        decide(house, house.ask(house.plan(taker="何顾问", first=TODAY + timedelta(days=7)), now=LATER), now=LATER)
        == State.DONE
    )
    assert (advised(house, "沈投顾"), advised(house, "顾接手"), advised(house, "何顾问")) == (0, 0, 3)
    with database.writing() as db:
        keep(db, NOW + timedelta(days=40))
        assert by_number(db, away).state == State.DONE
    assert advised(house, "何顾问") == 3


def test_where_something_would_remain_with_who_leaves_nothing_happens_at_all(database):
    house = furnish(database)
    away = house.ask(house.plan(leaves=False, last=TODAY + timedelta(days=20)), by="沈投顾")
    decide(house, away, "韩主管")
    number = house.ask(house.plan(taker="周经办"))  # he has no client now: they are with his deputy
    assert decide(house, number) is Refusal.LACKS_ROLE
    with database.reading() as db:
        assert (by_number(db, number).state, by_number(db, away).state) == (State.ASKED, State.AWAY)
        assert identity.member(db, house.id("沈投顾")).shut_at is None
    assert advised(house, "顾接手") == 3


def test_a_deputy_who_goes_away_himself_passes_on_and_all_comes_home(database):
    house = furnish(database)
    decide(house, house.ask(house.plan(leaves=False, last=TODAY + timedelta(days=9)), by="沈投顾"), "韩主管")
    with database.writing() as db:
        third = identity.add_staff(db, name="何顾问", roles=["adviser", "handler"], by="system", now=NOW)
        tiers.appoint_adviser(db, user_id=third.id, branch_no="0101", direct_line="3", by="system", now=NOW)
    house.people["何顾问"] = audit.Person(f"staff:{third.id}", "何顾问", third.id)
    plan = house.plan(
        "顾接手", "何顾问", leaves=False, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=30)
    )
    decide(house, house.ask(plan, by="顾接手"), "韩主管")
    with database.writing() as db:
        keep(db, NOW + timedelta(days=2))
    assert (advised(house, "顾接手"), advised(house, "何顾问")) == (0, 3)
    with database.writing() as db:
        keep(db, NOW + timedelta(days=10))
    assert (advised(house, "沈投顾"), advised(house, "何顾问")) == (3, 0)


def test_coming_back_early_brings_everything_back_at_once(database):
    house = furnish(database)
    number = house.ask(house.plan(leaves=False, last=TODAY + timedelta(days=9)), by="沈投顾")
    decide(house, number, "韩主管")
    assert decide(house, number, "周经办", verb=withdraw) is Refusal.NOT_ALONE
    assert decide(house, number, "沈投顾", verb=withdraw) == State.DONE
    assert advised(house, "沈投顾") == 3


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        ({"taker": "沈投顾"}, Refusal.SAME_PERSON),
        ({"first": date(2026, 11, 19)}, Refusal.PAST),
        ({"leaves": False}, Refusal.NO_END),
        ({"leaves": False, "last": date(2026, 11, 19)}, Refusal.NO_END),
        ({"leaves": False, "last": date(2028, 11, 19)}, Refusal.TOO_LONG),
        ({"taker": "严合规"}, Refusal.LACKS_ROLE),
        ({"taker": "周经办"}, Refusal.LACKS_ROLE),  # he handles, but is no adviser, and there are clients
    ],
)
def test_what_can_t_be_asked_for(database, plan, refusal):
    house = furnish(database)
    assert house.ask(house.plan(**plan)) is refusal


def test_a_colleague_who_is_away_himself_takes_nothing_over(database):
    house = furnish(database)
    plan = house.plan("顾接手", "沈投顾", leaves=False, first=TODAY + timedelta(days=3), last=TODAY + timedelta(days=9))
    house.ask(plan, by="顾接手")
    assert house.ask() is Refusal.TAKER_AWAY
    short = house.plan(leaves=False, last=TODAY + timedelta(days=2))
    assert house.ask(short, by="沈投顾").startswith("JJ-")


def test_one_of_a_kind_at_a_time(database):
    house = furnish(database)
    number = house.ask()
    assert house.ask() is Refusal.RUNS_ALREADY
    assert decide(house, number, verb=refuse, reason="") is Refusal.NO_REASON
    assert decide(house, number, verb=refuse, reason="先等年终") == State.REFUSED
    assert advised(house, "沈投顾") == 3
    assert house.ask().startswith("JJ-")


def test_two_who_approve_at_the_same_moment_are_one_approval(database):
    house = furnish(database)
    number, start = house.ask(), Barrier(4)

    def once(name):
        start.wait()
        return decide(house, number, name)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(once, ["吴复核", "钱主管"] * 2))
    assert sorted(outcomes, key=str) == [Refusal.DECIDED] * 3 + [State.DONE]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Moved)) == 3
        begun = [each for each in audit.events_of(db, f"handover:{number}") if each.event == "handover.begun"]
    assert len(begun) == 1
