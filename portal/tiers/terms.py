"""The terms that two persons publish: what a tier asks for, how long a warning runs, what loyalty and the club are."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import Any

from portal.tiers.rules import Tier

FEN = Decimal("0.01")
EARNED = (Tier.SILVER, Tier.GOLD, Tier.PLATINUM)  # the tiers that ask for something
# House defaults of the first version: what a firm starts with until two of its people publish another.
HOUSE: dict[str, Any] = {
    "window_months": 12,
    "notice_days": 30,
    "bars": {
        "silver": {"assets": "100000.00", "commission": "1000.00"},
        "gold": {"assets": "500000.00", "commission": "4000.00"},
        "platinum": {"assets": "2000000.00", "commission": "10000.00"},
    },
    # Who gets what: yes, apply (may be applied for), points (applied for with points), join, or none.
    "services": {
        "care": {"normal": "yes", "silver": "yes", "gold": "yes", "platinum": "yes"},
        "first": {"normal": "none", "silver": "yes", "gold": "yes", "platinum": "yes"},
        "team": {"normal": "none", "silver": "none", "gold": "yes", "platinum": "yes"},
        "sms": {"normal": "apply", "silver": "apply", "gold": "apply", "platinum": "apply"},
        "commission": {"normal": "none", "silver": "none", "gold": "apply", "platinum": "apply"},
        "club": {"normal": "none", "silver": "none", "gold": "points", "platinum": "join"},
    },
    "minutes": {"normal": 240, "silver": 120, "gold": 60, "platinum": 30},  # working minutes until the first answer
    "loyalty": {"1": 100, "3": 300, "5": 600, "every": 200},
    "club": {"points": 3000, "months": 12, "again_after_days": 90},
}


class Service(StrEnum):
    """What a tier may bring, in the order of the table."""

    CARE = "care"  # counter, client centre, web; 关怀服务
    FIRST = "first"  # first in line on the telephone and in every queue
    TEAM = "team"  # a service number and a team of one's own
    SMS = "sms"  # paid SMS
    COMMISSION = "commission"  # 佣金变现 products
    CLUB = "club"


class Get(StrEnum):
    """How a tier gets a service."""

    YES = "yes"
    APPLY = "apply"
    POINTS = "points"
    JOIN = "join"
    NONE = "none"


class BadTerms(StrEnum):
    """Why terms can't be published."""

    NOT_A_NUMBER = "not_a_number"
    OVERLAPS = "overlaps"  # a higher tier would ask for no more than a lower one, so that two bars meet
    NOT_LATER = "not_later"  # they would begin on or before a day that other terms already govern
    SLOWER = "slower"  # a higher tier would wait longer for its answer than a lower one
    SAME_PERSON = "same_person"  # who wrote them may not publish them


@dataclass(frozen=True, slots=True)
class Bar:
    """What a tier asks for, in yuan: one of the two is enough."""

    assets: Decimal
    commission: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of the terms, in force from its first day until the next version's."""

    id: int
    valid_from: date
    window_months: int
    notice_days: int
    bars: Mapping[Tier, Bar]
    loyalty: Mapping[str, int]
    club: Mapping[str, int]
    services: Mapping[Service, Mapping[Tier, Get]]
    minutes: Mapping[Tier, int]

    def with_service(self, service: Service) -> list[Tier]:
        """List the tiers that get a service, in whatever way."""
        return [tier for tier in Tier if self.services[service][tier] is not Get.NONE]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a client's figures: days reported, the sum of their assets, the net commission; in yuan."""

    first: date
    days: int
    assets_sum: Decimal
    commission: Decimal

    @property
    def mean(self) -> Decimal:
        """Give the month's mean daily assets."""
        return _mean(self.assets_sum, self.days)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a client brings to the measure: a window of months, both days included."""

    first: date
    last: date
    months: Sequence[Month]

    @property
    def days(self) -> int:
        """Count the days that were reported."""
        return sum(month.days for month in self.months)

    @property
    def assets_sum(self) -> Decimal:
        """Add up the assets of all days."""
        return sum((month.assets_sum for month in self.months), Decimal("0.00"))

    @property
    def mean_assets(self) -> Decimal:
        """Give the mean daily assets over the days reported, to the fen."""
        return _mean(self.assets_sum, self.days)

    @property
    def commission(self) -> Decimal:
        """Add up the net commission."""
        return sum((month.commission for month in self.months), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two ways to a tier: what it asks for, what is there, what is missing, in yuan."""

    measure: str  # assets | commission
    needed: Decimal
    have: Decimal

    @property
    def missing(self) -> Decimal:
        """Give what is still missing, never below zero."""
        return max(Decimal("0.00"), self.needed - self.have)

    @property
    def percent(self) -> Decimal:
        """Give the share that is there, from 0 to 100."""
        share = self.have * 100 / self.needed
        return max(Decimal(0), min(Decimal(100), share)).quantize(Decimal("0.1"))


