"""What this room knows of one client: every line of his ledger, and adjustments that wait for a second person."""

from typing import Any

from sqlalchemy import Select, select

from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment
from portal.points.models import PointsAdjustment, PointsTx
from portal.points.rules import Kind
from portal.points.words import TITLES

KIND, TITLE = "points", later("积分")


def _lines(client_id: int) -> Select[Any]:
    of = PointsTx
    told = moment(of.effective_at, of.id, of.kind, ref=of.ref_id, note=of.public_text, figure=of.available_after)
    # That points may be used two days after they were earned is no news of the client, and half of the lines.
    return told.where(of.client_id == client_id, of.kind != Kind.ACTIVATE)


def _proposed(client_id: int) -> Select[Any]:
    of = PointsAdjustment
    told = moment(of.proposed_at, of.id, of.state, ref=of.number, by=of.proposed_by_name, figure=of.points)
    return told.where(of.client_id == client_id, of.state == "proposed")


MOMENTS = (Piece("points", KIND, TITLE, _lines, TITLES, unit="left"),)
WAITING = (
    Piece(
        "adjustments", KIND, later("积分调整"), _proposed, {"proposed": later("待复核")}, door="points.adjustments",
        unit="points",
    ),
)  # fmt: skip


def _own(client_id: int) -> Any:
    of = PointsTx
    told = select(
        of.client_seq.label("number"), of.kind, of.effective_at, of.available_after, of.public_text, of.ref_id
    )
    return told.where(of.client_id == client_id).order_by(of.client_seq)


DATA = (Part("points", TITLE, _own),)
