"""How a booking changes: one line of the ledger and one audit row a step, compared with what was seen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import SYSTEM as SYSTEM
from portal.audit import Person
from portal.bookings import queries, rules
from portal.bookings.models import Booking, BookingEvent
from portal.bookings.paper_models import Promise
from portal.bookings.terms import Channel, Kind, Refusal, State, Verb
from portal.kit.db import rows_touched
from portal.queues import Stale

VISITOR = "visitor"
Outcome = Booking | Refusal | Stale
_UNTOLD = {"version", "is_open", "id_index", "link_hash"}


def change(
    db: Session, booking: Booking, verb: Verb, by: Person, now: datetime, *, seen: int, reason: str = "",
    told: Mapping[str, Any] | None = None, **values: Any,
) -> Outcome:  # fmt: skip
    """Take one step of the course: compare and set, with its line in the ledger; every verb goes through here."""
    target = rules.after(State(booking.state), verb, Kind(booking.kind))
    if target is None or booking.version != seen:
        return stale(db, booking)
    was = {"state": booking.state} | {name: _plain(getattr(booking, name)) for name in values}
    here = (Booking.id == booking.id, Booking.state == booking.state, Booking.version == seen)
    ended = target in rules.ENDED
    values |= {"state": target, "version": seen + 1, "is_open": not ended} | ({"due_at": None} if ended else {})
    step = update(Booking).where(*here).values(**values)
    if rows_touched(db.execute(step, execution_options={"synchronize_session": False})) == 0:
        return stale(db, booking)
    db.refresh(booking)
    _keep_promises(db, booking, verb, now)
    became = {"state": str(target)} | {name: _plain(getattr(booking, name)) for name in values if name != "state"}
    became = {name: value for name, value in became.items() if was.get(name) != value and name not in _UNTOLD}
    was = {name: value for name, value in was.items() if name in became}
    trace(db, booking, verb, by, now, before=was, after=became | dict(told or {}), reason=reason)
    return booking


def _keep_promises(db: Session, booking: Booking, verb: Verb, now: datetime) -> None:
    running = (Promise.booking_id == booking.id, Promise.kept_at.is_(None))
    if verb in (Verb.CANCEL, Verb.NO_SHOW):  # nothing is owed any more, but what was missed before stays missed
        db.execute(delete(Promise).where(*running, Promise.due_at > now))
    elif kind := rules.KEEPS.get(verb):
        db.execute(update(Promise).where(*running, Promise.kind == kind).values(kept_at=now))


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | bool | list) else str(value)


def trace(
    db: Session, booking: Booking, verb: str, by: Person, now: datetime, *, before: Mapping[str, Any],
    after: Mapping[str, Any], reason: str = "", channel: str | None = None,
) -> None:  # fmt: skip
    """Write a line of the ledger and its audit row."""
    line = BookingEvent(
        booking_id=booking.id, verb=verb, at=now, actor=by.actor, actor_name=by.name, before=dict(before),
        after=dict(after), channel=channel or (Channel.STAFF if by.actor.startswith("staff:") else Channel.WEB),
        reason=reason or None,
    )  # fmt: skip
    db.add(line)
    db.flush()
    what = f"booking:{booking.number}"
    audit.record(db, actor=by.actor, event=f"booking.{verb}", object=what, detail=dict(after), now=now)


def stale(db: Session, booking: Booking) -> Stale:
    """Say who has changed a booking meanwhile."""
    db.refresh(booking)
    last = queries.events(db, booking.id)[-1]
    return Stale(last.actor_name, last.at, booking.state)
