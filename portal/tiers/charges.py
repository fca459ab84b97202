"""The clients whom an adviser looks after, on their way to a colleague; those of the upper tiers are told."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from portal import clients, queues
from portal.kit.clock import local_date
from portal.kit.i18n import later
from portal.queues import Charge, Held, Passing
from portal.tiers.models import TierAdviser, TierAdviserOf
from portal.tiers.queries import clients_of, tiers_of
from portal.tiers.rules import Tier, is_at_least
from portal.tiers.telling import tell_adviser

NO_ADVISER = later("这位同事不是该营业部的顾问，不能接手客户。")


def held(db: Session, user_id: int, now: datetime) -> Sequence[Held]:
    """List the clients of an adviser by their numbers."""
    mine = clients_of(db, user_id)
    people = clients.names_of(db, mine)
    return [Held(id, people[id].client_no, id, None, "desk.client", {"client_no": people[id].client_no}) for id in mine]


def refusal(db: Session, giver: int, taker: int) -> str | None:
    """Say that a colleague can't take the clients over: he is no adviser at their branch."""
    if not clients_of(db, giver):
        return None
    branch = select(TierAdviser.branch_no).where(TierAdviser.user_id == giver).scalar_subquery()
    able = (TierAdviser.user_id == taker, TierAdviser.branch_no == branch, TierAdviser.is_active)
    return None if db.scalar(select(TierAdviser.user_id).where(*able)) else NO_ADVISER


def give(db: Session, passing: Passing, ids: Collection[int]) -> Sequence[int]:
    """Write the new adviser of those who are still the giver's, and tell gold and platinum clients who it is now."""
    both = TierAdviser.user_id.in_([passing.giver.user_id or 0, passing.taker.user_id or 0])
    # Whoever gives out clients waits here, as in `assign_adviser`: nobody gets a client in between.
    db.execute(select(TierAdviser.user_id).where(both).order_by(TierAdviser.user_id).with_for_update())
    line = db.scalar(select(TierAdviser.direct_line).where(TierAdviser.user_id == passing.taker.user_id))
    wanted = set(ids)
    mine = [id for id in clients_of(db, passing.giver.user_id or 0) if id in wanted] if line else []
    ranks = tiers_of(db, mine, local_date(passing.now))
    for client_id in mine:
        row = {"client_id": client_id, "adviser_id": passing.taker.user_id, "since": local_date(passing.now)}
        made = db.execute(insert(TierAdviserOf).values(**row, reason=passing.ref).returning(TierAdviserOf.id)).scalar()
        queues.note(db, passing, "adviser.handed_over", f"client:{client_id}")
        if is_at_least(ranks[client_id], Tier.GOLD):
            tell_adviser(db, client_id, passing, line=line or "", key=f"adviser:{made}")
    return mine


def loads(db: Session, now: datetime) -> dict[int, int]:
    """Count the clients of every adviser, those who are away among them."""
    newest = select(func.max(TierAdviserOf.id)).group_by(TierAdviserOf.client_id)
    return queues.counted(db, TierAdviserOf.adviser_id, TierAdviserOf.id.in_(newest))


def stand_down(db: Session, user_id: int) -> list[int]:
    """Give an adviser no new clients."""
    active = (TierAdviser.user_id == user_id, TierAdviser.is_active)
    return list(db.scalars(update(TierAdviser).where(*active).values(is_active=False).returning(TierAdviser.user_id)))


def stand_up(db: Session, ids: Collection[int]) -> None:
    """Give an adviser new clients again."""
    db.execute(update(TierAdviser).where(TierAdviser.user_id.in_(ids)).values(is_active=True))


CHARGES = (
    Charge(
        "advised", later("客户"), frozenset({"tier_adviser_of.adviser_id", "tier_adviser.user_id"}), held, give,
        loads, refusal, stand_down, stand_up,
    ),
)  # fmt: skip
