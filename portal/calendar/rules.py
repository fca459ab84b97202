"""Trading days, workdays and working time as plain values; a day nobody has confirmed is never guessed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING_TIME = ((time(9), time(11, 30)), (time(13), time(17, 30)))
MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)


class DayUnknown(LookupError):
    """The calendar can't say: the day is not in its table, or the year's notice is not confirmed yet."""

    def __init__(self, day: date) -> None:
        """Name the day that is not known."""
        super().__init__(f"the calendar has no confirmed day {day}")
        self.day = day


@dataclass(frozen=True, slots=True)
class Day:
    """One date: a make-up workday is a workday and no trading day."""

    is_trading: bool
    is_workday: bool
    confirmed: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of the days; every answer rests on confirmed days only, else DayUnknown is raised."""

    days: Mapping[date, Day]

    def day(self, day: date) -> Day:
        """Give a confirmed day; raises DayUnknown."""
        known = self.days.get(day)
        if known is None or not known.confirmed:
            raise DayUnknown(day)
        return known

    def is_trading(self, day: date) -> bool:
        """Tell whether the exchanges trade on the day."""
        return self.day(day).is_trading

    def is_workday(self, day: date) -> bool:
        """Tell whether the firm works on the day, make-up workdays included."""
        return self.day(day).is_workday

    def trading_day_after(self, day: date, n: int = 1) -> date:
        """Give the n-th trading day after a day (T+n); the day itself need not be one."""
        return _nth(day, n, self.is_trading, 1)

    def last_trading_day_before(self, day: date) -> date:
        """Give the nearest trading day before a day."""
        return _nth(day, 1, self.is_trading, -1)

    def workday_after(self, day: date, n: int = 1) -> date:
        """Give the n-th workday after a day."""
        return _nth(day, n, self.is_workday, 1)

    def working_minutes_between(self, a: datetime, b: datetime) -> int:
        """Count the whole working minutes from a to b; below zero when b is the earlier one."""
        if b < a:
            return -self.working_minutes_between(b, a)
        worked = (max(NOTHING, min(end, b) - max(start, a)) for start, end in self._spans(a, b))
        return sum(worked, NOTHING) // MINUTE

    def add_working_minutes(self, instant: datetime, minutes: int) -> datetime:
        """Give the earliest instant, in UTC, by which so many working minutes have passed."""
        if minutes < 0:
            raise ValueError("working minutes are added, never taken away")
        left = minutes * MINUTE
        if not left:
            return instant.astimezone(UTC)
        for start, end in self._spans(instant, None):
            begun = max(start, instant)
            if begun + left <= end:
                return begun + left
            left -= max(NOTHING, end - begun)
        raise AssertionError("working time never ends: DayUnknown comes first")

    def _spans(self, a: datetime, b: datetime | None) -> Iterator[tuple[datetime, datetime]]:
        day, last = a.astimezone(SHANGHAI).date(), b.astimezone(SHANGHAI).date() if b else date.max
        while day <= last:
            if self.is_workday(day):
                yield from ((_at(day, start), _at(day, end)) for start, end in WORKING_TIME)
            day += timedelta(days=1)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def _nth(day: date, n: int, wanted: Callable[[date], bool], step: int) -> date:
    if n < 1:
        raise ValueError("count days from 1")
    while n:
        day += timedelta(days=step)
        n -= wanted(day)
    return day
