"""An e-mail address holds once a link that went there has been opened and confirmed by the client, within a day."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal import identity
from portal.clients.changes import Person, edit
from portal.clients.models import ClientEmailProof
from portal.clients.queries import fact, lock
from portal.clients.rules import Refusal
from portal.kit import mail
from portal.kit.db import Database, rows_touched
from portal.kit.i18n import later, say, speaking
from portal.kit.sealed import Secret

PATH = "/me/email/"  # where a link leads, before its token
LASTS, LEASE, TRIES = timedelta(hours=24), timedelta(minutes=2), 12
SUBJECT = later("请确认您的邮箱")
TEXT = later(
    "您在客户服务里登记了这个邮箱。请在 24 小时内打开下面的链接，登录后确认：\n%(link)s\n"
    "如果不是您登记的，不用理会这封信。"
)
log = structlog.get_logger()
Send = Callable[[str, str, str], None]


def begin(db: Session, *, client_id: int, address: str, now: datetime) -> ClientEmailProof | Refusal:
    """Let a link go to a new address; an earlier one is void. Nothing changes until it is confirmed."""
    lock(db, client_id)
    if address == fact(db, client_id, "email"):
        return Refusal.UNCHANGED
    if not identity.may(db, "email_link", str(client_id), now):
        return Refusal.TOO_MANY
    open_ = (ClientEmailProof.client_id == client_id, ClientEmailProof.ended_at.is_(None))
    db.execute(update(ClientEmailProof).where(*open_).values(ended_at=now))
    token = secrets.token_urlsafe(32)
    proof = ClientEmailProof(
        client_id=client_id, address=address, token=Secret(token), token_hash=identity.fingerprint(token),
        asked_at=now, lapses_at=now + LASTS, tries=0, not_before=now,
    )  # fmt: skip
    db.add(proof)
    db.flush()
    return proof


def waiting(db: Session, client_id: int, now: datetime) -> ClientEmailProof | None:
    """Give the address that waits to be confirmed."""
    return db.scalar(select(ClientEmailProof).where(ClientEmailProof.client_id == client_id, *_alive(now)))


def of_token(db: Session, client_id: int, token: str, now: datetime) -> ClientEmailProof | None:
    """Give what a link leads to, for the client who asked for it alone."""
    mine = (ClientEmailProof.client_id == client_id, ClientEmailProof.token_hash == identity.fingerprint(token))
    return db.scalar(select(ClientEmailProof).where(*mine, *_alive(now)))


def confirm(db: Session, *, who: Person, client_id: int, token: str, now: datetime) -> str | Refusal:
    """Let the address hold from now on; a link works once."""
    proof = of_token(db, client_id, token, now)
    here = (ClientEmailProof.id == (proof.id if proof else 0), ClientEmailProof.ended_at.is_(None))
    ended = update(ClientEmailProof).where(*here).values(ended_at=now, confirmed_at=now)
    if proof is None or rows_touched(db.execute(ended, execution_options={"synchronize_session": False})) == 0:
        return Refusal.LAPSED
    edit(db, who=who, client_id=client_id, key="email", value=proof.address, now=now)
    return proof.address


def send_next(database: Database, send: Send, link_to: Callable[[str], str], now: datetime) -> bool:
    """Send one link that is due: claimed first, sent outside of any transaction. False when nothing was due."""
    with database.writing() as db:
        row = _claimed(db, now)
    if row is None:
        return False
    error = None
    try:
        send(row.address, _both(SUBJECT, " / "), _both(TEXT, "\n\n", link=link_to(row.token)))
    except mail.NotSent as failed:
        error = str(failed)
        log.error("mail.not_sent", proof=row.id, error_code=error)
    with database.writing() as db:
        values: dict[str, Any] = {"sent_at": now, "lease_until": None}
        if error:
            values = {"lease_until": None, "not_before": now + timedelta(seconds=min(1800, 5 * 2**row.tries))}
        db.execute(update(ClientEmailProof).where(ClientEmailProof.id == row.id).values(**values))
    return True


def _claimed(db: Session, now: datetime) -> Any:
    free = or_(ClientEmailProof.lease_until.is_(None), ClientEmailProof.lease_until <= now)
    due = (ClientEmailProof.sent_at.is_(None), ClientEmailProof.not_before <= now, ClientEmailProof.tries < TRIES)
    columns = (ClientEmailProof.id, ClientEmailProof.address, ClientEmailProof.token, ClientEmailProof.tries)
    oldest = select(*columns).where(*due, free, *_alive(now)).order_by(ClientEmailProof.id).limit(1)
    row = db.execute(oldest.with_for_update(skip_locked=True)).first()
    if row is not None:
        taken = {"lease_until": now + LEASE, "tries": row.tries + 1}
        db.execute(update(ClientEmailProof).where(ClientEmailProof.id == row.id).values(**taken))
    return row


def _alive(now: datetime) -> tuple[Any, ...]:
    return ClientEmailProof.ended_at.is_(None), ClientEmailProof.lapses_at > now


def _both(sentence: str, between: str, **values: object) -> str:
    # Nobody's language is known here, so each letter says it in both.
    said = []
    for language in ("zh", "en"):
        with speaking(language):
            said.append(say(sentence, **values))
    return between.join(said)
