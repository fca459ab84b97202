"""Decisions about what is published, on plain values: kinds, steps, what a text needs, who may publish, until when."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

QUEUE = "library"
LONGEST_DAYS = {"announcement": 366, "news": 92, "report": 366, "note": 366}  # others: three years, then a new look
OTHERS_DAYS = 3 * 366
EXPIRING = timedelta(days=30)
POINTS_LIMIT = 50
TRIES_A_DAY = 5
LONG_NUMBER = re.compile(r"(?<!\d)(?:\d{7,}|1[3-9]\d[ -]\d{4}[ -]\d{4}|\d{4}(?: \d{4}){2,})[Xx]?")


class Kind(StrEnum):
    """What a piece is."""

    ANNOUNCEMENT = "announcement"
    FAQ = "faq"
    ARTICLE = "article"
    NEWS = "news"
    REPORT = "report"
    NOTE = "note"  # for members of the club
    CARE = "care"  # a greeting: no page of its own


RESEARCH = frozenset({Kind.NEWS, Kind.REPORT, Kind.NOTE})
FOR_EVERY_CLIENT = (Kind.ANNOUNCEMENT, Kind.FAQ, Kind.ARTICLE, Kind.NEWS, Kind.REPORT)


class State(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    REVIEW = "review"


class Verb(StrEnum):
    """What happens to a piece."""

    BEGIN = "begin"
    WRITE = "write"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    DISCARD = "discard"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class Topic(StrEnum):
    """What a piece is about."""

    ACCOUNT = "account"
    TRADING = "trading"
    COSTS = "costs"
    STATEMENTS = "statements"
    RISK = "risk"
    FRAUD = "fraud"
    POINTS = "points"
    MARKET = "market"
    SERVICE = "service"


class Occasion(StrEnum):
    """What a greeting is for."""

    ID_EXPIRES = "id_expires"
    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    SPRING_FESTIVAL = "spring_festival"
    MID_AUTUMN = "mid_autumn"
    NEW_YEAR = "new_year"


class Refusal(StrEnum):
    """Why it can't be done."""

    NOT_WHOLE = "not_whole"
    NOT_IN_REVIEW = "not_in_review"
    IN_REVIEW = "in_review"
    WROTE_IT = "wrote_it"
    NO_REASON = "no_reason"
    EXPIRED = "expired"
    NOT_LIVE = "not_live"
    DRAFT_OPEN = "draft_open"
    TOO_MANY_TRIES = "too_many_tries"
    NO_CHECK = "no_check"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Text:
    """All that staff write of a piece, in both languages; what its kind does not have stays empty."""

    topic: str = Topic.SERVICE
    title_zh: str = ""
    title_en: str = ""
    summary_zh: str = ""
    summary_en: str = ""
    body_zh: str = ""
    body_en: str = ""
    expires_on: date | None = None
    author: str = ""
    authored_on: date | None = None
    risk_class: str = ""
    horizon_months: int | None = None
    conflicts_zh: str = ""
    conflicts_en: str = ""
    questions_zh: str = ""
    questions_en: str = ""
    points: int = 0
    occasion: str = ""


WORDS = ("title_zh", "title_en", "summary_zh", "summary_en", "body_zh", "body_en")
OF_RESEARCH = ("author", "authored_on", "risk_class", "horizon_months", "conflicts_zh", "conflicts_en")


def lacking(kind: Kind, text: Text, today: date) -> dict[str, str]:
    """Name what a text still lacks before a second person may look at it: field by field, with the code of why."""
    needed = list(WORDS) + (list(OF_RESEARCH) if kind in RESEARCH else []) + (["occasion"] if kind is Kind.CARE else [])
    found = {name: "missing" for name in needed if getattr(text, name) in ("", None)}
    if why := _bad_expiry(kind, text.expires_on, today):
        found["expires_on"] = why
    if text.authored_on and text.authored_on > today:
        found["authored_on"] = "future"
    if text.points and not text.questions_zh:
        found["points"] = "no_check"
    return found


def _bad_expiry(kind: Kind, expires_on: date | None, today: date) -> str | None:
    if expires_on is None:
        return "missing"
    if expires_on < today:
        return "past"
    return "too_far" if expires_on > today + timedelta(days=LONGEST_DAYS.get(kind, OTHERS_DAYS)) else None


def publication_refusal(state: str, *, decider: int, writers: Collection[int], is_whole: bool) -> Refusal | None:
    """Say why somebody may not publish a draft, or None: whoever wrote a word of it is no second person."""
    if state != State.REVIEW:
        return Refusal.NOT_IN_REVIEW
    if decider in writers:
        return Refusal.WROTE_IT
    return None if is_whole else Refusal.NOT_WHOLE


def without_numbers(text: str) -> str:
    """Hide long numbers in what was copied from a letter: telephones, documents, accounts are nobody else's to read."""
    return LONG_NUMBER.sub("****", text)
