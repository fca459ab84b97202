"""What this room knows of one client: requests and their steps, what changed, consents, calls, and who looked."""

from typing import Any

from sqlalchemy import Select, case

from portal.clients.indicators import by_key
from portal.clients.models import (
    ClientCall,
    ClientChange,
    ClientChangeEvent,
    ClientConsent,
    ClientFactHistory,
    ClientView,
)
from portal.clients.rules import AT_COUNTER, OPEN
from portal.clients.words import CALL_STATES, CHANNELS, CONSENTS, STATES, VERBS
from portal.kit.i18n import language, later, say
from portal.kit.timeline import Piece, moment


def _steps(client_id: int) -> Select[Any]:
    step, of = ClientChangeEvent, ClientChange
    told = moment(step.at, step.id, step.verb, ref=of.number, by=step.actor_name, note=of.key)
    return told.join(of, of.id == step.change_id).where(of.client_id == client_id)


def _open(client_id: int) -> Select[Any]:
    of = ClientChange
    told = moment(of.requested_at, of.id, of.state, ref=of.number, note=of.key, due=of.promised_at)
    return told.where(of.client_id == client_id, of.state.in_([*OPEN, *AT_COUNTER]))


def _history(client_id: int) -> Select[Any]:
    of = ClientFactHistory
    told = moment(of.at, of.id, of.channel, ref=of.ref, by=of.actor_name, note=of.key)
    return told.where(of.client_id == client_id, by_key_shown(of.key))


def by_key_shown(key: Any) -> Any:
    """Keep to what the client may be shown: what is hidden from him is no talk of the desk either."""
    return key.in_([each.key for each in by_key().values() if each.is_for_client])


def _consents(client_id: int) -> Select[Any]:
    of = ClientConsent
    what = case((of.is_given, "given"), else_="withdrawn")
    return moment(of.at, of.id, what, note=of.kind).where(of.client_id == client_id)


def _calls(client_id: int) -> Select[Any]:
    of = ClientCall
    told = moment(of.opened_at, of.id, of.state, ref=of.number, by=of.staff_name)
    return told.where(of.client_id == client_id)


def _looks(client_id: int) -> Select[Any]:
    of = ClientView
    return moment(of.at, of.id, of.what, by=of.staff_name, note=of.reason).where(of.client_id == client_id)


def indicator_name(key: str) -> str:
    """Say the name of an indicator in the reader's language."""
    this = by_key().get(key)
    return key if this is None else this.zh if language() == "zh" else this.en


def consent_name(kind: str) -> str:
    """Say the name of a consent in the reader's language."""
    return say(CONSENTS[kind][0]) if kind in CONSENTS else kind


SAID: dict[str, Any] = {
    "kind": "record", "title": later("资料申请"), "page": "clients.review", "door": "clients.queue",
    "say_note": indicator_name,
}  # fmt: skip
LOOKED = {
    "file": later("查看客户页"), "change": later("查看更改申请"), "value": later("查看完整的一项"),
    "evidence": later("打开证明材料"), "call": later("电话核实后查看"),
}  # fmt: skip
MOMENTS = (
    Piece("changes", read=_steps, words=VERBS, **SAID),
    Piece("history", "record", later("资料"), _history, CHANNELS, say_note=indicator_name),
    Piece(
        "consents", "consents", later("同意"), _consents, {"given": later("已同意"), "withdrawn": later("已撤回")},
        say_note=consent_name,
    ),
    Piece("calls", "calls", later("来电"), _calls, CALL_STATES, page="clients.call", door="clients.calls"),
    Piece("looks", "looks", later("查看"), _looks, LOOKED, door="clients.queue"),
)  # fmt: skip
WAITING = (Piece("changes", read=_open, words=STATES, **SAID),)
