"""Decisions about assessments, on plain values: how long one holds, how often one may ask, what matches."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

QUEUE, WISH_QUEUE = "questionnaires", "over_level"


class State(StrEnum):
    """Where an assessment stands; whether an effective one has run out, its last day says."""

    HELD = "held"  # staff look at it first
    UNCONFIRMED = "unconfirmed"  # the client has not yet said that he has read the result
    EFFECTIVE = "effective"
    REJECTED = "rejected"
    STOPPED = "stopped"  # not online: at the counter


class DraftState(StrEnum):
    """Where a sheet that is being filled in stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"  # its version of the questionnaire was taken back


class Source(StrEnum):
    """Where a level comes from."""

    PORTAL = "portal"
    COUNTER = "counter"


class Refusal(StrEnum):
    """Why the client can't go on, or staff can't do it."""

    TOO_OFTEN_TODAY = "too_often_today"
    TOO_OFTEN = "too_often"
    NO_QUESTIONNAIRE = "no_questionnaire"
    DRAFT_LAPSED = "draft_lapsed"
    VERSION_WITHDRAWN = "version_withdrawn"
    DRAFT_GONE = "draft_gone"
    NOT_AN_OPTION = "not_an_option"
    EXCLUSIVE = "exclusive"
    UNANSWERED = "unanswered"
    UNDECLARED = "undeclared"
    BLOCKED = "blocked"
    UNCONFIRMED = "unconfirmed"
    NOT_YOURS_TO_CONFIRM = "not_yours_to_confirm"
    NO_REASON = "no_reason"
    NOT_CALLED = "not_called"
    OWN_CALL = "own_call"
    NOT_YOUR_WISH = "not_your_wish"
    READ_TOO_FAST = "read_too_fast"
    OTHER_WORDS = "other_words"
    LOWEST_CLASS = "lowest_class"
    NEEDS_ASSESSMENT = "needs_assessment"
    ALREADY_MATCHED = "already_matched"
    ASKED_ANEW = "asked_anew"


class Reason(StrEnum):
    """Why staff decided as they did on a held assessment."""

    CALLED_BACK = "called_back"
    EVIDENCE_SEEN = "evidence_seen"
    ANSWERS_WRONG = "answers_wrong"
    NOT_REACHED = "not_reached"
    NOT_CONFIRMED = "not_confirmed"  # on the telephone the client did not say that it is his own wish
    OTHER = "other"


class Code(StrEnum):
    """Whether a product matches, and if not what is in the way."""

    MATCHED = "matched"
    NEEDS_ASSESSMENT = "needs_assessment"
    ASSESSMENT_EXPIRED = "assessment_expired"
    LOWEST_CLASS = "lowest_class"
    ABOVE_LEVEL = "above_level"
    BEYOND_HORIZON = "beyond_horizon"
    OTHER_KIND = "other_kind"
    OVER_LEVEL = "over_level"  # above the level, at the client's own wish, after all the steps that it takes


MAY_INSIST = frozenset({Code.ABOVE_LEVEL, Code.BEYOND_HORIZON, Code.OTHER_KIND})


class Insistence(StrEnum):
    """Where a client's wish for something above his level stands."""

    READING = "reading"  # the special warning is before him
    REVIEW = "review"  # staff look at it, and call where they must
    GRANTED = "granted"  # it holds once the cool-down is over
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Steps:
    """What it takes to have something above one's level, as the definition says it."""

    reading_seconds: int
    cool_down_hours: Mapping[str, int]
    reviewed: frozenset[str]
    called: frozenset[str]
    called_from_age: int

    def needs_review(self, risk_class: str) -> bool:
        """Tell whether staff must look before it holds."""
        return risk_class in self.reviewed

    def needs_call(self, risk_class: str, age: int | None) -> bool:
        """Tell whether the client must be called before it holds."""
        return risk_class in self.called or (age is not None and age >= self.called_from_age)