def qualifying(terms: Terms, figures: Figures) -> Tier:
    """Give the highest tier that assets or commission reach."""
    return next((tier for tier in reversed(EARNED) if _reaches(terms.bars[tier], figures)), Tier.NORMAL)


def ways_to(terms: Terms, tier: Tier, figures: Figures) -> list[Way]:
    """Say what is there and what is missing on each way to a tier."""
    bar = terms.bars[tier]
    return [Way("assets", bar.assets, figures.mean_assets), Way("commission", bar.commission, figures.commission)]


def next_above(tier: str) -> Tier | None:
    """Give the tier above, or None at the top."""
    ranks = list(Tier)
    return ranks[Tier(tier).rank + 1] if Tier(tier) is not ranks[-1] else None


def one_below(tier: str) -> Tier:
    """Give the tier one step down; the lowest stays what it is."""
    return list(Tier)[max(0, Tier(tier).rank - 1)]


def window(last: date, months: int) -> tuple[date, date]:
    """Give the first and the last day of so many whole months that end with a month's last day."""
    count = last.year * 12 + last.month - months
    return date(count // 12, count % 12 + 1, 1), last


def month_end_before(day: date) -> date:
    """Give the last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def quarter_end(day: date) -> date:
    """Give the end of the quarter that a day lies in."""
    month = (day.month + 2) // 3 * 3
    return date(day.year, month, monthrange(day.year, month)[1])


def quarter_start(day: date) -> date:
    """Give the first day of the quarter that a day lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def assured_until(today: date, notice_days: int) -> date:
    """Give the last day of a tier confirmed today: the soonest quarter's end that a warning at the next look allows."""
    next_look = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return quarter_end(next_look + timedelta(days=notice_days))


def ends_after_notice(today: date, notice_days: int) -> date:
    """Give the quarter's end at which a step down warned of today takes effect."""
    return quarter_end(today + timedelta(days=notice_days))


def anniversary(opened_on: date, day: date) -> int:
    """Give which year of loyalty is complete on this very day, 0 for none; 29 February keeps to the 28th."""
    years = day.year - opened_on.year
    last = monthrange(day.year, opened_on.month)[1]
    is_the_day = (day.month, day.day) == (opened_on.month, min(opened_on.day, last))
    return years if is_the_day and years > 0 else 0


def loyalty_points(terms: Terms, years: int) -> int:
    """Give the points of a completed year of loyalty."""
    return terms.loyalty.get(str(years), terms.loyalty["every"])


def read(body: Mapping[str, Any], *, id: int, valid_from: date) -> Terms | BadTerms:
    """Read published or drafted terms; refused when an amount is no number or two bars meet."""
    try:
        bars = {tier: _bar(body["bars"][tier]) for tier in EARNED}
        whole = {name: int(body[name]) for name in ("window_months", "notice_days")}
        loyalty = {str(name): int(points) for name, points in body["loyalty"].items()}
        club = {name: int(body["club"][name]) for name in ("points", "months", "again_after_days")}
        # Terms that were published before the table stood in them have the house's.
        table = {**HOUSE["services"], **body.get("services", {})}
        services = {each: {tier: Get(table[each][tier]) for tier in Tier} for each in Service}
        minutes = {tier: int(body.get("minutes", HOUSE["minutes"])[tier]) for tier in Tier}
        counts = (*whole.values(), *loyalty.values(), *club.values(), *minutes.values(), loyalty["every"])
    except (KeyError, ValueError, TypeError, InvalidOperation):
        return BadTerms.NOT_A_NUMBER
    if any(count <= 0 for count in counts):
        return BadTerms.NOT_A_NUMBER
    ladder = [bars[tier] for tier in EARNED]
    if any(high.assets <= low.assets or high.commission <= low.commission for low, high in pairwise(ladder)):
        return BadTerms.OVERLAPS
    if any(minutes[high] > minutes[low] for low, high in pairwise(Tier)):
        return BadTerms.SLOWER
    months, days = whole["window_months"], whole["notice_days"]
    return Terms(id, valid_from, months, days, bars, loyalty, club, services, minutes)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """List what another version changes, by its place in the terms: place, before, after."""
    found: list[tuple[str, Any, Any]] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            found += [(f"{name}.{place}", *pair) for place, *pair in differences(before, after)]
        elif before != after:
            found.append((name, before, after))
    return found


def _bar(given: Mapping[str, str]) -> Bar:
    bar = Bar(*(Decimal(given[name]).quantize(FEN) for name in ("assets", "commission")))
    if not (bar.assets > 0 and bar.commission > 0):
        raise ValueError("a bar is above zero")
    return bar


def _reaches(bar: Bar, figures: Figures) -> bool:
    return figures.mean_assets >= bar.assets or figures.commission >= bar.commission


def _mean(total: Decimal, days: int) -> Decimal:
    return (total / days).quantize(FEN, ROUND_HALF_UP) if days else Decimal("0.00")
