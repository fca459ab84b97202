"""日历: trading days and working days (a table seeded from a CSV in the repository), and working time."""

from portal.calendar.actions import check_year, import_year, seed, settle_year
from portal.calendar.notice import COLUMNS, BadCalendar, Fault, Summary, summary
from portal.calendar.queries import (
    around,
    days_of,
    is_trading,
    known_until,
    last_trading_day_before,
    load,
    promised_at,
    trading_day_after,
    workday_after,
    years,
)
from portal.calendar.rules import Calendar, Day, DayUnknown

__all__ = [
    "COLUMNS",
    "BadCalendar",
    "Calendar",
    "Day",
    "DayUnknown",
    "Fault",
    "Summary",
    "around",
    "check_year",
    "days_of",
    "import_year",
    "is_trading",
    "known_until",
    "last_trading_day_before",
    "load",
    "promised_at",
    "seed",
    "settle_year",
    "summary",
    "trading_day_after",
    "workday_after",
    "years",
]
