"""The SMPP 3.4 gateway: one session in a thread of its own, bound again whenever it breaks."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from aiosmpplib import ESME, NPI, TON, PhoneNumber, SubmitSm

from portal.sms.rules import Answer, Outcome, Report
from portal.sms.wire import Correlator, Wire

SENDER = "10690001"
PASSWORD_LIMIT = 8
BREAK_SECONDS = 0.5
log = structlog.get_logger()


class SmppGateway:
    """A gateway behind smpp://system_id:password@host:port?from=SENDER."""

    def __init__(self, url: str, on_report: Callable[[Report], None], *, answer_seconds: float = 10) -> None:
        """Prepare; `on_report` runs in a thread of the session's, and may be told the same thing twice.

        Raises ValueError for an address that SMPP can't carry.
        """
        if len(unquote(urlsplit(url).password or "")) > PASSWORD_LIMIT:
            raise ValueError(f"SMPP allows a password of at most {PASSWORD_LIMIT} characters")
        self._url, self._on_report, self._answer_seconds = url, on_report, answer_seconds
        self._sender = PhoneNumber(parse_qs(urlsplit(url).query).get("from", [SENDER])[0])
        self._wire: Wire | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._stay_bound()), name="smpp", daemon=True)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Unbind and end the thread; call it when nobody submits any more."""
        if self._loop and self._stop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)

    @property
    def is_up(self) -> bool:
        """Tell whether a session is bound."""
        return self._wire is not None and self._wire.is_bound

    def submit(self, message_id: int, to: str, text: str) -> Answer:
        """Hand over one message under our id and wait for the answer."""
        if self._wire is None or self._loop is None or not self.is_up:
            return Answer(Outcome.NOT_SENT, error_code="down")
        job = asyncio.run_coroutine_threadsafe(
            self._wire.submit(str(message_id), self._message(message_id, to, text), self._answer_seconds), self._loop
        )
        try:
            return job.result(self._answer_seconds + 10)
        except (TimeoutError, CancelledError):
            return Answer(Outcome.UNHEARD, error_code="no_answer")

    def _message(self, message_id: int, to: str, text: str) -> SubmitSm:
        number = "86" + to.removeprefix("+").removeprefix("86")
        return SubmitSm(
            short_message=text,
            source=self._sender,
            destination=PhoneNumber(number, TON.INTERNATIONAL, NPI.ISDN),
            encoding="ucs2",
            registered_delivery=1,
            log_id=str(message_id),
        )

    async def _stay_bound(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        stopping = asyncio.create_task(self._stop.wait())
        while not stopping.done():
            self._wire = Wire(self._on_report)
            session = self._session(self._wire)
            running, over = asyncio.create_task(session.start()), asyncio.create_task(self._wire.is_over.wait())
            await asyncio.wait({running, over, stopping}, return_when=asyncio.FIRST_COMPLETED)
            self._wire.lost()
            over.cancel()
            await _end(session, running)
            await asyncio.wait({stopping}, timeout=BREAK_SECONDS)

    def _session(self, wire: Wire) -> ESME:
        parts = urlsplit(self._url)
        return ESME(
            smsc_host=parts.hostname,
            smsc_port=parts.port,
            system_id=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            hook=wire,
            broker=wire,
            retry_timer=wire,
            correlator=Correlator(),
            enquire_link_interval=30.0,
            socket_timeout=10.0,
            log_level="CRITICAL",  # its log lines carry numbers and texts
            log_handler=logging.NullHandler(),
        )


async def _end(session: ESME, running: "asyncio.Task[None]") -> None:
    stopping = asyncio.create_task(session.stop())
    await asyncio.wait({stopping}, timeout=2)
    stopping.cancel()
    running.cancel()
    await asyncio.wait({running}, timeout=3)
    if not running.cancelled() and running.exception():
        log.error("sms.session_broke", problem=type(running.exception()).__name__)
