"""Change what one signs in with: password, second factor, recovery codes, sessions and devices."""

from datetime import datetime

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.identity import passwords, rules
from portal.identity.actions import COMMON, Seat, challenge, counter_of, is_known, may_try, notice, prove
from portal.identity.limits import refill
from portal.identity.models import Challenge, Device, RecoveryCode, SessionRow, Totp, User
from portal.identity.queries import Visitor
from portal.identity.rules import Refusal, Told, fingerprint
from portal.kit.db import Database, rows_touched
from portal.kit.vault import Vault


def change_password(
    database: Database, visitor: Visitor, *, old: str, new: str, seat: Seat, now: datetime
) -> tuple[str, Refusal] | None:
    """Change a password with the old one proved; every other session ends. Gives the field that is wrong, and why."""
    whom = f"password of {visitor.user_id}"
    with database.writing() as db:
        if not may_try(db, is_known(db, seat, visitor.user_id), whom, seat, now):
            return "old", Refusal.TOO_MANY
        user = db.get_one(User, visitor.user_id)
    words = [visitor.user_name, user.name, *user.personal]
    try:
        if not passwords.matches(user.password_hash, old, queue=passwords.KNOWN):
            return "old", _refused(database, visitor, now)
        with_second = visitor.kind == "staff"
        if refusal := rules.password_refusal(new, second_factor=with_second, common=COMMON, personal=words):
            return "password", refusal
        password_hash = passwords.hashed(new)
    except passwords.Busy:
        return "old", Refusal.BUSY
    with database.writing() as db:
        here = (User.id == visitor.user_id, User.password_hash == user.password_hash)
        fresh = {"password_hash": password_hash, "password_set_at": now}
        if rows_touched(db.execute(update(User).where(*here).values(**fresh))) != 1:
            return "old", Refusal.WRONG  # somebody was faster: what was proved is the old one no more
        refill(db, "in_a_row", whom)
        _end_others(db, visitor, now)
        _changed(db, visitor, "password.changed", Told.PASSWORD_CHANGED, now)
    return None


def turn_off_second_factor(
    db: Session, vault: Vault, visitor: Visitor, *, code: str, seat: Seat, now: datetime
) -> Refusal | None:
    """Turn the second factor off with one of its codes; recovery codes go with it. Staff can't."""
    if visitor.kind == "staff":
        return Refusal.NOT_FOR_STAFF
    if refusal := prove(db, vault, visitor, code=code, seat=seat, now=now):
        return refusal
    for table in (Totp, RecoveryCode):
        db.execute(delete(table).where(table.user_id == visitor.user_id))
    _end_others(db, visitor, now, aal=1)
    _changed(db, visitor, "second_factor.off", Told.SECOND_FACTOR_OFF, now)
    return None


def begin_renewal(
    db: Session, vault: Vault, visitor: Visitor, *, code: str, seat: Seat, now: datetime
) -> Refusal | None:
    """Prove the second factor that is in force; a new seed then waits ten minutes for its first code."""
    if refusal := prove(db, vault, visitor, code=code, seat=seat, now=now):
        return refusal
    key, bound = _renewal(visitor)
    db.execute(delete(Challenge).where(Challenge.id_hash == fingerprint(key)))
    seed = vault.seal(pyotp.random_base32().encode(), bound_to=bound)
    challenge(db, key, "renewal", visitor.user_id, {"seed": seed}, now + rules.RENEWAL_LASTS)
    return None


def renewal_seed(db: Session, vault: Vault, visitor: Visitor, now: datetime) -> str | None:
    """Give the new seed that waits for its first code in this session, or None."""
    key, bound = _renewal(visitor)
    here = (Challenge.id_hash == fingerprint(key), Challenge.purpose == "renewal", Challenge.lapses_at > now)
    detail = db.scalar(select(Challenge.detail).where(*here))
    return vault.open(detail["seed"], bound_to=bound).decode() if detail else None


def finish_renewal(db: Session, vault: Vault, visitor: Visitor, *, code: str, now: datetime) -> Refusal | None:
    """Put the new second factor in the place of the old one with its first code; the old one is dead from then on."""
    seed = renewal_seed(db, vault, visitor, now)
    if seed is None:
        return Refusal.LAPSED
    counter = counter_of(seed, code, now) if code.isascii() and code.isdigit() and len(code) == 6 else None
    key, _ = _renewal(visitor)
    here = Challenge.id_hash == fingerprint(key)
    if counter is None:
        db.execute(update(Challenge).where(here).values(tries=Challenge.tries + 1))
        spent = delete(Challenge).where(here, Challenge.tries >= rules.ATTEMPT_TRIES)
        return Refusal.LAPSED if rows_touched(db.execute(spent)) else Refusal.WRONG
    if rows_touched(db.execute(delete(Challenge).where(here))) != 1:
        return Refusal.LAPSED
    sealed = vault.seal(seed.encode(), bound_to=f"totp:{visitor.user_id}")
    mine = update(Totp).where(Totp.user_id == visitor.user_id)
    db.execute(mine.values(seed=sealed, last_counter=counter, confirmed_at=now))
    _end_others(db, visitor, now)
    _changed(db, visitor, "second_factor.new", Told.SECOND_FACTOR_NEW, now)
    return None


