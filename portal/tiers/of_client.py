"""What this room knows of one client: the periods of his tier, and who advises him."""

from typing import Any

from sqlalchemy import Select, literal, select

from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, close_of, moment
from portal.tiers.models import ClientTierPeriod, TierAdviserOf
from portal.tiers.queries import NAMES

KIND = "tiers"


def _periods(client_id: int) -> Select[Any]:
    of = ClientTierPeriod
    return moment(of.recorded_at, of.id, of.tier, by=of.decided_by, note=of.reason).where(of.client_id == client_id)


def _advisers(client_id: int) -> Select[Any]:
    of = TierAdviserOf
    told = moment(close_of(of.since), of.id, literal("assigned"), by=literal("staff:").concat(of.adviser_id))
    return told.where(of.client_id == client_id)


MOMENTS = (
    Piece("tiers", KIND, later("等级"), _periods, NAMES, door="tiers.desk"),
    Piece("advisers", KIND, later("投顾"), _advisers, {"assigned": later("由这位投顾负责")}),
)


def _own(client_id: int) -> Any:
    of = ClientTierPeriod
    told = select(of.tier, of.valid_from, of.valid_to, of.reason)
    return told.where(of.client_id == client_id).order_by(of.id)


DATA = (Part("tiers", later("等级"), _own),)
