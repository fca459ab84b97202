"""Changes of information in somebody's hands: those he looks at, and those that wait for the counter under his name."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import queues
from portal.clients.models import ClientChange
from portal.clients.rules import AT_COUNTER, QUEUE
from portal.kit.i18n import later
from portal.queues import Charge, Held, Passing, claims_charge


def held(db: Session, user_id: int, now: datetime) -> Sequence[Held]:
    """List what was approved and the counter has not brought yet: its owner follows it up."""
    columns = (ClientChange.id, ClientChange.number, ClientChange.client_id, ClientChange.decided_at)
    found = select(*columns).where(ClientChange.owner_id == user_id, ClientChange.state.in_(AT_COUNTER))
    return [
        Held(row.id, row.number, row.client_id, None, "clients.review", {"number": row.number})
        for row in db.execute(found.order_by(ClientChange.id))
    ]


def give(db: Session, passing: Passing, ids: Collection[int]) -> Sequence[int]:
    """Let a colleague follow up what is still the giver's."""
    his = (ClientChange.owner_id == passing.giver.user_id, ClientChange.state.in_(AT_COUNTER), ClientChange.id.in_(ids))
    moving = update(ClientChange).where(*his).values(owner_id=passing.taker.user_id)
    moved = db.execute(moving.returning(ClientChange.id, ClientChange.number)).all()
    for row in moved:
        queues.note(db, passing, "client_change.handed_over", f"change:{row.number}")
    return sorted(row.id for row in moved)


def loads(db: Session, now: datetime) -> dict[int, int]:
    """Count what everybody follows up."""
    return queues.counted(
        db, ClientChange.owner_id, ClientChange.owner_id.is_not(None), ClientChange.state.in_(AT_COUNTER)
    )


CHARGES = (
    claims_charge(
        QUEUE, later("资料更改"), ClientChange, label=ClientChange.number, client_id=ClientChange.client_id,
        due_at=ClientChange.promised_at, page="clients.review",
    ),
    Charge("changes.counter", later("待柜台生效的更改"), frozenset({"client_change.owner_id"}), held, give, loads),
)  # fmt: skip
