"""Grant a tier for a time."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import column, insert, select, table
from sqlalchemy.orm import Session

from portal import audit
from portal.tiers.models import ClientTierPeriod
from portal.tiers.queries import overlapping
from portal.tiers.rules import Refusal, Tier, TierPeriod


def grant(
    db: Session,
    *,
    client_id: int,
    tier: str,
    valid_from: date,
    valid_to: date,
    basis: Any,
    decided_by: str,
    reason: str,
    now: datetime,
) -> TierPeriod | Refusal:
    """Give a client a tier from a day up to, not including, `valid_to`; refused where it meets another period."""
    _take_turns(db, client_id)
    if overlapping(db, client_id, valid_from, valid_to):
        return Refusal.OVERLAPS
    told = {"tier": Tier(tier), "valid_from": valid_from, "valid_to": valid_to}
    row = {**told, "client_id": client_id, "basis": basis, "decided_by": decided_by, "reason": reason}
    added = insert(ClientTierPeriod).values(**row, recorded_at=now).returning(ClientTierPeriod.id)
    period = TierPeriod(id=db.execute(added).scalar_one(), **row)
    detail = {name: str(value) for name, value in told.items()} | {"basis": basis, "reason": reason}
    audit.record(db, actor=decided_by, event="tier.granted", object=f"client:{client_id}", detail=detail, now=now)
    return period


def _take_turns(db: Session, client_id: int) -> None:
    # Two grants at once must not both find the time free; the client's row is what they share.
    client = table("client", column("id"))
    db.execute(select(client.c.id).where(client.c.id == client_id).with_for_update())
