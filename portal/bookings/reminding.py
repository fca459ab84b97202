"""Reminders of a visit, the evening before and two hours before, and the link for who has lost his."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.audit import SYSTEM, Person
from portal.bookings import messages, queries, rules
from portal.bookings.models import Booking
from portal.bookings.recording import trace
from portal.bookings.telling import send
from portal.identity import fingerprint, fresh_secret
from portal.kit import jobs
from portal.kit.clock import at, local_date

REMIND = "booking.remind"


def remind_later(db: Session, booking: Booking, starts_at: datetime, now: datetime) -> None:
    """Ask for the two reminders of a visit; those of an earlier time find that they are outdated."""
    for name, moment in zip(("eve", "day"), rules.reminders(starts_at, at(local_date(starts_at))), strict=True):
        if moment > now:
            told = {"number": booking.number, "sequence": booking.sequence, "which": name}
            jobs.enqueue(db, REMIND, f"{REMIND}:{booking.number}:{booking.sequence}:{name}", told, moment)


def remind(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """Send a reminder, unless the visit was moved or is off (a job)."""
    booking = queries.by_number(db, payload["number"])
    if booking is None or booking.sequence != payload["sequence"] or booking.state not in rules.BEFORE_VISIT:
        return
    slot = queries.slot(db, booking.slot_id)
    if slot is None or slot.starts_at <= now:
        return
    send(db, booking, messages.reminder(booking, slot), f"remind:{booking.sequence}:{payload['which']}", now)
    trace(db, booking, "remind", SYSTEM, now, before={}, after={"which": payload["which"]})


def renew_link(db: Session, booking: Booking, *, by: Person, origin: str, now: datetime) -> str:
    """Send a new link to who has lost his; the old one no longer opens anything."""
    secret = fresh_secret()
    db.execute(update(Booking).where(Booking.id == booking.id).values(link_hash=fingerprint(secret)))
    trace(db, booking, "renew_link", by, now, before={}, after={})
    slot = queries.slot(db, booking.slot_id)
    send(db, booking, messages.booked(booking, slot, origin, secret), f"link:{fingerprint(secret)[:12]}", now)
    return secret
