"""Doors: how a request comes in, and what a page may ask for by name.

A page declares its guard beside its path and asks for `db`, `client`, `staff`, `page`, `sent`, `now`, `seat`, `vault`
or `database` by parameter name. All of it, the transaction included, happens in one worker thread: a commit never
waits for a free thread while other threads wait for the lock that it holds.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment
from litestar import Request, Response
from litestar import get as litestar_get
from litestar import post as litestar_post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.response import Redirect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import identity
from portal.identity import Seat, Visitor
from portal.kit import csrf, i18n
from portal.kit.db import Database
from portal.kit.forms import Form
from portal.kit.render import render
from portal.kit.vault import Vault
from portal.settings import Settings

F = TypeVar("F", bound=Form)
THREADS = CapacityLimiter(40)
BODY_LIMIT = 64 * 1024
FIELD_LIMIT = 200
ATTEMPTS = 4  # of a transaction that the database itself asks to be tried again
LOOKS = {"lang": {"zh", "en"}, "size": {"normal", "large"}, "theme": {"light", "dark", "system"}}
YEAR = 365 * 24 * 3600


class SignInNeeded(Exception):
    """The page needs somebody signed in; `next` is where he wanted to go."""

    def __init__(self, target: str) -> None:
        """Remember where to go on after signing in."""
        super().__init__(target)
        self.target = target


class SecondFactorNeeded(SignInNeeded):
    """The page needs a second factor that this visitor has not shown."""


@dataclass(frozen=True)
class Guard:
    """Who may come in."""

    name: str
    kind: str | None = None
    aal: int = 1

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


PUBLIC = Guard("public")
SIGNED_IN = Guard("signed in", "anyone")
CLIENT = Guard("client", "client")
CLIENT_AAL2 = Guard("client with second factor", "client", aal=2)
STAFF = Guard("staff", "staff", aal=2)


@dataclass(frozen=True)
class House:
    """What every request shares: built once, in app.py."""

    settings: Settings
    database: Database
    vault: Vault
    templates: Environment
    url: Callable[..., str]
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class Fields:
    """The fields that a form sent."""

    typed: Mapping[str, str]

    def bind(self, form: type[F]) -> F:
        """Read the fields as a form."""
        return form.bind(self.typed)


@dataclass
class PageMaker:
    """Makes the answer: a page, a fragment of it, the same page again with what is wrong, or the way onward."""

    house: House
    request: Request[Any, Any, Any]
    visitor: Visitor | None
    secret: str | None
    cookies: list[Cookie] = field(default_factory=list)

    @property
    def query(self) -> dict[str, str]:
        """Give the query string's fields; of a repeated one the last."""
        return dict(self.request.query_params.items())

    def show(self, template: str, *, block: str | None = None, status: int = 200, **values: Any) -> Response[str]:
        """Show a page; to htmx, when it asks for part of one, only the block."""
        wanted = block if self.is_fragment else None
        text = render(self.house.templates, template, {**self._always(), **values}, wanted)
        return Response(text, status_code=status, media_type="text/html; charset=utf-8", cookies=self.cookies)

    def again(self, template: str, *, block: str | None = None, **values: Any) -> Response[str]:
        """Show the form again with what is wrong and all that was typed: 422."""
        return self.show(template, block=block, status=422, **values)

    def go(self, name: str, **params: Any) -> Response[Any]:
        """Lead on to a page by its name: 303."""
        return self.go_to(self.house.url(name, **params))

    def go_to(self, path: str) -> Response[Any]:
        """Lead on to a path of our own: 303."""
        return Redirect(path, status_code=303, cookies=self.cookies)

    def missing(self) -> NotFoundException:
        """Give the exception of a page that does not exist, or not for this visitor."""
        return NotFoundException()

    @property
    def is_fragment(self) -> bool:
        """Tell whether htmx asks for a part of the page."""
        return self.request.headers.get("hx-request-type") == "partial"

    def keep(self, name: str, value: str, *, seconds: int = YEAR) -> None:
        """Set one of our cookies."""
        self.cookies.append(cookie(self.house.settings, name, value, seconds=seconds))

    def forget(self, name: str) -> None:
        """Take one of our cookies away."""
        self.cookies.append(cookie(self.house.settings, name, "", seconds=0))

    def cookie(self, name: str) -> str:
        """Read one of our cookies; empty when it is not there."""
        return self.request.cookies.get(cookie_name(self.house.settings, name), "")

    def _always(self) -> dict[str, Any]:
        looks = {name: self.request.cookies.get(name) for name in LOOKS}
        return {
            "page": self,
            "visitor": self.visitor,
            "csrf": csrf.hidden_input(self.secret),
            "looks": {**looks, **{k: v for k, v in self.query.items() if k in LOOKS}},
            "here": self.request.url.path,
        }


