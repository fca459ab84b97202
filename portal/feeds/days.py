"""The days of the feed as staff see them: which stand, which lost their ground, which never came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import calendar
from portal.feeds import queries


@dataclass(frozen=True)
class FeedDay:
    """One day: `state` is standing, fallen (the day before was corrected) or missing (a gap)."""

    on: date
    state: str
    sequence: int = 0
    loaded_at: datetime | None = None
    rows: int = 0
    breaks: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether somebody has to look at it."""
        return self.state != "standing" or bool(self.rows or self.breaks)


def feed_days(db: Session) -> Sequence[FeedDay]:
    """List every day of the feed, newest first, the trading days that are missing among them."""
    troubles = queries.troubles(db)
    found: dict[date, FeedDay] = {}
    for load in queries.loads(db):
        rows, breaks = troubles.get(load.id, (0, 0))
        if load.is_current:
            found[load.business_date] = FeedDay(
                load.business_date, "standing", load.sequence, load.loaded_at, rows, breaks
            )
        elif load.business_date not in found:
            found[load.business_date] = FeedDay(load.business_date, "fallen", load.sequence, load.loaded_at)
    if found:
        known = calendar.load(db, min(found), max(found)).days
        gaps = (day for day, flags in known.items() if flags.is_trading and day not in found)
        found |= {day: FeedDay(day, "missing") for day in gaps}
    return sorted(found.values(), key=lambda day: day.on, reverse=True)
