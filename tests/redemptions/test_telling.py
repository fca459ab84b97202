"""What became of a request stands in the client's inbox, once, and leads to it."""

from sqlalchemy import select

from portal.inbox import InboxMessage
from portal.redemptions import time_out_due
from portal.redemptions.actions import cancel, reject
from portal.redemptions.queries import by_number
from tests.redemptions.house import NOW, furnish


def told(database):
    with database.reading() as db:
        found = select(InboxMessage.title_zh, InboxMessage.page, InboxMessage.place).order_by(InboxMessage.id)
        return [(row.title_zh, row.page, row.place["number"]) for row in db.execute(found)]


def test_a_rejection_is_told_and_a_withdrawal_of_his_own_is_not(database):
    house = furnish(database)
    number = house.ask()
    with database.writing() as db:
        why = {"reason": "duplicate", "note": "", "now": NOW}
        reject(db, by_number(db, number), seen=1, staff=house.handler, **why)
    other = house.ask(key="l" * 16)
    with database.writing() as db:
        cancel(db, by_number(db, other), client=house.client, now=NOW)
    assert told(database) == [(f"兑换 {number} 没有通过", "redemptions.show", number)]


def test_a_time_out_is_told_with_an_apology(database):
    house = furnish(database)
    number = house.ask()
    with database.reading() as db:
        late = by_number(db, number).times_out_at
    with database.writing() as db:
        assert time_out_due(db, late) == 1
    assert told(database) == [(f"兑换 {number} 超时退回", "redemptions.show", number)]
