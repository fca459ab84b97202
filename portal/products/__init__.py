"""产品: the catalogue of what points can buy, its SMS plans, and who has subscribed."""

from portal.products.actions import end_lapsed, end_subscription, plans, publish, seed_catalogue, start_subscription
from portal.products.gifts import keep_gifts
from portal.products.matching import mismatches
from portal.products.of_client import DATA, MOMENTS
from portal.products.queries import (
    PERIODS,
    SERVICES,
    Offer,
    Subscription,
    is_open,
    known_offer,
    offer,
    offers,
    on_offer,
    on_shelf,
    running,
    subscription,
    subscription_of,
    subscriptions_of,
)
from portal.products.rules import (
    EndReason,
    Kind,
    Plan,
    Refusal,
    ServiceKind,
    last_day,
    refund_points,
    unused_months,
)
from portal.products.switching import propose, turn_off, turn_on

__all__ = [
    "DATA",
    "MOMENTS",
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
    "is_open",
    "keep_gifts",
    "known_offer",
    "last_day",
    "mismatches",
    "offer",
    "offers",
    "on_offer",
    "on_shelf",
    "plans",
    "propose",
    "publish",
    "refund_points",
    "running",
    "seed_catalogue",
    "start_subscription",
    "subscription",
    "subscription_of",
    "subscriptions_of",
    "turn_off",
    "turn_on",
    "unused_months",
]
