"""The client's pages of the library: what there is, what a question finds, one piece, its reading check."""

from collections.abc import Sequence
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal.doors import CLIENT, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.i18n import language
from portal.library import queries, synonyms, terms
from portal.library.checks import answer
from portal.library.forms import KINDS, TOPICS
from portal.library.queries import words_of
from portal.library.rules import FOR_EVERY_CLIENT, Kind, Refusal
from portal.library.views import reading

TABS = {
    "all": FOR_EVERY_CLIENT,
    "announcement": (Kind.ANNOUNCEMENT,),
    "faq": (Kind.FAQ,),
    "article": (Kind.ARTICLE,),
    "research": (Kind.REPORT, Kind.NEWS),
}


@get("/library", name="library.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show what there is to read, newest first, or what a question finds; the filter stands in the address."""
    asked, tab, today = page.query.get("q", "").strip(), page.query.get("tab", "all"), local_date(now)
    tab = tab if tab in TABS else "all"
    if asked:
        found, before = queries.search(db, asked, TABS[tab], today), None
    else:
        found, before = _page_of(db, TABS[tab], today, page.query.get("before", ""))
    return page.show(
        "library/index.html", rows=_told(found), tab=tab, tabs=TABS, asked=asked[: terms.QUERY_LIMIT], before=before,
        also=synonyms.others(asked),
        was_cut=len(asked) > terms.QUERY_LIMIT, limit=terms.QUERY_LIMIT, kinds=KINDS, topics=TOPICS, now=now,
        passed=queries.passed(db, client.client_id or 0),
    )  # fmt: skip


@get("/library/{number:str}", name="library.show", guard=CLIENT)
def show(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one piece; of research the summary to everybody, the text to whom it suits."""
    return _show(db, client, page, number, now)


@post("/library/{number:str}/check", name="library.check", guard=CLIENT)
def check(db: Db, client: SignedIn, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Answer an article's questions; lead back to it, where the result stands."""
    piece = queries.by_number(db, number)
    if piece is None or piece.kind != Kind.ARTICLE:
        raise page.missing()
    given = {int(name[1:]): int(value) for name, value in sent.typed.items() if _is_answer(name, value)}
    outcome = answer(db, piece, client_id=client.client_id or 0, answers=given, actor=client.actor, now=now)
    if isinstance(outcome, Refusal):
        return _show(db, client, page, number, now, outcome=outcome, given=given)
    return page.go_to(f"{page.house.url('library.show', number=number)}#check")


def _show(
    db: Session, client: Visitor, page: PageMaker, number: str, now: Now, *, outcome: Refusal | None = None,
    given: dict[int, int] | None = None,
) -> Response[str]:  # fmt: skip
    piece, me = queries.by_number(db, number), client.client_id or 0
    if piece is None or piece.kind not in FOR_EVERY_CLIENT or not queries.editions(db, piece.id):
        raise page.missing()
    edition = queries.edition(db, piece.id, piece.live) if piece.live else None
    if edition is None or edition.expires_on < local_date(now):
        return page.show("library/gone.html", status=410, piece=piece, kinds=KINDS)
    told = reading(db, piece, edition, me, now, given=given) | {"outcome": outcome}
    return page.show("library/show.html", status=422 if outcome else 200, **told)


def _is_answer(name: str, value: str) -> bool:
    return name[:1] == "a" and name[1:].isascii() and name[1:].isdigit() and len(name) < 4 and value in tuple("01234")


def _page_of(db: Session, kinds: Sequence[Kind], today: Any, before: str) -> tuple[Sequence[Any], int | None]:
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    rows = queries.live(db, kinds, today, before=start, limit=queries.PAGE + 1)
    return rows[: queries.PAGE], rows[queries.PAGE - 1].edition_id if len(rows) > queries.PAGE else None


def _told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [words_of(row, language()) for row in rows]


pages = [index, show, check]
