"""Take an item in hand, and put it back."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.queues.charges import LEASE as LEASE
from portal.queues.models import QueueClaim
from portal.queues.queries import CLAIM, claim_on
from portal.queues.rules import AlreadyClaimed, Claim, Person

TRIES = 50  # each is lost only when a claim is put back between two statements of ours


def claim(
    db: Session, *, queue: str, item_id: int, staff: Person, now: datetime, lease: timedelta = LEASE
) -> Claim | AlreadyClaimed:
    """Take an item for the time of a lease, renew one's own, or take over when another's lease is over."""
    wanted = Claim(item_id, staff.user_id, staff.name, now, now + lease)
    for _ in range(TRIES):
        if _take_over(db, queue, wanted) or _take_first(db, queue, wanted):
            audit.record(
                db, actor=f"staff:{staff.user_id}", event="queue.claimed", object=f"{queue}:{item_id}",
                detail={"until": wanted.lease_until.isoformat()}, now=now,
            )  # fmt: skip
            return wanted
        if other := claim_on(db, queue, item_id):
            return AlreadyClaimed(other.staff_name, other.lease_until)
    raise RuntimeError(f"{queue} {item_id} is claimed and released too fast to be read")


def release(db: Session, *, queue: str, item_id: int, staff: Person | None = None) -> bool:
    """Put an item back: one's own, or without `staff` anybody's, as a decision does; tell whether it was claimed."""
    where = [QueueClaim.queue == queue, QueueClaim.item_id == item_id]
    where += [QueueClaim.staff_id == staff.user_id] if staff else []
    return db.scalar(delete(QueueClaim).where(*where).returning(QueueClaim.item_id)) is not None


def _take_over(db: Session, queue: str, wanted: Claim) -> bool:
    # One statement compares and sets: of two who find the same lapsed lease, the second finds the first's new one.
    free = or_(QueueClaim.lease_until <= wanted.claimed_at, QueueClaim.staff_id == wanted.staff_id)
    taken = update(QueueClaim).where(QueueClaim.queue == queue, QueueClaim.item_id == wanted.item_id, free)
    return db.scalar(taken.values(_row(wanted)).returning(QueueClaim.item_id)) is not None


def _take_first(db: Session, queue: str, wanted: Claim) -> bool:
    try:
        with db.begin_nested():
            db.execute(insert(QueueClaim).values(queue=queue, **_row(wanted)))
    except IntegrityError:
        return False
    return True


def _row(wanted: Claim) -> dict[str, object]:
    return {column.key: getattr(wanted, column.key) for column in CLAIM}
