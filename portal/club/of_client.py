"""What this room knows of one client: applications, memberships, seats at events, and what waits for a review."""

from typing import Any

from sqlalchemy import Select, literal, select

from portal.club.forms import SEATS, STATES, VERBS
from portal.club.models import ClubApplication, ClubApplicationEvent, ClubEvent, ClubMembership, ClubRegistration
from portal.club.rules import State
from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment

KIND = "club"


def _steps(client_id: int) -> Select[Any]:
    step, of = ClubApplicationEvent, ClubApplication
    told = moment(step.at, step.id, step.verb, ref=of.number, by=step.actor_name, note=step.note)
    return told.join(of, of.id == step.application_id).where(of.client_id == client_id)


def _memberships(client_id: int) -> Select[Any]:
    of = ClubMembership
    return moment(of.recorded_at, of.id, literal("member"), note=of.card_no).where(of.client_id == client_id)


def _seats(client_id: int) -> Select[Any]:
    seat, of = ClubRegistration, ClubEvent
    told = moment(seat.queued_at, seat.id, seat.state, ref=of.number, note=of.title_zh)
    return told.join(of, of.id == seat.event_id).where(seat.client_id == client_id)


def _open(client_id: int) -> Select[Any]:
    of = ClubApplication
    told = moment(of.applied_at, of.id, of.state, ref=of.number, due=of.promised_at)
    return told.where(of.client_id == client_id, of.state.in_([State.APPLIED, State.REVIEWED]))


SAID: dict[str, Any] = {
    "kind": KIND, "title": later("俱乐部申请"), "page": "club.case", "door": "club.queue",
}  # fmt: skip
MOMENTS = (
    Piece("club", read=_steps, words=VERBS, **SAID),
    Piece("members", KIND, later("俱乐部"), _memberships, {"member": later("成为会员")}),
    Piece("seats", KIND, later("活动"), _seats, SEATS, page="events.show", door="events.list"),
)
WAITING = (Piece("club", read=_open, words=STATES, **SAID),)


def _own(client_id: int) -> Any:
    of = ClubMembership
    told = select(of.card_no, of.begins_on, of.ends_on, of.recorded_at)
    return told.where(of.client_id == client_id).order_by(of.id)


def _own_seats(client_id: int) -> Any:
    seat, of = ClubRegistration, ClubEvent
    told = select(of.number, of.title_zh.label("title"), of.starts_at, seat.state, seat.queued_at, seat.checked_in_at)
    return told.join(of, of.id == seat.event_id).where(seat.client_id == client_id).order_by(seat.id)


DATA = (Part("club", later("俱乐部"), _own), Part("club_events", later("活动"), _own_seats))
