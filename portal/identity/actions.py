"""The verbs of the door. What spends something (a code, a challenge, a try) is one conditional statement."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.identity import passwords, rules
from portal.identity.limits import may, refill
from portal.identity.models import Challenge, Device, Notice, Recovery, RecoveryCode, SessionRow, Totp, User
from portal.identity.queries import Credentials, Visitor, credentials
from portal.identity.rules import Refusal, Told, fingerprint, fresh_secret
from portal.kit.db import Database, insert_once, rows_touched
from portal.kit.vault import Vault

COMMON = frozenset(files("portal.identity").joinpath("common_passwords.txt").read_text().split())


@dataclass(frozen=True)
class Seat:
    """The browser that asks: its network, its name for itself, and the device secret that it keeps."""

    network: str
    agent: str
    device: str | None
    session: str | None = None


@dataclass(frozen=True)
class Entry:
    """A door opened: the secrets that the browser is given."""

    session: str
    device: str
    kind: str


@dataclass(frozen=True)
class Attempt:
    """A right password that waits for its second factor."""

    secret: str


def add_staff(
    db: Session, *, name: str, roles: list[str], by: str, now: datetime, branch_no: str | None = None
) -> User:
    """Enter a member of staff, of one branch alone or of the firm; he signs in once he has used an activation code."""
    user = User(
        kind="staff", name=name, client_id=None, roles=roles, branch_no=branch_no, personal=[], epoch=0, created_at=now
    )
    db.add(user)
    db.flush()
    detail = {"roles": roles, "branch": branch_no}
    audit.record(db, actor=by, event="staff.added", object=f"user:{user.id}", detail=detail, now=now)
    return user


def enter_client(db: Session, *, client_id: int, name: str, personal: list[str], now: datetime) -> User:
    """Give the sign-in of a client, made at the first activation code; no password may hold his `personal` numbers."""
    user = db.scalar(select(User).where(User.client_id == client_id))
    if user is None:
        user = User(kind="client", name=name, client_id=client_id, roles=[], personal=personal, epoch=0, created_at=now)
        db.add(user)
        db.flush()
    return user


def give_activation(db: Session, *, user_id: int, by: str, now: datetime, recovery_id: int | None = None) -> str:
    """Give an activation code, good once and for ten minutes; an earlier one is void."""
    code = rules.activation_code()
    db.execute(delete(Challenge).where(Challenge.user_id == user_id, Challenge.purpose == "activation"))
    detail = {"recovery": recovery_id} if recovery_id else {}
    challenge(db, code, "activation", user_id, detail, now + rules.ACTIVATION_LASTS)
    audit.record(db, actor=by, event="activation.given", object=f"user:{user_id}", detail={}, now=now)
    return code


def activate(
    database: Database, *, code: str, user_name: str, password: str, seat: Seat, now: datetime
) -> Entry | Attempt | Refusal:
    """Set user name and password with an activation code, spent only when all is well; then on as after a sign-in."""
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
    try:
        with database.writing() as db:
            return _activate(db, code, user.id, user_name.casefold(), password_hash, seat, now)
    except IntegrityError:  # the whole transaction is undone: the code is still good
        return Refusal.NAME_TAKEN


def _unfit(user: User, code: str, user_name: str, password: str) -> Refusal | None:
    words = [code, user_name, user.name, *user.personal]
    return rules.password_refusal(password, second_factor=user.kind == "staff", common=COMMON, personal=words)


def _activate(
    db: Session, code: str, user_id: int, user_name: str, password_hash: str, seat: Seat, now: datetime
) -> Entry | Attempt | Refusal:
    told = db.scalar(select(Challenge.detail).where(Challenge.id_hash == fingerprint(code))) or {}
    if not _spend(db, code, "activation", now):
        return Refusal.WRONG
    if recovery_id := told.get("recovery"):
        _recovered(db, recovery_id, user_id, now)
    db.execute(
        update(User)
        .where(User.id == user_id)
        .values(user_name=user_name, password_hash=password_hash, password_set_at=now, epoch=User.epoch + 1)
    )
    db.execute(delete(Challenge).where(Challenge.user_id == user_id))  # a sign-in begun with the old password
    user = db.get_one(User, user_id, populate_existing=True)
    audit.record(db, actor=f"{user.kind}:{user.id}", event="activated", object=f"user:{user.id}", detail={}, now=now)
    has_second = db.scalar(select(Totp.confirmed_at).where(Totp.user_id == user_id)) is not None
    return _admit(db, user, has_second, seat, now)


def _recovered(db: Session, recovery_id: int, user_id: int, now: datetime) -> None:
    """Take away what was lost with the password: the second factor, recovery codes and known devices."""
    here = (Recovery.id == recovery_id, Recovery.user_id == user_id)
    db.execute(update(Recovery).where(*here).values(state="used", ended_at=now))
    for table in (Totp, RecoveryCode, Device):
        db.execute(delete(table).where(table.user_id == user_id))
    notice(db, user_id, Told.RECOVERED, now)


def sign_in(
    database: Database, *, user_name: str, password: str, seat: Seat, now: datetime
) -> Entry | Attempt | Refusal:
    """Check user name and password: one hash is worked out always, and every no is the same no."""
    name = user_name.casefold()
    with database.writing() as db:
        known = credentials(db, name)
        is_known_device = known is not None and is_known(db, seat, known.user_id)
        if not may_try(db, is_known_device, fingerprint(name), seat, now):
            return Refusal.TOO_MANY
    queue = passwords.KNOWN if is_known_device else passwords.STRANGERS
    try:
        right = passwords.matches(known.password_hash if known else None, password, queue=queue)
    except passwords.Busy:
        return Refusal.BUSY
    with database.writing() as db:
        if not (known and right):
            return _turn_away(db, known, now)
        user = db.get_one(User, known.user_id)
        if user.password_hash != known.password_hash:  # changed while we worked the hash out
            return _turn_away(db, known, now)
        refill(db, "in_a_row", fingerprint(name))
        return _admit(db, user, known.has_second_factor, seat, now)


def is_known(db: Session, seat: Seat, user_id: int) -> bool:
    """Tell whether this browser has signed this person in before."""
    return bool(seat.device) and db.get(Device, (fingerprint(seat.device or ""), user_id)) is not None


def may_try(db: Session, is_known_device: bool, whom: str, seat: Seat, now: datetime) -> bool:
    """Take one try from the buckets that somebody draws from."""
    # A known device draws from its own bucket: strangers who guess at a name cannot lock its owner out.
    if is_known_device:
        return may(db, "device", fingerprint(seat.device or ""), now)
    return may(db, "network", seat.network, now) and may(db, "account", whom, now) and may(db, "in_a_row", whom, now)


def _turn_away(db: Session, known: Credentials | None, now: datetime) -> Refusal:
    whom = f"user:{known.user_id}" if known else "user:unknown"
    audit.record(db, actor="visitor", event="sign_in.refused", object=whom, detail={}, now=now)
    return Refusal.WRONG


def _admit(db: Session, user: User, has_second_factor: bool, seat: Seat, now: datetime) -> Entry | Attempt:
    if not has_second_factor:
        return _open(db, user, seat, aal=1, now=now)
    secret = fresh_secret()
    challenge(db, secret, "sign_in", user.id, {}, now + rules.ATTEMPT_LASTS)
    return Attempt(secret)


def answer(db: Session, vault: Vault, *, attempt: str, code: str, seat: Seat, now: datetime) -> Entry | Refusal:
    """Finish a sign-in with a one-time or recovery code; five wrong ones, or five minutes, and it starts anew."""
    user_id = _holder(db, attempt, "sign_in", now)
    if user_id is None:
        return Refusal.LAPSED
    if not may_try(db, is_known(db, seat, user_id), f"code of {user_id}", seat, now):
        return Refusal.TOO_MANY
    if not take_code(db, vault, user_id, code, now):
        return _one_try_less(db, attempt, user_id, now)
    if not _spend(db, attempt, "sign_in", now):
        return Refusal.LAPSED
    refill(db, "in_a_row", f"code of {user_id}")
    return _open(db, db.get_one(User, user_id), seat, aal=2, now=now)


def prove(db: Session, vault: Vault, visitor: Visitor, *, code: str, seat: Seat, now: datetime) -> Refusal | None:
    """Take a one-time or recovery code for a step that matters from somebody signed in; say why not, or None."""
    whom = f"code of {visitor.user_id}"
    if not may_try(db, is_known(db, seat, visitor.user_id), whom, seat, now):
        return Refusal.TOO_MANY
    if not take_code(db, vault, visitor.user_id, code, now):
        audit.record(
            db, actor=visitor.actor, event="code.refused", object=f"user:{visitor.user_id}", detail={}, now=now
        )
        return Refusal.WRONG
    refill(db, "in_a_row", whom)
    return None


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
    """Give the seed of a second factor that is not in force yet: the one waiting, or a new one.

    Raises NoResultFound for a second factor in force: its seed is told to nobody.
    """
    seed = vault.seal(pyotp.random_base32().encode(), bound_to=f"totp:{user_id}")
    insert_once(db, Totp, user_id=user_id, seed=seed, last_counter=0)
    waiting = db.scalars(select(Totp).where(Totp.user_id == user_id, Totp.confirmed_at.is_(None))).one()
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
    db.execute(update(User).where(User.id == visitor.user_id).values(epoch=User.epoch + 1))  # weaker sessions end
    whom = f"user:{visitor.user_id}"
    audit.record(db, actor=visitor.actor, event="second_factor.on", object=whom, detail={}, now=now)
    notice(db, visitor.user_id, Told.SECOND_FACTOR_ON, now)
    return _open(db, db.get_one(User, visitor.user_id, populate_existing=True), seat, aal=2, now=now)


def take_code(db: Session, vault: Vault, user_id: int, code: str, now: datetime) -> bool:
    """Spend a one-time code or, in its stead, a recovery code; of two who send the same one, one succeeds."""
    if len(code) != rules.RECOVERY_LENGTH:
        return _use_code(db, vault, user_id, code, now)
    here = (RecoveryCode.code_hash == fingerprint(code), RecoveryCode.user_id == user_id)
    if rows_touched(db.execute(delete(RecoveryCode).where(*here))) != 1:
        return False
    audit.record(db, actor=f"user:{user_id}", event="recovery_code.used", object=f"user:{user_id}", detail={}, now=now)
    notice(db, user_id, Told.CODE_USED, now)
    return True


def notice(db: Session, user_id: int, what: Told, now: datetime) -> None:
    """Leave word of a change of credentials, for a client's telephone, in the transaction of the change."""
    client_id = db.scalar(select(User.client_id).where(User.id == user_id))
    if client_id is not None:
        db.add(Notice(user_id=user_id, client_id=client_id, what=what, at=now))
        db.flush()


