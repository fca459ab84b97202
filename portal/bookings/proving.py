"""Prove a telephone: a code by SMS, good for five minutes and five tries, with the booking that waits for it."""

import hashlib
import secrets
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import sms
from portal.audit import Person
from portal.bookings import messages, rules, slots
from portal.bookings.actions import Asked, Booked, book
from portal.bookings.models import Challenge
from portal.bookings.recording import VISITOR
from portal.bookings.terms import Case, Channel, Kind, Refusal
from portal.identity import fingerprint, fresh_secret, may
from portal.kit.db import rows_touched


def ask_for_code(db: Session, asked: Asked, *, network: str, now: datetime) -> str | Refusal:
    """Send a code to the telephone; give the secret under which its booking waits."""
    if not may(db, "booking_network", network, now) or not may(db, "booking_phone", asked.phone, now):
        return Refusal.TOO_MANY
    secret, digits = fresh_secret(), f"{secrets.randbelow(10**6):06d}"
    challenge = Challenge(
        secret_hash=fingerprint(secret), code_hash=_hash(secret, digits), draft=asdict(asked), tries=0,
        lapses_at=now + rules.CODE_LASTS,
    )  # fmt: skip
    db.add(challenge)
    db.flush()
    if asked.hold_id:
        slots.keep_longer(db, asked.hold_id, now)
    sms.queue(
        db, client_id=None, to=asked.phone, text=messages.code(digits, asked.language), purpose="code",
        ref_type="booking_code", ref_id=challenge.id, key=f"booking_code:{challenge.id}", now=now,
    )  # fmt: skip
    return secret


def waiting_for(db: Session, secret: str, now: datetime) -> Asked | None:
    """Give the booking that waits under a secret, or None once its time is over."""
    alive = (Challenge.secret_hash == fingerprint(secret), Challenge.lapses_at > now)
    draft = db.scalar(select(Challenge.draft).where(*alive, Challenge.tries < rules.CODE_TRIES))
    if draft is None:
        return None
    return Asked(**draft | {"kind": Kind(draft["kind"]), "case": Case(draft["case"])})


def answer(db: Session, *, secret: str, digits: str, origin: str, now: datetime) -> Booked | Refusal:
    """Check the code and book; each wrong one counts, and the right one is spent by the booking."""
    asked = waiting_for(db, secret, now)
    if asked is None:
        return Refusal.CODE_LAPSED
    here = (Challenge.secret_hash == fingerprint(secret), Challenge.tries < rules.CODE_TRIES)
    right = (Challenge.code_hash == _hash(secret, digits), Challenge.lapses_at > now)
    spent = update(Challenge).where(*here, *right).values(lapses_at=now)
    if rows_touched(db.execute(spent)) == 0:
        db.execute(update(Challenge).where(*here).values(tries=Challenge.tries + 1))
        return Refusal.WRONG_CODE
    channel = Channel.REFERRAL if asked.referrer else Channel.WEB
    return book(db, asked, by=Person(VISITOR, asked.name), channel=channel, origin=origin, now=now)


def _hash(secret: str, digits: str) -> str:
    return hashlib.sha256(f"{secret}:{digits}".encode()).hexdigest()
