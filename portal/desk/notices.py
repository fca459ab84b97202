"""A year's notice of working and trading days: one person brings the file, another confirms it; then its days count."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit, calendar
from portal.audit import Person
from portal.desk.models import CalendarNotice
from portal.kit.db import insert_once, rows_touched

WEEKEND = 5  # Saturday is the sixth weekday


def propose(db: Session, body: bytes, *, by: Person, now: datetime) -> int | str:
    """Keep a year's notice for another person to confirm; give the year, or why not. Raises BadCalendar."""
    if not body:
        return "no_file"
    days = calendar.check_year(db, body)
    year: int = days[0]["day"].year
    known = {row.day for row in calendar.days_of(db, year) if row.confirmed}
    if all(row["day"] in known for row in days):
        return "no_change"
    told = [{**row, "day": row["day"].isoformat()} for row in days]
    sha256 = hashlib.sha256(body).hexdigest()
    values = {"year": year, "days": told, "sha256": sha256, "proposed_by": by.user_id, "proposed_at": now}
    if not insert_once(db, CalendarNotice, **values, state="proposed"):
        return "waiting"
    _note(db, by, "calendar.proposed", year, {"sha256": sha256}, now)
    return year


def decide(db: Session, notice_id: int, *, confirm: bool, by: Person, now: datetime) -> str | None:
    """Confirm what another person brought, so that its days count at once, or turn it down; give why not, or None.

    Who brought it can take it back himself.
    """
    found = notice(db, notice_id)
    if found is None or found.state != "proposed":
        return "gone"
    if confirm and found.proposed_by == by.user_id:
        return "own_work"
    here = (CalendarNotice.id == notice_id, CalendarNotice.state == "proposed")
    became = {"state": "confirmed" if confirm else "refused", "decided_by": by.user_id, "decided_at": now}
    if not rows_touched(db.execute(update(CalendarNotice).where(*here).values(**became))):
        return "gone"
    changed = calendar.settle_year(db, days_in(found)) if confirm else 0
    _note(db, by, f"calendar.{became['state']}", found.year, {"sha256": found.sha256, "changed": changed}, now)
    return None


def days_in(found: Any) -> list[dict[str, Any]]:
    """Give the days of a notice as the calendar reads them."""
    return [{**row, "day": date.fromisoformat(row["day"])} for row in found.days]


def notice(db: Session, notice_id: int) -> Any:
    """Give a notice, or None."""
    return db.execute(select(*CalendarNotice.__table__.c).where(CalendarNotice.id == notice_id)).one_or_none()


def notices(db: Session, limit: int = 20) -> Sequence[Any]:
    """Give the newest notices."""
    newest = select(*CalendarNotice.__table__.c).order_by(CalendarNotice.id.desc())
    return db.execute(newest.limit(limit)).all()


def draft(db: Session, year: int) -> list[Sequence[Any]]:
    """Give a year to fill in from the notice: as known, else guessed by the weekday, each day marked as confirmed."""
    known = {row.day: row for row in calendar.days_of(db, year)}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    return [_drafted(day, known.get(day)) for day in days if day.year == year]


def _drafted(day: date, known: Any) -> Sequence[Any]:
    works, trades = (
        (known.is_workday, known.is_trading) if known else (day.weekday() < WEEKEND, day.weekday() < WEEKEND)
    )
    return (day, int(trades), int(works), known.note if known else "", "notice", 1)


def _note(db: Session, by: Person, event: str, year: int, told: dict[str, object], now: datetime) -> None:
    audit.record(db, actor=by.actor, event=event, object=f"calendar:{year}", detail=told, now=now)
