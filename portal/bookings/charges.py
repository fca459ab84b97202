"""Bookings in somebody's hands, on their way to a colleague at the same branch."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from portal.bookings.models import Booking
from portal.bookings.place_models import Clerk
from portal.bookings.recording import trace
from portal.kit.db import rows_touched
from portal.kit.i18n import later
from portal.queues import Charge, Held, Passing, counted

NOT_AT_BRANCH = later("这位同事不是有关营业部的经办人员，不能接手预约。")


def held(db: Session, user_id: int, now: datetime) -> Sequence[Held]:
    """List the open bookings that somebody is to see to."""
    columns = (Booking.id, Booking.number, Booking.client_id, Booking.due_at)
    found = select(*columns).where(_his(user_id)).order_by(Booking.id)
    return [
        Held(row.id, row.number, row.client_id, row.due_at, "bookings.review", {"number": row.number})
        for row in db.execute(found)
    ]


def refusal(db: Session, giver: int, taker: int) -> str | None:
    """Say that a colleague does not handle at one of the branches concerned."""
    able = select(Clerk.branch_id).where(Clerk.user_id == taker, Clerk.handles)
    lacking = select(Booking.id).where(_his(giver), Booking.branch_id.not_in(able)).limit(1)
    return NOT_AT_BRANCH if db.scalar(lacking) else None


def give(db: Session, passing: Passing, ids: Collection[int]) -> Sequence[int]:
    """Move the bookings that are still the giver's; whose visit is recorded keeps the name of who received it."""
    his = (Booking.id.in_(ids), _his(passing.giver.user_id or 0))
    found = db.scalars(select(Booking).where(*his).order_by(Booking.id).with_for_update()).all()
    return [booking.id for booking in found if _move(db, booking, passing)]


def _move(db: Session, booking: Booking, passing: Passing) -> bool:
    giver, taker = passing.giver.user_id, passing.taker.user_id
    values: dict[str, Any] = {"assigned_to": taker} if booking.assigned_to == giver else {}
    values |= {"handler_id": taker} if booking.handler_id == giver and booking.witness_id is None else {}
    was = {name: getattr(booking, name) for name in values}
    here = (Booking.id == booking.id, Booking.version == booking.version)
    change = update(Booking).where(*here).values(version=booking.version + 1, **values)
    if not values or rows_touched(db.execute(change, execution_options={"synchronize_session": False})) == 0:
        return False
    db.refresh(booking)
    told = values | {"by": passing.ref}
    trace(db, booking, "reassign", passing.by, passing.now, before=was, after=told)
    return True


def _his(user_id: int) -> Any:
    # Once the visit is recorded its handler is a fact that four eyes rest on; who sees to it is `assigned_to`.
    before_visit = and_(Booking.handler_id == user_id, Booking.witness_id.is_(None))
    return and_(Booking.is_open, or_(Booking.assigned_to == user_id, before_visit))


def loads(db: Session, now: datetime) -> dict[int, int]:
    """Count the bookings that everybody is to see to."""
    return counted(db, Booking.assigned_to, Booking.is_open)


def stand_down(db: Session, user_id: int) -> list[int]:
    """Give somebody no new bookings."""
    here = (Clerk.user_id == user_id, Clerk.is_present)
    return list(db.scalars(update(Clerk).where(*here).values(is_present=False).returning(Clerk.id)))


def stand_up(db: Session, ids: Collection[int]) -> None:
    """Give somebody new bookings again, at the branches where he had them."""
    db.execute(update(Clerk).where(Clerk.id.in_(ids)).values(is_present=True))


CHARGES = (
    Charge(
        "bookings", later("预约"),
        frozenset({"booking.assigned_to", "booking.handler_id", "booking_clerk.user_id"}), held, give, loads,
        refusal,
        stand_down, stand_up,
    ),
)  # fmt: skip
