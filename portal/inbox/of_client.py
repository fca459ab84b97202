"""What this room knows of one client: what he was told, by its title."""

from typing import Any

from sqlalchemy import Select

from portal.inbox.models import InboxMessage
from portal.inbox.words import TOPICS
from portal.kit.i18n import language, later
from portal.kit.timeline import Piece, moment


def _told(client_id: int) -> Select[Any]:
    of = InboxMessage
    title = of.title_zh if language() == "zh" else of.title_en
    return moment(of.told_at, of.id, of.topic, note=title).where(of.client_id == client_id)


MOMENTS = (Piece("letters", "letters", later("站内消息"), _told, TOPICS),)
