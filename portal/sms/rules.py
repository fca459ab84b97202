"""What a message may become, what it costs, and how a gateway's words are read."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SIGNATURE = "【青衡证券】"
ALONE, PART = 70, 67  # UCS-2 characters in a message that goes alone, and in each part of a longer one
SEGMENTS_LIMIT = 10
SILENCE_LIMIT = timedelta(hours=72)  # without a report by then, a message counts as expired
LEASE = timedelta(minutes=2)  # far longer than a gateway may take to answer
REFUSALS_LIMIT = 12  # "try later" so many times is a no
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=5), timedelta(minutes=5)


class State(StrEnum):
    """Where a message stands; `unknown` is parked for staff and never sent again by itself."""

    QUEUED = "queued"
    SUBMITTED = "submitted"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What came of handing a message to the gateway."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good
    LATER = "later"  # refused for now: busy, throttled
    NOT_SENT = "not_sent"  # certainly never written to the wire
    UNHEARD = "unheard"  # written, but no answer came: nobody here can know


@dataclass(frozen=True)
class Answer:
    """The gateway's answer to one message."""

    outcome: Outcome
    gateway_message_id: str | None = None
    error_code: str | None = None


@dataclass(frozen=True)
class Report:
    """A delivery report as the gateway gave it; `stat` is one of SMPP's words."""

    gateway_message_id: str
    stat: str
    error_code: str


FAILED = frozenset({State.UNDELIVERABLE, State.REJECTED, State.EXPIRED})
SETTLEMENTS = frozenset({State.QUEUED, State.SUBMITTED, State.UNDELIVERABLE})
REPORTED = {
    "DELIVRD": State.DELIVERED,
    "UNDELIV": State.UNDELIVERABLE,
    "DELETED": State.UNDELIVERABLE,
    "REJECTD": State.REJECTED,
    "EXPIRED": State.EXPIRED,
}


def signed(text: str) -> str:
    """Put the firm's signature in front, once."""
    return text if text.startswith(SIGNATURE) else SIGNATURE + text


def segments(text: str) -> int:
    """Count the messages that carriers charge for a text; a character outside UCS-2 takes two places, never parted."""
    widths = [len(char.encode("utf-16-be")) // 2 for char in text]
    if sum(widths) <= ALONE:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > PART:
            count, used = count + 1, 0
        used += width
    return count


def is_mobile(number: str) -> bool:
    """Tell whether a number is one of the mainland's mobile numbers, with or without +86."""
    return re.fullmatch(r"(\+?86)?1[3-9][0-9]{9}", number) is not None


def reported(report: Report) -> State | None:
    """Give the state that a report brings, or None when it says nothing final."""
    return REPORTED.get(report.stat)


def after(answer: Answer, attempts: int) -> State:
    """Give the state that a message has after so many attempts, the last with this answer."""
    match answer.outcome:
        case Outcome.ACCEPTED:
            return State.SUBMITTED
        case Outcome.REFUSED:
            return State.REJECTED
        case Outcome.UNHEARD:
            return State.UNKNOWN
        case Outcome.LATER if attempts >= REFUSALS_LIMIT:
            return State.REJECTED
        case _:
            return State.QUEUED


def delay(attempts: int) -> timedelta:
    """Give the pause before the next attempt: doubled each time, up to five minutes."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 10)), LONGEST_DELAY)
