"""Reads of the calendar: the whole of it for a long job, the days around a date for one answer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, extract, func, select
from sqlalchemy.orm import Session

from portal.calendar.models import CalendarDay
from portal.calendar.rules import SHANGHAI, Calendar, Day

NEAR = timedelta(days=60)


def load(db: Session, since: date = date.min, until: date = date.max) -> Calendar:
    """Read the days of a stretch, by default all of them."""
    columns = (CalendarDay.day, CalendarDay.is_trading, CalendarDay.is_workday, CalendarDay.confirmed, CalendarDay.note)
    rows = db.execute(select(*columns).where(CalendarDay.day.between(since, until)))
    return Calendar({row.day: Day(row.is_trading, row.is_workday, row.confirmed, row.note) for row in rows})


def around(db: Session, day: date) -> Calendar:
    """Read the days near a date: enough for every promise and settlement, and one small query."""
    return load(db, day - NEAR, day + NEAR)


def is_trading(db: Session, day: date) -> bool:
    """Tell whether the exchanges trade on the day; raises DayUnknown."""
    return load(db, day, day).is_trading(day)


def trading_day_after(db: Session, day: date, n: int = 1) -> date:
    """Give the n-th trading day after a day (T+n); raises DayUnknown."""
    return around(db, day).trading_day_after(day, n)


def last_trading_day_before(db: Session, day: date) -> date:
    """Give the nearest trading day before a day; raises DayUnknown."""
    return around(db, day).last_trading_day_before(day)


def workday_after(db: Session, day: date, n: int = 1) -> date:
    """Give the n-th workday after a day; raises DayUnknown."""
    return around(db, day).workday_after(day, n)


def promised_at(db: Session, asked_at: datetime, working_minutes: int) -> datetime:
    """Give the instant by which an answer is promised, counted in working time; raises DayUnknown."""
    return around(db, asked_at.astimezone(SHANGHAI).date()).add_working_minutes(asked_at, working_minutes)


def known_until(db: Session) -> date | None:
    """Give the last confirmed day, so that staff hear in time that next year's notice is missing."""
    return db.scalar(select(func.max(CalendarDay.day)).where(CalendarDay.confirmed))


def years(db: Session) -> Sequence[Any]:
    """Sum up what is known of each year: year, days, confirmed ones, trading days, workdays; newest first."""
    number = extract("year", CalendarDay.day).label("year")
    flags = {"confirmed": CalendarDay.confirmed, "trading": CalendarDay.is_trading, "worked": CalendarDay.is_workday}
    sums = [func.sum(case((flag, 1), else_=0)).label(name) for name, flag in flags.items()]
    found = select(number, func.count().label("days"), *sums).group_by(number).order_by(number.desc())
    return db.execute(found).all()


def days_of(db: Session, year: int) -> Sequence[Any]:
    """Give the days of a year as they are known: day, both flags, note, source, confirmed."""
    here = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return db.execute(select(*CalendarDay.__table__.c).where(here).order_by(CalendarDay.day)).all()
