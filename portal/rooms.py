"""Which rooms are open: the only place that opens a room's pages, and what the worker does for each."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from litestar.handlers import HTTPRouteHandler

from portal import (
    audit,
    bookings,
    callbacks,
    clients,
    club,
    desk,
    dossier,
    feedback,
    home,
    library,
    points,
    products,
    redemptions,
    staffing,
    suitability,
    tiers,
)
from portal.bookings import pages as bookings_pages
from portal.bookings import staff_pages as bookings_staff_pages
from portal.callbacks import staff_pages as callbacks_staff_pages
from portal.clients import pages as clients_pages
from portal.clients import staff_pages as clients_staff_pages
from portal.club import pages as club_pages
from portal.club import staff_pages as club_staff_pages
from portal.conversations import pages as conversations_pages
from portal.conversations import staff_pages as conversations_staff_pages
from portal.desk import staff_pages as desk_staff_pages
from portal.dossier import pages as dossier_pages
from portal.dossier import staff_pages as dossier_staff_pages
from portal.feedback import pages as feedback_pages
from portal.feedback import staff_pages as feedback_staff_pages
from portal.feeds import staff_pages as feeds_staff_pages
from portal.holdings import pages as holdings_pages
from portal.home import pages as home_pages
from portal.identity import pages as identity_pages
from portal.inbox import pages as inbox_pages
from portal.kit.jobs import Handler, Periodic
from portal.library import pages as library_pages
from portal.library import staff_pages as library_staff_pages
from portal.points import pages as points_pages
from portal.points import staff_pages as points_staff_pages
from portal.products import pages as products_pages
from portal.products import staff_pages as products_staff_pages
from portal.redemptions import pages as redemptions_pages
from portal.redemptions import staff_pages as redemptions_staff_pages
from portal.sms import Follower
from portal.staffing import staff_pages as staffing_staff_pages
from portal.statements import pages as statements_pages
from portal.suitability import pages as suitability_pages
from portal.suitability import staff_pages as suitability_staff_pages
from portal.tiers import pages as tiers_pages
from portal.tiers import staff_pages as tiers_staff_pages

PAGES: list[HTTPRouteHandler] = [
    *identity_pages.pages,
    *clients_pages.pages,
    *clients_staff_pages.pages,
    *home_pages.pages,
    *inbox_pages.pages,
    *holdings_pages.pages,
    *statements_pages.pages,
    *points_pages.pages,
    *points_staff_pages.pages,
    *redemptions_pages.pages,
    *redemptions_staff_pages.pages,
    *suitability_pages.pages,
    *products_pages.pages,
    *products_staff_pages.pages,
    *suitability_staff_pages.pages,
    *bookings_pages.pages,
    *bookings_staff_pages.pages,
    *callbacks_staff_pages.pages,
    *feeds_staff_pages.pages,
    *tiers_pages.pages,
    *tiers_staff_pages.pages,
    *club_pages.pages,
    *club_staff_pages.pages,
    *conversations_pages.pages,
    *conversations_staff_pages.pages,
    *feedback_pages.pages,
    *feedback_staff_pages.pages,
    *library_pages.pages,
    *library_staff_pages.pages,
    *dossier_pages.pages,
    *dossier_staff_pages.pages,
    *desk_staff_pages.pages,
    *staffing_staff_pages.pages,
]

JOBS: Mapping[str, Handler] = {
    redemptions.BEGIN: redemptions.begin,
    suitability.CALLED: suitability.hear_of_call,
    suitability.WISH_CALLED: suitability.hear_of_wish,
    bookings.REMIND: bookings.remind,
    bookings.CALLED: bookings.hear_of_call,
    bookings.SPOT_CHECKED: bookings.hear_of_spot_check,
    dossier.GATHER: dossier.gather,
}
DUTIES: Sequence[Periodic] = (
    Periodic("audit.seal", timedelta(seconds=1), audit.seal),
    Periodic("redemptions.time_out", timedelta(seconds=30), redemptions.time_out_due),
    Periodic("redemptions.fail_forgotten", timedelta(hours=1), redemptions.fail_forgotten),
    Periodic("points.time_out", timedelta(seconds=30), points.time_out_holds),
    Periodic("points.activate", timedelta(seconds=30), points.activate_due),
    Periodic("points.expire", timedelta(seconds=30), points.expire_due),
    Periodic("points.tell_lapses", timedelta(minutes=10), points.tell_lapses),
    Periodic("clients.fall_overdue", timedelta(minutes=10), clients.fall_overdue),
    Periodic("tiers.evaluate", timedelta(minutes=10), tiers.evaluate_due),
    Periodic("tiers.advisers", timedelta(minutes=10), tiers.assign_waiting),
    Periodic("tiers.core_calls", timedelta(hours=1), tiers.plan_core_calls),
    Periodic("tiers.loyalty", timedelta(hours=1), tiers.award_loyalty),
    Periodic("club.time_out", timedelta(seconds=30), club.time_out_due),
    Periodic("club.tell_ending", timedelta(hours=1), club.tell_ending),
    Periodic("desk.tell_late", timedelta(seconds=30), desk.tell_late),
    Periodic("staffing.keep", timedelta(minutes=10), staffing.keep),
    Periodic("dossier.end_exports", timedelta(minutes=10), dossier.end_exports),
    Periodic("desk.lay_week", timedelta(hours=1), desk.lay_week),
    Periodic("home.reward_complete", timedelta(minutes=10), home.reward_complete),
    Periodic("home.ask_guests", timedelta(hours=1), home.ask_guests),
    Periodic("clients.send_notices", timedelta(seconds=5), clients.send_notices),
    Periodic("suitability.call_held", timedelta(minutes=1), suitability.call_held),
    Periodic("suitability.call_wishes", timedelta(minutes=1), suitability.call_wishes),
    Periodic("suitability.remind", timedelta(hours=1), suitability.remind_due),
    Periodic("suitability.watch", timedelta(hours=1), suitability.watch),
    Periodic("products.end_lapsed", timedelta(minutes=10), products.end_lapsed),
    Periodic("products.keep_gifts", timedelta(hours=1), products.keep_gifts),
    Periodic("bookings.release_lapsed", timedelta(seconds=30), bookings.release_lapsed),
    Periodic("bookings.offer_places", timedelta(seconds=30), bookings.offer_places),
    Periodic("bookings.claw_back", timedelta(hours=1), bookings.claw_back_due),
    Periodic("bookings.follow_up", timedelta(hours=1), bookings.follow_up),
    Periodic("callbacks.regular", timedelta(hours=1), callbacks.plan_regular),
    Periodic("feedback.escalate", timedelta(minutes=1), feedback.escalate_due),
    Periodic("feedback.invite_due", timedelta(hours=1), feedback.invite_due),
    Periodic("feedback.close_silent", timedelta(hours=1), feedback.close_silent),
    Periodic("bookings.escalate", timedelta(seconds=30), bookings.escalate_late),
    Periodic("bookings.take_effect", timedelta(minutes=1), bookings.take_effect),
    Periodic("library.tell", timedelta(seconds=10), library.tell_announcements),
    Periodic("library.care", timedelta(minutes=10), library.send_care),
    Periodic("bookings.lay_slots", timedelta(hours=1), bookings.lay_slots),
)
FOLLOWERS: Sequence[Follower] = desk.FOLLOWERS
