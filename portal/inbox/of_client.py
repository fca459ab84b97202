"""What this room knows of one client: what he was told, by its title."""

from typing import Any

from sqlalchemy import Select, select

from portal.inbox.models import InboxMessage
from portal.inbox.words import TOPICS
from portal.kit.i18n import language, later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment


def _told(client_id: int) -> Select[Any]:
    of = InboxMessage
    title = of.title_zh if language() == "zh" else of.title_en
    return moment(of.told_at, of.id, of.topic, note=title).where(of.client_id == client_id)


MOMENTS = (Piece("letters", "letters", later("站内消息"), _told, TOPICS),)


def _own(client_id: int) -> Any:
    of = InboxMessage
    told = select(of.told_at, of.topic, of.title_zh.label("title"), of.text_zh.label("text"), of.route)
    return told.where(of.client_id == client_id).order_by(of.id)


DATA = (Part("letters", later("站内消息"), _own),)
