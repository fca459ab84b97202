"""What the tests of the ledger share: a client, the clock of the story, and a lot laid by the ledger's own verb."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal import points
from portal.clients.models import Client
from portal.kit.db import Base

NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)
DAY = timedelta(days=1)
NUMBERS = count(1)


def new_client(db: Session) -> int:
    """Lay a client whom the ledger may know."""
    row = {"client_no": f"{next(NUMBERS):08}", "name": "王小满", "client_type": "0", "branch_no": "0001", "status": "0"}
    return db.scalars(insert(Client).values(**row, opened_on=NOON.date()).returning(Client.id)).one()


def give(db: Session, client_id: int, n: int, *, lapses_in: int | None = None, at: datetime = NOON, **more: Any) -> Any:
    """Earn some points that lapse in so many days."""
    key = more.pop("key", f"gift:{client_id}:{n}:{lapses_in}:{at}:{sorted(more.items())}")
    if lapses_in is not None:
        more["expires_at"] = at + lapses_in * DAY
    return points.earn(db, client_id=client_id, points=n, kind="gift", key=key, now=at, **more)


def take(db: Session, client_id: int, n: int, *, ref: str = "DH-1", at: datetime = NOON, days: int = 2) -> Any:
    """Hold some points for a purpose of that name."""
    return points.hold(
        db,
        client_id=client_id,
        points=n,
        key=f"hold:{ref}",
        ref_type="redemption",
        ref_id=ref,
        timeout_at=at + days * DAY,
        now=at,
    )


def profile(db: Session, client_id: int, now: datetime) -> dict[datetime | None, tuple[int, int, int]]:
    """Give (available, held, pending) for each lapse."""
    return {lapse.at: (lapse.available, lapse.held, lapse.pending) for lapse in points.lots(db, client_id, now)}


def everything(db: Session) -> dict[str, list[Any]]:
    """Give every row of the ledger's own tables, to compare a before with an after."""
    tables = [table for name, table in Base.metadata.tables.items() if name.startswith(("points_", "earning_"))]
    kept = {table.name: list(map(tuple, db.execute(select(table)))) for table in tables}
    kept["points_client"] = [
        head for head in kept["points_client"] if head[1]
    ]  # the lock of an empty ledger is nothing
    return {name: sorted(rows, key=repr) for name, rows in kept.items() if name != "points_refusal"}
