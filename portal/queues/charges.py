"""Charges (手上的事): the kinds of open work that are in one person's hands, and how each moves to a colleague.

Each room tells its own kinds; whoever hands a person's work over goes through all of them and knows none.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Person
from portal.queues.models import QueueClaim

LEASE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Held:
    """One piece of open work: what staff call it, whom it concerns, by when it was promised, and where it is seen."""

    id: int
    label: str
    client_id: int | None = None
    due_at: datetime | None = None
    page: str = ""
    place: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passing:
    """Work on its way from one person's hands into another's; `until` is the last day of an absence."""

    giver: Person
    taker: Person
    by: Person
    ref: str  # what it rests on: handover:12
    now: datetime
    until: date | None = None

    @property
    def detail(self) -> dict[str, Any]:
        """Give what the audit record of each piece says."""
        return {"from": self.giver.user_id, "to": self.taker.user_id, "by": self.ref}


def _nobody_objects(db: Session, giver: int, taker: int) -> str | None:
    return None


def _no_posts(db: Session, user_id: int) -> list[int]:
    return []


def _no_return(db: Session, ids: Collection[int]) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Charge:
    """A kind of work: `held` lists it, `give` moves of it what is still the giver's and names what it moved,
    `loads` counts it for everybody.

    `columns` are the columns that name who is responsible: tests see that none is forgotten. `refusal` says in a
    sentence why a colleague can't take it. `stand_down` takes somebody out of the round in which new work is given
    out, and names the places that he had; `stand_up` puts him back into them.
    """

    name: str
    words: str
    columns: frozenset[str]
    held: Callable[[Session, int, datetime], Sequence[Held]]
    give: Callable[[Session, Passing, Collection[int]], Sequence[int]]
    loads: Callable[[Session, datetime], dict[int, int]]
    refusal: Callable[[Session, int, int], str | None] = _nobody_objects
    stand_down: Callable[[Session, int], list[int]] = _no_posts
    stand_up: Callable[[Session, Collection[int]], None] = _no_return


def claims_charge(
    queue: str, words: str, model: Any, *, label: Any, client_id: Any = None, due_at: Any = None, page: str,
    param: str = "number",
) -> Charge:  # fmt: skip
    """Make the charge of a queue's claims; `label` is the column that names an item, here and in its address."""
    columns = [QueueClaim.item_id, label.label("label")]
    columns += [each.label(name) for name, each in (("client_id", client_id), ("due_at", due_at)) if each is not None]

    def held(db: Session, user_id: int, now: datetime) -> Sequence[Held]:
        mine = (QueueClaim.queue == queue, QueueClaim.staff_id == user_id, QueueClaim.lease_until > now)
        found = select(*columns).join(model, model.id == QueueClaim.item_id).where(*mine).order_by(QueueClaim.item_id)
        return [
            Held(row.item_id, row.label, row._mapping.get("client_id"), row._mapping.get("due_at"), page,
                 {param: row.label})
            for row in db.execute(found)
        ]  # fmt: skip

    def give(db: Session, passing: Passing, ids: Collection[int]) -> Sequence[int]:
        return give_claims(db, queue, passing, ids)

    def loads(db: Session, now: datetime) -> dict[int, int]:
        return counted(db, QueueClaim.staff_id, QueueClaim.queue == queue, QueueClaim.lease_until > now)

    return Charge(f"claims.{queue}", words, frozenset({"queue_claim.staff_id"}), held, give, loads)


def counted(db: Session, column: Any, *where: Any) -> dict[int, int]:
    """Count rows by the person whom a column names."""
    return {row[0]: int(row[1]) for row in db.execute(select(column, func.count()).where(*where).group_by(column))}


def give_claims(db: Session, queue: str, passing: Passing, ids: Collection[int]) -> list[int]:
    """Move the claims that are still the giver's, with a new lease; those that have run out are put back."""
    his = (QueueClaim.queue == queue, QueueClaim.staff_id == passing.giver.user_id)
    db.execute(delete(QueueClaim).where(*his, QueueClaim.lease_until <= passing.now))
    lease = {"claimed_at": passing.now, "lease_until": passing.now + LEASE}
    new = {"staff_id": passing.taker.user_id, "staff_name": passing.taker.name, **lease}
    moving = update(QueueClaim).where(*his, QueueClaim.item_id.in_(ids)).values(**new).returning(QueueClaim.item_id)
    moved = sorted(db.scalars(moving))
    for item in moved:
        note(db, passing, "claim.handed_over", f"{queue}:{item}")
    return moved


def note(db: Session, passing: Passing, event: str, object: str, **more: Any) -> None:
    """Write that a piece of work has changed hands into the audit trail."""
    detail = passing.detail | more
    audit.record(db, actor=passing.by.actor, event=event, object=object, detail=detail, now=passing.now)
