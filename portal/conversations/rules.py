"""Decisions of a conversation, on plain values: who may write, what state a message is in, when a text may go out."""

from collections.abc import Sequence
from datetime import datetime, time
from enum import StrEnum

QUEUE = "conversations"
UNANSWERED_LIMIT = 20  # messages of a client that wait at a time: after that the telephone is the better way
TEXTS_FROM, TEXTS_UNTIL = time(9), time(20)  # of the Shanghai day: nobody is woken by a text


class Side(StrEnum):
    """Who speaks."""

    CLIENT = "client"
    STAFF = "staff"


class Kind(StrEnum):
    """What a line of a conversation is."""

    TEXT = "text"
    SETTLED = "settled"  # the team has read it, and nothing needs an answer


class Mark(StrEnum):
    """How far a message has come."""

    SENT = "sent"
    READ = "read"
    ANSWERED = "answered"


class Refusal(StrEnum):
    """Why it can't be written."""

    NO_TEAM = "no_team"
    TOO_MANY = "too_many"
    NOTHING_WAITS = "nothing_waits"


def writing_refusal(has_team: bool, waiting: int) -> Refusal | None:
    """Say why a client can't write now, or None; what was written before stays his to read."""
    if not has_team:
        return Refusal.NO_TEAM
    return Refusal.TOO_MANY if waiting >= UNANSWERED_LIMIT else None


def mark(message: int, *, read_up_to: int, first_waiting: int | None, answered_up_to: int) -> Mark:
    """Give the state of a message by its number: all up to the last answer are answered, unless one waits again."""
    if message < answered_up_to and (first_waiting is None or message < first_waiting):
        return Mark.ANSWERED
    return Mark.READ if message <= read_up_to else Mark.SENT


def read_at(message: int, readings: Sequence[tuple[int, datetime]]) -> datetime | None:
    """Give when a message was first read: the earliest reading that reaches as far."""
    return min((at for up_to, at in readings if up_to >= message), default=None)


def may_text(clock: time) -> bool:
    """Tell whether a text may go out at this time of the Shanghai day."""
    return TEXTS_FROM <= clock < TEXTS_UNTIL
