"""The booking ledger as staff read it: its views, their counts, by staff and channel, and its lines."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from portal.bookings import rules
from portal.bookings.models import Booking, BookingEvent
from portal.bookings.place_models import Branch, Clerk, Slot
from portal.bookings.queries import at_branch, rows_of
from portal.bookings.rules import AT_STAFF
from portal.bookings.terms import SlotKind, State
from portal.kit.clock import at, day_after, local_date

PAGE = 100


TABS = ("open", "today", "overdue", "mine", "weekend", "review", "breaks", "done")


def newest_lines(db: Session, since: datetime, limit: int, branch: str = "") -> Sequence[Any]:
    """Give the lines of the whole ledger since an instant, or of one branch's, newest first."""
    columns = (Booking.number, *BookingEvent.__table__.c)
    joined = select(*columns).join(Booking, Booking.id == BookingEvent.booking_id).where(BookingEvent.at >= since)
    joined = joined.join(Branch, Branch.id == Booking.branch_id).where(at_branch(branch))
    return db.execute(joined.order_by(BookingEvent.id.desc()).limit(limit)).all()


def view(
    db: Session, tab: str, now: datetime, *, me: int, staff: int | None = None, channel: str = "", find: str = "",
    branch: str = "", limit: int = PAGE,
) -> Sequence[Any]:  # fmt: skip
    """Give one view of the ledger: by what is due, today by time, finished ones newest first.

    `find` looks through all of them for a number, a telephone or a whole name.
    """
    order: Any = Booking.due_at.is_(None), Booking.due_at
    if tab == "today":
        order = (Slot.starts_at,)
    if tab == "done":
        order = (Booking.id.desc(),)
    found = or_(Booking.number == find.upper(), Booking.phone == find, Booking.name == find)
    where = [found if find else _in_tab(tab, now, me), at_branch(branch)]
    where += [Booking.assigned_to == staff] if staff else []
    where += [Booking.channel == channel] if channel else []
    return db.execute(rows_of().where(*where).order_by(*order, Booking.id).limit(limit)).all()


def counts(db: Session, now: datetime, me: int, branch: str = "") -> dict[str, int]:
    """Count the views in one statement."""
    sums = [func.coalesce(func.sum(case((_in_tab(tab, now, me), 1), else_=0)), 0) for tab in TABS]
    joined = select(*sums).select_from(Booking).join(Slot, Slot.id == Booking.slot_id)
    found = db.execute(joined.join(Branch, Branch.id == Booking.branch_id).where(at_branch(branch))).one()
    return dict(zip(TABS, (int(each) for each in found), strict=True))


def by_staff(db: Session, branch: str = "") -> Sequence[Any]:
    """Count open bookings of each member of staff."""
    columns = (Clerk.user_id, Clerk.name, func.count(Booking.id.distinct()).label("open"))
    joined = select(*columns).outerjoin(Booking, and_(Booking.assigned_to == Clerk.user_id, Booking.is_open))
    joined = joined.join(Branch, Branch.id == Clerk.branch_id).where(Clerk.handles, at_branch(branch))
    return db.execute(joined.group_by(Clerk.user_id, Clerk.name).order_by(Clerk.name)).all()


def by_channel(db: Session, branch: str = "") -> dict[str, int]:
    """Count open bookings of each channel."""
    found = select(Booking.channel, func.count()).join(Branch, Branch.id == Booking.branch_id)
    rows = db.execute(found.where(Booking.is_open, at_branch(branch)).group_by(Booking.channel))
    return {row[0]: row[1] for row in rows}


def _in_tab(tab: str, now: datetime, me: int) -> ColumnElement[bool]:
    today = local_date(now)
    # What papers and questionnaire can be looked through before its visit, so that Monday needs the meeting alone.
    unchecked = (Booking.state == State.BOOKED, Booking.purpose == "opening", Slot.starts_at >= now)
    soon = and_(*unchecked, Slot.day <= today + timedelta(days=rules.PREPARE_DAYS))
    late = and_(Booking.due_at < now, Booking.state.in_([*AT_STAFF, State.CALLING, State.CONFIRMED]))
    return {
        "open": Booking.is_open.is_(True),
        "today": and_(Booking.is_open.is_(True), Slot.starts_at >= at(today), Slot.starts_at < day_after(today)),
        "overdue": and_(Booking.is_open.is_(True), late),
        "mine": and_(Booking.is_open.is_(True), Booking.assigned_to == me),
        "weekend": and_(Booking.is_open.is_(True), or_(Slot.kind == SlotKind.WEEKEND, soon)),
        "breaks": and_(Booking.state == State.CONFIRMED, Booking.effective_on <= today),
        "review": Booking.state == State.IN_REVIEW,
        "done": Booking.is_open.is_(False),
    }[tab]
