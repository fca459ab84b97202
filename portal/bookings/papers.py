"""Three papers that must agree: the booking, the signed confirmation, the handler's line in the relation ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.audit import Person
from portal.bookings.models import Booking
from portal.bookings.paper_models import Confirmation, ConfirmationCopy, RelationDay, RelationEntry
from portal.bookings.recording import trace
from portal.bookings.relations import day_of
from portal.bookings.rules import SIGNED
from portal.bookings.terms import Copy, Refusal
from portal.kit.clock import local_date
from portal.kit.db import insert_once

FIELDS = ("number", "name", "phone", "branch_id", "handler_id", "referrer", "client_no")
Paper = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """What the handler writes into the relation ledger, from the papers before him."""

    name: str
    phone: str
    client_no: str
    referrer: str = ""
    reason: str = ""


def fields_of(booking: Booking) -> dict[str, Any]:
    """Give what the three papers have in common."""
    return {name: getattr(booking, name) for name in FIELDS}


def confirm(db: Session, booking: Booking, now: datetime) -> None:
    """Keep the confirmation as it was signed; the client has his copy at once, by the link."""
    signed = {"text_version": booking.letter_version, "sha256": booking.letter_hash, "signed_name": booking.signed_name}
    db.execute(insert(Confirmation).values(booking_id=booking.id, fields=fields_of(booking), signed_at=now, **signed))
    keep_copy(db, booking, Copy.CLIENT, "visitor", now)
    insert_once(db, RelationDay, branch_id=booking.branch_id, day=local_date(now), version=1)


def keep_copy(db: Session, booking: Booking, holder: Copy, by: str, now: datetime) -> bool:
    """Record who has received a copy, once for each holder."""
    return insert_once(db, ConfirmationCopy, booking_id=booking.id, holder=holder, received_by=by, received_at=now)


def enter_line(db: Session, booking: Booking, line: Line, *, staff: Person, now: datetime) -> Refusal | None:
    """Enter the handler's line; a further one corrects it, with the reason, and goes through the hands anew."""
    if booking.state not in SIGNED:
        return Refusal.NOT_SIGNED_YET
    if staff.user_id not in (booking.handler_id, booking.assigned_to):  # who received the visit, or took it over
        return Refusal.NOT_HANDLER
    before = newest_line(db, booking.id)
    if before is not None and not line.reason:
        return Refusal.NO_REASON
    told = {"number": booking.number, "branch_id": booking.branch_id, "handler_id": booking.handler_id}
    told |= {"name": line.name, "phone": line.phone, "client_no": line.client_no, "referrer": line.referrer or None}
    entry = RelationEntry(
        booking_id=booking.id, ordinal=before.ordinal + 1 if before else 1, branch_id=booking.branch_id, fields=told,
        day=_open_day(db, booking.branch_id, now), reason=line.reason or None, entered_by=staff.user_id, entered_at=now,
    )  # fmt: skip
    db.add(entry)
    db.flush()
    trace(db, booking, "line", staff, now, before={}, after={"ordinal": entry.ordinal}, reason=line.reason)
    return None


def _open_day(db: Session, branch_id: int, now: datetime) -> Any:
    # What comes after the handler has closed the day stands in the next day's ledger.
    day = local_date(now)
    found = day_of(db, branch_id, day)
    day = day + timedelta(days=1) if found and found.closed_by else day
    insert_once(db, RelationDay, branch_id=branch_id, day=day, version=1)
    return day


def newest_line(db: Session, booking_id: int) -> Any:
    """Give the line that counts, or None."""
    mine = select(*RelationEntry.__table__.c).where(RelationEntry.booking_id == booking_id)
    return db.execute(mine.order_by(RelationEntry.ordinal.desc()).limit(1)).first()


def confirmation_of(db: Session, booking_id: int) -> Any:
    """Give the confirmation as it was signed, or None."""
    return db.execute(select(*Confirmation.__table__.c).where(Confirmation.booking_id == booking_id)).first()


def compared(db: Session, booking: Booking) -> list[tuple[str, list[Any]]]:
    """Give each field as the booking, the confirmation and the ledger's line say it; None for a paper not there yet."""
    confirmation, line = confirmation_of(db, booking.id), newest_line(db, booking.id)
    papers: list[Paper] = [
        fields_of(booking), confirmation.fields if confirmation else {}, line.fields if line else {}
    ]  # fmt: skip
    return [(name, [paper.get(name) for paper in papers]) for name in FIELDS]


def differences(db: Session, booking: Booking) -> list[str]:
    """Name what keeps a relation from taking effect: a paper that is missing, not received, or a field that differs."""
    confirmation, line = confirmation_of(db, booking.id), newest_line(db, booking.id)
    if confirmation is None or line is None:
        return ["missing"]
    found = day_of(db, booking.branch_id, line.day)
    late = [] if found and found.received_by else ["not_received"]
    wrong = ["sha256"] if confirmation.sha256 != booking.letter_hash else []
    return late + wrong + unlike(fields_of(booking), confirmation.fields, line.fields)


def unlike(*papers: Paper) -> list[str]:
    """Name the fields in which papers differ."""
    return [name for name in FIELDS if len({str(paper.get(name)) for paper in papers}) > 1]
