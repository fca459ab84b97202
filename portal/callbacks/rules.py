"""Decisions about a call-back: who may call, when, how often, and what the answers amount to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

TRIES = 3
QUEUE = "callbacks"
TARGET_LIMIT = 2000  # clients of one campaign
NEW_DAYS = 90  # who came so lately is a new client
APART = timedelta(hours=2)  # a second try an hour later finds the same closed door
QUESTIONS_LIMIT = 8
QUIET = ((time(0), time(8)), (time(12), time(14)), (time(21), time.max))
YEARLY_TARGET_PERCENT = 10  # of the clients of earlier years, by the rule of 2010


class Kind(StrEnum):
    """Why somebody is called."""

    OPENING = "opening"
    FIRST_MONTH = "first_month"
    CORE_CLIENT = "core_client"
    YEARLY = "yearly"
    SPECIAL = "special"
    SPOT_CHECK = "spot_check"
    FOLLOW_UP = "follow_up"
    QUESTIONNAIRE = "questionnaire"
    OVER_LEVEL = "over_level"  # a service above the client's risk level, at his own wish
    RECOVERY = "recovery"  # after a bad rating


class State(StrEnum):
    """Where a call-back stands."""

    OPEN = "open"
    PASSED = "passed"
    DENIED = "denied"
    UNREACHED = "unreached"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What came of one try."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    ASKED_LATER = "asked_later"
    WRONG_PERSON = "wrong_person"


class Means(StrEnum):
    """How the client was spoken to."""

    TELEPHONE = "telephone"
    VISIT = "visit"
    TALK = "talk"
    LETTER = "letter"


class Occasion(StrEnum):
    """Why a special call-back is made."""

    FESTIVAL = "festival"
    EXCHANGE = "exchange"
    PRODUCT = "product"
    OTHER = "other"


class Target(StrEnum):
    """Whom a special call-back is for."""

    ALL = "all"
    NEW = "new"
    LISTED = "listed"


class Refusal(StrEnum):
    """Why a try can't be recorded."""

    OWN_WORK = "own_work"
    QUIET_TIME = "quiet_time"
    TOO_SOON = "too_soon"
    INCOMPLETE = "incomplete"
    NO_REFERENCE = "no_reference"
    NOT_OF_THE_TWO = "not_of_the_two"
    OUT_OF_PERIOD = "out_of_period"
    SAME_PERSON = "same_person"
    BAD_PERIOD = "bad_period"
    NOBODY = "nobody"
    TOO_MANY_QUESTIONS = "too_many_questions"
    UNKNOWN_CLIENT = "unknown_client"


@dataclass(frozen=True)
class Question:
    """One question of a script, in both languages, and the answer that lets the matter go on."""

    key: str
    zh: str
    en: str
    expects: str

    def says(self, language: str) -> str:
        """Give the question in a language."""
        return self.en if language == "en" else self.zh


def is_quiet(clock: time) -> bool:
    """Tell whether nobody is called by telephone at this Shanghai time."""
    return any(begin <= clock < end for begin, end in QUIET) or clock >= QUIET[-1][0]


def state_after(outcome: Outcome, tries: int, answers: Mapping[str, str], questions: Sequence[Question]) -> State:
    """Give the state after a try, `tries` counting it: one answer against the script is a denial."""
    if outcome is Outcome.ANSWERED:
        agreed = all(answers.get(question.key) == question.expects for question in questions)
        return State.PASSED if agreed else State.DENIED
    return State.UNREACHED if tries >= TRIES else State.OPEN


def try_refusal(
    *, caller: int | None, kept_out: Collection[int], outcome: Outcome, means: Means, clock: time,
    since_last: timedelta | None, complete: bool, has_reference: bool,
) -> Refusal | None:  # fmt: skip
    """Say why a try may not stand, or None: by whom, when, how far from the last, and with which evidence."""
    if caller is None or caller in kept_out:
        return Refusal.OWN_WORK
    if means is Means.TELEPHONE and is_quiet(clock):
        return Refusal.QUIET_TIME
    if outcome is Outcome.ANSWERED:
        if not complete:
            return Refusal.INCOMPLETE
        return None if has_reference else Refusal.NO_REFERENCE
    return Refusal.TOO_SOON if since_last is not None and since_last < APART else None


def next_try_at(now: datetime) -> datetime:
    """Give the earliest instant of another try; the caller's quiet hours are looked at when it is made."""
    return now + APART
