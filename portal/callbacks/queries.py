"""What pages and other rooms read of call-backs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal import clients
from portal.callbacks.models import CallbackScript, CallbackTask, CallbackTry, Campaign, CampaignTask
from portal.callbacks.rules import Question, Refusal, State
from portal.kit.clock import local_date
from portal.kit.db import ALL

PAGE = 50
TABS = ("due", "later", "unreached", "done")


@dataclass(frozen=True)
class Script:
    """A script as a page reads it aloud."""

    id: int
    kind: str
    version: int
    sha256: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Share:
    """How many clients were spoken to since an instant, of how many; `percent` is of whole clients, rounded down."""

    called: int
    clients: int

    @property
    def percent(self) -> int:
        """Give the share of clients who were called."""
        return self.called * 100 // self.clients if self.clients else 0


def by_number(db: Session, number: str) -> CallbackTask | None:
    """Give a task by its number, as an entity to change."""
    return db.scalar(select(CallbackTask).where(CallbackTask.number == number))


def task_of(db: Session, ref_type: str, ref_id: str) -> Any:
    """Give the newest call-back about a thing, or None."""
    here = (CallbackTask.ref_type == ref_type, CallbackTask.ref_id == ref_id)
    newest = select(*CallbackTask.__table__.c).where(*here).order_by(CallbackTask.round.desc()).limit(1)
    return db.execute(newest).first()


def tries_of(db: Session, task_id: int) -> Sequence[Any]:
    """Give every try of a task, oldest first."""
    mine = select(*CallbackTry.__table__.c).where(CallbackTry.task_id == task_id)
    return db.execute(mine.order_by(CallbackTry.ordinal)).all()


def script_in_force(db: Session, kind: str) -> Script | None:
    """Give the newest script of a kind."""
    newest = select(CallbackScript).where(CallbackScript.kind == kind).order_by(CallbackScript.version.desc()).limit(1)
    return _script(db.scalar(newest))


def script(db: Session, script_id: int) -> Script:
    """Give the script that a task was opened under."""
    return _script(db.get_one(CallbackScript, script_id)) or _none()


def queue(db: Session, tab: str, now: datetime, within: ColumnElement[bool] = ALL) -> Sequence[Any]:
    """Give one tab of the queue: what is due first stands first; finished ones newest first."""
    order = CallbackTask.finished_at.desc() if tab in ("done", "unreached") else CallbackTask.due_at
    rows = (
        select(*CallbackTask.__table__.c).where(_in_tab(tab, now), within).order_by(order, CallbackTask.id).limit(PAGE)
    )
    return db.execute(rows).all()


def counts(db: Session, now: datetime, within: ColumnElement[bool] = ALL) -> dict[str, int]:
    """Count the tabs in one statement."""
    sums = [func.coalesce(func.sum(case((_in_tab(tab, now), 1), else_=0)), 0) for tab in TABS]
    return dict(zip(TABS, (int(each) for each in db.execute(select(*sums).where(within)).one()), strict=True))


def share_called(db: Session, since: datetime, today: date) -> Share:
    """Count the clients who were spoken to since an instant, and all who are clients today."""
    spoken = (CallbackTask.state == State.PASSED, CallbackTask.finished_at >= since)
    known = CallbackTask.client_id.is_not(None)
    called = db.scalar(select(func.count(CallbackTask.client_id.distinct())).where(*spoken, known)) or 0
    return Share(called, len(clients.opened_between(db, date.min, today)))


def campaign_of(db: Session, task_id: int) -> Any:
    """Give the campaign that a call belongs to, or None."""
    joined = select(*Campaign.__table__.c).join(CampaignTask, CampaignTask.campaign_id == Campaign.id)
    return db.execute(joined.where(CampaignTask.task_id == task_id)).first()


def campaign_refusal(db: Session, task_id: int, caller: int | None, now: datetime) -> Refusal | None:
    """Say why somebody may not call for a campaign: not one of its two, or not in its period."""
    campaign = campaign_of(db, task_id)
    if campaign is None:
        return None
    if caller not in (campaign.first_id, campaign.second_id):
        return Refusal.NOT_OF_THE_TWO
    return None if campaign.begins_on <= local_date(now) <= campaign.ends_on else Refusal.OUT_OF_PERIOD


def newest_about(db: Session, ref_type: str, limit: int = PAGE) -> Sequence[Any]:
    """Give the newest calls about one sort of thing, such as the spot checks."""
    here = select(*CallbackTask.__table__.c).where(CallbackTask.ref_type == ref_type)
    return db.execute(here.order_by(CallbackTask.id.desc()).limit(limit)).all()


def _in_tab(tab: str, now: datetime) -> ColumnElement[bool]:
    is_open = CallbackTask.state == State.OPEN
    if tab == "due":
        return and_(is_open, CallbackTask.next_at <= now)
    if tab == "later":
        return and_(is_open, CallbackTask.next_at > now)
    if tab == "unreached":
        return CallbackTask.state == State.UNREACHED
    return CallbackTask.state.in_([State.PASSED, State.DENIED, State.WITHDRAWN])


def _script(row: CallbackScript | None) -> Script | None:
    if row is None:
        return None
    questions = tuple(Question(**question) for question in row.questions)
    return Script(row.id, row.kind, row.version, row.sha256, questions)


def _none() -> Script:
    raise LookupError("a task without a script")
