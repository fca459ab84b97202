"""Regular call-backs: new clients within thirty days, and a tenth of all others each year."""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import clients
from portal.callbacks import queries, rules
from portal.callbacks.actions import open_task
from portal.callbacks.rules import Kind
from portal.kit.clock import at, local_date

MONTH = timedelta(days=30)
EVENING = time(17, 30)
BATCH = 100


def plan_regular(db: Session, now: datetime) -> int:
    """Open the calls that are due, for some clients; give how many (a duty)."""
    today = local_date(now)
    fresh = clients.opened_between(db, today - MONTH, today)
    count = sum(_open(db, row, Kind.FIRST_MONTH, "first_month", row.opened_on + MONTH, now) for row in fresh)
    others = clients.opened_between(db, date.min, today - MONTH - timedelta(days=1))
    asked = [row for row in others if is_drawn(row.client_no, today.year)]
    end = date(today.year, 12, 31)
    return count + sum(_open(db, row, Kind.YEARLY, f"yearly_{today.year}", end, now) for row in asked[:BATCH])


def is_drawn(client_no: str, year: int) -> bool:
    """Tell whether a client is of this year's tenth: drawn by a hash, so that nobody chooses whom."""
    drawn = int(hashlib.sha256(f"{year}:{client_no}".encode()).hexdigest(), 16) % 100
    return drawn < rules.YEARLY_TARGET_PERCENT


def _open(db: Session, row: Any, kind: Kind, ref_type: str, due_on: date, now: datetime) -> bool:
    phone = clients.mobile(db, row.id)
    if phone is None or queries.task_of(db, ref_type, row.client_no) is not None:
        return False
    open_task(
        db, kind=kind, ref_type=ref_type, ref_id=row.client_no, name=row.name, phone=phone, client_id=row.id,
        kept_out=[], due_at=at(due_on, EVENING), now=now,
    )  # fmt: skip
    return True
