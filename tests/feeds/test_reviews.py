"""What staff make of quarantined rows and of days that lost their ground: two persons, and the ledger afterwards."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit, identity, queues, statements
from portal.feeds import queries, reviews
from portal.feeds.days import feed_days
from portal.feeds.models import FeedQuarantine, FeedReview
from portal.feeds.rules import BreakKind, Fault, Refusal, State, Verdict
from portal.identity import Visitor
from portal.kit.db import Base, Database, insert_once
from portal.queues import Stale
from portal.statements import Batch, CashFlow, ShareMove, Trade
from tests.feeds.days import FIRST, NOW, SECOND, digest, edit, hash_of, laid, load, sign


@pytest.fixture
def days(tmp_path: Path) -> Path:
    return laid(tmp_path)


def staff(database: Database, name: str) -> Visitor:
    with database.writing() as db:
        user = identity.add_staff(db, name=name, roles=["handler"], by="system", now=NOW)
        return Visitor(user.id, "staff", name, name, 0, ("handler",), 2, True, "", NOW)


@pytest.fixture
def two(database: Database) -> tuple[Visitor, Visitor]:
    return staff(database, "周经办"), staff(database, "吴复核")


@pytest.fixture
def held_back(database: Database, days: Path) -> Database:
    """A database whose second day has one trade in quarantine: its stamp was zeroed."""
    load(database, days / FIRST)
    edit(days / SECOND, "trade.csv", ",3.85,", ",0.00,")
    sign(days / SECOND)
    assert load(database, days / SECOND).state is State.LOADED
    return database


def row_id(database: Database) -> int:
    with database.reading() as db:
        return db.scalars(select(FeedQuarantine.id)).one()


def propose(database, row, who, verdict=Verdict.RELEASE, seen=0):
    with database.writing() as db:
        return reviews.propose(db, row, verdict=verdict, reason="柜台确认", seen=seen, staff=who, now=NOW)


def settle(database, row, who, seen=1):
    with database.writing() as db:
        return reviews.settle(db, row, seen=seen, staff=who, now=NOW)


def faults_of(database: Database) -> int:
    with database.reading() as db:
        account = statements.account_by_no(db, "2000000001").id
        day = statements.latest_day(db, [account])
        return statements.faults(db, account, day, day)[day]


def breaks_of(database: Database) -> list[str]:
    with database.reading() as db:
        [last] = [each.on for each in feed_days(db)[:1]]
        return [one.kind for one in queries.breaks_of_day(db, last)]


def test_a_row_released_by_two_enters_the_ledger_and_its_day_is_checked_again(held_back, two):
    row = row_id(held_back)
    before = breaks_of(held_back)
    assert {BreakKind.TRADE_CASH, BreakKind.COMMISSION} <= set(before)
    assert propose(held_back, row, two[0]) is None
    assert faults_of(held_back) == len(before) + 1
    assert settle(held_back, row, two[1]) is None
    with held_back.reading() as db:
        assert db.scalar(select(func.count(Trade.id)).where(Trade.stamp == 0, Trade.side == "S")) == 1
        events = [event.event for event in audit.events_of(db, f"feed.row:{row}")]
    assert events == ["feed.row_proposed", "feed.row_release"]
    assert breaks_of(held_back) == []
    assert faults_of(held_back) == 0


def test_one_person_alone_releases_nothing(held_back, two):
    row = row_id(held_back)
    assert settle(held_back, row, two[0], seen=0) is Refusal.NOT_PROPOSED
    propose(held_back, row, two[0])
    before = digest(held_back)
    assert settle(held_back, row, two[0]) is queues.Refusal.SAME_PERSON
    assert digest(held_back) == before
    with pytest.raises(IntegrityError), held_back.writing() as db:
        db.execute(update(FeedReview).values(state="settled", decided_by=two[0].user_id))


def test_a_rejected_row_counts_no_more_but_its_breaks_stay(held_back, two):
    row, before = row_id(held_back), len(breaks_of(held_back))
    propose(held_back, row, two[0], Verdict.REJECT)
    assert settle(held_back, row, two[1]) is None
    assert (faults_of(held_back), len(breaks_of(held_back))) == (before, before)
    assert propose(held_back, row, two[0], seen=2) is Refusal.CLOSED


def test_a_row_that_waits_stays_open_and_can_be_released_later(held_back, two):
    row, before = row_id(held_back), faults_of(held_back)
    propose(held_back, row, two[0], Verdict.WAIT)
    settle(held_back, row, two[1])
    assert faults_of(held_back) == before
    assert propose(held_back, row, two[1], seen=2) is None
    assert settle(held_back, row, two[0], seen=3) is None
    assert faults_of(held_back) == 0


def test_a_decision_on_an_old_screen_says_who_was_there(held_back, two):
    row = row_id(held_back)
    propose(held_back, row, two[0])
    stale = propose(held_back, row, two[1], Verdict.REJECT)
    assert isinstance(stale, Stale)
    assert (stale.by, stale.outcome) == ("周经办", "proposed")
    with held_back.writing() as db:
        assert reviews.decline(db, row, seen=1, staff=two[1], now=NOW) is None
    assert isinstance(settle(held_back, row, two[1]), Stale)


def test_a_resent_day_leaves_the_old_row_behind(held_back, two, days):
    row = row_id(held_back)
    propose(held_back, row, two[0])
    edit(days / SECOND, "trade.csv", ",0.00,0.08", ",3.85,0.08")
    sign(days / SECOND, sequence=2)
    load(held_back, days / SECOND)
    assert settle(held_back, row, two[1]) is Refusal.SUPERSEDED


def test_a_row_that_reads_as_nothing_cannot_be_released(database, days, two):
    load(database, days / FIRST)
    edit(days / SECOND, "trade.csv", ",20240611,20240612,", ",2024061X,20240612,")
    sign(days / SECOND)
    load(database, days / SECOND)
    row = row_id(database)
    assert propose(database, row, two[0]) is Refusal.NOT_BOOKABLE
    assert propose(database, row, two[0], Verdict.REJECT) is None


def test_rows_that_had_no_account_make_their_day_the_accounts_first(database, days, two):
    edit(days / FIRST, "account.csv", "CASH", "CASX")
    sign(days / FIRST)
    assert {row.fault for row in load(database, days / FIRST).quarantined} == {Fault.WORD, Fault.NO_ACCOUNT}
    sign(days / SECOND, previous_manifest_sha256=hash_of(days / FIRST))
    assert load(database, days / SECOND).state is State.LOADED
    with database.reading() as db:
        rows = db.execute(select(FeedQuarantine.id, FeedQuarantine.fault).order_by(FeedQuarantine.id)).all()
    assert [propose(database, id, two[0]) for id, fault in rows if fault == "WORD"] == [Refusal.NOT_BOOKABLE]
    for id, fault in rows:
        if fault == Fault.NO_ACCOUNT:
            assert (propose(database, id, two[0]), settle(database, id, two[1])) == (None, None)
    with database.reading() as db:
        assert db.scalar(select(func.sum(CashFlow.amount))) == Decimal("27646.07")
        assert db.scalar(select(func.sum(ShareMove.qty))) == 300
        assert [queries.breaks_of_day(db, day.on) for day in feed_days(db)] == [[], []]


def test_a_day_that_lost_its_ground_stands_again_once_two_let_it(database, days, two):
    load(database, days / FIRST)
    load(database, days / SECOND)
    sign(days / FIRST, sequence=2)
    assert load(database, days / FIRST).state is State.LOADED
    with database.reading() as db:
        fallen = feed_days(db)[0]
    assert fallen.state == "fallen"
    assert load(database, days / SECOND).state is State.REFUSED
    with database.writing() as db:
        assert reviews.ask_for_rebase(db, fallen.on, reason="更正", staff=two[0], now=NOW) is None
        assert reviews.ask_for_rebase(db, fallen.on, reason="更正", staff=two[1], now=NOW) is Refusal.ASKED_ALREADY
        [asked] = queries.rebases(db)
        assert reviews.agree_to_rebase(db, asked.id, staff=two[0], now=NOW) is queues.Refusal.SAME_PERSON
        assert reviews.agree_to_rebase(db, asked.id, staff=two[1], now=NOW) is None
    assert load(database, days / SECOND).state is State.LOADED
    with database.reading() as db:
        assert [day.state for day in feed_days(db)] == ["standing", "standing"]


def test_a_trading_day_that_never_came_is_a_gap(database, days):
    load(database, days / FIRST)
    load(database, days / SECOND)
    with database.writing() as db:
        first = date(2024, 6, 7)
        db.execute(update(Batch).where(Batch.business_date == date(2024, 6, 10)).values(business_date=first))
        known = {"is_trading": True, "is_workday": True, "confirmed": True, "note": "", "source": "test"}
        for number in (10, 11):
            insert_once(db, Base.metadata.tables["calendar_day"], day=date(2024, 6, number), **known)
    with database.reading() as db:
        assert [(day.on.day, day.state) for day in feed_days(db)] == [
            (11, "standing"),
            (10, "missing"),
            (7, "standing"),
        ]
