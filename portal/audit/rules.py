"""The chain: each seal's hash covers the one before it, so nothing in the middle can change unseen."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

GENESIS = "0" * 64


@dataclass(frozen=True)
class Person:
    """Who acts: the name in the record, the name that people read, and who of the house's users it is, if any."""

    actor: str
    name: str
    user_id: int | None = None


SYSTEM = Person("system", "")


class Fault(StrEnum):
    """What a check of the chain can find."""

    GAP = "gap"  # a number is missing: a seal was deleted
    BROKEN = "broken"  # a seal does not follow the one before it
    CHANGED = "changed"  # an event, or its seal, is not what was sealed
    GONE = "gone"  # a sealed event was deleted
    LOST = "lost"  # an event is neither sealed nor waiting: slipped in, or its seal was deleted
    HEAD = "head"  # the chain does not end where its head says: the tail was cut off
    ANCHOR = "anchor"  # the chain does not pass through a head that was noted outside


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, at a seal (its number in the chain) or at an event."""

    fault: Fault
    seq: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: note it outside, and a rewritten chain can't pass for this one."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Body:
    """All that one seal vouches for; the detail is its stored text, byte for byte."""

    seq: int
    event_id: int
    at: datetime
    actor: str
    event: str
    object: str
    detail: str
    sealed_at: datetime


def seal_hash(prev_hash: str, body: Body) -> str:
    """Give SHA-256 over the previous hash and the body, as 64 hex digits."""
    instants = [instant.astimezone(UTC).isoformat(timespec="microseconds") for instant in (body.at, body.sealed_at)]
    told = [body.actor, body.event, body.object, body.detail]
    text = json.dumps([prev_hash, body.seq, body.event_id, *told, *instants], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
