"""What pages show of the club: applications, memberships, events and who comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, column, func, or_, select, table
from sqlalchemy.orm import Session

from portal import tiers
from portal.club.models import (
    ClubApplication,
    ClubApplicationEvent,
    ClubEvent,
    ClubLeaving,
    ClubMembership,
    ClubRegistration,
)
from portal.club.rules import OPEN, TAKEN, Seat, State
from portal.kit.db import ALL

PAGE = 50
CLIENT = table("client", column("id"), column("branch_no"), column("risk_level"), column("status"), column("name"))


@dataclass(frozen=True)
class Membership:
    """A card that opens the club: since when, until which day."""

    card_no: str
    since: date
    ends_on: date


def membership(db: Session, client_id: int, day: date) -> Membership | None:
    """Give the membership that covers a day, unless the member has left."""
    mine = (ClubMembership.client_id == client_id, ClubMembership.begins_on <= day, ClubMembership.ends_on >= day)
    found = select(ClubMembership.card_no, ClubMembership.ends_on).where(*mine, has_not_left(day))
    row = db.execute(found.order_by(ClubMembership.ends_on.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    own = ClubMembership.card_no == row.card_no
    since, until = db.execute(
        select(func.min(ClubMembership.begins_on), func.max(ClubMembership.ends_on)).where(own)
    ).one()
    return Membership(row.card_no, since, until)


def past_cards(db: Session, client_id: int) -> Sequence[Any]:
    """List a client's memberships, the latest first: card_no, begins_on, ends_on, left_on."""
    found = select(ClubMembership.card_no, ClubMembership.begins_on, ClubMembership.ends_on, ClubLeaving.left_on)
    found = found.outerjoin(ClubLeaving, ClubLeaving.card_no == ClubMembership.card_no)
    return db.execute(found.where(ClubMembership.client_id == client_id).order_by(ClubMembership.id.desc())).all()


def by_number(db: Session, number: str) -> ClubApplication | None:
    """Give an application by its number, as an entity to change."""
    return db.scalar(select(ClubApplication).where(ClubApplication.number == number))


def by_key(db: Session, client_id: int, key: str) -> ClubApplication | None:
    """Give what a form's key has already made."""
    mine = (ClubApplication.client_id == client_id, ClubApplication.request_key == key)
    return db.scalar(select(ClubApplication).where(*mine))


def latest_of(db: Session, client_id: int) -> ClubApplication | None:
    """Give a client's newest application."""
    mine = select(ClubApplication).where(ClubApplication.client_id == client_id)
    return db.scalar(mine.order_by(ClubApplication.id.desc()).limit(1))


def last_rejection(db: Session, client_id: int) -> datetime | None:
    """Give when a client was last refused."""
    refused = (ClubApplication.client_id == client_id, ClubApplication.state == State.REJECTED)
    return db.scalar(select(ClubApplication.decided_at).where(*refused).order_by(ClubApplication.id.desc()).limit(1))


def steps_of(db: Session, application_id: int) -> Sequence[Any]:
    """Give every step of an application, oldest first."""
    columns = (
        ClubApplicationEvent.verb, ClubApplicationEvent.actor, ClubApplicationEvent.actor_name,
        ClubApplicationEvent.at, ClubApplicationEvent.note, ClubApplicationEvent.to_state,
    )  # fmt: skip
    here = ClubApplicationEvent.application_id == application_id
    return db.execute(select(*columns).where(here).order_by(ClubApplicationEvent.id)).all()


def queue(db: Session, tab: str, today: date, within: ColumnElement[bool] = ALL) -> Sequence[Any]:
    """Give one tab of the staff's queue: the upper tiers first, then what is due first; decided ones newest first."""
    order: list[Any] = [
        tiers.goes_first(db, ClubApplication.client_id, today),
        ClubApplication.promised_at,
        ClubApplication.id,
    ]
    if tab == "done":
        order = [ClubApplication.decided_at.desc(), ClubApplication.id.desc()]
    found = select(*ClubApplication.__table__.c).where(_in_tab(tab), within).order_by(*order)
    return db.execute(found.limit(PAGE)).all()