def cookie(settings: Settings, name: str, value: str, *, seconds: int | None) -> Cookie:
    """Make a cookie of ours: for this host alone, never for a script, Secure wherever browsers reach us by https."""
    return Cookie(
        key=cookie_name(settings, name), value=value, path="/", max_age=seconds, httponly=True,
        secure=settings.is_secure, samesite="lax",
    )  # fmt: skip


def cookie_name(settings: Settings, name: str) -> str:
    """Name a cookie: with the __Host- prefix wherever browsers accept it."""
    return f"__Host-{name}" if settings.is_secure and name in {"session", "device", "attempt"} else name


Db = Annotated[Session, "door"]
Now = Annotated[datetime, "door"]
Page = Annotated[PageMaker, "door"]
Sent = Annotated[Fields, "door"]
SignedIn = Annotated[Visitor, "door"]
Staff = Annotated[Visitor, "door"]
DOORS = {"db", "now", "page", "sent", "client", "staff", "visitor", "seat", "vault", "database", "settings"}


def get(path: str, *, name: str, guard: Guard) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Declare a page that only reads."""
    return _declare(litestar_get, path, name, guard, writes=False)


def post(path: str, *, name: str, guard: Guard) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Declare a verb: its form is read within bounds and its token compared before the handler runs."""
    return _declare(litestar_post, path, name, guard, writes=True)


