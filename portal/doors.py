"""Doors: how a request comes in, and what a page may ask for by name.

A page declares its guard beside its path and asks for `db`, `client`, `staff`, `page`, `sent`, `now`, `seat`, `vault`,
`store` or `database` by parameter name. All of it, the transaction included, happens in one worker thread: a commit
never waits for a free thread while other threads wait for the lock that it holds.
"""

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from litestar import Request, Response
from litestar import get as litestar_get
from litestar import post as litestar_post
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from portal import clients, identity
from portal.identity import Role, Seat, Visitor
from portal.kit import csrf, i18n
from portal.kit.addresses import is_ours
from portal.kit.page import House, PageMaker, cookie_of, language_of
from portal.kit.posted import UPLOAD_LIMIT, Fields, read_form, read_upload, refuse_nul
from portal.kit.render import hide_amounts

__all__ = [
    "CLIENT", "CLIENT_AAL2", "DECIDES", "PUBLIC", "READS", "SIGNED_IN", "WORKS", "Db", "Fields", "Guard", "House",
    "Now", "Page", "PageMaker", "Role", "RoleNeeded", "SecondFactorNeeded", "Sent", "SignInNeeded", "SignedIn", "Staff",
    "get", "is_ours", "page_of", "post", "staff_of", "visitor_if_any",
]  # fmt: skip
THREADS = CapacityLimiter(40)
LARGEST_NUMBER = 2**63 - 1  # what a column holds
ATTEMPTS = 4  # of a transaction that the database itself asks to be tried again
ASKS_AGAIN = {"40001", "40P01", "55P03"}  # PostgreSQL: a lost race, a deadlock, a lock not had in time


class SignInNeeded(Exception):
    """The page needs somebody signed in; `target` is where he wanted to go."""

    def __init__(self, target: str) -> None:
        """Remember where to go on after signing in."""
        super().__init__(target)
        self.target = target


class SecondFactorNeeded(SignInNeeded):
    """The page needs a second factor that this visitor has not shown."""


class RoleNeeded(PermissionDeniedException):
    """The page is for other members of staff."""


@dataclass(frozen=True)
class Guard:
    """Who may come in."""

    name: str
    kind: str | None = None
    aal: int = 1
    roles: frozenset[Role] = frozenset()

    def check(self, visitor: Visitor | None, here: str) -> None:
        """Let the visitor in or raise: sign in first, show the second factor, or there is no such page."""
        if self.kind is None:
            return
        if visitor is None:
            raise SignInNeeded(here)
        if visitor.kind != self.kind and self.kind != "anyone":
            raise NotFoundException
        if visitor.aal < self.aal:
            raise SecondFactorNeeded(here)
        if self.roles and self.roles.isdisjoint(visitor.roles):
            raise RoleNeeded

    def admits(self, visitor: Visitor | None) -> bool:
        """Tell whether it is worth showing this visitor the way here."""
        if self.kind is None or visitor is None:
            return self.kind is None
        return self.kind in (visitor.kind, "anyone") and (not self.roles or not self.roles.isdisjoint(visitor.roles))


def staff_of(*roles: Role) -> Guard:
    """Let in staff who have one of these roles."""
    return Guard("staff: " + " ".join(each for each in Role if each in roles), "staff", 2, frozenset(roles))


PUBLIC = Guard("public")
SIGNED_IN = Guard("signed in", "anyone")
CLIENT = Guard("client", "client")
CLIENT_AAL2 = Guard("client with second factor", "client", aal=2)
READS = staff_of(Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER)  # a queue and what stands in it
WORKS = staff_of(Role.HANDLER, Role.REVIEWER)  # takes in hand, prepares, decides where one person is enough
DECIDES = staff_of(Role.REVIEWER)  # the second person's step

Db = Annotated[Session, "door"]
Now = Annotated[datetime, "door"]
Page = Annotated[PageMaker, "door"]
Sent = Annotated[Fields, "door"]
SignedIn = Annotated[Visitor, "door"]
Staff = Annotated[Visitor, "door"]
DOORS = {"db", "now", "page", "sent", "client", "staff", "visitor", "seat", "vault", "store", "database", "settings"}


