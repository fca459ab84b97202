"""A new telephone number is proved before anybody is asked: a code to the old number and one to the new."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import identity, sms
from portal.clients.changes import Person, ask, note_proof, waiting_for
from portal.clients.models import ClientChange, ClientPhoneProof
from portal.clients.queries import lock, mobile
from portal.clients.rules import Refusal
from portal.kit.db import rows_touched
from portal.kit.i18n import later, say
from portal.kit.sealed import Secret
from portal.kit.vault import Vault

LASTS = timedelta(minutes=10)
TRIES = 5
TEXT = later("您正在更改登记的手机号，验证码 %(code)s，十分钟内有效。如非本人操作，请勿告诉任何人，并致电客服。")


def begin(
    db: Session, vault: Vault, *, client_id: int, number: str, why: str, now: datetime
) -> ClientPhoneProof | Refusal:
    """Send a code to the number we hold and another one to the new number; an earlier proof is void."""
    lock(db, client_id)
    old = mobile(db, client_id)
    if number == old:
        return Refusal.UNCHANGED
    if waiting_for(db, client_id, "mobile", "change"):
        return Refusal.WAITS_ALREADY
    if not identity.may(db, "phone_change", str(client_id), now):
        return Refusal.TOO_MANY
    open_ = (ClientPhoneProof.client_id == client_id, ClientPhoneProof.ended_at.is_(None))
    db.execute(update(ClientPhoneProof).where(*open_).values(ended_at=now))
    codes = {"old": _code() if old else None, "new": _code()}
    proof = ClientPhoneProof(
        client_id=client_id, number=Secret(number), why=why, tries=0, expires_at=now + LASTS,
        old_hash=_hash(vault, client_id, codes["old"]), new_hash=_hash(vault, client_id, codes["new"]) or "",
    )  # fmt: skip
    db.add(proof)
    db.flush()
    for which, to in (("old", old), ("new", number)):
        if to and codes[which]:
            sms.queue(
                db, client_id=client_id, to=to, text=say(TEXT, code=codes[which]), purpose="code",
                ref_type="phone_proof", ref_id=proof.id, key=f"phone_proof:{proof.id}:{which}", now=now,
            )  # fmt: skip
    return proof


def waiting_proof(db: Session, client_id: int, now: datetime) -> ClientPhoneProof | None:
    """Give the proof that still waits for its codes."""
    alive = (ClientPhoneProof.ended_at.is_(None), ClientPhoneProof.expires_at > now, ClientPhoneProof.tries < TRIES)
    return db.scalar(select(ClientPhoneProof).where(ClientPhoneProof.client_id == client_id, *alive))


def prove(
    db: Session, vault: Vault, *, who: Person, client_id: int, old_code: str, new_code: str, now: datetime
) -> ClientChange | Refusal:
    """Compare both codes at once, never telling which one is wrong; right ones ask staff for the change."""
    proof = waiting_proof(db, client_id, now)
    if proof is None:
        return Refusal.LAPSED
    # Counted before anything is compared: who tries many at once draws from the same five.
    counted = (ClientPhoneProof.id == proof.id, ClientPhoneProof.tries < TRIES, ClientPhoneProof.ended_at.is_(None))
    tried = update(ClientPhoneProof).where(*counted).values(tries=ClientPhoneProof.tries + 1)
    if rows_touched(db.execute(tried, execution_options={"synchronize_session": False})) == 0:
        return Refusal.LAPSED
    given = [(proof.new_hash, new_code)] + ([(proof.old_hash, old_code)] if proof.old_hash else [])
    right = [hmac.compare_digest(kept, _hash(vault, client_id, code) or "") for kept, code in given]
    if not all(right):
        return Refusal.WRONG_CODE
    db.execute(update(ClientPhoneProof).where(ClientPhoneProof.id == proof.id).values(ended_at=now))
    made = ask(db, who=who, client_id=client_id, key="mobile", value=proof.number, why=proof.why, now=now)
    if isinstance(made, ClientChange):
        note_proof(db, made, who, now)
    return made


def _code() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


def _hash(vault: Vault, client_id: int, code: str | None) -> str | None:
    # Six digits are soon guessed from a bare hash: the installation's own key goes in.
    if code is None:
        return None
    return hmac.new(vault.keys[vault.newest], f"phone:{client_id}:{code}".encode(), hashlib.sha256).hexdigest()
