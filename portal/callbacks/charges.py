"""Call-backs in somebody's hands: those he is about to make, and the campaigns that he carries out as one of two."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from portal import queues
from portal.callbacks.models import CallbackTask, Campaign, CampaignTask
from portal.callbacks.rules import QUEUE, State
from portal.kit.clock import local_date
from portal.kit.i18n import later
from portal.queues import Charge, Held, Passing, claims_charge

ONE_OF_TWO = later("这位同事已是同一次专项回访的二人之一，不能一人顶两人。")


def held(db: Session, user_id: int, now: datetime) -> Sequence[Held]:
    """List the campaigns that run or are to come, and those over with calls still open."""
    rows = db.execute(select(Campaign.id, Campaign.number).where(_his(user_id), _is_open(now)).order_by(Campaign.id))
    return [Held(row.id, row.number, page="callbacks.campaigns") for row in rows]


def refusal(db: Session, giver: int, taker: int) -> str | None:
    """Say that a colleague is the other of the two already."""
    both = select(Campaign.id).where(_his(giver), _his(taker), _has_open_calls()).limit(1)
    return ONE_OF_TWO if db.scalar(both) else None


def give(db: Session, passing: Passing, ids: Collection[int]) -> Sequence[int]:
    """Put a colleague in the giver's place among the two."""
    giver, taker = passing.giver.user_id or 0, passing.taker.user_id or 0
    here = (Campaign.id.in_(ids), _his(giver), ~_his(taker))
    places = {
        place.key: case((place == giver, taker), else_=place) for place in (Campaign.first_id, Campaign.second_id)
    }
    moved = db.execute(update(Campaign).where(*here).values(places).returning(Campaign.id, Campaign.number)).all()
    for row in moved:
        queues.note(db, passing, "campaign.handed_over", f"campaign:{row.number}")
    return sorted(row.id for row in moved)


def loads(db: Session, now: datetime) -> dict[int, int]:
    """Count the campaigns of everybody."""
    first = queues.counted(db, Campaign.first_id, _is_open(now))
    second = queues.counted(db, Campaign.second_id, _is_open(now))
    return {each: first.get(each, 0) + second.get(each, 0) for each in first | second}


def _his(user_id: int) -> Any:
    return or_(Campaign.first_id == user_id, Campaign.second_id == user_id)


def _has_open_calls() -> Any:
    calls = select(CampaignTask.campaign_id).join(CallbackTask, CallbackTask.id == CampaignTask.task_id)
    return Campaign.id.in_(calls.where(CallbackTask.state == State.OPEN))


def _is_open(now: datetime) -> Any:
    return or_(Campaign.ends_on >= local_date(now), _has_open_calls())


CHARGES = (
    claims_charge(
        QUEUE, later("回访"), CallbackTask, label=CallbackTask.number, client_id=CallbackTask.client_id,
        due_at=CallbackTask.due_at, page="callbacks.task",
    ),
    Charge(
        "callbacks.campaigns", later("专项回访"),
        frozenset({"callback_campaign.first_id", "callback_campaign.second_id"}), held, give, loads,
        refusal,
    ),
)  # fmt: skip
