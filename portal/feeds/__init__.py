"""数据: the nightly feed, delivery orders, quarantine and breaks."""

from portal.feeds.actions import approve_rebase, ask_rebase, load_day
from portal.feeds.deliveries import Delivery, load_delivery_order
from portal.feeds.queries import breaks, quarantined
from portal.feeds.rules import Break, Outcome, Quarantined, Reason, State

__all__ = [
    "Break",
    "Delivery",
    "Outcome",
    "Quarantined",
    "Reason",
    "State",
    "approve_rebase",
    "ask_rebase",
    "breaks",
    "load_day",
    "load_delivery_order",
    "quarantined",
]
