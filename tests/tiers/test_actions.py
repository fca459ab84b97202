"""Periods of tiers: begin, end, never two at once, never changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from portal import audit, tiers
from portal.clients.models import Client
from portal.kit.db import Database

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2027, 1, 1)


@pytest.fixture
def silver_river(database: Database) -> Database:
    """Lay two clients without any tier."""
    known = {"client_type": "0", "branch_no": "0001", "opened_on": date(2020, 1, 1), "status": "0"}
    with database.writing() as db:
        db.add_all([Client(id=n, client_no=f"10000000000{n}", name="李银川", **known) for n in (1, 2)])
    return database


def grant(db: Session, tier: str, valid_from: date, valid_to: date, client_id: int = 1) -> object:
    decided = {"basis": {"mean_assets": "123456.00"}, "decided_by": "staff:7", "reason": "evaluation", "now": NOW}
    return tiers.grant(db, client_id=client_id, tier=tier, valid_from=valid_from, valid_to=valid_to, **decided)


def test_a_client_is_normal_before_and_after_the_period(silver_river: Database) -> None:
    with silver_river.writing() as db:
        period = grant(db, "silver", FIRST, LAST)
        days = (FIRST - timedelta(days=1), FIRST, LAST - timedelta(days=1), LAST)
        assert [tiers.tier_on(db, 1, day) for day in days] == ["normal", "silver", "silver", "normal"]
        assert [tiers.current(db, 1, day) for day in days] == [None, period, period, None]


def test_a_queue_learns_all_tiers_at_once(silver_river: Database) -> None:
    with silver_river.writing() as db:
        grant(db, "gold", FIRST, LAST, client_id=2)
        assert tiers.tiers_of(db, [1, 2], FIRST) == {1: "normal", 2: "gold"}
        assert tiers.tiers_of(db, [], FIRST) == {}


def test_a_period_is_recorded_with_its_basis_and_who_decided(silver_river: Database) -> None:
    with silver_river.writing() as db:
        grant(db, "silver", FIRST, LAST)
        (event,) = audit.events_of(db, "client:1")
    assert (event.actor, event.event) == ("staff:7", "tier.granted")
    assert event.detail["basis"] == {"mean_assets": "123456.00"}
    assert event.detail["valid_to"] == "2027-01-01"


def test_one_period_follows_the_other_without_a_gap(silver_river: Database) -> None:
    with silver_river.writing() as db:
        grant(db, "silver", FIRST, LAST)
        later = grant(db, "gold", LAST, LAST + timedelta(days=31))
        assert tiers.periods_of(db, 1)[0] == later
        assert tiers.tier_on(db, 1, LAST) == "gold"


days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
spans = st.lists(st.tuples(days, days).filter(lambda span: span[0] < span[1]), max_size=8)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans)
def test_whatever_is_asked_periods_never_overlap(silver_river: Database, asked: list[tuple[date, date]]) -> None:
    taken: set[date] = set()
    with Session(silver_river.engine) as db:
        for first, end in asked:
            span = {first + timedelta(days=n) for n in range((end - first).days)}
            refused = grant(db, "silver", first, end) is tiers.Refusal.OVERLAPS
            assert refused == bool(taken & span)
            taken |= set() if refused else span
        on = {FIRST + timedelta(days=n) for n in range(41) if tiers.current(db, 1, FIRST + timedelta(days=n))}
        assert on == taken
        db.rollback()


def test_of_two_grants_at_once_exactly_one_stands(silver_river: Database) -> None:
    def ask(n: int) -> object:
        with silver_river.writing() as db:
            return grant(db, "gold", FIRST + timedelta(days=n), LAST)

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(ask, range(6)))
    assert outcomes.count(tiers.Refusal.OVERLAPS) == 5


def test_a_period_without_days_or_with_an_unknown_tier_is_an_error(silver_river: Database) -> None:
    with pytest.raises(IntegrityError), silver_river.writing() as db:
        grant(db, "silver", FIRST, FIRST)
    with pytest.raises(ValueError, match="diamond"), silver_river.writing() as db:
        grant(db, "diamond", FIRST, LAST)


def test_a_period_is_never_changed(silver_river: Database) -> None:
    with silver_river.writing() as db:
        grant(db, "silver", FIRST, LAST)
    with pytest.raises(DBAPIError, match="only grows"), silver_river.writing() as db:
        db.execute(text("UPDATE client_tier_period SET tier = 'platinum'"))