def _declare(
    method: Any, path: str, name: str, guard: Guard, *, writes: bool
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    def declare(handler: Callable[..., Any]) -> HTTPRouteHandler:
        entrance = _entrance(handler, guard, writes=writes)
        opt = {"guard": guard.name, "room": handler.__module__}
        checks = [read_form] if writes else []
        make = method(path, name=name, opt=opt, guards=checks, status_code=200, media_type="text/html")
        made: HTTPRouteHandler = make(entrance)
        return made

    return declare


async def read_form(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Read the posted form: bounded in bytes and fields before anything looks at it."""
    request: Request[Any, Any, Any] = connection  # type: ignore[assignment]
    body = await request.body()
    try:
        # Our own parser: the framework's keeps every body it has seen, passwords included, and knows no limit.
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELD_LIMIT, strict_parsing=False)
    except (ValueError, UnicodeDecodeError) as error:
        raise ClientException("form") from error
    connection.scope["state"]["fields"] = Fields(dict(pairs))


def _entrance(handler: Callable[..., Any], guard: Guard, *, writes: bool) -> Callable[..., Any]:
    wanted = inspect.signature(handler).parameters
    asked = {name for name in wanted if name in DOORS}

    async def entrance(**given: Any) -> Any:
        request = given.pop("request")
        inside = partial(_enter, request, handler, guard, asked, given, writes=writes)
        return await to_thread.run_sync(inside, limiter=THREADS)

    own = [parameter for name, parameter in wanted.items() if name not in DOORS]
    first = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    rest = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    entrance.__signature__ = inspect.Signature([first, *rest])  # type: ignore[attr-defined]
    entrance.__annotations__ = {p.name: p.annotation for p in [first, *rest]} | {"return": Response}
    entrance.__name__, entrance.__doc__, entrance.__module__ = handler.__name__, handler.__doc__, handler.__module__
    return entrance


def _enter(
    request: Request[Any, Any, Any],
    handler: Callable[..., Any],
    guard: Guard,
    asked: set[str],
    given: dict[str, Any],
    *,
    writes: bool,
) -> Any:
    house: House = request.app.state.house
    secret = request.cookies.get(cookie_name(house.settings, "session"))
    now = house.clock()
    with i18n.speaking(_language(request)):
        if "database" in asked:  # the handler opens its own transactions, such as around a password hash
            with house.database.reading() as db:
                visitor = _visitor(db, request, guard, secret, now, writes=writes)
            return handler(**given, **_supplies(house, request, visitor, secret, now, None, asked))
        for attempt in range(ATTEMPTS):
            try:
                with house.database.writing() if writes else house.database.reading() as db:
                    visitor = _visitor(db, request, guard, secret, now, writes=writes)
                    answer = handler(**given, **_supplies(house, request, visitor, secret, now, db, asked))
                    if writes and visitor and now - visitor.seen_at >= identity.SEEN_EVERY:
                        identity.touch(db, visitor, now)
                break
            except OperationalError as error:
                if attempt == ATTEMPTS - 1 or not _is_passing(error):
                    raise
        if not writes:
            _touch(house, visitor, now)
        return answer


def _visitor(
    db: Session, request: Request[Any, Any, Any], guard: Guard, secret: str | None, now: datetime, *, writes: bool
) -> Visitor | None:
    visitor = identity.visitor_of(db, secret, now)
    guard.check(visitor, _here(request))
    if writes and visitor and secret:
        sent: Fields = request.scope["state"]["fields"]
        if not csrf.matches(secret, sent.typed.get(csrf.FIELD, "")):
            raise PermissionDeniedException("stale form")
    return visitor


def _touch(house: House, visitor: Visitor | None, now: datetime) -> None:
    if visitor and now - visitor.seen_at >= identity.SEEN_EVERY:
        with house.database.writing() as db:
            identity.touch(db, visitor, now)


def _supplies(
    house: House,
    request: Request[Any, Any, Any],
    visitor: Visitor | None,
    secret: str | None,
    now: datetime,
    db: Session | None,
    asked: set[str],
) -> dict[str, Any]:
    supplies: dict[str, Any] = {
        "db": db,
        "now": now,
        "client": visitor,
        "staff": visitor,
        "visitor": visitor,
        "database": house.database,
        "vault": house.vault,
        "settings": house.settings,
        "sent": request.scope["state"].get("fields"),
        "seat": _seat(house, request),
        "page": page_maker(house, request, visitor, secret),
    }
    return {name: supplies[name] for name in asked}


def page_maker(house: House, request: Request[Any, Any, Any], visitor: Visitor | None, secret: str | None) -> PageMaker:
    """Make what makes the answer; a look chosen in the address is kept in a cookie."""
    page = PageMaker(house, request, visitor, secret if visitor else None)
    for name, value in page.query.items():
        if value in LOOKS.get(name, ()):
            page.keep(name, value)
    return page


def _seat(house: House, request: Request[Any, Any, Any]) -> Seat:
    address = request.client.host if request.client else "0.0.0.0"
    device = request.cookies.get(cookie_name(house.settings, "device"))
    return Seat(identity.network_of(address), request.headers.get("user-agent", ""), device)


def _language(request: Request[Any, Any, Any]) -> str:
    chosen = request.query_params.get("lang") or request.cookies.get("lang")
    if chosen in i18n.LANGUAGES:
        return str(chosen)
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def language_of(request: Request[Any, Any, Any]) -> str:
    """Name the language of a request: chosen in the address, kept in the cookie, or the browser's."""
    return _language(request)


def _here(request: Request[Any, Any, Any]) -> str:
    if request.method != "GET":
        return "/"
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _is_passing(error: OperationalError) -> bool:
    """Tell whether the database asks to try again: a deadlock, a lost race, a lock not had in time."""
    code = getattr(error.orig, "sqlstate", None)
    return code in {"40001", "40P01", "55P03"} or "database is locked" in str(error.orig)


class Addresses:
    """Writes the address of a page from its name: `url("points.line", number=7)`; other parameters become the query."""

    def __init__(self) -> None:
        """Start without pages; app.py tells it every one."""
        self.paths: dict[str, tuple[str, list[tuple[str, str]]]] = {}

    def learn(self, name: str, path: str) -> None:
        """Learn a page's path, with its {name:type} places."""
        places = [(part, part[1:-1].split(":")[0]) for part in path.split("/") if part.startswith("{")]
        self.paths[name] = (path, places)

    def __call__(self, name: str, **params: Any) -> str:
        """Write the address; a page that does not exist is an error at once."""
        path, places = self.paths[name]
        for written, place in places:
            path = path.replace(written, quote(str(params.pop(place)), safe=""))
        query = urlencode({key: value for key, value in params.items() if value is not None})
        return f"{path}?{query}" if query else path


def is_ours(target: str) -> bool:
    """Tell whether a path may be gone to after signing in: one of our own pages, never another host."""
    return target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target and "\\" not in target
