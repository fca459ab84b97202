"""What pages show of redemptions, as rows: one statement a page, nothing per row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from portal import products, tiers
from portal.kit.clock import local_date
from portal.kit.db import ALL
from portal.redemptions.models import Redemption, RedemptionEvent
from portal.redemptions.rules import OPEN, State, Verb

PAGE = 30


@dataclass(frozen=True)
class Counts:
    """How many stand under each of the queue's tabs."""

    open: int
    endorsed: int
    near: int
    done: int


def by_number(db: Session, number: str) -> Redemption | None:
    """Give a redemption by its number, as an entity to change."""
    return db.scalar(select(Redemption).where(Redemption.number == number))


def by_key(db: Session, client_id: int, key: str) -> Redemption | None:
    """Give what a form's key has already made."""
    return db.scalar(select(Redemption).where(Redemption.client_id == client_id, Redemption.request_key == key))


def of_client(db: Session, client_id: int, number: str) -> Any:
    """Give one redemption of this client; another client's is not there."""
    return db.execute(_row().where(Redemption.client_id == client_id, Redemption.number == number)).one_or_none()


def list_of(db: Session, client_id: int) -> Sequence[Any]:
    """Give a client's redemptions, newest first."""
    newest = Redemption.requested_at.desc(), Redemption.id.desc()
    return db.execute(_row().where(Redemption.client_id == client_id).order_by(*newest).limit(PAGE)).all()


def open_of(db: Session, client_id: int) -> Sequence[Any]:
    """Give what of a client's still waits for an answer."""
    waiting = Redemption.state.in_([*OPEN, State.APPROVED])
    return db.execute(_row().where(Redemption.client_id == client_id, waiting).order_by(Redemption.id)).all()


def talks_of(db: Session, client_id: int, since: datetime, until: datetime) -> list[Any]:
    """List the talks that a client has had in a stretch of time: number, item_version_id, at."""
    columns = (Redemption.number, Redemption.item_version_id, RedemptionEvent.at)
    had = (RedemptionEvent.verb == Verb.FULFIL, RedemptionEvent.at >= since, RedemptionEvent.at < until)
    mine = (Redemption.client_id == client_id, Redemption.state == State.FULFILLED)
    found = select(*columns).join(RedemptionEvent, RedemptionEvent.redemption_id == Redemption.id).where(*mine, *had)
    rows = db.execute(found).all()
    plans = products.offers(db, {row.item_version_id for row in rows})
    return [row for row in rows if plans[row.item_version_id].kind == products.Kind.TALK]


def running(db: Session, client_id: int) -> dict[int, int]:
    """Count a client's requests that are not decided against and not yet subscriptions, by version of the plan."""
    alive = (Redemption.client_id == client_id, Redemption.state.in_([*OPEN, State.APPROVED]))
    without = Redemption.subscription_id.is_(None)
    found = select(Redemption.item_version_id, func.count()).where(*alive, without)
    return {row[0]: row[1] for row in db.execute(found.group_by(Redemption.item_version_id))}


def events(db: Session, redemption_id: int) -> Sequence[Any]:
    """Give every step of a redemption, oldest first."""
    columns = (
        RedemptionEvent.verb, RedemptionEvent.actor, RedemptionEvent.actor_name, RedemptionEvent.at,
        RedemptionEvent.reason, RedemptionEvent.note, RedemptionEvent.to_state,
    )  # fmt: skip
    here = RedemptionEvent.redemption_id == redemption_id
    return db.execute(select(*columns).where(here).order_by(RedemptionEvent.id)).all()


def last_event(db: Session, redemption_id: int) -> Any:
    """Give the latest step: who decided, and when."""
    here = RedemptionEvent.redemption_id == redemption_id
    columns = (RedemptionEvent.actor, RedemptionEvent.actor_name, RedemptionEvent.at, RedemptionEvent.to_state)
    return db.execute(select(*columns).where(here).order_by(RedemptionEvent.id.desc()).limit(1)).one()


def queue(
    db: Session, tab: str, staff_claims: Sequence[int], now: datetime, within: ColumnElement[bool] = ALL
) -> Sequence[Any]:
    """Give one tab of the staff's queue: 银卡 and above go first, then what is due first; decided ones newest first."""
    first = tiers.goes_first(db, Redemption.client_id, local_date(now))
    order = [Redemption.decided_at.desc()] if tab == "done" else [first, Redemption.promised_at, Redemption.id]
    return db.execute(_row().where(_in_tab(tab, staff_claims, now), within).order_by(*order).limit(PAGE)).all()


def counts(db: Session, near_before: datetime, today: datetime, within: ColumnElement[bool] = ALL) -> Counts:
    """Count the queue's tabs in one statement; `near` is promised before an instant, `done` decided since one."""
    open_ = Redemption.state.in_(OPEN)
    decided = and_(Redemption.state.not_in(OPEN), Redemption.decided_at >= today)
    of = [
        open_, Redemption.state == State.ENDORSED, and_(open_, Redemption.promised_at < near_before), decided,
    ]  # fmt: skip
    row = db.execute(select(*(func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in of)).where(within)).one()
    return Counts(*(int(each) for each in row))


def timed_out(db: Session, now: datetime, limit: int = 200) -> Sequence[str]:
    """Give the numbers of requests that nobody decided in time."""
    late = (Redemption.state.in_(OPEN), Redemption.times_out_at <= now)
    return db.scalars(select(Redemption.number).where(*late).order_by(Redemption.id).limit(limit)).all()


def forgotten(db: Session, before: datetime, limit: int = 200) -> Sequence[str]:
    """Give the numbers of approved requests that nobody has brought to an end since before an instant."""
    late = (Redemption.state == State.APPROVED, Redemption.subscription_id.is_(None), Redemption.decided_at <= before)
    return db.scalars(select(Redemption.number).where(*late).order_by(Redemption.id).limit(limit)).all()


def _in_tab(tab: str, claimed: Sequence[int], now: datetime) -> ColumnElement[bool]:
    open_ = Redemption.state.in_(OPEN)
    if tab == "mine":
        return and_(open_, Redemption.id.in_(claimed))
    if tab == "unclaimed":
        return and_(open_, Redemption.id.not_in(claimed))
    if tab == "endorsed":
        return Redemption.state == State.ENDORSED
    if tab == "talks":  # what begins by itself has begun by now: talks wait for the adviser's note
        return and_(Redemption.state == State.APPROVED, Redemption.subscription_id.is_(None))
    if tab == "near":
        return and_(open_, Redemption.promised_at < now)
    if tab == "done":
        return Redemption.state.not_in(OPEN)
    return open_


def _row() -> Select[Any]:
    return select(
        Redemption.id, Redemption.number, Redemption.client_id, Redemption.item_version_id, Redemption.hold_id,
        Redemption.points, Redemption.state, Redemption.version, Redemption.checks, Redemption.requested_at,
        Redemption.promised_at, Redemption.times_out_at, Redemption.endorsed_by, Redemption.decided_by,
        Redemption.decided_at, Redemption.reason, Redemption.note, Redemption.subscription_id,
    )  # fmt: skip
