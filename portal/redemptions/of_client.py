"""What this room knows of one client: the steps of his requests, and which of them are open."""

from typing import Any

from sqlalchemy import Select, select

from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment
from portal.redemptions.forms import STATES
from portal.redemptions.models import Redemption, RedemptionEvent
from portal.redemptions.rules import OPEN, State


def _steps(client_id: int) -> Select[Any]:
    step, of = RedemptionEvent, Redemption
    told = moment(step.at, step.id, step.to_state, ref=of.number, by=step.actor_name, note=step.note, figure=of.points)
    return told.join(of, of.id == step.redemption_id).where(of.client_id == client_id)


def _open(client_id: int) -> Select[Any]:
    of = Redemption
    told = moment(of.requested_at, of.id, of.state, ref=of.number, figure=of.points, due=of.promised_at)
    return told.where(of.client_id == client_id, of.state.in_([*OPEN, State.APPROVED]))


SAID: dict[str, Any] = {
    "kind": "redemptions", "title": later("兑换"), "words": STATES, "page": "redemptions.review",
    "door": "redemptions.queue", "unit": "points",
}  # fmt: skip
MOMENTS = (Piece("redemptions", read=_steps, **SAID),)
WAITING = (Piece("redemptions", read=_open, **SAID),)


def _own(client_id: int) -> Any:
    of = Redemption
    told = select(of.number, of.points, of.state, of.requested_at, of.decided_at, of.note)
    return told.where(of.client_id == client_id).order_by(of.id)


DATA = (Part("redemptions", later("兑换"), _own),)
