"""Decisions of the club, on plain values: who may join and when, which step follows which, who may come to an event."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

QUEUE = "club"
DECIDE_WORKDAYS = 10  # after so many workdays an application that nobody decided gives its points back
RENEW_BEFORE = timedelta(days=60)  # a membership can be renewed from so long before its last day


class State(StrEnum):
    """Where an application stands."""

    APPLIED = "applied"
    REVIEWED = "reviewed"
    GRANTED = "granted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    TIMED_OUT = "timed_out"


class Seat(StrEnum):
    """Where a registration for an event stands."""

    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"


class Kind(StrEnum):
    """What an event is."""

    LECTURE = "lecture"
    TRAINING = "training"
    STRATEGY = "strategy"
    VISIT = "visit"
    DIALOGUE = "dialogue"


class Reason(StrEnum):
    """Why staff decided as they did about an application."""

    CHECKED = "checked"
    DATA_WRONG = "data_wrong"
    NOT_FITTING = "not_fitting"
    CLIENT_ASKED = "client_asked"
    OTHER = "other"


class Refusal(StrEnum):
    """Why it can't be done."""

    TIER_TOO_LOW = "tier_too_low"
    TOO_FEW_POINTS = "too_few_points"
    OPEN_ALREADY = "open_already"
    MEMBER_ALREADY = "member_already"
    TOO_EARLY = "too_early"  # refused before, and the time to wait is not over
    NO_CALENDAR = "no_calendar"
    NO_REASON = "no_reason"
    TOO_LATE = "too_late"
    NOT_A_MEMBER = "not_a_member"
    NOT_INVITED = "not_invited"  # the event is for others: tier, level or branch
    EVENT_OVER = "event_over"
    EVENT_CANCELLED = "event_cancelled"
    WRONG_CODE = "wrong_code"
    IN_THE_PAST = "in_the_past"
    NO_LENGTH = "no_length"


OPEN = (State.APPLIED, State.REVIEWED)
TAKEN = (Seat.REGISTERED, Seat.ATTENDED)


def points_asked(tier: str, price: int) -> int | None:
    """Give the points that an application holds: platinum joins for none, gold applies; None for the others."""
    return {"platinum": 0, "gold": price}.get(tier)


def joining_refusal(
    *, points_asked: int | None, available: int, is_open: bool, is_member: bool, again_from: date | None, today: date
) -> Refusal | None:
    """Say why a client can't apply today, or None: what he can't change first, his points last."""
    if is_member:
        return Refusal.MEMBER_ALREADY
    if is_open:
        return Refusal.OPEN_ALREADY
    if points_asked is None:
        return Refusal.TIER_TOO_LOW
    if again_from and today < again_from:
        return Refusal.TOO_EARLY
    return Refusal.TOO_FEW_POINTS if available < points_asked else None


def may_renew(last_day: date, today: date) -> bool:
    """Tell whether a membership is near enough to its end to be renewed."""
    return last_day - RENEW_BEFORE <= today <= last_day


def coming_refusal(
    *, state: str, starts_at: datetime, now: datetime, members_only: bool, is_member: bool, tier_suffices: bool,
    level_suffices: bool, branch_suits: bool,
) -> Refusal | None:  # fmt: skip
    """Say why a client can't register for an event now, or None."""
    if state == "cancelled":
        return Refusal.EVENT_CANCELLED
    if starts_at <= now:
        return Refusal.EVENT_OVER
    if members_only and not is_member:
        return Refusal.NOT_A_MEMBER
    return None if tier_suffices and level_suffices and branch_suits else Refusal.NOT_INVITED


def door_is_open(starts_on: date, today: date) -> bool:
    """Tell whether guests can be let in: from the event's day on, for who writes them down afterwards too."""
    return today >= starts_on


def level_suffices(level: str | None, wanted: str | None) -> bool:
    """Tell whether a risk level reaches the one that an event is meant for; C1 is the lowest."""
    return wanted is None or (level is not None and level >= wanted)


def region(typed: str) -> str | None:
    """Give the branches of a region as they are kept, each once and in order; None for everywhere."""
    found = sorted({each for each in re.split(r"[\s,、]+", typed) if each})
    return ",".join(found) or None


def branch_suits(branches: str | None, branch_no: str | None) -> bool:
    """Tell whether a client's branch is one of those that an event is for."""
    return branches is None or branch_no in branches.split(",")


def places_left(capacity: int, taken: int) -> int:
    """Give how many places are free."""
    return max(0, capacity - taken)
