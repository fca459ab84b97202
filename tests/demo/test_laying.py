"""The demo is laid through the rooms' own doors, once, and never over somebody else's data."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import calendar, clients, feeds, identity, points, statements, tiers
from portal.demo import CLIENTS, PASSWORD, NotADemo, code_of, is_laid, lay, sign_ins
from portal.demo.laying import trading_days
from portal.demo.mistakes import UNLUCKY
from portal.kit.vault import open_vault

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path / "home"


def test_the_days_end_on_the_last_trading_day_before_today(database):
    with database.writing() as db:
        calendar.seed(db)
        days, following = trading_days(db, date(2026, 11, 23), 20)
    assert (len(days), days[-1], following) == (20, date(2026, 11, 20), [date(2026, 11, 23), date(2026, 11, 24)])


def test_without_a_count_the_days_are_a_year(database):
    with database.writing() as db:
        calendar.seed(db)
        days, _ = trading_days(db, date(2026, 11, 23))
    assert (len(days), days[0], days[-1]) == (242, date(2025, 11, 21), date(2026, 11, 20))


def test_the_days_stop_where_the_calendar_ends(database):
    with database.writing() as db:
        calendar.seed(db)
        days, following = trading_days(db, date(2027, 6, 1), 20)
    assert len(days) == 20
    assert following[-1] == date(2026, 12, 31)


def test_every_day_loads_with_one_correction_and_one_mistake_and_points_add_up(database, home):
    assert lay(database, home, NOW, days=20)
    with database.reading() as db:
        loads = db.execute(select(statements.Batch.id, statements.Batch.is_current, statements.Batch.sequence)).all()
        assert [(load.is_current, load.sequence) for load in loads if load.sequence > 1 or not load.is_current] == [
            (False, 1), (True, 2),
        ]  # fmt: skip
        assert len(loads) == 21
        quarantined = [row for load in loads for row in feeds.quarantined(db, load.id)]
        assert [(row.file, row.fault, row.account_no) for row in quarantined] == [
            ("trade.csv", "COMMISSION", UNLUCKY.account_no)
        ]
        assert {row.account_no for load in loads for row in feeds.breaks(db, load.id)} == {UNLUCKY.account_no}
        assert points.verify(db) == []
        ids = clients.ids_by_no(db)
        for client in CLIENTS:
            assert tiers.tier_on(db, ids[client.client_no], date(2026, 11, 23)) == client.tier
            held = points.balance(db, ids[client.client_no], NOW)
            assert held.available + held.held >= client.points_brought


def test_a_laying_that_was_broken_off_is_taken_up_again_and_then_stays(database, home):
    def ctrl_c(what: str, number: int, _: int) -> None:
        if what.startswith("登录") and number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lay(database, home, NOW, ctrl_c, days=7)
    assert not is_laid(home)
    assert lay(database, home, NOW, days=7)
    assert is_laid(home)
    assert not lay(database, home, NOW, days=7)
    with database.reading() as db:
        assert points.verify(db) == []


def test_nothing_is_laid_over_other_clients(database, home):
    stranger = {"client_no": "77", "name": "某人", "client_type": "1", "branch_no": "0101", "status": "0"}
    stranger |= {"opened_on": date(2020, 1, 1), "risk_level": None, "risk_valid_to": None}
    with database.writing() as db:
        clients.take_over(db, [stranger], [], now=NOW)
    with pytest.raises(NotADemo):
        lay(database, home, NOW)


def test_the_whole_cast_signs_in_with_the_code_of_the_moment(database, home):
    lay(database, home, NOW, days=1)
    seat = identity.Seat("127.0.0.0/24", "test", None)
    for who in sign_ins():
        entry = identity.sign_in(database, user_name=who.user_name, password=who.password, seat=seat, now=NOW)
        if who.second_factor:
            assert isinstance(entry, identity.Attempt)
            code = code_of(database, home, who.name, NOW)
            with database.writing() as db:
                entry = identity.answer(db, open_vault(home), attempt=entry.secret, code=code, seat=seat, now=NOW)
        assert isinstance(entry, identity.Entry), who.name


def test_a_code_of_the_demo_turns_a_second_factor_on_and_opens_it_afterwards(database, home):
    lay(database, home, NOW, days=1)
    seat, who = identity.Seat("127.0.0.0/24", "test", None), CLIENTS[0]
    entry = identity.sign_in(database, user_name=who.user_name, password=PASSWORD, seat=seat, now=NOW)
    code = code_of(database, home, who.name, NOW)
    with database.writing() as db:
        visitor = identity.visitor_of(db, entry.session, NOW)
        stronger = identity.confirm_second_factor(db, open_vault(home), visitor, code=code, seat=seat, now=NOW)
    assert isinstance(stronger, identity.Entry)
    assert code_of(database, home, who.name, NOW) == code
    assert code_of(database, home, "某人", NOW) is None
