"""The demo's message centre: a real SMPP 3.4 server on the loopback address that keeps what it is given.

What it answers depends on the number's last digits, so that a demo and a test can show every way a message may end:
0000 accepted but never delivered, 0007 the same with a code of the carrier, 0008 the connection breaks unanswered,
0009 refused; all others are delivered.
"""

import asyncio
import json
import secrets
import socket
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import smpp34
from smpp34 import Esme, SmppError, SubmitSmEvent
from smpp34._smpp34 import ESME_RINVDSTADR, TLV_MESSAGE_PAYLOAD

REPORTS = {"0000": ("UNDELIV", "001"), "0007": ("UNDELIV", "MK:0012")}
DELIVERED = ("DELIVRD", "000")
BREAKING, REFUSED = "0008", "0009"
RECEIPT = 0x04  # esm_class of a delivery report
REPORT_TRIES = 200
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """A message that arrived: who sent it to whom, when, and what became of it."""

    at: datetime
    message_id: str
    sender: str
    to: str
    text: str
    stat: str


class Smsc:
    """A message centre in a thread of its own; give it port 0 for a free one."""

    def __init__(self, port: int = 0, journal: Path | None = None) -> None:
        """Prepare; with a journal each message is also kept as a line of JSON."""
        self.port = port or _free_port()
        self._journal = journal
        self._received: list[Received] = []
        self._lock = threading.Lock()
        self._listening = threading.Event()
        self._sessions: dict[str, Esme] = {}
        self._unanswered: list[SubmitSmEvent] = []
        self._reports: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="smsc", daemon=True)

    @property
    def url(self) -> str:
        """Give the address for PORTAL_SMPP."""
        return f"smpp://demo:demo@{HOST}:{self.port}"

    def start(self) -> None:
        """Listen; returns when connections are accepted. Raises RuntimeError when the port can't be had."""
        self._thread.start()
        if not self._listening.wait(10):
            raise RuntimeError(f"the message centre could not listen on port {self.port}")

    def stop(self) -> None:
        """Close every connection and end."""
        if self._loop and self._stop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)

    def received(self) -> list[Received]:
        """List what arrived, oldest first."""
        with self._lock:
            return list(self._received)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = smpp34.Server(HOST, self.port, system_id="qingheng")
        await server.start()
        self._listening.set()
        stopping = asyncio.create_task(self._stop.wait())
        while not stopping.done():
            event = asyncio.ensure_future(server.next())
            await asyncio.wait({event, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if event.done():
                await self._take(event.result())
            else:
                event.cancel()
        await server.stop()  # this ends the listening only
        leaving = [asyncio.ensure_future(session.unbind()) for session in self._sessions.values()]
        if leaving:
            await asyncio.wait(leaving, timeout=3)

    async def _take(self, event: object) -> None:
        if isinstance(event, Esme):
            self._sessions[event.session_id] = event
        elif isinstance(event, SubmitSmEvent):
            await self._submitted(event)
        elif isinstance(event, smpp34.Unbound):
            self._sessions.pop(event.session_id, None)

    async def _submitted(self, event: SubmitSmEvent) -> None:
        if event.destination_addr.endswith(REFUSED):
            return event.reject(ESME_RINVDSTADR)
        stat, error = REPORTS.get(event.destination_addr[-4:], DELIVERED)
        message_id = secrets.token_hex(8)
        self._keep(
            Received(datetime.now(UTC), message_id, event.source_addr, event.destination_addr, _text(event), stat)
        )
        if event.destination_addr.endswith(BREAKING):
            self._unanswered.append(event)  # letting go of it would answer it
            await self._sessions[event.session_id].unbind()
            return None
        event.accept(message_id)
        if event.registered_delivery & 1:
            task = asyncio.create_task(self._report(event, message_id, stat, error))
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)
        return None

    async def _report(self, event: SubmitSmEvent, message_id: str, stat: str, error: str) -> None:
        done = f"{datetime.now(UTC):%y%m%d%H%M}"
        count = "001" if stat == "DELIVRD" else "000"
        words = (
            f"id:{message_id} sub:001 dlvrd:{count} submit date:{done} done date:{done} stat:{stat} err:{error} text:"
        )
        for _ in range(REPORT_TRIES):
            for esme in list(self._sessions.values())[-1:]:
                with suppress(SmppError):
                    await _deliver(esme, event, words)
                    return
            await asyncio.sleep(0.3)

    def _keep(self, message: Received) -> None:
        with self._lock:
            self._received.append(message)
            if self._journal is not None:
                self._journal.parent.mkdir(parents=True, exist_ok=True)
                with self._journal.open("a", encoding="utf-8") as file:
                    line = asdict(message) | {"at": message.at.isoformat()}
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")


def journal_in(home: Path) -> Path:
    """Name the file, in the portal's home folder, in which the demo's message centre keeps what it was given."""
    return home / "demo" / "messages.jsonl"


def read_journal(journal: Path, number: str) -> list[Received]:
    """List what a telephone received, newest first; what could not be delivered never reached it."""
    if not journal.exists():
        return []
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    messages = [Received(**line | {"at": datetime.fromisoformat(line["at"])}) for line in lines]
    return [each for each in reversed(messages) if each.to.endswith(number) and each.stat == "DELIVRD"]


async def _deliver(esme: Esme, event: SubmitSmEvent, words: str) -> None:
    back, forth = event.source_addr, event.destination_addr
    await esme.deliver_sm(back, words.encode(), source_addr=forth, esm_class=RECEIPT)


def _text(event: SubmitSmEvent) -> str:
    body = event.short_message
    for extra in event.tlvs:
        if extra.tag == TLV_MESSAGE_PAYLOAD:
            body = extra.value
    return body.decode("utf-16-be" if event.data_coding == 8 else "latin-1")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
