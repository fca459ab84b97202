"""产品: the catalogue of what points can buy, its SMS plans, and who has subscribed."""

from portal.products.actions import end_lapsed, end_subscription, plans, publish, seed_catalogue, start_subscription
from portal.products.matching import mismatches
from portal.products.queries import (
    PERIODS,
    SERVICES,
    Offer,
    Subscription,
    known_offer,
    offer,
    offers,
    on_offer,
    running,
    subscription,
    subscription_of,
    subscriptions_of,
)
from portal.products.rules import EndReason, Kind, Plan, Refusal, ServiceKind, last_day

__all__ = [
    "PERIODS",
    "SERVICES",
    "EndReason",
    "Kind",
    "Offer",
    "Plan",
    "Refusal",
    "ServiceKind",
    "Subscription",
    "end_lapsed",
    "end_subscription",
    "known_offer",
    "last_day",
    "mismatches",
    "offer",
    "offers",
    "on_offer",
    "plans",
    "publish",
    "running",
    "seed_catalogue",
    "start_subscription",
    "subscription",
    "subscription_of",
    "subscriptions_of",
]
