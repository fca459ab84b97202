"""The promises of the service: what is late is marked, once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.bookings.models import Booking
from portal.bookings.recording import SYSTEM, trace

BATCH = 50


def escalate_late(db: Session, now: datetime) -> int:
    """Mark bookings that nobody has answered in the promised time, once (a duty)."""
    late = (
        Booking.is_open, Booking.answered_at.is_(None), Booking.promised_at <= now, Booking.escalated_at.is_(None)
    )  # fmt: skip
    found = db.scalars(select(Booking).where(*late).order_by(Booking.id).limit(BATCH)).all()
    for booking in found:
        mine = (Booking.id == booking.id, Booking.escalated_at.is_(None))
        db.execute(update(Booking).where(*mine).values(escalated_at=now))
        trace(db, booking, "escalate", SYSTEM, now, before={}, after={"promised_at": str(booking.promised_at)})
    return len(found)
