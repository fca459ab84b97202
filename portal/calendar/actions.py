"""Lay the days that the repository knows."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.calendar.models import CalendarDay

DAYS = Path(__file__).with_name("days.csv")
COLUMNS = ("day", "is_trading", "is_workday", "note", "source", "confirmed")


class BadCalendar(ValueError):
    """A file of days that can't be imported; the message names the line."""


def seed(db: Session) -> int:
    """Add the days that are missing and confirm those that are only guessed; give the number of days changed."""
    known = {row.day: row.confirmed for row in db.execute(select(CalendarDay.day, CalendarDay.confirmed))}
    return _settle(db, known, _days(DAYS))


def import_year(db: Session, file: Path) -> int:
    """Import a year's notice: every day of one year, confirmed; give how many days changed. Raises BadCalendar.

    Days that are confirmed already must stand in the file as they are known: what is past is not rewritten.
    """
    known = {row.day: row for row in db.execute(select(*CalendarDay.__table__.c))}
    theirs = _checked(file)
    for line, row in enumerate(theirs, 2):
        old = known.get(row["day"])
        if old and old.confirmed and (old.is_trading, old.is_workday) != (row["is_trading"], row["is_workday"]):
            raise BadCalendar(f"line {line}: {row['day']} is confirmed already, and otherwise")
    return _settle(db, {day: row.confirmed for day, row in known.items()}, theirs)


def _checked(file: Path) -> list[dict[str, Any]]:
    try:
        rows = _days(file)
    except (KeyError, ValueError, TypeError, UnicodeDecodeError) as mistake:
        raise BadCalendar(f"the file must have the columns {', '.join(COLUMNS)}, with dates as 2027-01-31") from mistake
    if not rows or any(set(row) != set(COLUMNS) for row in rows):
        raise BadCalendar(f"the file must have the columns {', '.join(COLUMNS)}")
    year = rows[0]["day"].year
    for line, row in enumerate(rows, 2):
        if row["day"] != date(year, 1, 1) + timedelta(days=line - 2):
            raise BadCalendar(
                f"line {line}: expected {date(year, 1, 1) + timedelta(days=line - 2)}, found {row['day']}"
            )
        if row["is_trading"] and not row["is_workday"]:
            raise BadCalendar(f"line {line}: {row['day']} trades and is no workday")
        if not row["confirmed"]:
            raise BadCalendar(f"line {line}: {row['day']} is not confirmed")
    if rows[-1]["day"] != date(year, 12, 31):
        raise BadCalendar(f"the file ends with {rows[-1]['day']}, before the end of {year}")
    return rows


def _settle(db: Session, known: Mapping[date, bool], ours: list[dict[str, Any]]) -> int:
    missing = [row for row in ours if row["day"] not in known]
    # A day that someone has confirmed here is never set back by the repository's file.
    settled = [row for row in ours if row["confirmed"] and known.get(row["day"]) is False]
    if missing:
        db.execute(insert(CalendarDay), missing)
    for row in settled:
        db.execute(update(CalendarDay).where(CalendarDay.day == row["day"]).values(**row))
    return len(missing) + len(settled)


def _days(source: Path) -> list[dict[str, Any]]:
    flags = ("is_trading", "is_workday", "confirmed")
    with source.open(encoding="utf-8", newline="") as file:
        return [
            {**row, "day": date.fromisoformat(row["day"])} | {flag: row[flag] == "1" for flag in flags}
            for row in csv.DictReader(file)
        ]
