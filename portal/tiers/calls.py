"""Call-backs of core clients: Gold and Platinum are called once each half-year."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from portal import callbacks, clients
from portal.kit.clock import at, local_date
from portal.tiers import queries
from portal.tiers.rules import Tier

CORE = (Tier.GOLD, Tier.PLATINUM)
EVENING = time(17, 30)
BATCH = 100


def plan_core_calls(db: Session, now: datetime) -> int:
    """Open the half-year's calls that are not open yet, for some core clients; give how many (a duty)."""
    today = local_date(now)
    known = {row.id: row for row in clients.opened_between(db, date.min, today)}
    tiers = queries.tiers_of(db, list(known), today)
    core = [known[id] for id, tier in tiers.items() if tier in CORE]
    half, end = ("h1", date(today.year, 6, 30)) if today.month <= 6 else ("h2", date(today.year, 12, 31))
    about = f"core_{today.year}_{half}"
    left = [row for row in core if callbacks.task_of(db, about, row.client_no) is None][:BATCH]
    return sum(_call(db, row.id, row.client_no, row.name, about, at(end, EVENING), now) for row in left)


def _call(db: Session, client_id: int, client_no: str, name: str, about: str, due_at: datetime, now: datetime) -> bool:
    phone = clients.mobile(db, client_id)
    if phone is None:
        return False
    callbacks.open_task(
        db, kind=callbacks.Kind.CORE_CLIENT, ref_type=about, ref_id=client_no, name=name, phone=phone,
        client_id=client_id, kept_out=[], due_at=due_at, now=now,
    )  # fmt: skip
    return True