def counts(db: Session, within: ColumnElement[bool] = ALL) -> dict[str, int]:
    """Count the queue's open tabs."""
    by_state = select(ClubApplication.state, func.count()).where(ClubApplication.state.in_(OPEN), within)
    found: dict[str, int] = {row[0]: row[1] for row in db.execute(by_state.group_by(ClubApplication.state))}
    return {"open": sum(found.values()), "reviewed": found.get(State.REVIEWED, 0)}


def timed_out(db: Session, now: datetime, limit: int = 200) -> Sequence[str]:
    """Give the numbers of applications that nobody decided in time."""
    late = (ClubApplication.state.in_(OPEN), ClubApplication.times_out_at <= now)
    return db.scalars(select(ClubApplication.number).where(*late).order_by(ClubApplication.id).limit(limit)).all()


def members_count(db: Session, day: date) -> int:
    """Count the members of a day."""
    covers = (ClubMembership.begins_on <= day, ClubMembership.ends_on >= day, has_not_left(day))
    return db.scalar(select(func.count(ClubMembership.client_id.distinct())).where(*covers)) or 0


def event_by_number(db: Session, number: str) -> Any:
    """Give an event by its number."""
    return db.execute(select(*ClubEvent.__table__.c).where(ClubEvent.number == number)).one_or_none()


def coming_events(db: Session, now: datetime) -> Sequence[Any]:
    """List the events that have not begun, the next first."""
    ahead = (ClubEvent.starts_at > now, ClubEvent.state == "open")
    return db.execute(select(*ClubEvent.__table__.c).where(*ahead).order_by(ClubEvent.starts_at).limit(PAGE)).all()


def all_events(db: Session) -> Sequence[Any]:
    """List the events for staff, the latest first."""
    return db.execute(select(*ClubEvent.__table__.c).order_by(ClubEvent.starts_at.desc()).limit(PAGE)).all()


def registrations_of(db: Session, client_id: int) -> dict[int, Any]:
    """Give a client's registrations by event: state, code, queued_at, checked_in_at."""
    columns = (
        ClubRegistration.event_id, ClubRegistration.state, ClubRegistration.code, ClubRegistration.queued_at,
        ClubRegistration.checked_in_at,
    )  # fmt: skip
    rows = db.execute(select(*columns).where(ClubRegistration.client_id == client_id))
    return {row.event_id: row for row in rows}


def waiting_counts(db: Session, event_ids: Sequence[int]) -> dict[int, int]:
    """Count who waits for a place at each event."""
    waits = (ClubRegistration.event_id.in_(event_ids), ClubRegistration.state == Seat.WAITING)
    found = select(ClubRegistration.event_id, func.count()).where(*waits)
    return {row[0]: row[1] for row in db.execute(found.group_by(ClubRegistration.event_id))}


def place_in_line(db: Session, event_id: int, queued_at: datetime, client_id: int) -> int:
    """Give a client's place in an event's waiting list, from 1."""
    before = or_(
        ClubRegistration.queued_at < queued_at,
        and_(ClubRegistration.queued_at == queued_at, ClubRegistration.client_id <= client_id),
    )
    waits = (ClubRegistration.event_id == event_id, ClubRegistration.state == Seat.WAITING)
    return db.scalar(select(func.count()).where(*waits, before)) or 0


def who_comes(db: Session, event_id: int) -> Sequence[Any]:
    """List the registrations of an event, those with a place first, then the waiting list in its order."""
    columns = (
        ClubRegistration.client_id, ClubRegistration.state, ClubRegistration.queued_at, ClubRegistration.checked_in_at,
    )  # fmt: skip
    found = select(*columns).where(ClubRegistration.event_id == event_id, ClubRegistration.state != Seat.CANCELLED)
    has_place = ClubRegistration.state.not_in(TAKEN)
    return db.execute(found.order_by(has_place, ClubRegistration.queued_at, ClubRegistration.id)).all()


