"""What this room knows of one client: every step of what he brought before us, and which cases are open."""

from typing import Any

from sqlalchemy import Select, select

from portal.feedback.models import Case, CaseEvent
from portal.feedback.rules import State
from portal.feedback.words import STATES, VERBS
from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment


def _steps(client_id: int) -> Select[Any]:
    step, of = CaseEvent, Case
    told = moment(step.at, step.id, step.verb, ref=of.number, by=step.actor_name, note=of.title)
    return told.join(of, of.id == step.case_id).where(of.client_id == client_id)


def _open(client_id: int) -> Select[Any]:
    of = Case
    told = moment(of.received_at, of.id, of.state, ref=of.number, by=of.handler_name, note=of.title, due=of.due_at)
    return told.where(of.client_id == client_id, of.state.not_in([State.CLOSED, State.WITHDRAWN]))


SAID: dict[str, Any] = {
    "kind": "voice", "title": later("心声"), "page": "feedback.review", "door": "feedback.queue",
}  # fmt: skip
MOMENTS = (Piece("cases", read=_steps, words=VERBS, **SAID),)
WAITING = (Piece("cases", read=_open, words=STATES, **SAID),)


def _own(client_id: int) -> Any:
    of = Case
    told = select(of.number, of.kind, of.state, of.received_at, of.title, of.text, of.remedy, of.answer, of.closed_at)
    return told.where(of.client_id == client_id).order_by(of.id)


def _own_steps(client_id: int) -> Any:
    step, of = CaseEvent, Case
    told = select(of.number, step.verb, step.at, step.actor_name, step.text)
    here = (of.client_id == client_id, step.is_internal.is_(False))
    return told.join(of, of.id == step.case_id).where(*here).order_by(step.id)


DATA = (Part("cases", later("心声"), _own), Part("case_steps", later("心声的经过"), _own_steps))
