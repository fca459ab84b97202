"""等级: 普通 银卡 金卡 白金卡, measured each month, as periods with begin, end and basis."""

from portal.tiers.actions import answered, appoint_adviser, assign_adviser, assign_waiting, grant
from portal.tiers.calls import plan_core_calls
from portal.tiers.charges import CHARGES
from portal.tiers.evaluation import evaluate, evaluate_due
from portal.tiers.loyalty import award_loyalty
from portal.tiers.of_client import DATA, MOMENTS
from portal.tiers.publishing import draft, publish, seed_terms
from portal.tiers.queries import (
    NAMES,
    adviser_of,
    advisers,
    advisers_of,
    at_least,
    clients_of,
    current,
    figures_of,
    goes_first,
    has_service,
    periods_of,
    promised_minutes,
    promises_kept,
    reach,
    reaches,
    service_number,
    services_on,
    terms_on,
    tier_on,
    tiers_of,
)
from portal.tiers.rules import Refusal, Source, Tier, TierPeriod, is_at_least
from portal.tiers.terms import BadTerms, Figures, Get, Service, Terms, qualifying, quarter_start

__all__ = [
    "CHARGES",
    "DATA",
    "MOMENTS",
    "NAMES",
    "BadTerms",
    "Figures",
    "Get",
    "Refusal",
    "Service",
    "Source",
    "Terms",
    "Tier",
    "TierPeriod",
    "adviser_of",
    "advisers",
    "advisers_of",
    "answered",
    "appoint_adviser",
    "assign_adviser",
    "assign_waiting",
    "at_least",
    "award_loyalty",
    "clients_of",
    "current",
    "draft",
    "evaluate",
    "evaluate_due",
    "figures_of",
    "goes_first",
    "grant",
    "has_service",
    "is_at_least",
    "periods_of",
    "plan_core_calls",
    "promised_minutes",
    "promises_kept",
    "publish",
    "qualifying",
    "quarter_start",
    "reach",
    "reaches",
    "seed_terms",
    "service_number",
    "services_on",
    "terms_on",
    "tier_on",
    "tiers_of",
]
