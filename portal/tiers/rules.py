"""The four tiers, their order, and the first answer that each is promised."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Tier(StrEnum):
    """A client's tier by its code; who has no period is normal."""

    NORMAL = "normal"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"

    @property
    def rank(self) -> int:
        """Give the tier's place in the order, from 0."""
        return list(Tier).index(self)


class Refusal(StrEnum):
    """Why a tier can't be granted."""

    OVERLAPS = "overlaps"  # the client has this tier from this source in this time already


class Source(StrEnum):
    """Where a period comes from: each source speaks for itself, and the highest period that covers a day counts."""

    EVALUATION = "evaluation"
    POINTS = "points"  # applied for with points, runs to its stated end
    TAKEN_OVER = "taken_over"  # brought from the system before
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class TierPeriod:
    """A client's tier from a first day up to, but not including, `valid_to`."""

    id: int
    client_id: int
    tier: str
    valid_from: date
    valid_to: date
    basis: Any
    decided_by: str
    reason: str
    source: str = Source.STAFF


def is_at_least(tier: str, wanted: str) -> bool:
    """Tell whether a tier reaches another."""
    return Tier(tier).rank >= Tier(wanted).rank
