"""Decisions about assessments, on plain values: how long one holds, how often one may ask, what matches."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

QUEUE = "questionnaires"


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


class Reason(StrEnum):
    """Why staff decided as they did on a held assessment."""

    CALLED_BACK = "called_back"
    EVIDENCE_SEEN = "evidence_seen"
    ANSWERS_WRONG = "answers_wrong"
    NOT_REACHED = "not_reached"
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


@dataclass(frozen=True, slots=True)
class Standing:
    """What a client's newest assessment says; `horizon_months` and `classes` are None where nobody asked him.

    `allowed` are the risk classes that the definition's matrix gives this level.
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

    @property
    def ok(self) -> bool:
        """Tell whether it matches."""
        return self.code is Code.MATCHED

    def kept(self) -> dict[str, Any]:
        """Give the verdict as plain data, to stand beside what rests on it."""
        until = str(self.valid_to) if self.valid_to else None
        return {
            "code": self.code.value, "risk_class": self.risk_class, "level": self.level,
            "assessment": self.assessment, "valid_to": until,
        }  # fmt: skip


def verdict(
    standing: Standing | None, today: date, *, risk_class: str, product_class: str | None = None,
    term_months: int | None = None,
) -> Verdict:  # fmt: skip
    """Match a product with what the client's assessment says: the level first, then horizon and kind."""
    if standing is None:
        return Verdict(Code.NEEDS_ASSESSMENT, risk_class)
    code = _code(standing, today, risk_class, product_class, term_months)
    return Verdict(code, risk_class, standing.level, standing.number, standing.valid_to)


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
