"""留痕: the hash-chained record of who did what; every room writes to it in the transaction of its change."""

from portal.audit.actions import record, seal
from portal.audit.queries import Event, events_of, head, moments_of, verify
from portal.audit.rules import SYSTEM, Fault, Head, Person, Problem

__all__ = [
    "SYSTEM",
    "Event",
    "Fault",
    "Head",
    "Person",
    "Problem",
    "events_of",
    "head",
    "moments_of",
    "record",
    "seal",
    "verify",
]
