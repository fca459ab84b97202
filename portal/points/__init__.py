"""积分: the append-only ledger of loyalty points and the rules that earn them."""

from portal.points import words
from portal.points.actions import (
    activate_due,
    capture,
    earn,
    expire_due,
    hold,
    keep,
    refund,
    release,
    time_out_holds,
)
from portal.points.earning import Preview, earn_commission, lapses_at, preview, publish_rules
from portal.points.expiry import tell_lapses
from portal.points.integrity import verify
from portal.points.lines import Explained, Ledger, Line, ledger, line
from portal.points.of_client import DATA, MOMENTS, WAITING
from portal.points.queries import (
    Balance,
    Lapse,
    balance,
    earned_in_year,
    held_for,
    lots,
    lots_of_hold,
    lots_to_be_used,
    multipliers,
)
from portal.points.rules import Difference, Hold, Receipt, Refusal
from portal.points.ruleset import BadRules
from portal.points.suggestions import earn_suggestion, suggestion_rule
from portal.points.words import WAYS
from portal.points.years import year_of

__all__ = [
    "DATA",
    "MOMENTS",
    "WAITING",
    "WAYS",
    "BadRules",
    "Balance",
    "Difference",
    "Explained",
    "Hold",
    "Lapse",
    "Ledger",
    "Line",
    "Preview",
    "Receipt",
    "Refusal",
    "activate_due",
    "balance",
    "capture",
    "earn",
    "earn_commission",
    "earn_suggestion",
    "earned_in_year",
    "expire_due",
    "held_for",
    "hold",
    "keep",
    "lapses_at",
    "ledger",
    "line",
    "lots",
    "lots_of_hold",
    "lots_to_be_used",
    "multipliers",
    "preview",
    "publish_rules",
    "refund",
    "release",
    "suggestion_rule",
    "tell_lapses",
    "time_out_holds",
    "verify",
    "words",
    "year_of",
]
