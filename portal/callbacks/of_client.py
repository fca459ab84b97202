"""What this room knows of one client: every try to call him, and which call-backs are open."""

from typing import Any

from sqlalchemy import Select, select

from portal.callbacks.forms import KINDS, OUTCOMES
from portal.callbacks.models import CallbackTask, CallbackTry
from portal.callbacks.rules import State
from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment


def _tries(client_id: int) -> Select[Any]:
    step, of = CallbackTry, CallbackTask
    told = moment(step.at, step.id, step.outcome, ref=of.number, by=step.caller_name, note=step.note)
    return told.join(of, of.id == step.task_id).where(of.client_id == client_id)


def _open(client_id: int) -> Select[Any]:
    of = CallbackTask
    told = moment(of.opened_at, of.id, of.kind, ref=of.number, due=of.due_at)
    return told.where(of.client_id == client_id, of.state == State.OPEN)


SAID: dict[str, Any] = {
    "kind": "calls", "title": later("回访"), "page": "callbacks.task", "door": "callbacks.queue",
}  # fmt: skip
MOMENTS = (Piece("callbacks", read=_tries, words=OUTCOMES, **SAID),)
WAITING = (Piece("callbacks", read=_open, words=KINDS, **SAID),)


def _own(client_id: int) -> Any:
    step, of = CallbackTry, CallbackTask
    told = select(of.number, of.kind, step.at, step.means, step.outcome, step.answers)
    return told.join(of, of.id == step.task_id).where(of.client_id == client_id).order_by(step.id)


DATA = (Part("callbacks", later("回访"), _own),)
