"""When an opening takes effect: the papers agree, the feed has brought the client; what follows from it."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import calendar, clients, identity, statements
from portal.audit import SYSTEM, Person
from portal.bookings import messages, papers, queries, rules
from portal.bookings.ahead import hand_sheet_on
from portal.bookings.models import Booking
from portal.bookings.recording import change, trace
from portal.bookings.referrals import reward_referrer
from portal.bookings.telling import send
from portal.bookings.terms import Refusal, State, Verb
from portal.kit.clock import local_date

BATCH = 500


def take_effect(db: Session, now: datetime) -> int:
    """Let confirmed relations take effect once their day has come and the feed has brought the client (a duty)."""
    today = local_date(now)
    due = (Booking.state == State.CONFIRMED, Booking.effective_on <= today)
    found = db.scalars(select(Booking).where(*due).order_by(Booking.id).limit(BATCH)).all()
    return sum(_take_effect(db, booking, today, now) for booking in found)


def _take_effect(db: Session, booking: Booking, today: date, now: datetime) -> bool:
    if wrong := papers.differences(db, booking):
        _note_differences(db, booking, wrong, now)
        return False
    client = clients.client_by_no(db, booking.client_no or "")
    if client is None or client.name != booking.name:
        _note_missing(db, booking, today, now)
        return False
    made = change(
        db, booking, Verb.TAKE_EFFECT, SYSTEM, now, seen=booking.version, client_id=client.id, missing_since=None
    )  # fmt: skip
    if not isinstance(made, Booking):
        return False
    send(db, made, messages.welcome(made), "welcome", now)
    reward_referrer(db, made, now)
    hand_sheet_on(db, made, now)
    return True


def _note_differences(db: Session, booking: Booking, wrong: list[str], now: datetime) -> None:
    # Said once for each set of differences, not at every round of the worker.
    last = queries.events(db, booking.id)[-1]
    if last.verb != "papers_differ" or last.after != {"differ": wrong}:
        trace(db, booking, "papers_differ", SYSTEM, now, before={}, after={"differ": wrong})


def _note_missing(db: Session, booking: Booking, today: date, now: datetime) -> None:
    if booking.missing_since or not booking.effective_on:
        return
    try:
        last = calendar.trading_day_after(db, booking.effective_on, rules.MISSING_AFTER_TRADING_DAYS)
    except calendar.DayUnknown:
        return
    if today > last:
        db.execute(update(Booking).where(Booking.id == booking.id).values(missing_since=today))
        trace(db, booking, "missing", SYSTEM, now, before={}, after={"client_no": booking.client_no})


def send_activation(db: Session, booking: Booking, now: datetime) -> Refusal | None:
    """Send the portal's activation code to the proved telephone of whose account is in effect."""
    if booking.state != State.EFFECTIVE or booking.client_id is None or booking.kind not in rules.OPENINGS:
        return Refusal.NOT_BOOKABLE
    known = identity.user_of_client(db, booking.client_id)
    if known is not None and known.user_name:  # who can sign in already changes nothing by an old link
        return Refusal.HAS_SIGN_IN
    if not identity.may(db, "booking_phone", booking.phone, now):
        return Refusal.TOO_MANY
    user = identity.enter_client(
        db, client_id=booking.client_id, name=booking.name, personal=[booking.client_no or "", booking.phone], now=now
    )
    code = identity.give_activation(db, user_id=user.id, by="visitor", now=now)
    send(db, booking, messages.activation(code, booking.language), f"activation:{now.timestamp()}", now)
    trace(db, booking, "activation", Person("visitor", booking.name), now, before={}, after={})
    return None


def checklist(db: Session, client_id: int, today: date) -> dict[str, bool]:
    """Tell which first steps of a new client the feed has seen."""
    accounts = [row.id for row in statements.accounts_of(db, client_id)]
    moved = bool(accounts) and any(flow.biz_code != "OPENING" for flow in statements.flows(db, accounts, today))
    return {"custody": bool(clients.fact(db, client_id, "custody_bank")), "transfer": moved}