def steps_of(given: Sequence[str]) -> Steps:
    """Read the steps from the definition, such as `cool_down_hours:R4=24,R5=48` and `callback:R5_or_age65`."""
    told = {name: value for name, _, value in (step.partition(":") for step in given)}
    hours = (pair.partition("=") for pair in told.get("cool_down_hours", "").split(",") if pair)
    called = told.get("callback", "").split("_or_")
    ages = [int(each.removeprefix("age")) for each in called if each.startswith("age")]
    return Steps(
        reading_seconds=int(told.get("reading_time_min_seconds", 0)),
        cool_down_hours={name: int(value) for name, _, value in hours},
        reviewed=frozenset(told.get("staff_review", "").split(",")),
        called=frozenset(each for each in called if not each.startswith("age")),
        called_from_age=min(ages, default=999),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a client's newest assessment says; `horizon_months` and `classes` are None where nobody asked him.

    `allowed` are the risk classes that the definition's matrix gives this level; `insisted` names the services that the
    client may have above it, each with the number of his request and the instant from which it holds.
    """

    number: str
    level: str
    lowest_class: bool
    source: str
    assessed_at: datetime
    valid_to: date
    allowed: tuple[str, ...]
    horizon_months: int | None = None
    classes: tuple[str, ...] | None = None
    insisted: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)

    def is_current(self, today: date) -> bool:
        """Tell whether it still holds; its last day counts."""
        return today <= self.valid_to


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a product matches, and on which assessment that rests."""

    code: Code
    risk_class: str
    level: str | None = None
    assessment: str | None = None
    valid_to: date | None = None
    insisted: str | None = None

    @property
    def ok(self) -> bool:
        """Tell whether it matches."""
        return self.code in (Code.MATCHED, Code.OVER_LEVEL)

    def kept(self) -> dict[str, Any]:
        """Give the verdict as plain data, to stand beside what rests on it."""
        until = str(self.valid_to) if self.valid_to else None
        return {
            "code": self.code.value, "risk_class": self.risk_class, "level": self.level,
            "assessment": self.assessment, "valid_to": until, **({"insisted": self.insisted} if self.insisted else {}),
        }  # fmt: skip


def verdict(
    standing: Standing | None, today: date, *, risk_class: str, product_class: str | None = None,
    term_months: int | None = None, insisted: str | None = None,
) -> Verdict:  # fmt: skip
    """Match a product with what the client's assessment says: the level first, then horizon and kind.

    `insisted` is the number of the request in which the client insisted on it and which holds, if there is one.
    """
    if standing is None:
        return Verdict(Code.NEEDS_ASSESSMENT, risk_class)
    code = _code(standing, today, risk_class, product_class, term_months)
    number = insisted if code in MAY_INSIST else None
    code = Code.OVER_LEVEL if number else code
    return Verdict(code, risk_class, standing.level, standing.number, standing.valid_to, number)


def _code(standing: Standing, today: date, risk_class: str, product_class: str | None, term: int | None) -> Code:
    if not standing.is_current(today):
        return Code.ASSESSMENT_EXPIRED
    if risk_class not in standing.allowed:
        return Code.LOWEST_CLASS if standing.lowest_class else Code.ABOVE_LEVEL
    if term is not None and standing.horizon_months is not None and term > standing.horizon_months:
        return Code.BEYOND_HORIZON
    if product_class is not None and standing.classes is not None and product_class not in standing.classes:
        return Code.OTHER_KIND
    return Code.MATCHED


def last_day(assessed_on: date, months: int) -> date:
    """Give the last day on which an assessment holds: the same day so many months later, or that month's last."""
    year, month = divmod(assessed_on.year * 12 + assessed_on.month - 1 + months, 12)
    return date(year, month + 1, min(assessed_on.day, monthrange(year, month + 1)[1]))


def age_on(born_on: date, today: date) -> int:
    """Give the full years of a person's life."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def attempt_refusal(submitted_on: Collection[date], today: date, rules: Mapping[str, Any]) -> Refusal | None:
    """Say why a client can't begin anew today, or None: so many a day, so many within twelve months."""
    if sum(day == today for day in submitted_on) >= rules["max_attempts_per_day"]:
        return Refusal.TOO_OFTEN_TODAY
    since = last_day(today, -12)
    within = sum(day > since for day in submitted_on)
    return Refusal.TOO_OFTEN if within >= rules["max_attempts_per_rolling_12_months"] else None


def draft_refusal(saved_at: datetime, now: datetime, hours: int) -> Refusal | None:
    """Say that a draft has lapsed, or None."""
    return Refusal.DRAFT_LAPSED if now >= saved_at + timedelta(hours=hours) else None


def days_to_remind(valid_to: date, today: date, steps: Sequence[int]) -> int | None:
    """Give the reminder that is due, the nearest one to the last day, or None."""
    left = (valid_to - today).days
    return min((step for step in steps if 0 <= left <= step), default=None)
