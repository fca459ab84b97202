"""What holds in every queue: who may decide, whether a screen is stale, whose a claim is, how a promise stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

NEAR_PERCENT = 20


class Person(Protocol):
    """A member of staff, as a page or a test hands him in."""

    @property
    def user_id(self) -> int:
        """Give the number of the staff account."""
        ...

    @property
    def name(self) -> str:
        """Give the name that others see."""
        ...


class Refusal(StrEnum):
    """Why a member of staff may not decide."""

    OWN_WORK = "own_work"  # who made a thing may not decide on it
    NOT_ENDORSED = "not_endorsed"  # two persons are needed, and the first has not looked yet
    SAME_PERSON = "same_person"  # who endorsed may not decide too
    NOT_A_REVIEWER = "not_a_reviewer"  # the second person's step is a reviewer's


@dataclass(frozen=True, slots=True)
class Claim:
    """Who works on an item, and until when it is his."""

    item_id: int
    staff_id: int
    staff_name: str
    claimed_at: datetime
    lease_until: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether the lease still runs; afterwards anybody may take over."""
        return now < self.lease_until


@dataclass(frozen=True, slots=True)
class AlreadyClaimed:
    """The answer to who comes second: whose the item is, and until when."""

    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Stale:
    """The answer to a decision made on an old screen: who has changed the item, when, and to what state."""

    by: str
    at: datetime
    outcome: str


class Side(StrEnum):
    """Who takes note of a promise that was missed."""

    RESPONSIBLE = "responsible"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Late:
    """A promise whose clock has run out: what is owed under which number, since when, by whom (None: nobody yet).

    `branch_no` is the branch that it concerns, empty where it concerns all.
    """

    ref: str
    promise: str
    promised_at: datetime
    responsible_id: int | None
    branch_no: str


class Pace(StrEnum):
    """How a promise stands."""

    ON_TIME = "on_time"
    NEAR = "near"  # less than a fifth of the time is left
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise in working minutes; `minutes_left` is below zero when late, None where the calendar can't tell."""

    pace: Pace
    minutes_promised: int
    minutes_left: int | None

    @property
    def percent_used(self) -> int:
        """Give the share of the promised time that is over, from 0 to 100."""
        if self.minutes_left is None or self.minutes_left <= 0 or not self.minutes_promised:
            return 100
        return max(0, 100 - self.minutes_left * 100 // self.minutes_promised)


def clock_at(*, promised: int, left: int | None, is_over: bool) -> Clock:
    """Judge a promise by its working minutes and what is left of them; `is_over` once its instant has passed."""
    if is_over:
        return Clock(Pace.LATE, promised, left)
    is_near = left is not None and left * 100 < promised * NEAR_PERCENT
    return Clock(Pace.NEAR if is_near else Pace.ON_TIME, promised, left)


def may_decide(
    decider: int, *, endorsed_by: int | None = None, made_by: int | None = None, needs_two: bool = False
) -> Refusal | None:
    """Say why a member of staff may not decide on an item (four eyes), or None when he may."""
    if decider == made_by:
        return Refusal.OWN_WORK
    if needs_two and endorsed_by is None:
        return Refusal.NOT_ENDORSED
    return Refusal.SAME_PERSON if decider == endorsed_by else None


def may_review(roles: Collection[str], *, needs_two: bool) -> Refusal | None:
    """Say why somebody's roles are not enough to decide, or None: the second person of two is a reviewer."""
    return Refusal.NOT_A_REVIEWER if needs_two and "reviewer" not in roles else None


def held_by_other(claim: Claim | None, staff_id: int, now: datetime) -> AlreadyClaimed | None:
    """Say who else is at work on an item, or None when it is free or one's own."""
    if claim is None or claim.staff_id == staff_id or not claim.holds(now):
        return None
    return AlreadyClaimed(claim.staff_name, claim.lease_until)


def stale(*, seen: int, version: int, by: str, at: datetime, outcome: str) -> Stale | None:
    """Compare the version on the screen with the item's own; say who changed it, or None when nobody did."""
    return None if seen == version else Stale(by, at, outcome)


def side_of(staff_id: int, *, is_manager: bool, responsible_id: int | None) -> Side | None:
    """Say for which side somebody takes note of a missed promise, or None: his own first, the managers' otherwise."""
    if staff_id == responsible_id:
        return Side.RESPONSIBLE
    return Side.MANAGER if is_manager else None
