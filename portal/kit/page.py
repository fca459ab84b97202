"""The answer: a page, a part of it, the page again with what is wrong, or the way onward; and our cookies."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from jinja2 import Environment
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from portal.kit import csrf, i18n
from portal.kit.addresses import is_ours
from portal.kit.db import Database
from portal.kit.render import render
from portal.kit.uploads import Store
from portal.kit.vault import Vault
from portal.settings import Settings

LOOKS = {"lang": {"zh", "en"}, "size": {"normal", "large"}, "theme": {"light", "dark", "system"}}
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class House:
    """What every request shares: built once, in app.py."""

    settings: Settings
    database: Database
    vault: Vault
    templates: Environment
    url: Callable[..., str]
    clock: Callable[[], datetime]
    guards: dict[str, Any] = field(default_factory=dict)  # of every page, by its name

    @property
    def store(self) -> Store:
        """Give where visitors' files are kept."""
        return Store(self.settings.home, self.vault)


@dataclass
class PageMaker:
    """Makes the answer to one request; `visitor` is whoever is signed in, `home` where his first page is."""

    house: House
    request: Request[Any, Any, Any]
    visitor: Any
    secret: str | None
    home: str
    cookies: list[Cookie] = field(default_factory=list)
    looks: list[tuple[int, str, str]] = field(default_factory=list)

    def shows_client(self, client_id: int | None, what: str, number: str = "") -> None:
        """Say whose record the answer shows: the door writes the look down before the answer leaves."""
        if client_id is not None:
            self.looks.append((client_id, what, number))

    def __post_init__(self) -> None:
        """Keep a look that was chosen in the address."""
        for name, value in self._chosen().items():
            self.keep(name, value)

    @property
    def query(self) -> dict[str, str]:
        """Give the query string's fields; of a repeated one the last."""
        return dict(self.request.query_params.items())

    @property
    def is_fragment(self) -> bool:
        """Tell whether htmx asks for a part of the page."""
        return self.request.headers.get("hx-request-type") == "partial"

    def show(self, template: str, *, block: str | None = None, status: int = 200, **values: Any) -> Response[str]:
        """Show a page; to htmx, when it asks for part of one, only the block."""
        wanted = block if self.is_fragment else None
        text = render(self.house.templates, template, {**self._always(), **values}, wanted)
        return Response(text, status_code=status, media_type="text/html", cookies=self.cookies)

    def again(self, template: str, *, block: str | None = None, **values: Any) -> Response[str]:
        """Show the form again with what is wrong and all that was typed: 422."""
        return self.show(template, block=block, status=422, **values)

    def go(self, name: str, **params: Any) -> Response[Any]:
        """Lead on to a page by its name: 303."""
        return self.go_to(self.house.url(name, **params))

    def go_to(self, path: str) -> Response[Any]:
        """Lead on to a path of our own: 303; htmx is told to open the page itself, not to put it into a box."""
        if self.is_fragment:
            return Response("", status_code=200, headers={"HX-Redirect": path}, cookies=self.cookies)
        return Redirect(path, status_code=303, cookies=self.cookies)

    def back(self) -> Response[Any]:
        """Lead back to the page whose form was sent, its query kept: 303."""
        path, query = self._place()
        return self.go_to(f"{path}?{urlencode(query)}" if query else path)

    def missing(self) -> NotFoundException:
        """Give the exception of a page that does not exist, or not for this visitor."""
        return NotFoundException()

    def look(self, **chosen: str) -> str:
        """Give the address of this very page, its query kept, in another language, size or light."""
        path, query = self._place()
        kept = [(name, value) for name, value in query if name not in LOOKS]
        return f"{path}?{urlencode([*kept, *chosen.items()])}"

    def may(self, name: str) -> bool:
        """Tell whether the guard of a page would let this visitor in; where not, nothing leads there."""
        return bool(self.house.guards[name].admits(self.visitor))

    def keep(self, name: str, value: str, *, seconds: int = YEAR) -> None:
        """Set one of our cookies."""
        self.cookies.append(cookie(self.house.settings, name, value, seconds=seconds))

    def forget(self, name: str) -> None:
        """Take one of our cookies away."""
        self.cookies.append(cookie(self.house.settings, name, "", seconds=0))

    def cookie(self, name: str) -> str:
        """Read one of our cookies; empty when it is not there."""
        return cookie_of(self.request, self.house.settings, name)

    def _place(self) -> tuple[str, list[tuple[str, str]]]:
        if self.request.method == "GET":
            path, asked = quote(self.request.scope["path"]), self.request.scope["query_string"].decode("latin-1")
        else:  # a verb's address shows nothing when it is opened: back to the page whose form was sent
            from_page = urlsplit(self.request.headers.get("referer", ""))
            path, asked = from_page.path, from_page.query
        return (path if is_ours(path) else self.home), parse_qsl(asked, keep_blank_values=True)

    def _chosen(self) -> dict[str, str]:
        return {name: value for name, value in self.query.items() if value in LOOKS.get(name, ())}

    def _always(self) -> dict[str, Any]:
        return {
            "page": self,
            "visitor": self.visitor,
            "csrf": csrf.hidden_input(self.secret if self.visitor else None),
            "looks": {**{name: self.cookie(name) for name in LOOKS}, **self._chosen()},
            "here": self.request.url.path,
        }


def cookie(settings: Settings, name: str, value: str, *, seconds: int) -> Cookie:
    """Make a cookie of ours: for this host alone, never for a script, Secure wherever browsers reach us by https."""
    return Cookie(
        key=cookie_name(settings, name), value=value, path="/", max_age=seconds, httponly=True,
        secure=settings.is_secure, samesite="lax",
    )  # fmt: skip


def cookie_name(settings: Settings, name: str) -> str:
    """Name a cookie: with the __Host- prefix wherever browsers accept it."""
    return f"__Host-{name}" if settings.is_secure else name


def cookie_of(request: Request[Any, Any, Any], settings: Settings, name: str) -> str:
    """Read one of our cookies; empty when it is not there."""
    return request.cookies.get(cookie_name(settings, name), "")


def language_of(request: Request[Any, Any, Any], settings: Settings) -> str:
    """Name the language of a request: chosen in the address, kept in the cookie, or the browser's."""
    chosen = request.query_params.get("lang") or cookie_of(request, settings, "lang")
    if chosen in i18n.LANGUAGES:
        return str(chosen)
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"
