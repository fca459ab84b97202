"""Lay the days that the repository knows, and those of a year's notice."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.calendar.models import CalendarDay
from portal.calendar.notice import BadCalendar, Fault, read_days, read_year

DAYS = Path(__file__).with_name("days.csv")


def seed(db: Session) -> int:
    """Add the days that are missing and confirm those that are only guessed; give the number of days changed."""
    known = {row.day: row.confirmed for row in db.execute(select(CalendarDay.day, CalendarDay.confirmed))}
    return _settle(db, known, read_days(DAYS.read_bytes()))


def import_year(db: Session, body: bytes) -> int:
    """Import a year's notice: every day of one year, confirmed; give how many days changed. Raises BadCalendar."""
    return settle_year(db, check_year(db, body))


def check_year(db: Session, body: bytes) -> list[dict[str, Any]]:
    """Read a year's notice and hold it against what is known, changing nothing; give its days. Raises BadCalendar.

    Days that are confirmed already must stand in the file as they are known: what is past is not rewritten.
    """
    theirs = read_year(body)
    known = {row.day: row for row in db.execute(select(*CalendarDay.__table__.c).where(CalendarDay.confirmed))}
    for line, row in enumerate(theirs, 2):
        old = known.get(row["day"])
        if old and (old.is_trading, old.is_workday) != (row["is_trading"], row["is_workday"]):
            told = f"{row['day']} is confirmed already, and otherwise"
            raise BadCalendar(Fault.CONTRADICTS, told, line=line, day=row["day"])
    return theirs


def settle_year(db: Session, days: Sequence[Mapping[str, Any]]) -> int:
    """Confirm the days of a year that was checked; give how many changed."""
    year = (date(days[0]["day"].year, 1, 1), date(days[0]["day"].year, 12, 31))
    found = select(CalendarDay.day, CalendarDay.confirmed).where(CalendarDay.day.between(*year))
    return _settle(db, {row.day: row.confirmed for row in db.execute(found)}, days)


def _settle(db: Session, known: Mapping[date, bool], ours: Sequence[Mapping[str, Any]]) -> int:
    missing = [dict(row) for row in ours if row["day"] not in known]
    # A day that someone has confirmed here is never set back by the repository's file.
    settled = [row for row in ours if row["confirmed"] and known.get(row["day"]) is False]
    if missing:
        db.execute(insert(CalendarDay), missing)
    for row in settled:
        db.execute(update(CalendarDay).where(CalendarDay.day == row["day"]).values(**row))
    return len(missing) + len(settled)
