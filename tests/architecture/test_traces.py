"""Every verb leaves an audit row, and every page on which staff see one client's record leaves a look that he reads.

The list of routes is walked: a new address that does neither fails here, or says below why it need not.
"""

import pytest
from litestar import Litestar

from tests.architecture.reach import reached

AUDIT = ("portal.audit.actions", "record")
LOOKS = {("portal.clients.actions", "look"), ("", "shows_client")}
# Pages with a number in the address that are about no client, or about no one client.
NO_RECORD = {
    "clients.call": "looked at when the caller is proved: that verb leaves the look",
    "desk.calendar_csv": "the working days of a year",
    "desk.correction": "a note that the client's page shows, which leaves the look",
    "events.show": "an event of the firm's",
    "feeds.day": "a day of the feed: rows of many, masked",
    "feedback.year": "a year's figures",
    "feedback.year_csv": "a year's figures",
    "library.edit": "a piece of the firm's",
    "staffing.handover": "a list of many clients who change hands; each one's page leaves its look",
    "staffing.member": "a member of staff",
}
# Verbs that change no record of anybody's, or whose record is another chain of the same kind.
NO_ROW = {
    "bookings.decline": "a visitor without an account lets a place go that was kept for him for minutes",
    "bookings.keep": "a place kept for five minutes, for nobody yet",
    "bookings.wait": "a visitor without an account waits for a place; the booking that comes of it leaves its row",
    "identity.amounts": "a wish of the screen: whether amounts show",
    "inbox.read_all": "that a client has read, which the inbox keeps as its own record",
}


def handlers(app: Litestar, method: str) -> dict[str, tuple[str, str, str, str]]:
    """Give path, guard, module and function of every address of a method by its name."""
    found = {}
    for route in app.routes:
        for handler in route.route_handlers:
            if method in handler.http_methods and handler.opt.get("guard"):
                made = handler.fn
                where = (route.path, str(handler.opt["guard"]), str(handler.opt["room"]), made.__name__)
                found[str(handler.name)] = where
    return found


def test_every_verb_leaves_an_audit_row(app: Litestar) -> None:
    without = {
        name
        for name, (_, _, module, function) in handlers(app, "POST").items()
        if AUDIT not in reached(module, function)
    }
    assert sorted(without - NO_ROW.keys()) == [], "write an audit row in the verb's transaction"
    assert sorted(NO_ROW.keys() - without) == [], "these do leave one: take them out"


def test_every_page_of_one_client_s_record_leaves_a_look(app: Litestar) -> None:
    pages = {
        name: where for name, where in handlers(app, "GET").items() if where[1].startswith("staff") and "{" in where[0]
    }
    without = {name for name, (_, _, module, function) in pages.items() if not LOOKS & reached(module, function)}
    assert sorted(without - NO_RECORD.keys()) == [], (
        "page.shows_client(…) writes the look down before the answer leaves"
    )
    assert sorted(NO_RECORD.keys() - without) == [], "these do leave one: take them out"


@pytest.mark.parametrize(
    ("module", "function", "leaves"),
    [("portal.redemptions.pages", "create", True), ("portal.home.pages", "index", False)],
)
def test_what_is_reached_is_told_from_what_is_not(module: str, function: str, leaves: bool) -> None:
    assert (AUDIT in reached(module, function)) is leaves
