"""The first page of a signed-in client."""

from litestar import Response
from litestar.params import FromPath

from portal import club, library, suitability
from portal.doors import CLIENT, Db, Now, Page, PageMaker, SignedIn, get
from portal.home.queries import overview
from portal.home.rules import greeting
from portal.identity import Visitor
from portal.kit.clock import local, local_date
from portal.kit.i18n import language, later

RISKS = {
    "C1": later("保守型"),
    "C2": later("谨慎型"),
    "C3": later("稳健型"),
    "C4": later("积极型"),
    "C5": later("激进型"),
}


@get("/", name="home.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Greet the client; show assets, points, tier, and what waits for him."""
    seen = overview(db, client, now)
    return page.show(
        "home/index.html", seen=seen, now=now, greeting=greeting(local(now).time()), risks=RISKS,
        standing=suitability.standing(db, client.client_id),
    )  # fmt: skip


@get("/club/notes", name="home.club_notes", guard=CLIENT)
def club_notes(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """List the notes that the library holds for members of the club: here both rooms are known. 404 to others."""
    _as_member(db, client, page, now)
    return page.show("home/club_notes.html", rows=library.notes(db, local_date(now), language()), now=now)


@get("/club/notes/{number:str}", name="home.club_note", guard=CLIENT)
def club_note(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show a members' note; its text, as all research, to whom it suits."""
    _as_member(db, client, page, now)
    found = library.note(db, number, local_date(now))
    if found is None:
        raise page.missing()
    return page.show("library/show.html", **library.reading(db, *found, client.client_id or 0, now))


def _as_member(db: Db, client: Visitor, page: PageMaker, now: Now) -> None:
    if club.membership(db, client.client_id or 0, local_date(now)) is None:
        raise page.missing()


pages = [index, club_notes, club_note]
