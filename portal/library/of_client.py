"""What this room knows of one client: articles read with their check, and greetings that went to him."""

from typing import Any

from sqlalchemy import Select, literal, select

from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment
from portal.library.models import CareMessage, ReadingPass
from portal.library.models import Piece as Text

KIND, TITLE = "library", later("投教")


def _passed(client_id: int) -> Select[Any]:
    of = ReadingPass
    told = moment(of.passed_at, of.piece_id, literal("passed"), ref=Text.number, figure=of.points)
    return told.join(Text, Text.id == of.piece_id).where(of.client_id == client_id)


def _greeted(client_id: int) -> Select[Any]:
    return moment(CareMessage.sent_at, CareMessage.id, literal("greeted")).where(CareMessage.client_id == client_id)


MOMENTS = (
    Piece("articles", KIND, TITLE, _passed, {"passed": later("读完并答对小测")}, unit="points"),
    Piece("greetings", KIND, later("关怀"), _greeted, {"greeted": later("发出问候")}),
)


def _own(client_id: int) -> Any:
    told = select(Text.number, ReadingPass.points, ReadingPass.passed_at).join(Text, Text.id == ReadingPass.piece_id)
    return told.where(ReadingPass.client_id == client_id).order_by(ReadingPass.passed_at)


DATA = (Part("articles", TITLE, _own),)
