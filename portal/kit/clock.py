"""Time: instants are UTC, dates are Shanghai's, and nothing but the doors reads the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Give this instant in UTC; only doors, the worker and the command line call it."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """Give the instant on Shanghai's clocks."""
    return instant.astimezone(SHANGHAI)


def local_date(instant: datetime) -> date:
    """Give the Shanghai date of an instant."""
    return local(instant).date()


def at(day: date, clock: time = time(0)) -> datetime:
    """Give the UTC instant of a Shanghai date and wall-clock time."""
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def day_after(day: date) -> datetime:
    """Give the first instant after a Shanghai date: where an inclusive last day ends."""
    return at(day + timedelta(days=1))
