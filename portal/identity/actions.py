"""The verbs of the door. What spends something (a code, a challenge, a try) is one conditional statement."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.identity import passwords, rules
from portal.identity.limits import may
from portal.identity.models import Challenge, Device, SessionRow, Totp, User
from portal.identity.queries import Credentials, Visitor, credentials
from portal.identity.rules import Refusal, fingerprint, fresh_secret
from portal.kit.db import Database, insert_once, rows_touched
from portal.kit.vault import Vault

COMMON = frozenset(files("portal.identity").joinpath("common_passwords.txt").read_text().split())


@dataclass(frozen=True)
class Seat:
    """The browser that asks: its network, its name for itself, and the device secret that it keeps."""

    network: str
    agent: str
    device: str | None


@dataclass(frozen=True)
class Entry:
    """A door opened: the secrets that the browser is given."""

    session: str
    device: str


@dataclass(frozen=True)
class Attempt:
    """A right password that waits for its second factor."""

    secret: str


def add_staff(db: Session, *, name: str, roles: list[str], by: str, now: datetime) -> User:
    """Enter a member of staff; he signs in once he has used an activation code."""
    user = User(kind="staff", name=name, client_id=None, roles=roles, personal=[], epoch=0, created_at=now)
    db.add(user)
    db.flush()
    audit.record(db, actor=by, event="staff.added", object=f"user:{user.id}", detail={"roles": roles}, now=now)
    return user


def enter_client(db: Session, *, client_id: int, name: str, personal: list[str], now: datetime) -> User:
    """Give the sign-in of a client, made at the first activation code; no password may hold his `personal` numbers."""
    user = db.scalar(select(User).where(User.client_id == client_id))
    if user is None:
        user = User(kind="client", name=name, client_id=client_id, roles=[], personal=personal, epoch=0, created_at=now)
        db.add(user)
        db.flush()
    return user


def give_activation(db: Session, *, user_id: int, by: str, now: datetime) -> str:
    """Give an activation code, good once and for ten minutes; an earlier one is void."""
    code = rules.activation_code()
    db.execute(delete(Challenge).where(Challenge.user_id == user_id, Challenge.purpose == "activation"))
    _challenge(db, code, "activation", user_id, {}, now + rules.ACTIVATION_LASTS)
    audit.record(db, actor=by, event="activation.given", object=f"user:{user_id}", detail={}, now=now)
    return code


def activate(
    database: Database, *, code: str, user_name: str, password: str, seat: Seat, now: datetime
) -> Entry | Refusal:
    """Set user name and password with an activation code; the code is spent only when all is well."""
    with database.writing() as db:
        if not may(db, "activation", seat.network, now):
            return Refusal.TOO_MANY
        user = db.get(User, _holder(db, code, "activation", now) or 0)
        refusal = Refusal.WRONG if user is None else _unfit(user, code, user_name, password)
        if user is None or refusal:
            return refusal or Refusal.WRONG
    try:
        password_hash = passwords.hashed(password)
    except passwords.Busy:
        return Refusal.BUSY
    with database.writing() as db:
        return _activate(db, code, user.id, user_name.casefold(), password_hash, seat, now)


def _unfit(user: User, code: str, user_name: str, password: str) -> Refusal | None:
    words = [code, user_name, user.name, *user.personal]
    return rules.password_refusal(password, second_factor=user.kind == "staff", common=COMMON, personal=words)


def _activate(
    db: Session, code: str, user_id: int, user_name: str, password_hash: str, seat: Seat, now: datetime
) -> Entry | Refusal:
    if db.scalar(select(User.id).where(User.user_name == user_name, User.id != user_id)):
        return Refusal.NAME_TAKEN
    if not _spend(db, code, "activation", now):
        return Refusal.WRONG
    db.execute(
        update(User)
        .where(User.id == user_id)
        .values(user_name=user_name, password_hash=password_hash, password_set_at=now, epoch=User.epoch + 1)
    )
    user = db.get_one(User, user_id, populate_existing=True)
    audit.record(db, actor=f"{user.kind}:{user.id}", event="activated", object=f"user:{user.id}", detail={}, now=now)
    return _open(db, user, seat, aal=1, now=now)


def sign_in(
    database: Database, *, user_name: str, password: str, seat: Seat, now: datetime
) -> Entry | Attempt | Refusal:
    """Check user name and password: one hash is worked out always, and every no is the same no."""
    name = user_name.casefold()
    with database.writing() as db:
        known = credentials(db, name)
        if not _may_try(db, known, name, seat, now):
            return Refusal.TOO_MANY
    try:
        right = passwords.matches(known.password_hash if known else None, password[: rules.LONGEST_BYTES])
    except passwords.Busy:
        return Refusal.BUSY
    with database.writing() as db:
        return _admit(db, known, seat, now) if known and right else _turn_away(db, known, now)


def _may_try(db: Session, known: Credentials | None, name: str, seat: Seat, now: datetime) -> bool:
    # A known device draws from its own bucket: strangers who guess at a name cannot lock its owner out.
    if known and seat.device and db.get(Device, (fingerprint(seat.device), known.user_id)):
        return may(db, "device", fingerprint(seat.device), now)
    return may(db, "network", seat.network, now) and may(db, "account", fingerprint(name), now)


def _turn_away(db: Session, known: Credentials | None, now: datetime) -> Refusal:
    whom = f"user:{known.user_id}" if known else "user:unknown"
    audit.record(db, actor="visitor", event="sign_in.refused", object=whom, detail={}, now=now)
    return Refusal.WRONG


def _admit(db: Session, known: Credentials, seat: Seat, now: datetime) -> Entry | Attempt:
    if not known.has_second_factor:
        return _open(db, db.get_one(User, known.user_id), seat, aal=1, now=now)
    secret = fresh_secret()
    _challenge(db, secret, "sign_in", known.user_id, {}, now + rules.ATTEMPT_LASTS)
    return Attempt(secret)


def answer(db: Session, vault: Vault, *, attempt: str, code: str, seat: Seat, now: datetime) -> Entry | Refusal:
    """Finish a sign-in with a one-time code; five wrong ones, or five minutes, and it starts anew."""
    user_id = _holder(db, attempt, "sign_in", now)
    if user_id is None:
        return Refusal.LAPSED
    if not _use_code(db, vault, user_id, code, now):
        return _one_try_less(db, attempt, user_id, now)
    if not _spend(db, attempt, "sign_in", now):
        return Refusal.LAPSED
    return _open(db, db.get_one(User, user_id), seat, aal=2, now=now)


def _one_try_less(db: Session, attempt: str, user_id: int, now: datetime) -> Refusal:
    here = Challenge.id_hash == fingerprint(attempt)
    db.execute(update(Challenge).where(here).values(tries=Challenge.tries + 1))
    spent = rows_touched(db.execute(delete(Challenge).where(here, Challenge.tries >= rules.ATTEMPT_TRIES)))
    audit.record(db, actor="visitor", event="code.refused", object=f"user:{user_id}", detail={}, now=now)
    return Refusal.LAPSED if spent else Refusal.WRONG


def sign_out(db: Session, visitor: Visitor, now: datetime) -> None:
    """End this session; a request that is still under way cannot bring it back."""
    _revoke(db, visitor.session_hash, now)
    audit.record(db, actor=visitor.actor, event="signed_out", object=f"user:{visitor.user_id}", detail={}, now=now)


def touch(db: Session, visitor: Visitor, now: datetime) -> None:
    """Note that the session is in use; asked for at most once a minute."""
    here = SessionRow.id_hash == visitor.session_hash
    db.execute(update(SessionRow).where(here, SessionRow.revoked_at.is_(None)).values(seen_at=now))


def prepare_second_factor(db: Session, vault: Vault, user_id: int) -> str:
    """Give the seed of a second factor that is not in force yet: the one waiting, or a new one."""
    waiting = db.scalar(select(Totp).where(Totp.user_id == user_id))
    if waiting is None:
        seed = pyotp.random_base32()
        waiting = Totp(user_id=user_id, seed=vault.seal(seed.encode(), bound_to=f"totp:{user_id}"), last_counter=0)
        db.add(waiting)
        db.flush()
    return vault.open(waiting.seed, bound_to=f"totp:{user_id}").decode()


def confirm_second_factor(
    db: Session, vault: Vault, visitor: Visitor, *, code: str, seat: Seat, now: datetime
) -> Entry | Refusal:
    """Turn the second factor on with its first code, and go on in a new, stronger session."""
    if not may(db, "account", f"totp:{visitor.user_id}", now):
        return Refusal.TOO_MANY
    if visitor.has_second_factor or not _use_code(db, vault, visitor.user_id, code, now):
        return Refusal.WRONG
    db.execute(update(Totp).where(Totp.user_id == visitor.user_id).values(confirmed_at=now))
    _revoke(db, visitor.session_hash, now)
    whom = f"user:{visitor.user_id}"
    audit.record(db, actor=visitor.actor, event="second_factor.on", object=whom, detail={}, now=now)
    return _open(db, db.get_one(User, visitor.user_id), seat, aal=2, now=now)


def _use_code(db: Session, vault: Vault, user_id: int, code: str, now: datetime) -> bool:
    row = db.scalar(select(Totp).where(Totp.user_id == user_id))
    if row is None or not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    counter = _counter(vault.open(row.seed, bound_to=f"totp:{user_id}").decode(), code, now)
    if counter is None:
        return False
    newer = (Totp.user_id == user_id, Totp.last_counter < counter)
    return rows_touched(db.execute(update(Totp).where(*newer).values(last_counter=counter))) == 1


def _counter(seed: str, code: str, now: datetime) -> int | None:
    try:
        return pyotp.TOTP(seed).verify_and_get_timecode(code, for_time=now, valid_window=rules.CODE_WINDOW)
    except OTPVerificationError:
        return None


def _open(db: Session, user: User, seat: Seat, *, aal: int, now: datetime) -> Entry:
    entry = Entry(session=fresh_secret(), device=seat.device or fresh_secret())
    device = fingerprint(entry.device)
    insert_once(db, Device, id_hash=device, user_id=user.id, first_seen_at=now, seen_at=now)
    db.add(
        SessionRow(
            id_hash=fingerprint(entry.session), user_id=user.id, epoch=user.epoch, aal=aal, created_at=now, seen_at=now,
            device_hash=device, network=seat.network, agent=seat.agent[:200],
        )
    )  # fmt: skip
    event = {"aal": aal, "network": seat.network}
    audit.record(db, actor=f"{user.kind}:{user.id}", event="signed_in", object=f"user:{user.id}", detail=event, now=now)
    return entry


def _revoke(db: Session, session_hash: str, now: datetime) -> None:
    here = (SessionRow.id_hash == session_hash, SessionRow.revoked_at.is_(None))
    db.execute(update(SessionRow).where(*here).values(revoked_at=now))


def _challenge(
    db: Session, secret: str, purpose: str, user_id: int, detail: dict[str, Any], lapses_at: datetime
) -> None:
    db.add(
        Challenge(
            id_hash=fingerprint(secret), purpose=purpose, user_id=user_id, tries=0, detail=detail, lapses_at=lapses_at
        )
    )
    db.flush()


def _holder(db: Session, secret: str, purpose: str, now: datetime) -> int | None:
    here = (Challenge.id_hash == fingerprint(secret), Challenge.purpose == purpose, Challenge.lapses_at > now)
    return db.scalar(select(Challenge.user_id).where(*here))


def _spend(db: Session, secret: str, purpose: str, now: datetime) -> bool:
    here = (Challenge.id_hash == fingerprint(secret), Challenge.purpose == purpose, Challenge.lapses_at > now)
    return rows_touched(db.execute(delete(Challenge).where(*here))) == 1
