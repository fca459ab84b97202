"""Special call-backs: a festival, a notice of the exchange, a new product; each with its script and two persons."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, insert, select
from sqlalchemy.orm import Session

from portal import audit, clients
from portal.audit import Person
from portal.callbacks import rules
from portal.callbacks.actions import open_task
from portal.callbacks.models import CallbackScript, CallbackTask, Campaign, CampaignTask
from portal.callbacks.rules import Kind, Occasion, Refusal, State, Target
from portal.kit.clock import at, local_date
from portal.kit.db import canonical
from portal.kit.numbers import next_number

EVENING = time(17, 30)


@dataclass(frozen=True)
class Plan:
    """What a campaign is to be; each question in both languages, with the answer that is hoped for."""

    occasion: Occasion
    title: str
    target: Target
    client_nos: Sequence[str]
    questions: Sequence[tuple[str, str, str]]
    begins_on: date
    ends_on: date
    first_id: int
    second_id: int
    levels: Sequence[str] = ()
    branches: Sequence[str] = ()
    tiers: Sequence[str] = ()
    among: Collection[int] | None = None  # who is of these tiers, as the rooms above know; None: whoever

    @property
    def narrowing(self) -> dict[str, list[str]]:
        """Say what narrows the target, as it is kept."""
        told = {"tiers": self.tiers, "levels": self.levels, "branches": self.branches}
        return {name: list(chosen) for name, chosen in told.items() if chosen}


def reaches(db: Session, plan: Plan, today: date) -> int:
    """Count the clients of a plan's target who have a telephone, before it begins."""
    return sum(clients.mobile(db, row.id) is not None for row in _people(db, plan, today))


def begin(db: Session, plan: Plan, *, by: Person, now: datetime) -> Campaign | Refusal:
    """Open a campaign with a call for each client of its target, under a script of its own."""
    people = _people(db, plan, local_date(now))
    if refusal := _refusal(plan, people, now):
        return refusal
    script_id = _publish(db, plan, now)
    campaign = Campaign(
        number=next_number(db, "ZX", local_date(now)), occasion=plan.occasion, title=plan.title, target=plan.target,
        narrowing=plan.narrowing, script_id=script_id, begins_on=plan.begins_on, ends_on=plan.ends_on,
        first_id=plan.first_id, second_id=plan.second_id, opened_by=by.user_id, opened_at=now,
    )  # fmt: skip
    db.add(campaign)
    db.flush()
    count = sum(_call(db, campaign, row, now) for row in people)
    told = {
        "occasion": str(plan.occasion),
        "target": str(plan.target),
        "calls": count,
        "script": script_id,
    } | plan.narrowing
    audit.record(db, actor=by.actor, event="campaign.begun", object=f"campaign:{campaign.number}", detail=told, now=now)
    return campaign


def _refusal(plan: Plan, people: Sequence[Any], now: datetime) -> Refusal | None:
    if plan.first_id == plan.second_id:
        return Refusal.SAME_PERSON
    if plan.begins_on > plan.ends_on or plan.ends_on < local_date(now):
        return Refusal.BAD_PERIOD
    if not 0 < len(plan.questions) <= rules.QUESTIONS_LIMIT:
        return Refusal.TOO_MANY_QUESTIONS
    if plan.target is Target.LISTED and len(people) < len(set(plan.client_nos)):
        return Refusal.UNKNOWN_CLIENT
    return None if people else Refusal.NOBODY


def _people(db: Session, plan: Plan, today: date) -> Sequence[Any]:
    since = today - timedelta(days=rules.NEW_DAYS) if plan.target is Target.NEW else date.min
    known = clients.opened_between(db, since, today)
    if plan.target is Target.LISTED:
        known = [row for row in known if row.client_no in set(plan.client_nos)]
    return [row for row in known if _fits(plan, row, today)][: rules.TARGET_LIMIT]


def _fits(plan: Plan, row: Any, today: date) -> bool:
    # A level that has lapsed is none.
    level = row.risk_level if row.risk_valid_to and row.risk_valid_to >= today else None
    return (
        (not plan.levels or level in plan.levels)
        and (not plan.branches or row.branch_no in plan.branches)
        and (plan.among is None or row.id in plan.among)
    )


def _publish(db: Session, plan: Plan, now: datetime) -> int:
    # Each campaign has a script of its own: the next version of the special ones, never changed afterwards.
    questions = [
        {"key": f"q{number}", "zh": zh, "en": en or zh, "expects": expects}
        for number, (zh, en, expects) in enumerate(plan.questions, 1)
    ]
    newest = db.scalar(select(func.max(CallbackScript.version)).where(CallbackScript.kind == Kind.SPECIAL)) or 0
    row = {"kind": Kind.SPECIAL, "version": newest + 1, "questions": questions, "published_at": now}
    row["sha256"] = hashlib.sha256(canonical(questions).encode()).hexdigest()
    return db.execute(insert(CallbackScript).values(**row).returning(CallbackScript.id)).scalar_one()


def _call(db: Session, campaign: Campaign, row: Any, now: datetime) -> bool:
    phone = clients.mobile(db, row.id)
    if phone is None:
        return False
    task = open_task(
        db, kind=Kind.SPECIAL, ref_type=campaign.number, ref_id=row.client_no, name=row.name, phone=phone,
        client_id=row.id, kept_out=[], due_at=at(campaign.ends_on, EVENING), now=now, script_id=campaign.script_id,
        next_at=max(now, at(campaign.begins_on)),
    )  # fmt: skip
    db.execute(insert(CampaignTask).values(campaign_id=campaign.id, task_id=task.id))
    return True


def newest(db: Session, limit: int = 50) -> Sequence[Any]:
    """Give the campaigns, newest first, each with its calls: all, spoken to, denied, not reached."""
    states = (State.PASSED, State.DENIED, State.UNREACHED)
    sums = [func.sum(case((CallbackTask.state == state, 1), else_=0)).label(state) for state in states]
    counted = select(CampaignTask.campaign_id, func.count().label("calls"), *sums)
    counted = counted.join(CallbackTask, CallbackTask.id == CampaignTask.task_id).group_by(CampaignTask.campaign_id)
    each = counted.subquery()
    columns = (*Campaign.__table__.c, each.c.calls, each.c.passed, each.c.denied, each.c.unreached)
    joined = select(*columns).outerjoin(each, each.c.campaign_id == Campaign.id)
    return db.execute(joined.order_by(Campaign.id.desc()).limit(limit)).all()
