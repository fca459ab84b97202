"""What this room knows of one client: requests and their steps, what changed, consents, calls, and who looked."""

from typing import Any

from sqlalchemy import Select, case, select

from portal.clients.indicators import by_key
from portal.clients.models import (
    Client,
    ClientCall,
    ClientChange,
    ClientChangeEvent,
    ClientConsent,
    ClientFact,
    ClientFactHistory,
    ClientView,
)
from portal.clients.rules import AT_COUNTER, OPEN
from portal.clients.words import CALL_STATES, CHANNELS, CONSENTS, STATES, VERBS
from portal.kit.i18n import language, later, say
from portal.kit.own_data import Part
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
    "request": later("查看兑换申请"), "sheet": later("查看风险测评"), "visit": later("查看预约"),
    "callback": later("查看回访"), "case": later("查看心声"), "talk": later("查看对话"),
    "club": later("查看俱乐部申请"),
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


def _own_facts(client_id: int) -> Any:
    of = ClientFact
    told = select(of.key, of.value, of.source, of.as_of)
    return told.where(of.client_id == client_id, by_key_shown(of.key)).order_by(of.key)


def _own_record(client_id: int) -> Any:
    of = Client
    return select(of.client_no, of.name, of.branch_no, of.opened_on, of.risk_level, of.risk_valid_to).where(
        of.id == client_id
    )


def _own_history(client_id: int) -> Any:
    of = ClientFactHistory
    told = select(of.key, of.old, of.new, of.channel, of.actor_name, of.at)
    return told.where(of.client_id == client_id, by_key_shown(of.key)).order_by(of.id)


def _own_changes(client_id: int) -> Any:
    of = ClientChange
    told = select(of.number, of.key, of.kind, of.value, of.why, of.channel, of.state, of.requested_at, of.note)
    return told.where(of.client_id == client_id).order_by(of.id)


def _own_consents(client_id: int) -> Any:
    of = ClientConsent
    told = select(of.kind, of.is_given, of.text_version, of.channel, of.at)
    return told.where(of.client_id == client_id).order_by(of.id)


def _own_looks(client_id: int) -> Any:
    of = ClientView
    told = select(of.at, of.staff_name, of.what, of.key, of.reason)
    return told.where(of.client_id == client_id).order_by(of.id)


def _named(row: Any) -> dict[str, Any]:
    return {"item": indicator_name(row.key), **row._mapping}


DATA = (
    Part("record", later("客户"), _own_record),
    Part("facts", later("登记的资料"), _own_facts, _named),
    Part("history", later("资料的更改"), _own_history, _named),
    Part("changes", later("资料申请"), _own_changes, _named),
    Part("consents", later("同意"), _own_consents),
    Part("looks", later("谁看过"), _own_looks),
)
