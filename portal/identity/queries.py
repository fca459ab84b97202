"""Who is at the door, read in one statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.models import Preference, SessionRow, Totp, User
from portal.identity.rules import fingerprint, is_alive


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, as every page knows him."""

    user_id: int
    kind: str
    name: str
    user_name: str
    client_id: int
    roles: tuple[str, ...]
    aal: int
    has_second_factor: bool
    session_hash: str
    seen_at: datetime
    cost_method: str = "ma"
    hides_amounts: bool = False

    @property
    def actor(self) -> str:
        """Name this person in the audit trail."""
        return f"{self.kind}:{self.user_id}"


def visitor_of(db: Session, secret: str | None, now: datetime) -> Visitor | None:
    """Give who holds this session's secret, or None: unknown, revoked, idle too long or ended by a new epoch."""
    if not secret:
        return None
    row = db.execute(_VISITOR.where(SessionRow.id_hash == fingerprint(secret))).one_or_none()
    if row is None or not _holds(row, now):
        return None
    return Visitor(
        user_id=row.id,
        kind=row.kind,
        name=row.name,
        user_name=row.user_name or "",
        client_id=row.client_id or 0,
        roles=tuple(row.roles),
        aal=row.aal,
        has_second_factor=row.confirmed_at is not None,
        session_hash=row.id_hash,
        seen_at=row.seen_at,
        cost_method=row.cost_method or "ma",
        hides_amounts=bool(row.hides_amounts),
    )


_VISITOR = (
    select(
        SessionRow.id_hash, SessionRow.aal, SessionRow.created_at, SessionRow.seen_at, SessionRow.revoked_at,
        SessionRow.epoch.label("session_epoch"), User.id, User.kind, User.name, User.user_name, User.client_id,
        User.roles, User.epoch, Totp.confirmed_at, Preference.cost_method, Preference.hides_amounts,
    )
    .join(User, User.id == SessionRow.user_id)
    .join(Totp, Totp.user_id == User.id, isouter=True)
    .join(Preference, Preference.user_id == User.id, isouter=True)
)  # fmt: skip


def _holds(row, now: datetime) -> bool:  # type: ignore[no-untyped-def]
    alive = is_alive(created_at=row.created_at, seen_at=row.seen_at, revoked_at=row.revoked_at, kind=row.kind, now=now)
    return alive and row.session_epoch == row.epoch


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    user_id: int
    kind: str
    password_hash: str | None
    has_second_factor: bool


def credentials(db: Session, user_name: str) -> Credentials | None:
    """Give the credentials of a user name, or None."""
    row = db.execute(
        select(User.id, User.kind, User.password_hash, Totp.confirmed_at)
        .join(Totp, Totp.user_id == User.id, isouter=True)
        .where(User.user_name == user_name.casefold())
    ).one_or_none()
    return row and Credentials(row.id, row.kind, row.password_hash, row.confirmed_at is not None)


def user_of_client(db: Session, client_id: int) -> User | None:
    """Give the sign-in of a client, if one was ever made."""
    return db.scalar(select(User).where(User.client_id == client_id))


def name_of(db: Session, user_id: int) -> str:
    """Give the name of a user."""
    return db.scalar(select(User.name).where(User.id == user_id)) or ""


def user_by_name(db: Session, user_name: str) -> int | None:
    """Find somebody by the name that he signs in with."""
    return db.scalar(select(User.id).where(User.user_name == user_name.casefold()))


def pending_seed(db: Session, user_id: int) -> Totp | None:
    """Give a second factor that waits for its first code."""
    return db.scalar(select(Totp).where(Totp.user_id == user_id, Totp.confirmed_at.is_(None)))
