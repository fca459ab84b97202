"""等级: 普通 银卡 金卡 白金卡, as periods with begin, end and basis."""

from portal.tiers.actions import grant
from portal.tiers.queries import NAMES, current, periods_of, tier_on, tiers_of
from portal.tiers.rules import Refusal, Tier, TierPeriod, is_at_least, promised_minutes

__all__ = [
    "NAMES",
    "Refusal",
    "Tier",
    "TierPeriod",
    "current",
    "grant",
    "is_at_least",
    "periods_of",
    "promised_minutes",
    "tier_on",
    "tiers_of",
]
