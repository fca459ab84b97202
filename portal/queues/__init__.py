"""待办: claims with a lease, stale-screen checks, four eyes and the promise's clock, once for every queue."""

from portal.queues.actions import LEASE, claim, release
from portal.queues.queries import PACES, REFUSALS, claim_on, claims_of, clock, held
from portal.queues.rules import (
    AlreadyClaimed,
    Claim,
    Clock,
    Pace,
    Person,
    Refusal,
    Stale,
    clock_at,
    held_by_other,
    may_decide,
    may_review,
    stale,
)

__all__ = [
    "LEASE",
    "PACES",
    "REFUSALS",
    "AlreadyClaimed",
    "Claim",
    "Clock",
    "Pace",
    "Person",
    "Refusal",
    "Stale",
    "claim",
    "claim_on",
    "claims_of",
    "clock",
    "clock_at",
    "held",
    "held_by_other",
    "may_decide",
    "may_review",
    "release",
    "stale",
]
