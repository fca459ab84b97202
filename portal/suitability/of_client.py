"""What this room knows of one client: assessments, wishes above his level, and which of them staff still look at."""

from typing import Any

from sqlalchemy import Select, select

from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment
from portal.suitability.models import Assessment, OverLevelRequest, QuestionnaireDraft
from portal.suitability.rules import Insistence, State

KIND = "suitability"
STATES = {
    State.HELD: later("待工作人员核实"),
    State.UNCONFIRMED: later("待客户确认"),
    State.EFFECTIVE: later("已生效"),
    State.REJECTED: later("未采用"),
    State.STOPPED: later("转柜台办理"),
}
WISHES = {
    Insistence.READING: later("特别警示已展示"),
    Insistence.REVIEW: later("待工作人员核实"),
    Insistence.GRANTED: later("已同意，冷静期后可用"),
    Insistence.REJECTED: later("未同意"),
}


def _assessments(client_id: int) -> Select[Any]:
    of = Assessment
    return moment(of.assessed_at, of.id, of.state, ref=of.number, note=of.level).where(of.client_id == client_id)


def _wishes(client_id: int) -> Select[Any]:
    of = OverLevelRequest
    return moment(of.warned_at, of.id, of.state, ref=of.number, note=of.risk_class).where(of.client_id == client_id)


SHEETS: dict[str, Any] = {
    "kind": KIND, "title": later("风险测评"), "words": STATES, "page": "suitability.review",
    "door": "suitability.queue",
}  # fmt: skip
ABOVE: dict[str, Any] = {
    "kind": KIND, "title": later("高于等级的服务"), "words": WISHES, "page": "suitability.wish_review",
    "door": "suitability.wishes",
}  # fmt: skip
MOMENTS = (Piece("assessments", read=_assessments, **SHEETS), Piece("wishes", read=_wishes, **ABOVE))
WAITING = (
    Piece("assessments", read=lambda me: _assessments(me).where(Assessment.state == State.HELD), **SHEETS),
    Piece("wishes", read=lambda me: _wishes(me).where(OverLevelRequest.state == Insistence.REVIEW), **ABOVE),
)


def _own_sheets(client_id: int) -> Any:
    of, sheet = Assessment, QuestionnaireDraft
    told = select(of.number, of.state, of.level, of.assessed_at, of.valid_to, sheet.answers)
    return told.outerjoin(sheet, sheet.id == of.draft_id).where(of.client_id == client_id).order_by(of.id)


def _own_wishes(client_id: int) -> Any:
    of = OverLevelRequest
    told = select(of.number, of.service, of.risk_class, of.state, of.warned_at, of.confirmed_at, of.decided_at)
    return told.where(of.client_id == client_id).order_by(of.id)


DATA = (
    Part("assessments", SHEETS["title"], _own_sheets),
    Part("wishes", ABOVE["title"], _own_wishes),
)
