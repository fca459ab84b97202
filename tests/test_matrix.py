"""The matrix of rights, really asked: every address, as everybody, with every method, against the reviewed list."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from litestar import Litestar

from portal import settings, tiers
from portal.app import create
from portal.demo import telephones
from portal.doors import Role
from portal.kit import csrf
from tests.architecture.test_routes import LIST
from tests.clients.house import bring, furnish
from tests.conftest import Clock, lay_schema
from tests.visitors import session_of, staff_session

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE")
STRANGER, CLIENT, ONE_FACTOR = "a stranger", "a client", "a client without his second factor"
ANY_ROLE = "staff with every role"
EVERYBODY = (STRANGER, CLIENT, ONE_FACTOR, *Role)
LEADS_ON, WRONG_ROLE, NO_SUCH_PAGE, NO_SUCH_METHOD, NOTHING = 303, 403, 404, 405, 204
FILES = "/static/{digest:str}/{place:path}"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    method: str
    path: str
    guard: str

    @property
    def address(self) -> str:
        """Give an address of this shape that nothing is behind."""
        return re.sub(r"\{[^}]*\}", "1", self.path)

    def turns_away(self, who: str) -> int | None:
        """Give the status with which somebody is turned away, or None for whom the list lets in."""
        if self.guard == "public":
            return None
        if who == STRANGER:
            return LEADS_ON
        if self.guard.startswith("client"):
            if who == ONE_FACTOR:
                return LEADS_ON if self.guard == "client with second factor" else None
            return None if who == CLIENT else NO_SUCH_PAGE
        if self.guard == "signed in":
            return None
        roles = self.guard.removeprefix("staff: ").split()
        return None if who in roles else WRONG_ROLE if who in [*Role] else NO_SUCH_PAGE


def rows() -> list[Row]:
    """Read the list; whoever signs out has nothing more to ask."""
    lines = (line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#"))
    found = [Row(method, path, " ".join(guard)) for method, path, _, *guard in lines if path != FILES]
    return sorted(found, key=lambda row: row.path == "/signout")


class Asking:
    """Sends bare requests to the application itself, as everybody in turn."""

    def __init__(self, app: Litestar, sessions: dict[str, str]) -> None:
        """Take the sessions of everybody who has one."""
        self.app, self.sessions = app, sessions
        self.passed: str | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on, and keep what the door wrote down once it had let somebody in."""
        state = scope.setdefault("state", {})
        await self.app(scope, receive, send)
        self.passed = state.get("guard")

    def all(self, who: str, wanted: Iterable[Row]) -> list[tuple[Row, int, str | None]]:
        """Ask for many addresses; give each with its status and the guard that let him in."""
        return asyncio.run(self._all(who, wanted))

    async def _all(self, who: str, wanted: Iterable[Row]) -> list[tuple[Row, int, str | None]]:
        way = httpx.ASGITransport(app=self, raise_app_exceptions=False)
        session, found = self.sessions.get(who, ""), []
        async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1:8000") as browser:
            for row in wanted:
                headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"session={session}"}
                form = {"_csrf": csrf.token(session)} if row.method == "POST" else None
                answer = await browser.request(row.method, row.address, data=form, headers=headers)
                found.append((row, answer.status_code, self.passed))
        return found


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Open the portal with one person of each kind signed in, on SQLite: no guard asks which database it is."""
    read = settings.read({"PORTAL_HOME": str(tmp_path_factory.mktemp("matrix"))})
    lay_schema(read.database_url)
    app = create(read, extra_pages=telephones, now=Clock(NOW))
    database = app.state.house.database
    client_id, sessions = furnish(database).client_id, {}
    with database.writing() as db:
        tiers.seed_terms(db, NOW)
        other_id = bring(db, client_no="10000002")
    for who, number, aal in ((CLIENT, client_id, 2), (ONE_FACTOR, other_id, 1)):
        sessions[who] = session_of(database, client_id=number, name=who, now=NOW, aal=aal)
    for who in (*Role, ANY_ROLE):
        roles = [*Role] if who == ANY_ROLE else [who]
        sessions[who] = staff_session(database, name=who, now=NOW, roles=roles)[1]
    yield Asking(app, sessions)
    database.engine.dispose()


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_address_lets_in_whom_the_list_names_and_nobody_else(ask: Asking, who: str) -> None:
    wrong = []
    for row, status, passed in ask.all(who, rows()):
        away = row.turns_away(who)
        if (status, passed) != (away, None) if away else (status >= 500 or passed != row.guard):
            wrong.append(f"{row.method} {row.path}: {status}, {'let in' if passed else 'turned away'}")
    assert wrong == []


@pytest.mark.parametrize("who", [STRANGER, CLIENT, ANY_ROLE])
def test_no_other_method_gets_past_a_door(ask: Asking, who: str) -> None:
    listed = {(row.method, row.path) for row in rows()}
    others = [Row(method, path, "") for path in sorted({path for _, path in listed}) for method in METHODS]
    asked = ask.all(who, (row for row in others if (row.method, row.path) not in listed))
    assert len(asked) > 500
    for row, status, passed in asked:
        assert (status, passed) == (NOTHING if row.method == "OPTIONS" else NO_SUCH_METHOD, None), row


def test_every_page_of_the_staff_says_which_roles_may_come_in() -> None:
    desk = [row for row in rows() if row.path.startswith("/desk") or row.guard.startswith("staff")]
    assert len(desk) > 50
    for row in desk:
        assert row.path.startswith("/desk"), row
        named = row.guard.removeprefix("staff: ").split()
        assert named, row
        assert set(named) <= {*Role}, row


def test_who_only_reads_finds_no_verb() -> None:
    """Compliance and the administrator change nothing of a client's; a new exception is written down here."""
    verbs = [row for row in rows() if row.method == "POST" and row.path.startswith("/desk")]
    may = {role: {row.path for row in verbs if row.turns_away(role) is None} for role in Role}
    search = "/desk/clients"  # posted, so that no telephone or ID number stands in an address
    assert may[Role.COMPLIANCE] == {
        "/desk/clients/{client_no:str}/reveal",
        "/desk/reveals/{alarm:int}/settlement",  # it watches who looks at too much
        "/desk/bookings/relations/spot-checks",  # it draws whom to call, and changes nothing of theirs
        "/desk/catalogue/{code:str}/off",
        "/desk/catalogue/proposals/{switch:int}/confirmation",
        "/desk/catalogue/proposals/{switch:int}/withdrawal",
        search,
        "/desk/questionnaires/versions",
        "/desk/questionnaires/versions/{proposal:int}/publication",
        "/desk/questionnaires/versions/{proposal:int}/taking-back",
        "/desk/questionnaires/versions/{version:int}/withdrawal",
    }
    staff = "/desk/staff"  # who works here and as what, and nothing of a client's
    assert may[Role.ADMINISTRATOR] == {
        staff,
        *(f"{staff}/{{user:int}}/{verb}" for verb in ("lock", "roles", "unlocking")),
        *(f"{staff}/changes/{{change:int}}/{verb}" for verb in ("approval", "refusal")),
    }
    answers = "/desk/conversations/{client_no:str}"
    late = "/desk/late/{escalation:int}/acknowledgement"  # of what he owes himself
    notes = {"/desk/clients/{client_no:str}/notes", "/desk/clients/{client_no:str}/notes/{note:int}"}
    talks = {f"{answers}/answers", f"{answers}/claim", f"{answers}/settlement"}
    own = {"/desk/handovers", "/desk/handovers/{number:str}/withdrawal"}  # what is his own, by two persons
    assert may[Role.ADVISER] == {search, late, *notes, *talks, *own}
