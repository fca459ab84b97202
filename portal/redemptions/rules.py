"""Decisions about a redemption, on plain values: who may ask, which step follows which, who may decide."""

from datetime import datetime, time, timedelta
from enum import StrEnum

ENDORSE_ABOVE_POINTS = 1500  # house default: above this one member of staff endorses and another decides
QUEUE = "redemptions"
UNDO_FOR = timedelta(seconds=30)  # an approval can be taken back until its effect begins
HOLD_WHILE_SENDING = timedelta(days=30)  # an approved request keeps its points while a gateway is down
TIME_OUT_WORKDAYS, TIME_OUT_AT = 2, time(17, 0)


class State(StrEnum):
    """Where a redemption stands."""

    REQUESTED = "requested"
    ENDORSED = "endorsed"
    APPROVED = "approved"
    FULFILLED = "fulfilled"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    FAILED = "failed"


class Verb(StrEnum):
    """What can happen to a redemption."""

    ENDORSE = "endorse"
    APPROVE = "approve"
    TAKE_BACK = "take_back"
    REJECT = "reject"
    CANCEL = "cancel"
    TIME_OUT = "time_out"
    FULFIL = "fulfil"
    FAIL = "fail"
    STOP = "stop"  # the client ends what he has before its time; unused months come back


class Refusal(StrEnum):
    """Why the client can't have it, or staff can't do it."""

    TOO_FEW_POINTS = "too_few_points"
    TIER_TOO_LOW = "tier_too_low"
    NEEDS_ASSESSMENT = "needs_assessment"
    ASSESSMENT_EXPIRED = "assessment_expired"
    LOWEST_CLASS = "lowest_class"
    ABOVE_LEVEL = "above_level"
    BEYOND_HORIZON = "beyond_horizon"
    OTHER_KIND = "other_kind"
    NOT_ON_OFFER = "not_on_offer"
    AT_LIMIT = "at_limit"
    HAS_TIER = "has_tier"
    NO_MOBILE = "no_mobile"
    NO_REASON = "no_reason"
    NO_CALENDAR = "no_calendar"
    TOO_LATE = "too_late"


class Reason(StrEnum):
    """Why staff decided as they did."""

    CHECKED = "checked"
    DUPLICATE = "duplicate"
    DATA_WRONG = "data_wrong"
    CLIENT_ASKED = "client_asked"
    OTHER = "other"


UNSUITED = frozenset(
    {
        Refusal.NEEDS_ASSESSMENT, Refusal.ASSESSMENT_EXPIRED, Refusal.LOWEST_CLASS, Refusal.ABOVE_LEVEL,
        Refusal.BEYOND_HORIZON, Refusal.OTHER_KIND,
    }
)  # fmt: skip
NOT_SHOWN = frozenset({Refusal.LOWEST_CLASS, Refusal.ABOVE_LEVEL})  # what is above a level is not promoted
ANSWERS = (Verb.ENDORSE, Verb.APPROVE, Verb.REJECT, Verb.TIME_OUT)  # the first of them answers the client
OPEN = (State.REQUESTED, State.ENDORSED)
STEPS: dict[tuple[State, Verb], State] = {
    (State.REQUESTED, Verb.ENDORSE): State.ENDORSED,
    (State.REQUESTED, Verb.APPROVE): State.APPROVED,
    (State.ENDORSED, Verb.APPROVE): State.APPROVED,
    (State.APPROVED, Verb.FULFIL): State.FULFILLED,
    (State.APPROVED, Verb.FAIL): State.FAILED,
    (State.FULFILLED, Verb.STOP): State.FULFILLED,
    **{(state, Verb.REJECT): State.REJECTED for state in OPEN},
    **{(state, Verb.CANCEL): State.CANCELLED for state in OPEN},
    **{(state, Verb.TIME_OUT): State.TIMED_OUT for state in OPEN},
}


def after(state: State, verb: Verb) -> State | None:
    """Give the state that follows, or None where the step does not exist."""
    return STEPS.get((state, verb))


def is_too_late(verb: Verb, state: State, times_out_at: datetime, now: datetime) -> bool:
    """Tell whether an open request can only time out any more, whether or not the job that does it has run."""
    return state in OPEN and verb is not Verb.TIME_OUT and times_out_at <= now


def request_refusal(
    *,
    available: int,
    price: int,
    tier_suffices: bool,
    unsuited: Refusal | None,
    running: int,
    limit: int,
    has_mobile: bool,
    has_tier: bool = False,
) -> Refusal | None:
    """Say why a client can't ask for a product, or None: what he can't change first, his points last."""
    if unsuited:
        return unsuited
    if not tier_suffices:
        return Refusal.TIER_TOO_LOW
    if has_tier:
        return Refusal.HAS_TIER
    if running >= limit:
        return Refusal.AT_LIMIT
    if not has_mobile:
        return Refusal.NO_MOBILE
    return Refusal.TOO_FEW_POINTS if available < price else None


def needs_two(points: int) -> bool:
    """Tell whether one member of staff must endorse and another decide."""
    return points > ENDORSE_ABOVE_POINTS
