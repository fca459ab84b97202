"""How long a case may take and is kept: the firm's terms from `limits.toml`, and every clock reckoned from events."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from portal import queues
from portal.calendar import Calendar, DayUnknown
from portal.feedback import rules
from portal.feedback.rules import WORKDAY, Area, Kind, Span, Step
from portal.queues import Clock

TERMS = Path(__file__).with_name("limits.toml")
DAYS = ("acknowledge", "contact", "answer", "extension")


@dataclass(frozen=True)
class Terms:
    """The limits of a kind of case, in working minutes; without `contact` nobody has to be spoken to before."""

    acknowledge: int
    contact: int
    answer: int
    extension: int
    keep_years: int


@cache
def terms() -> dict[Kind, Terms]:
    """Read the firm's terms; a kind without them is an error at once."""
    return {kind: _terms(_told()[kind]) for kind in Kind}


def keep_years(kind: Kind, area: str) -> int:
    """Say how many years a closed case is kept: what touches suitability as long as the suitability file."""
    longer: dict[str, int] = _told()["longer"]
    return max(terms()[kind].keep_years, longer.get(Area(area), 0))


def kept_until(kind: Kind, area: str, closed_on: date) -> date:
    """Give the day until which a case that was closed on a day is kept."""
    year = closed_on.year + keep_years(kind, area)
    is_leap_day = (closed_on.month, closed_on.day) == (2, 29)
    return date(year, 3, 1) if is_leap_day and year % 4 else closed_on.replace(year=year)


def _terms(told: Mapping[str, int]) -> Terms:
    acknowledge, contact, answer, extension = (told[f"{name}_days"] * WORKDAY for name in DAYS)
    return Terms(acknowledge, contact, answer, extension, told["keep_years"])


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(TERMS.read_text("utf-8"))


@dataclass(frozen=True)
class Clocks:
    """The clocks of a case, from its events; `due_at` and `near_at` of what comes first, None while none runs.

    They are None too where the calendar does not reach so far: what is used up is known all the same. `contact` is
    None once somebody has spoken to the client, and where nobody has to before the answer.
    """

    acknowledge: Clock
    contact: Clock | None
    answer: Clock
    due_at: datetime | None
    near_at: datetime | None
    is_acknowledged: bool
    is_paused: bool


def clocks(
    calendar: Calendar, steps: Sequence[Step], *, ack_minutes: int, answer_minutes: int, now: datetime,
    contact_minutes: int | None = None,
) -> Clocks:  # fmt: skip
    """Reckon the clocks of a case from its events."""
    first, second = rules.acknowledging(steps, now), rules.answering(steps, now)
    spoken = rules.contacting(steps, now) if contact_minutes else []
    limits = ((first, ack_minutes), (spoken, contact_minutes or 0), (second, answer_minutes))
    running = [(spans, limit) for spans, limit in limits if _runs(spans)]
    return Clocks(
        acknowledge=_clock(calendar, first, ack_minutes),
        contact=_clock(calendar, spoken, contact_minutes or 0) if _runs(spoken) else None,
        answer=_clock(calendar, second, answer_minutes),
        due_at=_soonest(_reached(calendar, spans, limit) for spans, limit in running),
        near_at=_soonest(_reached(calendar, spans, limit * rules.NEAR_PERCENT // 100) for spans, limit in running),
        is_acknowledged=not _runs(first),
        is_paused=not _runs(second),
    )


def _runs(spans: Sequence[Span]) -> bool:
    return bool(spans) and spans[-1].is_running


def _clock(calendar: Calendar, spans: Sequence[Span], limit: int) -> Clock:
    try:
        used = sum(calendar.working_minutes_between(span.begin, span.end) for span in spans)
    except DayUnknown:
        return queues.clock_at(promised=limit, left=None, is_over=False)
    return queues.clock_at(promised=limit, left=limit - used, is_over=used > limit)


def _reached(calendar: Calendar, spans: Sequence[Span], minutes: int) -> datetime | None:
    """Give the instant at which a running clock has used so many minutes; None beyond the calendar."""
    try:
        before = sum(calendar.working_minutes_between(span.begin, span.end) for span in spans[:-1])
        return calendar.add_working_minutes(spans[-1].begin, max(0, minutes - before))
    except DayUnknown:
        return None


def _soonest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((instant for instant in instants if instant), default=None)
