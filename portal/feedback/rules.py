"""Decisions about a case, on plain values: kinds and classes, which step follows which, how its clocks stand."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

QUEUE = "feedback"
WORKDAY = 420  # working minutes: 9:00 to 11:30 and 13:00 to 17:30
NEAR_PERCENT = 80  # of a clock: from here on staff are warned
SAME_WITHIN = timedelta(days=30)  # the same words again within this time are the same case
ACCEPT_WORKDAYS = 10  # a client who says nothing for so long after the answer has accepted it
TEXT_LIMIT, ANSWER_LIMIT, SHORT_LIMIT = 5000, 5000, 500


class Kind(StrEnum):
    """What a client brings."""

    COMPLAINT = "complaint"
    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"
    REPORT = "report"  # of a violation


class Area(StrEnum):
    """The class of a case: what it is about."""

    TRADING = "trading"
    ACCOUNT = "account"
    FEES = "fees"
    SUITABILITY = "suitability"
    CONDUCT = "conduct"
    SERVICE = "service"
    SYSTEM = "system"
    POINTS = "points"
    OTHER = "other"


class Product(StrEnum):
    """Which product it concerns."""

    NONE = "none"
    STOCKS = "stocks"
    FUNDS = "funds"
    BONDS = "bonds"
    MARGIN = "margin"
    ADVICE = "advice"
    SMS = "sms"
    PORTAL = "portal"


class Channel(StrEnum):
    """On which way it came."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    HOTLINE = "hotline"  # handed on by 12386: the firm answers first


class Severity(StrEnum):
    """How heavy it weighs; critical ones are escalated at once."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class Finding(StrEnum):
    """What the investigation found."""

    FOUNDED = "founded"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"


class Cause(StrEnum):
    """Why it came about."""

    PROCESS = "process"
    SYSTEM = "system"
    STAFF = "staff"
    INFORMATION = "information"
    PRODUCT = "product"
    THIRD_PARTY = "third_party"
    MISUNDERSTANDING = "misunderstanding"
    OTHER = "other"


class State(StrEnum):
    """Where a case stands; a client sees each of them under a name of its own."""

    RECEIVED = "received"
    IN_WORK = "in_work"
    WAITING = "waiting"  # for the client: the answer's clock stands still
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What happens to a case."""

    RECEIVE = "receive"
    ACKNOWLEDGE = "acknowledge"
    ASSESS = "assess"
    NOTE = "note"  # for staff alone
    TELL = "tell"
    ASK = "ask"
    REPLY = "reply"
    EXTEND = "extend"
    ANSWER = "answer"
    ACCEPT = "accept"
    OBJECT = "object"
    LAPSE = "lapse"  # accepted by silence
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"


class Refusal(StrEnum):
    """Why it can't be done."""

    SAME_AGAIN = "same_again"
    TOO_MANY = "too_many"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NO_FINDING = "no_finding"
    EXTENDED_ALREADY = "extended_already"
    NOT_EXTENDABLE = "not_extendable"
    OFF_SCALE = "off_scale"
    SURVEY_OVER = "survey_over"
    VOTED = "voted"
    NO_SUGGESTION = "no_suggestion"
    ADOPTED_ALREADY = "adopted_already"
    SAME_PERSON = "same_adopter"
    ENDED_ALREADY = "ended_already"
    NOTHING_PROPOSED = "nothing_proposed"
    NO_REASON = "no_reason"
    NOBODY = "nobody"


