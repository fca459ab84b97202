"""Who is at the door, read in one statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit import Person
from portal.identity.models import (
    Device,
    Notice,
    Preference,
    Recovery,
    RecoveryCode,
    SessionRow,
    Totp,
    User,
)
from portal.identity.rules import ALL_BRANCHES, Role, fingerprint, is_alive


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
    branch_no: str = ""  # of staff who see this branch alone

    @property
    def actor(self) -> str:
        """Name this person in the audit trail."""
        return f"{self.kind}:{self.user_id}"

    @property
    def sees_own_clients_alone(self) -> bool:
        """Tell whether this is an adviser and nothing else."""
        return set(self.roles) == {Role.ADVISER}

    def may_see_branch(self, branch_no: str | None) -> bool:
        """Tell whether a branch lies within this person's reach; managers and compliance reach all."""
        return not self.branch_no or self.branch_no == branch_no or not ALL_BRANCHES.isdisjoint(self.roles)

    @property
    def person(self) -> Person:
        """Give who acts, for the verbs of a room."""
        return Person(self.actor, self.name, self.user_id)


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
        branch_no=row.branch_no or "",
    )


_VISITOR = (
    select(
        SessionRow.id_hash, SessionRow.aal, SessionRow.created_at, SessionRow.seen_at, SessionRow.revoked_at,
        SessionRow.epoch.label("session_epoch"), User.id, User.kind, User.name, User.user_name, User.client_id,
        User.roles, User.branch_no, User.epoch, Totp.confirmed_at, Preference.cost_method, Preference.hides_amounts,
    )
    .join(User, (User.id == SessionRow.user_id) & User.shut_at.is_(None))
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
        .where(User.user_name == user_name.casefold(), User.shut_at.is_(None))
    ).one_or_none()
    return row and Credentials(row.id, row.kind, row.password_hash, row.confirmed_at is not None)


def user_of_client(db: Session, client_id: int) -> User | None:
    """Give the sign-in of a client, if one was ever made."""
    return db.scalar(select(User).where(User.client_id == client_id))


def name_of(db: Session, user_id: int) -> str:
    """Give the name of a user."""
    return db.scalar(select(User.name).where(User.id == user_id)) or ""


def staff_names(db: Session) -> dict[int, str]:
    """Give every member of staff by number, in the order in which they came; who has left is among them."""
    found = select(User.id, User.name).where(User.kind == "staff").order_by(User.id)
    return {row.id: row.name for row in db.execute(found)}


def staff_at_work(db: Session) -> dict[int, str]:
    """Give who can be given work, as `staff_names` does: nobody who was locked or has left."""
    here = (User.kind == "staff", User.shut_at.is_(None))
    found = select(User.id, User.name).where(*here).order_by(User.id)
    return {row.id: row.name for row in db.execute(found)}


def user_by_name(db: Session, user_name: str) -> int | None:
    """Find somebody by the name that he signs in with."""
    return db.scalar(select(User.id).where(User.user_name == user_name.casefold()))


def pending_seed(db: Session, user_id: int) -> Totp | None:
    """Give a second factor that waits for its first code."""
    return db.scalar(select(Totp).where(Totp.user_id == user_id, Totp.confirmed_at.is_(None)))


@dataclass(frozen=True)
class Place:
    """A session or a device as its owner sees it; `key` names it in his own list, and opens nothing."""

    key: str
    agent: str
    network: str
    since: datetime
    seen_at: datetime
    is_here: bool


KEY = 32  # of the 64 characters of the hash: enough to name one's own


def sessions_of(db: Session, visitor: Visitor, now: datetime) -> list[Place]:
    """List the sessions of somebody that still open the door, the present one first."""
    found = select(SessionRow, User.epoch).join(User, User.id == SessionRow.user_id)
    rows = db.execute(found.where(SessionRow.user_id == visitor.user_id, SessionRow.revoked_at.is_(None))).all()
    alive = [
        row
        for row, epoch in rows
        if row.epoch == epoch
        and is_alive(created_at=row.created_at, seen_at=row.seen_at, revoked_at=None, kind=visitor.kind, now=now)
    ]
    places = [
        Place(
            row.id_hash[:KEY], row.agent, row.network, row.created_at, row.seen_at, row.id_hash == visitor.session_hash
        )
        for row in alive
    ]
    return sorted(places, key=lambda place: (place.is_here, place.seen_at), reverse=True)


def devices_of(db: Session, visitor: Visitor) -> list[Place]:
    """List the browsers that have signed somebody in before, with the agent of their latest session."""
    here = select(SessionRow.device_hash).where(SessionRow.id_hash == visitor.session_hash).scalar_subquery()
    agent = (
        select(SessionRow.agent)
        .where(SessionRow.device_hash == Device.id_hash, SessionRow.user_id == Device.user_id)
        .order_by(SessionRow.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = select(Device.id_hash, Device.first_seen_at, Device.seen_at, agent, Device.id_hash == here)
    rows = db.execute(wanted.where(Device.user_id == visitor.user_id).order_by(Device.first_seen_at.desc()).limit(30))
    return [Place(row[0][:KEY], row[3] or "", "", row[1], row[2], bool(row[4])) for row in rows]


def codes_left(db: Session, user_id: int) -> int:
    """Count the recovery codes that are still good."""
    return db.scalar(select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)) or 0


def recovery_of(db: Session, user_id: int) -> Recovery | None:
    """Give the recovery that is under way for somebody, or None."""
    running = Recovery.state.in_(["opened", "confirmed", "given"])
    return db.scalar(select(Recovery).where(Recovery.user_id == user_id, running))


def recoveries(db: Session) -> list[Recovery]:
    """List the recoveries, those under way first, then the newest."""
    ended = Recovery.ended_at.is_not(None)
    return list(db.scalars(select(Recovery).order_by(ended, Recovery.id.desc()).limit(60)))


def notices_due(db: Session, limit: int = 100) -> list[Notice]:
    """Give the notices that nobody has handed on yet, oldest first."""
    waiting = select(Notice).where(Notice.handed_on_at.is_(None)).order_by(Notice.id).limit(limit)
    return list(db.scalars(waiting.with_for_update(skip_locked=True)))


def client_of(db: Session, user_id: int) -> int | None:
    """Give the client whose sign-in this is."""
    return db.scalar(select(User.client_id).where(User.id == user_id))
