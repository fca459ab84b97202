"""Points for who referred a client: after the call-back and the effect, and taken back when the relation is denied."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clients, points
from portal.audit import SYSTEM
from portal.bookings import queries, rules
from portal.bookings.models import Booking, BookingEvent
from portal.bookings.recording import trace
from portal.bookings.terms import State
from portal.kit.clock import day_after, local_date

REWARD, CLAW_BACK = "reward", "claw_back"
BATCH = 200


def reward_referrer(db: Session, booking: Booking, now: datetime) -> None:
    """Give the referrer his points, once: the key is the booking, so that no repetition pays twice."""
    referrer = clients.client_by_no(db, booking.referrer or "")
    if referrer is None or referrer.id == booking.client_id:
        return
    points.earn(
        db, client_id=referrer.id, points=rules.REFERRAL_POINTS, kind="referral", key=f"referral:{booking.number}",
        expires_at=day_after(date(local_date(now).year + 2, 12, 31)), now=now,
        explain={"rule": "referral", "booking": booking.number, "points": rules.REFERRAL_POINTS},
    )  # fmt: skip
    told = {"points": rules.REFERRAL_POINTS, "client": referrer.id}
    trace(db, booking, REWARD, SYSTEM, now, before={}, after=told)


def claw_back(db: Session, booking: Booking, now: datetime) -> int:
    """Take back the points that rest on a relation that was denied, as far as they are there; give how many.

    What the referrer has spent meanwhile stays owed: the duty takes it once points come in again.
    """
    client_id, owed, round_ = _owed(db, booking)
    if not owed:
        return 0
    available = points.balance(db, client_id, now).available
    taken = min(owed, available)
    if taken:
        key = f"claw_back:{booking.number}:{round_}"
        about = {"ref_type": "referral", "ref_id": f"{booking.number}/{round_ + 1}"}
        kept = points.hold(
            db, client_id=client_id, points=taken, key=key, **about, timeout_at=now + rules.HOLD_FOR, now=now
        )  # fmt: skip
        if not isinstance(kept, points.Hold):
            return 0
        points.capture(db, hold_id=kept.id, now=now)
    if taken or not round_:
        told = {"points": taken, "owed": owed - taken, "client": client_id}
        trace(db, booking, CLAW_BACK, SYSTEM, now, before={}, after=told)
    return taken


def claw_back_due(db: Session, now: datetime) -> int:
    """Take what is still owed of relations that were denied; give how many points (a duty)."""
    paid = select(BookingEvent.booking_id).where(BookingEvent.verb == REWARD)
    denied = select(Booking).where(Booking.state == State.DENIED, Booking.id.in_(paid))
    found = db.scalars(denied.order_by(Booking.id.desc()).limit(BATCH)).all()
    return sum(claw_back(db, booking, now) for booking in found)


def _owed(db: Session, booking: Booking) -> tuple[int, int, int]:
    """Give the referrer, the points that he still owes, and how often some were taken."""
    lines = queries.events(db, booking.id)
    paid = next((line.after for line in lines if line.verb == REWARD), None)
    taken = [line.after["points"] for line in lines if line.verb == CLAW_BACK]
    return (paid["client"], paid["points"] - sum(taken), len(taken)) if paid else (0, 0, 0)
