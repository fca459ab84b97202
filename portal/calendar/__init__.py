"""日历: trading days and working days (a table seeded from a CSV in the repository), and working time."""

from portal.calendar.actions import BadCalendar, import_year, seed
from portal.calendar.queries import (
    around,
    is_trading,
    known_until,
    last_trading_day_before,
    load,
    promised_at,
    trading_day_after,
    workday_after,
)
from portal.calendar.rules import Calendar, Day, DayUnknown

__all__ = [
    "BadCalendar",
    "Calendar",
    "Day",
    "DayUnknown",
    "around",
    "import_year",
    "is_trading",
    "known_until",
    "last_trading_day_before",
    "load",
    "promised_at",
    "seed",
    "trading_day_after",
    "workday_after",
]
