"""The way to an open account up to the signature: first contact, pre-check, visit, review, letter."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clients, identity, tiers
from portal.audit import Person
from portal.bookings import letters, messages, papers, promises, queries, rules, terms
from portal.bookings.ahead import is_filled
from portal.bookings.calling import ask_for_call
from portal.bookings.deadlines import in_minutes, in_workdays
from portal.bookings.models import Booking
from portal.bookings.place_models import Clerk
from portal.bookings.recording import Outcome, change
from portal.bookings.telling import send
from portal.bookings.terms import Kind, PromiseKind, Refusal, Verb
from portal.kit.clock import local_date
from portal.kit.i18n import language as reader_language
from portal.kit.vault import Vault


@dataclass(frozen=True)
class Found:
    """What staff found at the pre-check; the document's number is kept as a blind index only."""

    papers: Collection[str]
    id_number: str
    id_valid_to: date


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
        needed=rules.papers_for(terms.Case(booking.visitor_case), Kind(booking.kind)),
        brought=found.papers,
        id_days=(found.id_valid_to - local_date(now)).days,
        is_duplicate=bool(queries.duplicates(db, index, booking.id)) or clients.has_id_number(db, found.id_number),
        has_questionnaire=is_filled(db, booking, now),
    )
    if refusal:
        return refusal
    slot = queries.slot(db, booking.slot_id)
    checked: dict[str, Any] = {
        "papers": sorted(found.papers), "id_index": index, "id_valid_to": found.id_valid_to,
        "handler_id": staff.user_id, "answered_at": booking.answered_at or now, "due_at": slot.starts_at,
    }  # fmt: skip
    return change(db, booking, Verb.PRECHECK, staff, now, seen=seen, **checked)


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
    due_at = in_minutes(db, now, rules.REVIEW_MINUTES)
    made = change(db, booking, Verb.WITNESS, staff, now, seen=seen, due_at=due_at, **seen_by)
    if isinstance(made, Booking):
        promises.make(db, made.id, PromiseKind.REVIEW, due_at, now)
    return made


def send_back(db: Session, booking: Booking, *, seen: int, staff: Person, reason: str, now: datetime) -> Outcome:
    """Return a visit's papers with the reason."""
    if not reason:
        return Refusal.NO_REASON
    if refusal := _review_refusal(db, booking, staff, now):
        return refusal
    due_at = in_workdays(db, now, rules.RETURN_WORKDAYS)
    return change(db, booking, Verb.RETURN, staff, now, seen=seen, reason=reason, due_at=due_at)


def approve(db: Session, booking: Booking, *, seen: int, staff: Person, now: datetime) -> Outcome:
    """Let a second person approve; the client is asked to sign the confirmation letter."""
    if refusal := _review_refusal(db, booking, staff, now):
        return refusal
    due_at = in_workdays(db, now, rules.SIGN_WORKDAYS)
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
    due_at = in_workdays(db, now, rules.CALL_WORKDAYS) or now + timedelta(days=rules.CALL_WORKDAYS)
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
        ask_for_call(db, made, due_at, now)
    return made


def blind_index(vault: Vault, id_number: str) -> str:
    """Give the key under which an identity document is found again, without its number being kept."""
    key = vault.keys[min(vault.keys)]
    return hmac.new(key, b"id:" + id_number.strip().upper().encode(), "sha256").hexdigest()


def _review_refusal(db: Session, booking: Booking, staff: Person, now: datetime) -> Refusal | None:
    concerned = (booking.handler_id, booking.witness_id, _adviser_of_referrer(db, booking))
    return rules.review_refusal(reviewer=staff.user_id, concerned=concerned)


def _adviser_of_referrer(db: Session, booking: Booking) -> int | None:
    referrer = clients.client_by_no(db, booking.referrer or "")
    adviser = tiers.adviser_of(db, referrer.id) if referrer else None
    return adviser.adviser_id if adviser else None
