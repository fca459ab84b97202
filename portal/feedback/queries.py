"""Reads of cases. What a client's page shows comes from `of_client`, `list_of` and `thread` alone: nothing internal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from portal import tiers
from portal.feedback.models import Case, CaseEvent, ProposedAnswer
from portal.feedback.rules import OPEN, RUNNING, SAME_WITHIN, State, Step, Verb
from portal.kit.clock import local_date
from portal.kit.db import ALL

PAGE = 30
# What a client may read of his case: neither severity nor cause, nor who escalated it.
TOLD = (
    Case.id, Case.number, Case.kind, Case.area, Case.product, Case.channel, Case.title, Case.text, Case.remedy,
    Case.answer, Case.finding, Case.state, Case.version, Case.handler_name, Case.ack_minutes, Case.contact_minutes,
    Case.answer_minutes, Case.extended_minutes, Case.received_at, Case.closed_at, Case.client_id, Case.due_at,
)  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """How many stand under each of the queue's tabs."""

    open: int
    near: int
    escalated: int
    proposed: int
    waiting: int
    answered: int


def by_number(db: Session, number: str) -> Case | None:
    """Give a case by its number, as an entity to change."""
    return db.scalar(select(Case).where(Case.number == number))


def by_key(db: Session, client_id: int, key: str) -> Case | None:
    """Give what a form's key has already made."""
    return db.scalar(select(Case).where(Case.client_id == client_id, Case.request_key == key))


def same_again(db: Session, client_id: int, text_hash: str, now: datetime) -> str | None:
    """Give the number of the case in which this client has said the same not long ago."""
    mine = (Case.client_id == client_id, Case.text_hash == text_hash, Case.received_at > now - SAME_WITHIN)
    fresh = select(Case.number).where(*mine, Case.state != State.WITHDRAWN)
    return db.scalar(fresh.order_by(Case.id.desc()).limit(1))


def of_client(db: Session, client_id: int, number: str) -> Any:
    """Give what a client may read of his case; another client's is not there."""
    return db.execute(select(*TOLD).where(Case.client_id == client_id, Case.number == number)).one_or_none()


def list_of(db: Session, client_id: int) -> Sequence[Any]:
    """Give a client's cases, newest first, of every kind in one place."""
    mine = select(*TOLD).where(Case.client_id == client_id)
    return db.execute(mine.order_by(Case.received_at.desc(), Case.id.desc()).limit(PAGE)).all()


def open_of(db: Session, client_id: int) -> Sequence[Any]:
    """Give what of a client's waits for him: questions to answer, answers to accept."""
    his = (Case.client_id == client_id, Case.state.in_([State.WAITING, State.ANSWERED]))
    return db.execute(select(*TOLD).where(*his).order_by(Case.id)).all()


def thread(db: Session, case_id: int) -> Sequence[Any]:
    """Give what a client may read of the steps of a case, oldest first."""
    return db.execute(_events(case_id).where(CaseEvent.is_internal.is_(False)).order_by(CaseEvent.id)).all()


def whole_thread(db: Session, case_id: int) -> Sequence[Any]:
    """Give every step of a case, for staff, oldest first."""
    return db.execute(_events(case_id).order_by(CaseEvent.id)).all()


def steps(db: Session, case_id: int) -> list[Step]:
    """Give the steps of a case as its clocks see them."""
    columns = (CaseEvent.verb, CaseEvent.to_state, CaseEvent.at)
    found = select(*columns).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
    return [Step(*row) for row in db.execute(found)]


def queue(
    db: Session, tab: str, claimed: Sequence[int], now: datetime, within: ColumnElement[bool] = ALL
) -> Sequence[Any]:
    """Give one tab of the staff's queue: 银卡 and above first, then what is due first; ended ones newest first."""
    first = tiers.goes_first(db, Case.client_id, local_date(now))
    order: list[Any] = [Case.id.desc()]
    if tab not in ("answered", "done"):
        order = [Case.escalated_at.is_(None), first, Case.due_at.is_(None), Case.due_at, Case.id]
    rows = select(*Case.__table__.c).where(_in_tab(tab, claimed, now), within).order_by(*order).limit(PAGE)
    return db.execute(rows).all()


def counts(db: Session, now: datetime, within: ColumnElement[bool] = ALL) -> Counts:
    """Count the queue's tabs in one statement."""
    tabs = ("open", "near", "escalated", "proposed", "waiting", "answered")
    sums = [func.coalesce(func.sum(case((_in_tab(tab, [], now), 1), else_=0)), 0) for tab in tabs]
    return Counts(*(int(each) for each in db.execute(select(*sums).where(within)).one()))


def _in_tab(tab: str, claimed: Sequence[int], now: datetime) -> ColumnElement[bool]:
    runs = Case.state.in_(RUNNING)
    match tab:
        case "mine":
            return and_(Case.state.in_(OPEN), Case.id.in_(claimed))
        case "near":
            return and_(runs, Case.near_at <= now)
        case "escalated":
            return and_(Case.state.in_(OPEN), Case.escalated_at.is_not(None))
        case "proposed":
            return Case.id.in_(select(ProposedAnswer.case_id).where(ProposedAnswer.decided_at.is_(None)))
        case "waiting":
            return Case.state == State.WAITING
        case "answered":
            return Case.state == State.ANSWERED
        case "done":
            return Case.state.in_([State.CLOSED, State.WITHDRAWN])
    return runs


def to_escalate(db: Session, now: datetime, limit: int = 200) -> Sequence[Case]:
    """Give the cases whose running clock has reached its warning, or whose due time nobody could reckon yet."""
    unknown = Case.due_at.is_(None)
    warned = and_(Case.near_at <= now, Case.escalated_at.is_(None))
    late = and_(Case.due_at <= now, or_(Case.escalated_at.is_(None), Case.escalated_at < Case.due_at))
    found = select(Case).where(Case.state.in_(RUNNING), or_(unknown, warned, late)).order_by(Case.id).limit(limit)
    return db.scalars(found).all()


def silent_since(db: Session, before: datetime, limit: int = 200) -> Sequence[Case]:
    """Give the answered cases whose answer is older than an instant."""
    answered = select(func.max(CaseEvent.at)).where(CaseEvent.case_id == Case.id, CaseEvent.verb == Verb.ANSWER)
    found = select(Case).where(Case.state == State.ANSWERED, answered.scalar_subquery() <= before)
    return db.scalars(found.order_by(Case.id).limit(limit)).all()


def last_event(db: Session, case_id: int) -> Any:
    """Give the newest step of a case."""
    return db.execute(_events(case_id).order_by(CaseEvent.id.desc()).limit(1)).one()


def _events(case_id: int) -> Any:
    return select(*CaseEvent.__table__.c).where(CaseEvent.case_id == case_id)
