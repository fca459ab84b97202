"""Lay the days that the repository knows."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.calendar.models import CalendarDay

DAYS = Path(__file__).with_name("days.csv")


def seed(db: Session) -> int:
    """Add the days that are missing and confirm those that are only guessed; give the number of days changed."""
    known = {row.day: row.confirmed for row in db.execute(select(CalendarDay.day, CalendarDay.confirmed))}
    ours = _days()
    missing = [row for row in ours if row["day"] not in known]
    # A day that someone has confirmed here is never set back by the repository's file.
    settled = [row for row in ours if row["confirmed"] and known.get(row["day"]) is False]
    if missing:
        db.execute(insert(CalendarDay), missing)
    for row in settled:
        db.execute(update(CalendarDay).where(CalendarDay.day == row["day"]).values(**row))
    return len(missing) + len(settled)


def _days() -> list[dict[str, Any]]:
    flags = ("is_trading", "is_workday", "confirmed")
    with DAYS.open(encoding="utf-8", newline="") as file:
        return [
            {**row, "day": date.fromisoformat(row["day"])} | {flag: row[flag] == "1" for flag in flags}
            for row in csv.DictReader(file)
        ]
