"""What this room knows of one client: the steps of his bookings, and which of them are open."""

from typing import Any

from sqlalchemy import Select, select

from portal.bookings.models import Booking, BookingEvent
from portal.bookings.words import STATES, VERBS
from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment


def _steps(client_id: int) -> Select[Any]:
    step, of = BookingEvent, Booking
    told = moment(step.at, step.id, step.verb, ref=of.number, by=step.actor_name, note=step.reason)
    return told.join(of, of.id == step.booking_id).where(of.client_id == client_id)


def _open(client_id: int) -> Select[Any]:
    of = Booking
    told = moment(of.booked_at, of.id, of.state, ref=of.number, due=of.due_at)
    return told.where(of.client_id == client_id, of.is_open)


SAID: dict[str, Any] = {
    "kind": "visits", "title": later("预约"), "page": "bookings.review", "door": "bookings.ledger",
}  # fmt: skip
MOMENTS = (Piece("bookings", read=_steps, words=VERBS, **SAID),)
WAITING = (Piece("bookings", read=_open, words=STATES, **SAID),)


def _own(client_id: int) -> Any:
    of = Booking
    told = select(of.number, of.kind, of.state, of.name, of.phone, of.booked_at, of.signed_at, of.effective_on)
    return told.where(of.client_id == client_id).order_by(of.id)


DATA = (Part("bookings", later("预约"), _own),)
