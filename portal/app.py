"""Builds the application: the only place where its parts are put together."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from litestar.types import ASGIApp
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from portal import settings as environment
from portal.doors import House, RoleNeeded, SecondFactorNeeded, SignInNeeded, page_of, visitor_if_any
from portal.identity import Visitor
from portal.kit import clock, i18n, logs, render, vault
from portal.kit.addresses import Addresses
from portal.kit.browser import Threshold
from portal.kit.db import connect
from portal.kit.page import language_of
from portal.kit.posted import BODY_LIMIT
from portal.kit.static import files
from portal.rooms import PAGES
from portal.settings import Settings

log = structlog.get_logger("portal")
KNOWN_ERRORS = {400, 403, 404, 405, 413, 429}
RETRY_SECONDS = "30"


def create(
    settings: Settings | None = None,
    *,
    extra_pages: Sequence[HTTPRouteHandler] = (),
    now: Callable[[], datetime] = clock.now,
) -> Litestar:
    """Build the portal for these settings; `extra_pages` are the demo's, `now` the clock."""
    logs.set_up()
    settings = settings or environment.read()
    url = Addresses()
    keys = vault.open_vault(settings.home)
    house = House(
        settings=settings,
        database=connect(settings.database_url, keys),
        vault=keys,
        templates=render.environment(url),
        url=url,
        clock=now,
    )
    app = Litestar(
        route_handlers=[*PAGES, *extra_pages, files],
        state=State({"house": house}),
        exception_handlers={
            SignInNeeded: _sign_in,
            SecondFactorNeeded: _second_factor,
            RoleNeeded: _wrong_role,
            HTTPException: _known_error,
            OperationalError: _out_of_reach,
            InterfaceError: _out_of_reach,
            NoConnection: _out_of_reach,
            Exception: _unknown_error,
        },
        openapi_config=None,
        request_max_body_size=BODY_LIMIT,
        logging_config=None,
        debug=False,
    )
    _teach(url, house.guards, app)
    app.asgi_handler = _threshold(app.asgi_handler, settings.origin)
    return app


def _threshold(handler: ASGIApp, origin: str) -> Any:
    return Threshold(handler, origin=origin)


def _teach(url: Addresses, guards: dict[str, Any], app: Litestar) -> None:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if handler.name:
                url.learn(handler.name, route.path_format if "{" not in route.path else route.path)
                guards[handler.name] = handler.opt.get("door")


def _sign_in(request: Request[Any, Any, Any], error: SignInNeeded) -> Response[Any]:
    return _lead(request, "identity.sign_in", error.target)


def _second_factor(request: Request[Any, Any, Any], error: SecondFactorNeeded) -> Response[Any]:
    return _lead(request, "identity.second_factor", error.target)


def _lead(request: Request[Any, Any, Any], name: str, target: str) -> Response[Any]:
    house: House = request.app.state.house
    path = house.url(name, next=target if target != "/" else None)
    if request.headers.get("hx-request"):  # a fragment must not hold the sign-in page: the whole page goes there
        return Response("", status_code=401, headers={"HX-Redirect": path})
    return Redirect(path, status_code=303)


def _known_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    if error.status_code >= 500:
        return _unknown_error(request, error)
    status = error.status_code if error.status_code in KNOWN_ERRORS else 400
    return _error_page(request, status, visitor_if_any(request))


def _wrong_role(request: Request[Any, Any, Any], error: RoleNeeded) -> Response[Any]:
    return _error_page(request, 403, visitor_if_any(request), needs_role=True)


def _out_of_reach(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    answer = _unknown_error(request, error, status=503)
    answer.headers["retry-after"] = RETRY_SECONDS
    return answer


def _unknown_error(request: Request[Any, Any, Any], error: Exception, *, status: int = 500) -> Response[Any]:
    log.error("unexpected", id=request.scope["state"].get("request_id"), exc_info=error)
    # Nothing is read here: what failed once would fail again.
    return _error_page(request, status, request.scope["state"].get("visitor"))


def _error_page(
    request: Request[Any, Any, Any], status: int, visitor: Visitor | None, *, needs_role: bool = False
) -> Response[Any]:
    house: House = request.app.state.house
    with i18n.speaking(language_of(request, house.settings)):
        page = page_of(request, visitor)
        request_id = request.scope["state"].get("request_id", "")
        told = {"code": status, "request_id": request_id, "needs_role": needs_role}
        answer = page.show("errors/error.html", block="content", status=status, **told)
    if page.is_fragment:  # what went wrong concerns the whole page, not the box that asked
        answer.headers.update({"HX-Retarget": "#main", "HX-Reswap": "innerHTML"})
    return answer
