"""What every browser is told, what is refused before it is read, and the one log line of a request."""

import secrets
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

import structlog

from portal.kit.csrf import is_from_elsewhere

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
ALWAYS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "server": "",  # said by us, or the server under us would say its own name
}
# In both languages: nobody's language is known here.
REFUSED = "此请求来自其他网站，未被接受。 This request came from another site and was refused."
FAILED = "我们这边出了问题，什么都没有改动。 Something went wrong on our side; nothing was changed."
log = structlog.get_logger("portal.request")
App = Callable[[Any, Any, Any], Awaitable[None]]


class Threshold:
    """Wraps the whole application, so that no answer, not even an error, leaves without its headers."""

    def __init__(self, app: App, *, origin: str) -> None:
        """Guard an application that browsers reach at this origin."""
        self.app = app
        self.origin = origin
        secure = {"strict-transport-security": "max-age=31536000; includeSubDomains"} if _is_https(origin) else {}
        self.headers = {**ALWAYS, **secure}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Refuse what another site sent; pass on the rest and write one line about it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        request_id, began, status = secrets.token_hex(6), perf_counter(), [0]
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                message["headers"] = self._headers(message["headers"], request_id)
            await send(message)

        if is_from_elsewhere(scope["method"], headers, self.origin):
            await _say(send_with_headers, 403, REFUSED)
        else:
            try:
                await self.app(scope, receive, send_with_headers)
            except Exception as error:  # the page of an error failed too: the last resort
                log.error("unexpected", id=request_id, exc_info=error)
                if not status[0]:
                    await _say(send_with_headers, 500, f"{FAILED} {request_id}")
        self._log(scope, status[0], perf_counter() - began, request_id)

    def _headers(self, given: Any, request_id: str) -> list[tuple[bytes, bytes]]:
        kept = [(key, value) for key, value in given if key.lower() != b"server"]
        names = {key.lower() for key, _ in kept}
        extra = {**self.headers, "x-request-id": request_id}
        # Whatever is not a static file may hold somebody's figures: no browser and no proxy keeps it.
        if b"cache-control" not in names:
            extra["cache-control"] = "no-store"
        return kept + [(k.encode(), v.encode()) for k, v in extra.items() if k.encode() not in names]

    def _log(self, scope: Any, status: int, seconds: float, request_id: str) -> None:
        # The route, never the address: an address may carry what a person typed.
        handler = scope.get("route_handler")
        route = next(iter(sorted(handler.paths)), "-") if handler is not None else "-"
        took_ms = round(seconds * 1000, 1)
        log.info("request", method=scope["method"], route=route, status=status, ms=took_ms, id=request_id)


async def _say(send: Any, status: int, sentence: str) -> None:
    kind = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": kind})
    await send({"type": "http.response.body", "body": sentence.encode()})


def _is_https(origin: str) -> bool:
    return origin.startswith("https://")