def get(path: str, *, name: str, guard: Guard) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Declare a page that only reads."""
    return _declare(litestar_get, path, name, guard, writes=False)


def post(
    path: str, *, name: str, guard: Guard, uploads: bool = False
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Declare a verb: its form is read within bounds and its token compared before the handler runs.

    With `uploads` it takes files as well (`sent.files`), up to a larger bound; who is not signed in sends none.
    """
    return _declare(litestar_post, path, name, guard, writes=True, uploads=uploads)


def _declare(
    method: Any, path: str, name: str, guard: Guard, *, writes: bool, uploads: bool = False
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    def declare(handler: Callable[..., Any]) -> HTTPRouteHandler:
        entrance = _entrance(handler, guard, writes=writes)
        opt = {"guard": guard.name, "door": guard, "room": handler.__module__}
        checks: list[Any] = [read_upload if uploads else read_form] if writes else []
        if uploads and guard.kind is not None:
            checks.insert(0, _has_session)
        bound = {"request_max_body_size": UPLOAD_LIMIT} if uploads else {}
        make = method(path, name=name, opt=opt, guards=checks, status_code=200, media_type="text/html", **bound)
        made: HTTPRouteHandler = make(entrance)
        return made

    return declare


def _entrance(handler: Callable[..., Any], guard: Guard, *, writes: bool) -> Callable[..., Any]:
    wanted = inspect.signature(handler).parameters
    asked = {name for name in wanted if name in DOORS}

    async def entrance(**given: Any) -> Any:
        if any(isinstance(part, int) and part > LARGEST_NUMBER for part in given.values()):
            raise NotFoundException  # a number of the address that no row of ours can have
        visit = Visit(given.pop("request"), guard, writes)
        return await to_thread.run_sync(visit.answer, handler, asked, given, limiter=THREADS)

    # The framework sees only the request and the handler's own parameters, such as parts of the path.
    own = [parameter for name, parameter in wanted.items() if name not in DOORS]
    first = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    rest = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    entrance.__signature__ = inspect.Signature([first, *rest])  # type: ignore[attr-defined]
    entrance.__annotations__ = {p.name: p.annotation for p in [first, *rest]} | {"return": Response}
    entrance.__name__, entrance.__doc__, entrance.__module__ = handler.__name__, handler.__doc__, handler.__module__
    return entrance


class Visit:
    """One request on its way through a door: who comes, one transaction, the handler, its answer."""

    def __init__(self, request: Request[Any, Any, Any], guard: Guard, writes: bool) -> None:
        """Take note of what came; nothing is read from the database yet."""
        self.request, self.guard, self.writes = request, guard, writes
        self.house: House = request.app.state.house
        self.secret = cookie_of(request, self.house.settings, "session")
        self.now = self.house.clock()
        self.visitor: Visitor | None = None
        self.page: PageMaker | None = None

    def answer(self, handler: Callable[..., Any], asked: set[str], given: dict[str, Any]) -> Any:
        """Let the visitor in and run the handler in the visitor's language."""
        refuse_nul(self.request.scope["path"], *self.request.query_params, *self.request.query_params.values())
        with i18n.speaking(language_of(self.request, self.house.settings)):
            if "database" not in asked:
                return self._in_one_transaction(handler, asked, given)
            with self.house.database.reading() as db:
                self._admit(db)
            # The handler opens its own transactions, such as around a password hash.
            answer = handler(**given, **self._supplies(None, asked))
            self._note_looks()
            return answer

    def _in_one_transaction(self, handler: Callable[..., Any], asked: set[str], given: dict[str, Any]) -> Any:
        opened = self.house.database.writing if self.writes else self.house.database.reading
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with opened() as db:
                    self._admit(db)
                    answer = handler(**given, **self._supplies(db, asked))
                break
            except OperationalError as error:
                if attempt == ATTEMPTS or getattr(error.orig, "sqlstate", None) not in ASKS_AGAIN:
                    raise
        self._note_looks()
        self._touch()
        return answer

    def _admit(self, db: Session) -> None:
        self.visitor = identity.visitor_of(db, self.secret, self.now)
        self.request.scope["state"]["visitor"] = self.visitor
        hide_amounts(bool(self.visitor and self.visitor.kind == "client" and self.visitor.hides_amounts))
        self.guard.check(self.visitor, _here(self.request))
        self.request.scope["state"]["guard"] = self.guard.name  # passed: what the handler answers is its own word
        if self.writes and self.visitor:
            sent: Fields = self.request.scope["state"]["fields"]
            if not csrf.matches(self.secret, sent.typed.get(csrf.FIELD, "")):
                raise PermissionDeniedException("stale form")

    def _note_looks(self) -> None:
        """Write down whose record staff see; where that can't be, the answer does not leave."""
        if not self.page or not self.page.looks or not self.visitor or self.visitor.kind != "staff":
            return
        who = clients.Person(self.visitor.actor, self.visitor.name, self.visitor.user_id, channel="desk")
        with self.house.database.writing() as db:
            for client_id, what, number in dict.fromkeys(self.page.looks):
                clients.look(db, staff=who, client_id=client_id, what=what, reason=number or None, now=self.now)

    def _touch(self) -> None:
        if self.visitor and self.now - self.visitor.seen_at >= identity.SEEN_EVERY:
            # Where nothing can be written just now, pages stay readable.
            with suppress(OperationalError), self.house.database.writing() as db:
                identity.touch(db, self.visitor, self.now)

    def _page(self) -> PageMaker:
        self.page = page_of(self.request, self.visitor)
        return self.page

    def _supplies(self, db: Session | None, asked: set[str]) -> dict[str, Any]:
        supplies: dict[str, Callable[[], Any]] = {
            "db": lambda: db,
            "now": lambda: self.now,
            "client": lambda: self.visitor,
            "staff": lambda: self.visitor,
            "visitor": lambda: self.visitor,
            "database": lambda: self.house.database,
            "vault": lambda: self.house.vault,
            "store": lambda: self.house.store,
            "settings": lambda: self.house.settings,
            "sent": lambda: self.request.scope["state"]["fields"],
            "seat": lambda: _seat(self.house, self.request, self.secret),
            "page": self._page,
        }
        return {name: supplies[name]() for name in asked}


def page_of(request: Request[Any, Any, Any], visitor: Visitor | None) -> PageMaker:
    """Make what makes the answer; errors have a page too."""
    house: House = request.app.state.house
    home = house.url("desk.index" if visitor and visitor.kind == "staff" else "home.index")
    return PageMaker(house, request, visitor, cookie_of(request, house.settings, "session"), home)


def visitor_if_any(request: Request[Any, Any, Any]) -> Visitor | None:
    """Name the visitor for the page of an error; when that can't be had, nobody: an error never fails again."""
    state, house = request.scope["state"], request.app.state.house
    secret = cookie_of(request, house.settings, "session")
    if "visitor" not in state and secret:
        with suppress(SQLAlchemyError), house.database.reading() as db:
            state["visitor"] = identity.visitor_of(db, secret, house.clock())
    visitor: Visitor | None = state.get("visitor")
    return visitor


async def _has_session(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Turn away who is not signed in before a byte of his files is read; raises SignInNeeded."""
    if not cookie_of(Request(connection.scope), connection.app.state.house.settings, "session"):
        raise SignInNeeded("/")


def _seat(house: House, request: Request[Any, Any, Any], secret: str) -> Seat:
    return Seat(
        network=identity.network_of(_address(house, request)),
        agent=request.headers.get("user-agent", ""),
        device=cookie_of(request, house.settings, "device") or None,
        session=secret or None,
    )


def _address(house: House, request: Request[Any, Any, Any]) -> str:
    # We listen on the loopback address alone: by https somebody comes through our own proxy, which names him last.
    named = request.headers.getall("x-forwarded-for", []) if house.settings.is_secure else []
    if named:
        return str(named[-1]).rpartition(",")[2].strip()
    return request.client.host if request.client else ""


def _here(request: Request[Any, Any, Any]) -> str:
    if request.method != "GET":
        return "/"
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
