"""The first page of a signed-in client."""

from collections import Counter
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import club, library, suitability
from portal.doors import CLIENT, Db, Now, Page, PageMaker, SignedIn, get
from portal.home.benefits import Benefit, used
from portal.home.queries import overview
from portal.home.rules import greeting
from portal.identity import Visitor
from portal.kit.clock import local, local_date
from portal.kit.db import Database
from portal.kit.i18n import language, later

RISKS = {
    "C1": later("保守型"),
    "C2": later("谨慎型"),
    "C3": later("稳健型"),
    "C4": later("积极型"),
    "C5": later("激进型"),
}


BENEFITS = {
    Benefit.EVENT: later("到场的活动"),
    Benefit.TALK: later("账户面谈"),
    Benefit.NOTE: later("读过的会员笔记"),
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
def club_note(database: Database, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show a members' note; its text, as all research, to whom it suits; that it was opened is written down first."""
    with database.writing() as db:
        piece, edition = _note(db, client, page, number, now)
        library.note_opened(db, piece, edition, client.client_id or 0, now)
    with database.reading() as db:
        piece, edition = _note(db, client, page, number, now)
        return page.show("library/show.html", **library.reading(db, piece, edition, client.client_id or 0, now))


@get("/club/benefits/{year:int}", name="home.club_benefits", guard=CLIENT)
def club_benefits(db: Db, client: SignedIn, page: Page, year: FromPath[int], now: Now) -> Response[str]:
    """Count what a member has used in a year: events, talks, notes. 404 to others."""
    member, this_year = _as_member(db, client, page, now), local_date(now).year
    if not member.since.year <= year <= this_year:
        raise page.missing()
    uses = used(db, client.client_id or 0, year)
    return page.show(
        "home/club_benefits.html", uses=uses, counts=Counter(use.benefit for use in uses), year=year, words=BENEFITS,
        years=range(this_year, member.since.year - 1, -1), tag=language(), now=now,
    )  # fmt: skip


def _note(db: Session, client: Visitor, page: PageMaker, number: str, now: Now) -> tuple[Any, Any]:
    _as_member(db, client, page, now)
    found = library.note(db, number, local_date(now))
    if found is None:
        raise page.missing()
    return found


def _as_member(db: Session, client: Visitor, page: PageMaker, now: Now) -> club.Membership:
    member = club.membership(db, client.client_id or 0, local_date(now))
    if member is None:
        raise page.missing()
    return member


pages = [index, club_notes, club_note, club_benefits]
