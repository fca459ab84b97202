"""数据: the nightly feed, delivery orders, quarantine and breaks."""

from portal.feeds.actions import approve_rebase, ask_rebase, load_day
from portal.feeds.queries import breaks, quarantined
from portal.feeds.rules import Break, Outcome, Quarantined, Reason, State

__all__ = [
    "Break",
    "Outcome",
    "Quarantined",
    "Reason",
    "State",
    "approve_rebase",
    "ask_rebase",
    "breaks",
    "load_day",
    "quarantined",
]