CLOSED = (State.CLOSED, State.WITHDRAWN)
OPEN = (State.RECEIVED, State.IN_WORK, State.WAITING)
RUNNING = (State.RECEIVED, State.IN_WORK)
INTERNAL = frozenset({Verb.NOTE, Verb.ASSESS, Verb.ESCALATE})  # a client never reads these
EXTENDABLE = frozenset({Kind.COMPLAINT, Kind.REPORT})
STEPS: dict[tuple[State, Verb], State] = {
    (State.RECEIVED, Verb.ACKNOWLEDGE): State.IN_WORK,
    (State.IN_WORK, Verb.ASK): State.WAITING,
    (State.WAITING, Verb.REPLY): State.IN_WORK,
    **{(state, Verb.REPLY): state for state in RUNNING},
    **{(state, Verb.ANSWER): State.ANSWERED for state in OPEN},
    (State.ANSWERED, Verb.ACCEPT): State.CLOSED,
    (State.ANSWERED, Verb.LAPSE): State.CLOSED,
    (State.ANSWERED, Verb.OBJECT): State.IN_WORK,
    **{(state, Verb.WITHDRAW): State.WITHDRAWN for state in OPEN},
    **{(state, verb): state for state in OPEN for verb in (Verb.ASSESS, Verb.TELL, Verb.EXTEND, Verb.ESCALATE)},
    **{(state, Verb.NOTE): state for state in State},
}


def after(state: State, verb: Verb) -> State | None:
    """Give the state that follows, or None where the step does not exist: a client can't close what is not answered."""
    return STEPS.get((state, verb))


def answer_refusal(kind: Kind, state: State, finding: str) -> Refusal | None:
    """Say why a case can't be answered yet: only an enquiry may be answered before anybody has acknowledged it."""
    if state is State.RECEIVED and kind is not Kind.ENQUIRY:
        return Refusal.NOT_ACKNOWLEDGED
    return Refusal.NO_FINDING if kind in EXTENDABLE and not finding else None


def needs_two(kind: Kind, severity: str) -> bool:
    """Tell whether an answer goes out by a second person alone: to critical complaints and reports."""
    return kind in EXTENDABLE and severity == Severity.CRITICAL


def extension_refusal(kind: Kind, extended_minutes: int) -> Refusal | None:
    """Say why the answer's time can't be extended: complaints alone, and once."""
    if kind not in EXTENDABLE:
        return Refusal.NOT_EXTENDABLE
    return Refusal.EXTENDED_ALREADY if extended_minutes else None


@dataclass(frozen=True)
class Step:
    """One event of a case, as its clocks see it."""

    verb: str
    to_state: str
    at: datetime


@dataclass(frozen=True)
class Span:
    """A stretch of time in which a clock ran; `is_running` when it runs still."""

    begin: datetime
    end: datetime
    is_running: bool


def acknowledging(steps: Sequence[Step], now: datetime) -> list[Span]:
    """Give when the first clock ran: from receipt to the first word of a person, without a pause."""
    begin = steps[0].at
    stops = {Verb.ACKNOWLEDGE, Verb.ANSWER, Verb.WITHDRAW}
    end = next((step.at for step in steps if step.verb in stops), None)
    return [Span(begin, end or now, is_running=end is None)]


def contacting(steps: Sequence[Step], now: datetime) -> list[Span]:
    """Give when the clock of the first contact ran: from receipt until somebody wrote more than that it was taken."""
    stops = {Verb.TELL, Verb.ASK, Verb.ANSWER, Verb.WITHDRAW}
    end = next((step.at for step in steps if step.verb in stops), None)
    return [Span(steps[0].at, end or now, is_running=end is None)]


def answering(steps: Sequence[Step], now: datetime) -> list[Span]:
    """Give when the second clock ran: from receipt, or the last objection, to the answer; not while we wait."""
    rounds = [number for number, step in enumerate(steps) if step.verb in (Verb.RECEIVE, Verb.OBJECT)]
    return list(_spans(steps[rounds[-1] :], now))


def _spans(steps: Iterable[Step], now: datetime) -> Iterator[Span]:
    begin: datetime | None = None
    for step in steps:
        runs = step.to_state in RUNNING
        if runs and begin is None:
            begin = step.at
        elif not runs and begin is not None:
            yield Span(begin, step.at, is_running=False)
            begin = None
    if begin is not None:
        yield Span(begin, now, is_running=True)


def fingerprint(text: str) -> str:
    """Give what two texts share that say the same: letters and figures alone count."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return hashlib.sha256(re.sub(r"[\W_]+", "", plain).encode()).hexdigest()
