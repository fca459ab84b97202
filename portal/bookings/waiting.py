"""The waiting list: a place that comes free is offered to one person at a time, for half an hour."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import sms
from portal.audit import Person
from portal.bookings import messages, queries, rules, slots
from portal.bookings.actions import Asked, Booked, book
from portal.bookings.models import Waiting
from portal.bookings.place_models import Hold, Slot
from portal.bookings.recording import VISITOR
from portal.bookings.terms import Case, Channel, Kind, Refusal
from portal.identity import fingerprint, fresh_secret, may
from portal.kit.db import rows_touched

BATCH = 50


def wait_for(
    db: Session, asked: Asked, *, branch_id: int, day: date, network: str, origin: str, now: datetime
) -> Waiting | Refusal:
    """Put somebody on the list of a day, once; the offer goes to his telephone, and only its link can take it up."""
    if not may(db, "booking_network", network, now):
        return Refusal.TOO_MANY
    if queries.open_of_phone(db, asked.phone, asked.purpose):
        return Refusal.ALREADY_BOOKED
    entry = Waiting(
        branch_id=branch_id, day=day, phone=asked.phone, draft=asdict(asked) | {"origin": origin}, asked_at=now,
        state="waiting",
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(entry)
            db.flush()
    except IntegrityError:
        return Refusal.ALREADY_WAITING
    return entry


def offer_places(db: Session, now: datetime) -> int:
    """Let offers lapse that nobody took up, then offer every free place to who has waited longest (a duty)."""
    _end_lapsed(db, now)
    waited = select(Waiting.branch_id, Waiting.day).where(Waiting.state == "waiting").distinct()
    found = db.execute(waited.order_by(Waiting.day, Waiting.branch_id).limit(BATCH)).all()
    return sum(_offer(db, row.branch_id, row.day, now) for row in found)


def _offer(db: Session, branch_id: int, day: date, now: datetime) -> int:
    count = 0
    for slot in queries.slots_on(db, branch_id, day, now):
        for _ in range(slot.free):
            entry = queries.waiting_of(db, branch_id, day)
            if entry is None:
                return count
            count += _offer_to(db, entry, slot, now)
    return count


def _offer_to(db: Session, entry: Waiting, slot: Any, now: datetime) -> bool:
    kept = slots.hold(db, slot.id, now, lasts=rules.OFFER_FOR)
    if isinstance(kept, Refusal):
        return False
    secret, until = fresh_secret(), now + rules.OFFER_FOR
    offered = {"state": "offered", "hold_id": kept[1], "secret_hash": fingerprint(secret), "offered_until": until}
    mine = update(Waiting).where(Waiting.id == entry.id, Waiting.state == "waiting").values(**offered)
    if not rows_touched(db.execute(mine)):
        slots.let_go(db, kept[0], now)
        return False
    link = f"{entry.draft['origin']}/bookings/offers/{secret}"
    text = messages.offer(slot.starts_at, until, entry.draft["language"], link)
    sms.queue(
        db, client_id=None, to=entry.phone, text=text, purpose="booking", ref_type="booking_waiting", ref_id=entry.id,
        key=f"booking_offer:{entry.id}", now=now,
    )  # fmt: skip
    return True


def offered(db: Session, secret: str, now: datetime) -> tuple[Waiting, Slot] | None:
    """Give an offer that still stands, with its time."""
    here = (Waiting.secret_hash == fingerprint(secret), Waiting.state == "offered", Waiting.offered_until > now)
    entry = db.scalar(select(Waiting).where(*here))
    if entry is None:
        return None
    return entry, db.scalars(select(Slot).join(Hold, Hold.slot_id == Slot.id).where(Hold.id == entry.hold_id)).one()


def accept(db: Session, secret: str, *, origin: str, now: datetime) -> Booked | Refusal:
    """Take an offer up: the kept place becomes the booking, in one transaction."""
    found = offered(db, secret, now)
    if found is None:
        return Refusal.OFFER_LAPSED
    entry, slot = found
    draft = {name: value for name, value in entry.draft.items() if name != "origin"}
    chosen = {"kind": Kind(draft["kind"]), "case": Case(draft["case"]), "slot_id": slot.id, "hold_id": entry.hold_id}
    made = book(
        db, Asked(**draft | chosen), by=Person(VISITOR, draft["name"]), channel=Channel.WEB, origin=origin, now=now
    )
    if isinstance(made, Booked):
        _close(db, entry, "taken")
    return made


def decline(db: Session, secret: str, now: datetime) -> bool:
    """Let an offer go; the place is for the next one at once."""
    found = offered(db, secret, now)
    if found is None:
        return False
    entry, slot = found
    slots.lock(db, slot.id)
    gone = update(Hold).where(Hold.id == entry.hold_id, Hold.state == "open").values(state="lapsed")
    if rows_touched(db.execute(gone)):
        slots.give_back(db, slot.id)
    _close(db, entry, "left")
    offer_places(db, now)
    return True


def _end_lapsed(db: Session, now: datetime) -> None:
    over = (Waiting.state == "offered", Waiting.offered_until <= now)
    db.execute(update(Waiting).where(*over).values(state="lapsed", offered_until=None))
    slots.release_lapsed(db, now)


def _close(db: Session, entry: Waiting, state: str) -> None:
    mine = (Waiting.id == entry.id, Waiting.state == "offered")
    db.execute(update(Waiting).where(*mine).values(state=state, offered_until=None))