def make_recovery_codes(
    db: Session, vault: Vault, visitor: Visitor, *, code: str, seat: Seat, now: datetime
) -> list[str] | Refusal:
    """Give ten new recovery codes for a one-time code; they are told this once, and earlier ones are void."""
    if refusal := prove(db, vault, visitor, code=code, seat=seat, now=now):
        return refusal
    db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == visitor.user_id))
    codes = [rules.recovery_code() for _ in range(rules.RECOVERY_CODES)]
    db.add_all(RecoveryCode(code_hash=fingerprint(each), user_id=visitor.user_id, made_at=now) for each in codes)
    _changed(db, visitor, "recovery_codes.made", Told.CODES_MADE, now)
    return codes


def end_session(db: Session, visitor: Visitor, key: str, now: datetime) -> bool:
    """End one of one's own sessions by its key; False when there is none such."""
    mine = (SessionRow.user_id == visitor.user_id, SessionRow.revoked_at.is_(None))
    ended = update(SessionRow).where(*mine, SessionRow.id_hash.startswith(key, autoescape=True))
    if rows_touched(db.execute(ended.values(revoked_at=now))) == 0:
        return False
    _trace(db, visitor, "session.ended", now)
    return True


def end_other_sessions(db: Session, visitor: Visitor, now: datetime) -> None:
    """End every session of this person but the present one."""
    _end_others(db, visitor, now)
    _trace(db, visitor, "sessions.ended", now)


def forget_device(db: Session, visitor: Visitor, key: str, now: datetime) -> bool:
    """Forget a browser that signed in before, and end its sessions; False when there is none such."""
    mine = (Device.user_id == visitor.user_id, Device.id_hash.startswith(key, autoescape=True))
    gone = db.scalars(delete(Device).where(*mine).returning(Device.id_hash)).all()
    theirs = (SessionRow.user_id == visitor.user_id, SessionRow.device_hash.in_(gone))
    db.execute(update(SessionRow).where(*theirs, SessionRow.revoked_at.is_(None)).values(revoked_at=now))
    if gone:
        _trace(db, visitor, "device.forgotten", now)
    return bool(gone)


def _end_others(db: Session, visitor: Visitor, now: datetime, aal: int | None = None) -> None:
    # A new epoch ends all sessions, those of requests under way too; only this one is taken along, if it still lives.
    epoch = db.scalars(
        update(User).where(User.id == visitor.user_id).values(epoch=User.epoch + 1).returning(User.epoch)
    ).one()
    here = (SessionRow.id_hash == visitor.session_hash, SessionRow.revoked_at.is_(None))
    db.execute(update(SessionRow).where(*here).values(epoch=epoch, **({"aal": aal} if aal else {})))
    others = (SessionRow.user_id == visitor.user_id, SessionRow.id_hash != visitor.session_hash)
    db.execute(update(SessionRow).where(*others, SessionRow.revoked_at.is_(None)).values(revoked_at=now))
    begun = (Challenge.user_id == visitor.user_id, Challenge.purpose.in_(["sign_in", "activation"]))
    db.execute(delete(Challenge).where(*begun))


def _renewal(visitor: Visitor) -> tuple[str, str]:
    return f"renewal:{visitor.session_hash}", f"renewal:{visitor.user_id}"


def _refused(database: Database, visitor: Visitor, now: datetime) -> Refusal:
    with database.writing() as db:
        _trace(db, visitor, "password.refused", now)
    return Refusal.WRONG


def _changed(db: Session, visitor: Visitor, event: str, told: Told, now: datetime) -> None:
    _trace(db, visitor, event, now)
    notice(db, visitor.user_id, told, now)


def _trace(db: Session, visitor: Visitor, event: str, now: datetime) -> None:
    audit.record(db, actor=visitor.actor, event=event, object=f"user:{visitor.user_id}", detail={}, now=now)


def reseal(db: Session, vault: Vault) -> int:
    """Seal the seeds of second factors with the newest key; gives how many. One that waits for its code lapses soon."""
    old = select(Totp.user_id, Totp.seed).where(Totp.seed.not_like(f"{vault.newest}:%"))
    rows = db.execute(old).all()
    for row in rows:
        bound = f"totp:{row.user_id}"
        sealed = vault.seal(vault.open(row.seed, bound_to=bound), bound_to=bound)
        db.execute(update(Totp).where(Totp.user_id == row.user_id, Totp.seed == row.seed).values(seed=sealed))
    return len(rows)
