"""What of bookings is late: the promises of the service that nobody has kept in time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.bookings.models import Booking
from portal.bookings.paper_models import Promise
from portal.bookings.place_models import Branch
from portal.bookings.terms import PromiseKind
from portal.bookings.words import PROMISES
from portal.kit.i18n import later
from portal.queues import Late, Watch

BATCH = 200


def late(db: Session, now: datetime) -> Sequence[Late]:
    """Give the promises that are over and not kept; the first answer is owed by whom the booking was given to."""
    owed = (Promise.kept_at.is_(None), Promise.due_at <= now, Booking.is_open)
    columns = (Booking.number, Booking.assigned_to, Promise.kind, Promise.due_at, Branch.code)
    joined = select(*columns).join(Booking, Booking.id == Promise.booking_id)
    joined = joined.join(Branch, Branch.id == Booking.branch_id).where(*owed)
    rows = db.execute(joined.order_by(Promise.due_at.desc(), Promise.id).limit(BATCH))
    return [
        Late(row.number, row.kind, row.due_at, row.assigned_to if row.kind == PromiseKind.ANSWER else None, row.code)
        for row in rows
    ]


WATCH = Watch("bookings", later("预约"), PROMISES, "bookings.review", "number", late)
