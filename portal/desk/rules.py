"""Who the core clients (核心客户) are, by a definition with a version: high tiers, or the top of the house. Pure."""

import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

VERSIONS = Path(__file__).with_name("core_clients.json")


class Reason(StrEnum):
    """Why somebody is a core client."""

    TIER = "tier"
    ASSETS = "assets"
    TRADES = "trades"


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of the definition; a share of the clients who hold or trade anything at all."""

    version: str
    valid_from: date
    min_tier: str
    top_share: Decimal
    window_months: int
    guideline_percent: int


@cache
def versions() -> tuple[Definition, ...]:
    """Read every version, oldest first."""
    told = json.loads(VERSIONS.read_text())["versions"]
    found = (
        Definition(
            version=row["version"], valid_from=date.fromisoformat(row["valid_from"]), min_tier=row["min_tier"],
            top_share=Decimal(row["top_share"]), window_months=row["window_months"],
            guideline_percent=row["guideline_percent"],
        )
        for row in told
    )  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.valid_from))


def definition_on(day: date) -> Definition:
    """Give the version in force on a day; before the first one, the first."""
    return next((each for each in reversed(versions()) if each.valid_from <= day), versions()[0])


def definition_of(version: str) -> Definition:
    """Give a version by its name; raises KeyError."""
    return {each.version: each for each in versions()}[version]


def window_start(day: date, months: int) -> date:
    """Give the day so many months before; where that month is too short, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def top(figures: Mapping[int, Decimal], share: Decimal) -> set[int]:
    """Name the top share by a figure, rounded up; who has as much as the last one is in too, who has nothing never."""
    have = sorted((figure for figure in figures.values() if figure > 0), reverse=True)
    if not have:
        return set()
    bar = have[int((len(have) * share).to_integral_value(ROUND_CEILING)) - 1]
    return {whom for whom, figure in figures.items() if figure >= bar}


def core(
    *, in_high_tier: set[int], assets: Mapping[int, Decimal], trades: Mapping[int, Decimal], definition: Definition
) -> dict[int, list[Reason]]:
    """Name the core clients with every reason, in the order of the definition."""
    by = {
        Reason.TIER: in_high_tier,
        Reason.ASSETS: top(assets, definition.top_share),
        Reason.TRADES: top(trades, definition.top_share),
    }
    everybody = sorted(set().union(*by.values()))
    return {whom: [reason for reason, names in by.items() if whom in names] for whom in everybody}


def monday(day: date) -> date:
    """Give the day on which a day's week began."""
    return day - timedelta(days=day.weekday())
