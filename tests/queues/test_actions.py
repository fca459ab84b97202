"""Claims on the database: one at a time, for the time of a lease."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal import queues
from portal.kit.db import Database
from portal.queues import AlreadyClaimed, Claim

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Staff:
    user_id: int
    name: str


ZHOU, WU = Staff(7, "周经办"), Staff(8, "吴复核")


def claim(db: Session, staff: Staff, now: datetime = NOW, item_id: int = 1) -> Claim | AlreadyClaimed:
    return queues.claim(db, queue="redemptions", item_id=item_id, staff=staff, now=now)


def test_who_comes_first_has_the_item_for_two_hours(database: Database) -> None:
    with database.writing() as db:
        mine = claim(db, ZHOU)
        assert mine == Claim(1, 7, "周经办", NOW, NOW + timedelta(hours=2))
        assert claim(db, WU) == AlreadyClaimed("周经办", mine.lease_until)
        assert queues.claim_on(db, "redemptions", 1) == mine


def test_another_item_or_queue_is_free(database: Database) -> None:
    with database.writing() as db:
        claim(db, ZHOU)
        assert isinstance(claim(db, WU, item_id=2), Claim)
        assert isinstance(queues.claim(db, queue="bookings", item_id=1, staff=WU, now=NOW), Claim)
        assert {id: c.staff_name for id, c in queues.claims_of(db, "redemptions", [1, 2, 3]).items()} == {
            1: "周经办",
            2: "吴复核",
        }


def test_ones_own_claim_is_renewed(database: Database) -> None:
    later = NOW + timedelta(hours=1)
    with database.writing() as db:
        claim(db, ZHOU)
        assert claim(db, ZHOU, later).lease_until == later + queues.LEASE


def test_a_claim_is_taken_over_when_its_lease_is_over_and_not_a_moment_before(database: Database) -> None:
    over = NOW + queues.LEASE
    with database.writing() as db:
        claim(db, ZHOU)
        assert isinstance(claim(db, WU, over - timedelta(microseconds=1)), AlreadyClaimed)
        assert isinstance(claim(db, WU, over), Claim)
        assert isinstance(claim(db, ZHOU, over), AlreadyClaimed)


def test_a_released_item_is_free_and_only_ones_own_is_given_back(database: Database) -> None:
    item = {"queue": "redemptions", "item_id": 1}
    with database.writing() as db:
        claim(db, ZHOU)
        assert not queues.release(db, **item, staff=WU)
        assert queues.release(db, **item, staff=ZHOU)
        assert not queues.release(db, **item)
        assert isinstance(claim(db, WU), Claim)
        assert queues.release(db, **item)


@pytest.mark.parametrize("lapsed", [False, True])
def test_of_many_who_claim_at_once_exactly_one_has_it(database: Database, lapsed: bool) -> None:
    now = NOW
    if lapsed:
        now += queues.LEASE
        with database.writing() as db:
            claim(db, Staff(99, "郑旁观"))

    def ask(n: int) -> Claim | AlreadyClaimed:
        with database.writing() as db:
            return claim(db, Staff(n, f"同事{n}"), now)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(ask, range(8)))
    (won,) = [outcome for outcome in outcomes if isinstance(outcome, Claim)]
    assert [outcome for outcome in outcomes if outcome != won] == [AlreadyClaimed(won.staff_name, won.lease_until)] * 7


def test_claims_and_releases_in_a_tangle_never_give_an_item_to_two(database: Database) -> None:
    held: list[int] = []

    def work(n: int) -> int:
        done = 0
        for _ in range(5):
            with database.writing() as db:
                got = isinstance(claim(db, Staff(n, f"同事{n}")), Claim)
            if got:
                held.append(n)
                assert held == [n]
                held.remove(n)
                with database.writing() as db:
                    queues.release(db, queue="redemptions", item_id=1, staff=Staff(n, ""))
                done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) >= 1
