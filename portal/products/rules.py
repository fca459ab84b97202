"""What a plan is, when a subscription ends, and what its first message says."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum


class ServiceKind(StrEnum):
    """What an SMS plan is for."""

    ACCOUNT = "account"
    IPO = "ipo"
    ADVICE = "advice"  # investment advice: needs a risk questionnaire that matches
    BONDS = "bonds"  # news of bonds and money funds: advice that suits the lowest levels
    COMMISSION = "commission"  # 佣金变现: points that commission has earned, for a bundle of services
    TALK = "talk"  # a talk about one's account with an adviser
    TIER = "tier"  # an application for a higher tier


class Kind(StrEnum):
    """What is done when a product is granted."""

    SMS = "sms"
    TIER_UPGRADE = "tier_upgrade"
    TALK = "talk"


ASSESSED = frozenset({ServiceKind.ADVICE, ServiceKind.BONDS, ServiceKind.COMMISSION})


class EndReason(StrEnum):
    """Why a subscription ended."""

    LAPSED = "lapsed"  # its last day is over
    UNDELIVERED = "undelivered"  # the first message could not be sent
    STOPPED = "stopped"  # before its time, by the client or by staff


class Refusal(StrEnum):
    """Why a plan can't be published."""

    SAME_PERSON = "same_person"  # who wrote or proposed it may not approve it
    NO_REASON = "no_reason"
    PROPOSED_ALREADY = "proposed_already"
    NOTHING_TO_DO = "nothing_to_do"  # it is as wished already, or the proposal is gone


@dataclass(frozen=True, slots=True)
class Plan:
    """An SMS plan as two persons publish it; `per_client_limit` is how many one client may have at a time."""

    code: str
    name_zh: str
    name_en: str
    service_kind: str
    risk_class: str
    points: int
    period_months: int
    min_tier: str
    per_client_limit: int
    welcome_zh: str
    welcome_en: str
    kind: str
    grants_tier: str | None
    gifts: Sequence[str]  # codes of plans that are free while this one runs, and end with it
    needs_switch: bool  # nobody can have it until two persons, one of them of compliance, have turned it on

    @property
    def sha256(self) -> str:
        """Give the hash of the whole text of the plan."""
        text = {field.name: getattr(self, field.name) for field in fields(Plan)}
        # Plans keep the hash under which they were published before there were other kinds, gifts and switches.
        if not self.gifts and not self.needs_switch:
            del text["gifts"], text["needs_switch"]
            if self.kind == Kind.SMS:
                del text["kind"], text["grants_tier"]
        return hashlib.sha256(json.dumps(text, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def needs_assessment(self) -> bool:
        """Tell whether a client must have answered the risk questionnaire first."""
        return self.service_kind in ASSESSED

    @property
    def service_key(self) -> str:
        """Give the key under which the risk questionnaire names this kind of service."""
        return "commission_for_product" if self.service_kind == ServiceKind.COMMISSION else f"sms_{self.service_kind}"

    def name_in(self, language: str) -> str:
        """Give the plan's name in a language, zh or en."""
        return self.name_en if language == "en" else self.name_zh

    def welcome(self, language: str, ends_on: date) -> str:
        """Write the first message of a subscription, without the firm's signature."""
        text = self.welcome_en if language == "en" else self.welcome_zh
        return text.replace("{ends_on}", ends_on.isoformat())


def last_day(starts_on: date, months: int) -> date:
    """Give the last day of so many months; the 31st becomes the last day of a shorter month."""
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + months, 12)
    day = min(starts_on.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def unused_months(ends_on: date, today: date) -> int:
    """Count the whole months of a term that are still unused when it stops today; a month begun is used."""
    months = 0
    while last_day(today + timedelta(days=1), months + 1) <= ends_on:
        months += 1
    return months


def refund_points(price: int, period_months: int, unused: int) -> int:
    """Give the points that go back for whole unused months of a term, rounded down."""
    return price * min(unused, period_months) // period_months
