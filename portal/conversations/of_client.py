"""What this room knows of one client: who wrote when, never what; and whether he waits for an answer."""

from typing import Any

from sqlalchemy import Select, literal, select

from portal.conversations.models import Conversation, ConversationLine
from portal.conversations.rules import Side
from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment

WORDS = {Side.CLIENT: later("客户来信"), Side.STAFF: later("团队回复"), "asked": later("客户等待答复")}


def _lines(client_id: int) -> Select[Any]:
    line, of = ConversationLine, Conversation
    told = moment(line.sent_at, line.id, line.side, by=line.author_name)
    return told.join(of, of.id == line.conversation_id).where(of.client_id == client_id)


def _open(client_id: int) -> Select[Any]:
    of = Conversation
    told = moment(of.asked_at, of.id, literal("asked"), figure=of.waiting, due=of.promised_at)
    return told.where(of.client_id == client_id, of.waiting > 0)


SAID: dict[str, Any] = {
    "kind": "talk", "title": later("对话"), "words": WORDS, "page": "conversations.case", "place": "client_no",
    "door": "conversations.queue",
}  # fmt: skip
MOMENTS = (Piece("conversations", read=_lines, **SAID),)
WAITING = (Piece("conversations", read=_open, **SAID),)


def _own(client_id: int) -> Any:
    line, of = ConversationLine, Conversation
    told = select(line.sent_at, line.side, line.author_name, line.text)
    return told.join(of, of.id == line.conversation_id).where(of.client_id == client_id).order_by(line.id)


DATA = (Part("conversations", later("对话"), _own),)
