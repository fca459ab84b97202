"""What a message is, and what decides whether it goes out by SMS too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SMS = "sms"  # the one preferred channel besides this inbox that we write to


class Topic(StrEnum):
    """What a message is about."""

    SECURITY = "security"
    RECORD = "record"
    SUITABILITY = "suitability"
    REDEMPTION = "redemption"
    BOOKING = "booking"
    TIER = "tier"
    CLUB = "club"
    VOICE = "voice"
    SURVEY = "survey"
    LIBRARY = "library"
    CARE = "care"


class Weight(StrEnum):
    """How far a message goes."""

    REQUIRED = "required"  # law or safety: by SMS too, whatever the client prefers
    NOTICE = "notice"  # by SMS too where he prefers that, or has said nothing
    QUIET = "quiet"  # stands in the inbox alone


class Route(StrEnum):
    """Why a message went out by SMS, or did not."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    UNSTATED = "unstated"
    NOT_PREFERRED = "not_preferred"
    QUIET = "quiet"
    NO_NUMBER = "no_number"


BY_SMS = frozenset({Route.REQUIRED, Route.PREFERRED, Route.UNSTATED})


@dataclass(frozen=True)
class Letter:
    """What is to be told: Chinese sentences with their values, and the page that it is about.

    `short` is the SMS; without one it says the title. It names no figure: who else reads the telephone learns nothing.
    `english` holds the title and the text where staff have written them: no catalogue knows these.
    """

    topic: Topic
    title: str
    text: str
    weight: Weight = Weight.NOTICE
    values: Mapping[str, object] = field(default_factory=dict)
    page: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    short: str = ""
    english: Mapping[str, str] = field(default_factory=dict)


def route(weight: Weight, *, preferred: str | None, has_number: bool) -> Route:
    """Say whether a message goes out by SMS, and why."""
    if weight is Weight.QUIET:
        return Route.QUIET
    if not has_number:
        return Route.NO_NUMBER
    if weight is Weight.REQUIRED:
        return Route.REQUIRED
    if not preferred:
        return Route.UNSTATED
    return Route.PREFERRED if preferred == SMS else Route.NOT_PREFERRED