def _use_code(db: Session, vault: Vault, user_id: int, code: str, now: datetime) -> bool:
    row = db.scalar(select(Totp).where(Totp.user_id == user_id))
    if row is None or not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    counter = counter_of(vault.open(row.seed, bound_to=f"totp:{user_id}").decode(), code, now)
    if counter is None:
        return False
    newer = (Totp.user_id == user_id, Totp.last_counter < counter)
    return rows_touched(db.execute(update(Totp).where(*newer).values(last_counter=counter))) == 1


def counter_of(seed: str, code: str, now: datetime) -> int | None:
    """Give the step that a one-time code belongs to, or None when it belongs to none near now."""
    try:
        return pyotp.TOTP(seed).verify_and_get_timecode(code, for_time=now, valid_window=rules.CODE_WINDOW)
    except OTPVerificationError:
        return None


def _open(db: Session, user: User, seat: Seat, *, aal: int, now: datetime) -> Entry:
    # A session and a device that are not ours are never taken up; who signs in anew leaves his old session.
    entry = Entry(session=fresh_secret(), device=_known_device(db, seat) or fresh_secret(), kind=user.kind)
    _revoke(db, fingerprint(seat.session or ""), now)
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


def _known_device(db: Session, seat: Seat) -> str | None:
    here = Device.id_hash == fingerprint(seat.device or "")
    return seat.device if db.scalar(select(Device.id_hash).where(here).limit(1)) else None


def _revoke(db: Session, session_hash: str, now: datetime) -> None:
    here = (SessionRow.id_hash == session_hash, SessionRow.revoked_at.is_(None))
    db.execute(update(SessionRow).where(*here).values(revoked_at=now))


def challenge(
    db: Session, secret: str, purpose: str, user_id: int, detail: dict[str, Any], lapses_at: datetime
) -> None:
    """Keep the hash of something to be answered once."""
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
