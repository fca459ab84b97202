"""Token buckets in the database: the same for every process, and a restart forgets nothing."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.identity.models import Limit
from portal.identity.rules import LIMITS, drawn
from portal.kit.db import insert_once


def may(db: Session, kind: str, whom: str, now: datetime) -> bool:
    """Take one try from a bucket; False when it is empty."""
    bucket, key = LIMITS[kind], f"{kind}:{whom}"
    insert_once(db, Limit, key=key, tokens=float(bucket.size), updated_at=now)
    row = db.execute(select(Limit.tokens, Limit.updated_at).where(Limit.key == key).with_for_update()).one()
    left = drawn(bucket, tokens=row.tokens, updated_at=row.updated_at, now=now)
    if left is None:
        return False
    db.execute(update(Limit).where(Limit.key == key).values(tokens=left, updated_at=max(now, row.updated_at)))
    return True


def refill(db: Session, kind: str, whom: str) -> None:
    """Fill a bucket again."""
    db.execute(delete(Limit).where(Limit.key == f"{kind}:{whom}"))
