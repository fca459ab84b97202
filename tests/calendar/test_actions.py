"""The seeded table answers for the real days."""

from datetime import date, datetime

import pytest
from sqlalchemy import update

from portal import calendar
from portal.calendar.models import CalendarDay
from portal.calendar.rules import SHANGHAI
from portal.kit.db import Database


def test_the_repository_knows_three_years_of_trading_days(database: Database) -> None:
    with database.writing() as db:
        calendar.seed(db)
        days = calendar.load(db).days
    trading = [sum(day.is_trading for when, day in days.items() if when.year == year) for year in (2024, 2025, 2026)]
    assert trading == [242, 243, 242]
    assert not any(day.confirmed for when, day in days.items() if when.year == 2027)


def test_seeding_twice_changes_nothing(database: Database) -> None:
    with database.writing() as db:
        assert calendar.seed(db) == 1461
        assert calendar.seed(db) == 0


def test_a_guessed_day_is_confirmed_by_the_file_and_a_confirmed_one_is_left_alone(database: Database) -> None:
    guess, decided = date(2026, 10, 8), date(2027, 1, 1)
    with database.writing() as db:
        calendar.seed(db)
        db.execute(update(CalendarDay).where(CalendarDay.day == guess).values(confirmed=False, is_trading=False))
        db.execute(
            update(CalendarDay)
            .where(CalendarDay.day == decided)
            .values(confirmed=True, is_trading=False, is_workday=False)
        )
        assert calendar.seed(db) == 1
        assert calendar.is_trading(db, guess)
        assert not calendar.is_trading(db, decided)


def test_a_make_up_workday_works_but_does_not_trade(database: Database) -> None:
    with database.writing() as db:
        calendar.seed(db)
        days = calendar.load(db)
    assert (days.is_workday(date(2026, 2, 14)), days.is_trading(date(2026, 2, 14))) == (True, False)
    assert days.days[date(2026, 2, 14)].note == "春节调休上班"


def test_settlement_and_promises_step_over_the_national_holiday(database: Database) -> None:
    with database.writing() as db:
        calendar.seed(db)
        assert calendar.trading_day_after(db, date(2026, 9, 30), 2) == date(2026, 10, 9)
        assert calendar.last_trading_day_before(db, date(2026, 10, 8)) == date(2026, 9, 30)
        assert calendar.workday_after(db, date(2026, 10, 9)) == date(2026, 10, 10)
        asked = datetime(2026, 9, 30, 17, 0, tzinfo=SHANGHAI)
        assert calendar.promised_at(db, asked, 60) == datetime(2026, 10, 8, 9, 30, tzinfo=SHANGHAI)


def test_the_calendar_ends_where_the_notices_end(database: Database) -> None:
    with database.writing() as db:
        assert calendar.known_until(db) is None
        calendar.seed(db)
        assert calendar.known_until(db) == date(2026, 12, 31)
        with pytest.raises(calendar.DayUnknown):
            calendar.trading_day_after(db, date(2026, 12, 31))
