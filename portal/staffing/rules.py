"""Decisions about handing over and about roles, on plain values."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

LONGEST_DAYS = 366
WORKS = frozenset({"handler", "reviewer"})  # who may take a queue's work over
ALL_BRANCHES = frozenset({"compliance", "manager"})
ADMINISTRATOR = "administrator"


class Kind(StrEnum):
    """Why somebody hands over."""

    ABSENCE = "absence"  # what is still open comes back by itself
    LEAVING = "leaving"  # for good: his sign-in ends with it


class State(StrEnum):
    """Where a handover stands."""

    ASKED = "asked"
    APPROVED = "approved"  # waits for its first day
    AWAY = "away"  # an absence that runs
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    """Why it can't be done."""

    UNKNOWN = "unknown"
    SAME_PERSON = "same_person"
    PAST = "past"
    NO_END = "no_end"
    TOO_LONG = "too_long"
    RUNS_ALREADY = "runs_already"
    TAKER_AWAY = "taker_away"
    TAKER_BUSY = "taker_gives"
    LACKS_ROLE = "lacks_role"
    OUT_OF_REACH = "out_of_reach"
    OWN_WORK = "own_work"
    NOT_ALONE = "not_alone"
    DECIDED = "decided"
    NO_REASON = "no_reason"
    NO_CHANGE = "no_change"
    NOT_MIXED = "not_mixed"
    LAST_ONE = "last_one"
    HAS_WORK = "has_work"
    NOBODY = "nobody"


def period_refusal(kind: Kind, *, from_on: date, to_on: date | None, today: date) -> Refusal | None:
    """Say why these days won't do: an absence has an end, leaving has none, and neither begins in the past."""
    if from_on < today:
        return Refusal.PAST
    if kind is Kind.LEAVING:
        return None
    if to_on is None or to_on < from_on:
        return Refusal.NO_END
    return Refusal.TOO_LONG if (to_on - from_on).days > LONGEST_DAYS else None


def fit_refusal(
    *, giver_roles: Collection[str], giver_branch: str, taker_roles: Collection[str], taker_branch: str
) -> Refusal | None:
    """Say why a colleague can't work on what the giver has: his roles or his reach are too narrow."""
    if not WORKS.isdisjoint(giver_roles) and WORKS.isdisjoint(taker_roles):
        return Refusal.LACKS_ROLE
    reaches = not taker_branch or taker_branch == giver_branch or not ALL_BRANCHES.isdisjoint(taker_roles)
    return None if reaches else Refusal.OUT_OF_REACH


def decide_refusal(decider: int | None, *, asked_by: int, concerned: Collection[int | None]) -> Refusal | None:
    """Say why somebody may not decide: neither who asked nor whom it concerns does."""
    if decider is None or decider == asked_by:
        return Refusal.OWN_WORK
    return Refusal.NOT_ALONE if decider in concerned else None


def overlaps(a_from: date, a_to: date | None, b_from: date, b_to: date | None) -> bool:
    """Tell whether two periods share a day; without an end they last for ever."""
    return (b_to is None or a_from <= b_to) and (a_to is None or b_from <= a_to)


def last_link(start: int, stands_in: Mapping[int, int]) -> int | None:
    """Follow who stands in for whom to somebody who is there; None where it goes round in a circle."""
    passed, here = {start}, stands_in.get(start)
    while here is not None and here in stands_in:
        if here in passed:
            return None
        passed.add(here)
        here = stands_in[here]
    return None if here in passed else here


def roles_refusal(wanted: Collection[str]) -> Refusal | None:
    """Say why these roles don't go together: who administers the system decides nothing about clients."""
    if not wanted:
        return Refusal.NO_CHANGE
    return Refusal.NOT_MIXED if ADMINISTRATOR in wanted and len(set(wanted)) > 1 else None
