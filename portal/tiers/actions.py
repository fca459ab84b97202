"""Grant a tier for a time, name an adviser, keep a promise's outcome."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import column, insert, select, table
from sqlalchemy.orm import Session

from portal import audit, clients
from portal.kit.clock import local_date
from portal.kit.db import insert_once
from portal.tiers.models import ClientTierPeriod, TierAdviser, TierAdviserOf, TierAnswer
from portal.tiers.queries import adviser_of, advisers, has_service, overlapping, services_on
from portal.tiers.rules import Refusal, Source, Tier, TierPeriod
from portal.tiers.terms import Service


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
    source: str = Source.STAFF,
) -> TierPeriod | Refusal:
    """Give a client a tier from a day up to, not including, `valid_to`; refused where the source gave it already.

    Periods of other tiers or sources may cover the same days: the highest counts. Gold and platinum bring an adviser.
    """
    _take_turns(db, client_id)
    if overlapping(db, client_id, tier, source, valid_from, valid_to):
        return Refusal.OVERLAPS
    told = {"tier": Tier(tier), "valid_from": valid_from, "valid_to": valid_to}
    row = {**told, "client_id": client_id, "basis": basis, "decided_by": decided_by, "reason": reason, "source": source}
    added = insert(ClientTierPeriod).values(**row, recorded_at=now).returning(ClientTierPeriod.id)
    period = TierPeriod(id=db.execute(added).scalar_one(), **row)
    detail = {name: str(value) for name, value in told.items()} | {"basis": basis, "reason": reason, "source": source}
    audit.record(db, actor=decided_by, event="tier.granted", object=f"client:{client_id}", detail=detail, now=now)
    if has_service(db, tier, Service.TEAM, local_date(now)):
        assign_adviser(db, client_id, reason="granted", now=now)
    return period


def appoint_adviser(db: Session, *, user_id: int, branch_no: str, direct_line: str, by: str, now: datetime) -> bool:
    """Let a member of staff look after clients of a branch; False when he does already."""
    row = {"branch_no": branch_no, "direct_line": direct_line, "is_active": True, "appointed_at": now}
    if not insert_once(db, TierAdviser, user_id=user_id, **row):
        return False
    detail = {"branch_no": branch_no, "direct_line": direct_line}
    audit.record(db, actor=by, event="adviser.appointed", object=f"user:{user_id}", detail=detail, now=now)
    return True


def assign_adviser(db: Session, client_id: int, *, reason: str, now: datetime) -> int | None:
    """Give a client who has none the least loaded adviser of his branch; None where the branch has nobody."""
    if known := adviser_of(db, client_id):
        return int(known.adviser_id)
    client = clients.client_by_id(db, client_id)
    if client is None:
        return None
    # Whoever assigns in this branch waits here: two at once must not both find the same one least loaded.
    mine = select(TierAdviser.user_id).where(TierAdviser.branch_no == client.branch_no)
    db.execute(mine.order_by(TierAdviser.user_id).with_for_update())
    free = advisers(db, client.branch_no)
    if not free:
        return None
    chosen = int(free[0].user_id)
    row = {"client_id": client_id, "adviser_id": chosen, "since": local_date(now), "reason": reason}
    db.execute(insert(TierAdviserOf).values(**row))
    detail = {"adviser": chosen, "load": int(free[0].load), "reason": reason}
    audit.record(db, actor="system", event="adviser.assigned", object=f"client:{client_id}", detail=detail, now=now)
    return chosen


def assign_waiting(db: Session, now: datetime, limit: int = 200) -> int:
    """Give an adviser to clients of the upper tiers who have none yet, where their branch has one; give how many."""
    today = local_date(now)
    advised = services_on(db, today).with_service(Service.TEAM)
    covering = (ClientTierPeriod.valid_from <= today, ClientTierPeriod.valid_to > today)
    without = ClientTierPeriod.client_id.not_in(select(TierAdviserOf.client_id))
    upper = select(ClientTierPeriod.client_id).where(ClientTierPeriod.tier.in_(advised), *covering, without)
    waiting = db.scalars(upper.distinct().order_by(ClientTierPeriod.client_id).limit(limit)).all()
    return sum(assign_adviser(db, client_id, reason="waited", now=now) is not None for client_id in waiting)


def answered(
    db: Session, *, client_id: int, ref_type: str, ref_id: str, promised_at: datetime, answered_at: datetime
) -> None:
    """Keep when a promised first answer came; only the first one of a thing counts."""
    row = {"client_id": client_id, "promised_at": promised_at, "answered_at": answered_at}
    insert_once(db, TierAnswer, ref_type=ref_type, ref_id=ref_id, **row)


def _take_turns(db: Session, client_id: int) -> None:
    # Two grants at once must not both find the time free; the client's row is what they share.
    client = table("client", column("id"))
    db.execute(select(client.c.id).where(client.c.id == client_id).with_for_update())
