"""How long a case may take: the firm's terms, read once from `limits.toml`, and every clock reckoned from events."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from portal import queues
from portal.calendar import Calendar, DayUnknown
from portal.feedback import rules
from portal.feedback.rules import WORKDAY, Kind, Span, Step
from portal.queues import Clock

TERMS = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True)
class Terms:
    """The limits of a kind of case, in working minutes."""

    acknowledge: int
    answer: int
    extension: int


@cache
def terms() -> dict[Kind, Terms]:
    """Read the firm's terms; a kind without them is an error at once."""
    told = tomllib.loads(TERMS.read_text("utf-8"))
    names = ("acknowledge_days", "answer_days", "extension_days")
    return {kind: Terms(*(told[kind][name] * WORKDAY for name in names)) for kind in Kind}


@dataclass(frozen=True)
class Clocks:
    """Both clocks of a case, from its events; `due_at` and `near_at` of the one that runs, None while none does.

    They are None too where the calendar does not reach so far: what is used up is known all the same.
    """

    acknowledge: Clock
    answer: Clock
    due_at: datetime | None
    near_at: datetime | None
    is_acknowledged: bool
    is_paused: bool


def clocks(
    calendar: Calendar, steps: Sequence[Step], *, ack_minutes: int, answer_minutes: int, now: datetime
) -> Clocks:
    """Reckon both clocks of a case from its events."""
    first, second = rules.acknowledging(steps, now), rules.answering(steps, now)
    running = [(spans, limit) for spans, limit in ((first, ack_minutes), (second, answer_minutes)) if _runs(spans)]
    return Clocks(
        acknowledge=_clock(calendar, first, ack_minutes),
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