def reached(
    db: Session, *, members_only: bool, min_tier: str, min_level: str | None, branches: str | None, day: date
) -> int:
    """Count the clients whom a target group reaches."""
    within: list[ColumnElement[bool]] = [CLIENT.c.status == "0", tiers.at_least(CLIENT.c.id, min_tier, day)]
    if min_level:
        within.append(CLIENT.c.risk_level >= min_level)
    if branches:
        within.append(CLIENT.c.branch_no.in_(branches.split(",")))
    if members_only:
        covers = (ClubMembership.begins_on <= day, ClubMembership.ends_on >= day, has_not_left(day))
        within.append(CLIENT.c.id.in_(select(ClubMembership.client_id).where(*covers)))
    return db.scalar(select(func.count()).select_from(CLIENT).where(*within)) or 0


def branches(db: Session) -> Sequence[str]:
    """List the branches that have clients."""
    return db.scalars(select(CLIENT.c.branch_no).distinct().order_by(CLIENT.c.branch_no)).all()


def benefits_used(db: Session, client_id: int, since: datetime) -> int:
    """Count the events that a client has come to since an instant."""
    came = (ClubRegistration.client_id == client_id, ClubRegistration.checked_in_at >= since)
    return db.scalar(select(func.count()).select_from(ClubRegistration).where(*came)) or 0


def attended(db: Session, client_id: int, since: datetime, until: datetime) -> Sequence[Any]:
    """List the events that a client came to in a stretch of time, the first one first."""
    came = (ClubRegistration.checked_in_at >= since, ClubRegistration.checked_in_at < until)
    found = select(*ClubEvent.__table__.c, ClubRegistration.checked_in_at).join(
        ClubRegistration, ClubRegistration.event_id == ClubEvent.id
    )
    return db.execute(found.where(ClubRegistration.client_id == client_id, *came).order_by(ClubEvent.starts_at)).all()


def invited(db: Session, client_id: int, since: datetime, until: datetime) -> int:
    """Count the events that a client had a place at, or waited for, in a stretch of time."""
    here = (ClubEvent.starts_at >= since, ClubEvent.starts_at < until, ClubRegistration.state != Seat.CANCELLED)
    found = select(func.count()).select_from(ClubRegistration).join(ClubEvent)
    return db.scalar(found.where(ClubRegistration.client_id == client_id, *here)) or 0


def guests_to_ask(db: Session, since: datetime, now: datetime) -> Sequence[Any]:
    """Give number, title and client of everybody who came to an event that has ended since an instant.

    Whoever asks guests how it was (a survey) begins here; the key of an asking is the event's number and the client.
    """
    columns = (ClubEvent.number, ClubEvent.title_zh, ClubEvent.title_en, ClubRegistration.client_id)
    found = select(*columns).join(ClubRegistration, ClubRegistration.event_id == ClubEvent.id)
    over = (ClubEvent.ends_at > since, ClubEvent.ends_at <= now, ClubRegistration.state == Seat.ATTENDED)
    return db.execute(found.where(*over).order_by(ClubEvent.number, ClubRegistration.client_id)).all()


def _in_tab(tab: str) -> ColumnElement[bool]:
    if tab == "reviewed":
        return ClubApplication.state == State.REVIEWED
    return ClubApplication.state.not_in(OPEN) if tab == "done" else ClubApplication.state.in_(OPEN)


def has_not_left(day: date) -> ColumnElement[bool]:
    """Tell in a query whether a card's member has not left by a day."""
    left: Select[Any] = select(ClubLeaving.card_no).where(ClubLeaving.left_on <= day)
    return ClubMembership.card_no.not_in(left)
