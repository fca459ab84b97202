"""The way to an open account: first contact, pre-check, visit, review, signature, call-back, effect."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import calendar, callbacks, clients, identity, points, statements
from portal.bookings import letters, messages, papers, queries, rules
from portal.bookings.actions import SYSTEM, Outcome, Person, change, send, trace
from portal.bookings.models import Booking, Clerk
from portal.bookings.rules import Kind, Refusal, State, Verb
from portal.kit.clock import at, day_after, local_date
from portal.kit.i18n import language as reader_language
from portal.kit.vault import Vault

CALLED = "booking.called"
BATCH = 50


@dataclass(frozen=True)
class Found:
    """What staff found at the pre-check; the document's number is kept as a blind index only."""

    papers: Collection[str]
    id_number: str
    id_valid_to: date
    has_questionnaire: bool


def contact(db: Session, booking: Booking, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Record the first word with the visitor: it stops the response clock."""
    if not note:
        return Refusal.NO_REASON
    answered: dict[str, Any] = {
        "answered_at": booking.answered_at or now,
        "handler_id": booking.handler_id or staff.user_id,
    }
    return change(db, booking, Verb.CONTACT, staff, now, seen=seen, reason=note, **answered)


def precheck(
    db: Session, vault: Vault, booking: Booking, *, seen: int, staff: Person, found: Found, now: datetime
) -> Outcome:
    """Check the papers, the document, duplicates and the questionnaire before the visit."""
    index = blind_index(vault, found.id_number)
    refusal = rules.papers_refusal(
        needed=rules.papers_for(rules.Case(booking.visitor_case), Kind(booking.kind)),
        brought=found.papers,
        id_days=(found.id_valid_to - local_date(now)).days,
        is_duplicate=bool(queries.duplicates(db, index, booking.id)) or clients.has_id_number(db, found.id_number),
        has_questionnaire=found.has_questionnaire,
    )
    if refusal:
        return refusal
    slot = queries.slot(db, booking.slot_id)
    checked: dict[str, Any] = {
        "papers": sorted(found.papers), "id_index": index, "id_valid_to": found.id_valid_to,
        "handler_id": staff.user_id, "answered_at": booking.answered_at or now, "due_at": slot.starts_at,
    }  # fmt: skip
    return change(db, booking, Verb.PRECHECK, staff, now, seen=seen, told={"questionnaire": True}, **checked)


def witness(
    db: Session, booking: Booking, *, seen: int, staff: Person, witness_id: int, client_no: str, now: datetime
) -> Outcome:
    """Record the visit with its witness and hand it to a second person; `client_no` is the counter's number."""
    clerk = db.scalar(select(Clerk).where(Clerk.branch_id == booking.branch_id, Clerk.user_id == witness_id))
    if clerk is None:
        return Refusal.OWN_WITNESS
    if refusal := rules.witness_refusal(handler=staff.user_id, witness=witness_id, sells=clerk.sells):
        return refusal
    seen_by: dict[str, Any] = {"handler_id": staff.user_id, "witness_id": witness_id, "client_no": client_no}
    due_at = _in_minutes(db, now, rules.REVIEW_MINUTES)
    return change(db, booking, Verb.WITNESS, staff, now, seen=seen, due_at=due_at, **seen_by)


def send_back(db: Session, booking: Booking, *, seen: int, staff: Person, reason: str, now: datetime) -> Outcome:
    """Return a visit's papers with the reason."""
    if not reason:
        return Refusal.NO_REASON
    if refusal := _review_refusal(booking, staff):
        return refusal
    due_at = _in_workdays(db, now, rules.RETURN_WORKDAYS)
    return change(db, booking, Verb.RETURN, staff, now, seen=seen, reason=reason, due_at=due_at)


def approve(db: Session, booking: Booking, *, seen: int, staff: Person, now: datetime) -> Outcome:
    """Let a second person approve; the client is asked to sign the confirmation letter."""
    if refusal := _review_refusal(booking, staff):
        return refusal
    due_at = _in_workdays(db, now, rules.SIGN_WORKDAYS)
    made = change(db, booking, Verb.APPROVE, staff, now, seen=seen, reviewer_id=staff.user_id, due_at=due_at)
    if isinstance(made, Booking):
        send(db, made, messages.to_sign(made), f"sign:{made.version}", now)
    return made


def letter(db: Session, booking: Booking) -> letters.Letter:
    """Give the confirmation letter of a booking in the reader's language."""
    row = queries.row(db, booking.id)
    handler = identity.name_of(db, booking.handler_id) if booking.handler_id else ""
    return letters.letter_of(booking, row.branch_name, handler or "", reader_language())


def sign(db: Session, booking: Booking, *, seen: int, signed_name: str, sha256: str, now: datetime) -> Outcome:
    """Let the client sign the very text that he was shown; then he is called back by a third person."""
    text = letter(db, booking)
    if not hmac.compare_digest(text.sha256, sha256) or signed_name != booking.name:
        return Refusal.NOT_SIGNED
    due_at = _in_workdays(db, now, rules.CALL_WORKDAYS) or now + timedelta(days=rules.CALL_WORKDAYS)
    signature: dict[str, Any] = {
        "letter_version": text.version,
        "letter_hash": sha256,
        "signed_name": signed_name,
        "signed_at": now,
    }
    client = Person("visitor", booking.name)
    made = change(db, booking, Verb.SIGN, client, now, seen=seen, due_at=due_at, **signature)
    if isinstance(made, Booking):
        papers.confirm(db, made, now)
        _ask_for_call(db, made, due_at, now)
    return made


def call_again(db: Session, booking: Booking, *, seen: int, staff: Person, reason: str, now: datetime) -> Outcome:
    """Have another round of calls made after three tries without an answer."""
    if not reason:
        return Refusal.NO_REASON
    due_at = _in_workdays(db, now, rules.CALL_WORKDAYS) or now + timedelta(days=rules.CALL_WORKDAYS)
    made = change(db, booking, Verb.CALL_AGAIN, staff, now, seen=seen, reason=reason, due_at=due_at)
    if isinstance(made, Booking):
        _ask_for_call(db, made, due_at, now)
    return made


def _ask_for_call(db: Session, booking: Booking, due_at: datetime, now: datetime) -> None:
    kept_out = [each for each in (booking.handler_id, booking.reviewer_id, booking.witness_id) if each]
    callbacks.open_task(
        db, kind=callbacks.Kind.OPENING, ref_type="booking", ref_id=booking.number, name=booking.name,
        phone=booking.phone, client_id=booking.client_id, kept_out=kept_out, due_at=due_at, follow=CALLED, now=now,
    )  # fmt: skip


def hear_of_call(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """Go on after the call-back: confirmed for the next trading day, denied, or not reached (a job)."""
    booking = queries.by_number(db, payload["ref_id"])
    if booking is None or booking.state != State.CALLING:
        return
    seen, told = booking.version, {"callback": payload["number"]}
    if payload["state"] == callbacks.State.PASSED:
        on = calendar.trading_day_after(db, local_date(now), 1)
        coming: dict[str, Any] = {"effective_on": on, "due_at": at(on, rules.EFFECT_AT)}
        change(db, booking, Verb.CONFIRM, SYSTEM, now, seen=seen, told=told, **coming)
    elif payload["state"] == callbacks.State.DENIED:
        change(db, booking, Verb.DENY, SYSTEM, now, seen=seen, told=told)
    else:
        change(db, booking, Verb.MISS, SYSTEM, now, seen=seen, told=told, due_at=now)


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
    _reward_referrer(db, made, today, now)
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


def _reward_referrer(db: Session, booking: Booking, today: date, now: datetime) -> None:
    # Only here, behind the call-back; the key is the booking, so that no repetition pays twice.
    referrer = clients.client_by_no(db, booking.referrer or "")
    if referrer is None or referrer.id == booking.client_id:
        return
    points.earn(
        db, client_id=referrer.id, points=rules.REFERRAL_POINTS, kind="referral", key=f"referral:{booking.number}",
        expires_at=day_after(date(today.year + 2, 12, 31)), now=now,
        explain={"rule": "referral", "booking": booking.number, "points": rules.REFERRAL_POINTS},
    )  # fmt: skip


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


def take_in(db: Session, booking: Booking, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Take papers in on a weekend; the work itself is done on the next workday, and the ledger shows both times."""
    due_at = _in_workdays(db, now, 1)
    first: dict[str, Any] = {"handler_id": staff.user_id, "answered_at": booking.answered_at or now}
    return change(db, booking, Verb.TAKE_IN, staff, now, seen=seen, reason=note, due_at=due_at, **first)


def finish(db: Session, booking: Booking, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Record that a matter of the counter is done."""
    first: dict[str, Any] = {"handler_id": staff.user_id, "answered_at": booking.answered_at or now}
    return change(db, booking, Verb.FINISH, staff, now, seen=seen, reason=note, **first)


def no_show(db: Session, booking: Booking, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Record that the visitor did not come, an hour after the time at the earliest."""
    slot = queries.slot(db, booking.slot_id)
    if now < slot.starts_at + rules.NO_SHOW_AFTER:
        return Refusal.TOO_SOON
    return change(db, booking, Verb.NO_SHOW, staff, now, seen=seen, reason=note)


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


def blind_index(vault: Vault, id_number: str) -> str:
    """Give the key under which an identity document is found again, without its number being kept."""
    key = vault.keys[min(vault.keys)]
    return hmac.new(key, b"id:" + id_number.strip().upper().encode(), "sha256").hexdigest()


def _review_refusal(booking: Booking, staff: Person) -> Refusal | None:
    return rules.review_refusal(reviewer=staff.user_id, concerned=(booking.handler_id, booking.witness_id))


def _in_minutes(db: Session, now: datetime, minutes: int) -> datetime | None:
    try:
        return calendar.promised_at(db, now, minutes)
    except calendar.DayUnknown:
        return None


def _in_workdays(db: Session, now: datetime, count: int) -> datetime | None:
    try:
        return at(calendar.workday_after(db, local_date(now), count), rules.EFFECT_AT)
    except calendar.DayUnknown:
        return None
