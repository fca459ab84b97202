"""Until when a step is promised, in working time; None where the calendar can't tell yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import calendar
from portal.bookings import rules
from portal.kit.clock import at, local_date


def in_minutes(db: Session, now: datetime, minutes: int) -> datetime | None:
    """Give the instant by which so many working minutes have passed."""
    try:
        return calendar.promised_at(db, now, minutes)
    except calendar.DayUnknown:
        return None


def in_workdays(db: Session, now: datetime, count: int) -> datetime | None:
    """Give the evening of the workday so many workdays on."""
    try:
        return at(calendar.workday_after(db, local_date(now), count), rules.EFFECT_AT)
    except calendar.DayUnknown:
        return None
