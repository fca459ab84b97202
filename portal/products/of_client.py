"""What this room knows of one client: plans begun and ended."""

from typing import Any

from sqlalchemy import Select, literal, select

from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment
from portal.products.models import SmsSubscription

KIND, TITLE = "redemptions", later("订阅")
WORDS = {"begun": later("开通"), "ended": later("结束")}


def _begun(client_id: int) -> Select[Any]:
    of = SmsSubscription
    return moment(of.started_at, of.id, literal("begun"), ref=of.ref_id).where(of.client_id == client_id)


def _ended(client_id: int) -> Select[Any]:
    of = SmsSubscription
    told = moment(of.ended_at, of.id, literal("ended"), ref=of.ref_id)
    return told.where(of.client_id == client_id, of.ended_at.is_not(None))


MOMENTS = (Piece("plans", KIND, TITLE, _begun, WORDS), Piece("plans_ended", KIND, TITLE, _ended, WORDS))


def _own(client_id: int) -> Any:
    of = SmsSubscription
    told = select(of.starts_on, of.ends_on, of.state, of.ended_at)
    return told.where(of.client_id == client_id).order_by(of.id)


DATA = (Part("plans", TITLE, _own),)
