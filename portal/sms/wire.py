"""The wire: what an SMPP session asks us while it talks, and exactly what is known of each message at each moment.

`Wire` notes when a message is written; before it a message is certainly not sent, after it, without a response, nobody
can know. A report is acknowledged only after it was kept.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from aiosmpplib import DeliverSm, GenericNack, SmppMessage, SubmitSm, SubmitSmResp
from aiosmpplib.broker import AbstractBroker
from aiosmpplib.correlator import AbstractCorrelator, SegmentStatus
from aiosmpplib.hook import AbstractHook
from aiosmpplib.protocol import MESSAGE_TYPE_MAP
from aiosmpplib.retrytimer import AbstractRetryTimer
from aiosmpplib.state import RECEIPTED_MESSAGE_ID, SmppCommand, SmppCommandStatus

from portal.sms.rules import Answer, Outcome, Report

KEEP_TRIES = 5
PAUSES_SECONDS = (0.2, 0.5, 1, 2, 5, 10, 30)
BUSY = {SmppCommandStatus.ESME_RTHROTTLED, SmppCommandStatus.ESME_RMSGQFUL, SmppCommandStatus.ESME_RSYSERR}
log = structlog.get_logger()


@dataclass
class Pending:
    """A message between our hands and the gateway's answer."""

    answer: "asyncio.Future[Answer]"
    is_written: bool = False


class Withdrawn(ValueError):
    """Nobody waits for this message any more: it must not be written."""


class Wire(AbstractHook, AbstractBroker, AbstractRetryTimer):  # type: ignore[misc]
    """What the library asks us during one connection: all on the session's loop, so no step here races another."""

    def __init__(self, on_report: Callable[[Report], None]) -> None:
        """Start unbound, with nothing under way."""
        self.is_bound = False
        self.is_over = asyncio.Event()
        self._on_report = on_report
        self._queue: asyncio.Queue[SmppMessage] = asyncio.Queue()
        self._pending: dict[str, Pending] = {}
        self._written: dict[int, str] = {}
        self._breaks = 0

    async def submit(self, key: str, message: SubmitSm, seconds: float) -> Answer:
        """Queue a message and wait for what becomes of it."""
        if not self.is_bound:
            return Answer(Outcome.NOT_SENT, error_code="down")
        pending = self._pending[key] = Pending(asyncio.get_running_loop().create_future())
        try:
            await self.enqueue(message)
            return await asyncio.wait_for(asyncio.shield(pending.answer), seconds)
        except TimeoutError:
            return _uncertain(pending, "no_answer")
        finally:
            del self._pending[key]

    def lost(self) -> None:
        """Answer everything under way by what is known now that the connection is gone."""
        self.is_bound = False
        self._written.clear()
        for pending in self._pending.values():
            _resolve(pending, _uncertain(pending, "connection_lost"))

    async def enqueue(self, message: SmppMessage) -> None:
        """Put a message where the session fetches it."""
        await self._queue.put(message)

    async def dequeue(self) -> SmppMessage:
        """Give the session its next message."""
        return await self._queue.get()

    async def sending(self, smpp_message: SmppMessage, pdu: bytes, client_id: str) -> None:
        """Note that a message is about to be written; stop it when nobody waits for it."""
        if isinstance(smpp_message, SubmitSm) and not isinstance(smpp_message, DeliverSm):
            pending = self._pending.get(smpp_message.log_id)
            if pending is None or pending.answer.done():
                raise Withdrawn
            pending.is_written = True
            self._written[smpp_message.sequence_num] = smpp_message.log_id

    async def received(self, smpp_message: SmppMessage | None, pdu: bytes, client_id: str) -> None:
        """Take an answer or a report."""
        if isinstance(smpp_message, DeliverSm):
            report = _report(smpp_message)
            if smpp_message.is_receipt() and report.gateway_message_id:
                await self._reported(report)
            else:
                log.info("sms.inbound")
        elif isinstance(smpp_message, (SubmitSmResp, GenericNack)):
            self._answered(smpp_message)

    async def _reported(self, report: Report) -> None:
        # Acknowledged when this returns; a report that can't be kept ends the session, and the gateway tells it again.
        for attempt in range(1, KEEP_TRIES + 1):
            try:
                return await asyncio.get_running_loop().run_in_executor(None, self._on_report, report)
            except Exception as problem:  # noqa: BLE001 whatever keeps us from keeping it
                log.error("sms.report_not_kept", attempt=attempt, problem=type(problem).__name__)
                await asyncio.sleep(0.2 * attempt)
        raise ConnectionResetError("a report could not be kept")

    def _answered(self, response: SubmitSmResp | GenericNack) -> None:
        key = self._written.pop(response.sequence_num, None)
        if key is None:
            return
        answer = _answer(response)
        if key in self._pending:
            _resolve(self._pending[key], answer)
        else:
            log.warning("sms.late_answer", message=key, gateway_message_id=answer.gateway_message_id)

    async def send_error(self, smpp_message: SmppMessage, error: Exception, client_id: str) -> None:
        """Answer a message that could not be built or written."""
        pending = self._pending.get(getattr(smpp_message, "log_id", ""))
        if pending is None:
            return
        if isinstance(error, ValueError) and not pending.is_written:
            _resolve(pending, Answer(Outcome.REFUSED, error_code="bad_message"))
        else:
            _resolve(pending, _uncertain(pending, "write_failed"))

    def reset(self) -> None:
        """Learn that the session is bound."""
        self.is_bound, self._breaks = True, 0
        log.info("sms.bound")

    async def wait(self) -> None:
        """Learn that the connection is gone or did not come about, and wait before the next try."""
        if self.is_bound:
            log.warning("sms.connection_lost")
            self.lost()
            self.is_over.set()  # the library leaves the old socket open: whoever runs the session ends it
            await asyncio.Event().wait()
        await asyncio.sleep(self.next_delay())
        self._breaks += 1

    def next_delay(self) -> float:
        """Give the pause in seconds before the next try."""
        return PAUSES_SECONDS[min(self._breaks, len(PAUSES_SECONDS) - 1)]


class Correlator(AbstractCorrelator):  # type: ignore[misc]
    """Remembers requests until their responses; reports are matched in the database, where a restart keeps them."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._requests: dict[int, SmppMessage] = {}

    async def put(self, smpp_message: SmppMessage) -> None:
        """Remember a request; an unanswered one is forgotten when its number comes round."""
        self._requests[smpp_message.sequence_num] = smpp_message
        while len(self._requests) > 1000:
            del self._requests[next(iter(self._requests))]

    async def get(self, response: SmppMessage) -> SmppMessage | None:
        """Give the request of a response."""
        return self._requests.pop(response.sequence_num, None)

    async def put_delivery(self, smsc_message_id: str, submit_sm: SubmitSm) -> None:
        """Leave it: the database knows."""

    async def get_delivery(self, receipt: DeliverSm) -> SubmitSm | None:
        """Leave it: the database knows."""
        return None

    async def put_delivery_segmented(self, deliver_sm: DeliverSm) -> DeliverSm | None:
        """Take each part of an inbound message for itself."""
        return deliver_sm

    async def get_segmented(self, smpp_seq_num: int, remove: bool = False) -> tuple[SegmentStatus | None, int]:
        """Know of no segments: long texts go as one payload, which the gateway parts."""
        return None, 0

    def get_cumulated_status(self, ref_num: int) -> int:
        """Know of no segments."""
        return 0

    async def expired(self, smpp_message: SmppMessage) -> None:
        """Leave it: `Wire` keeps the time."""


class Receipt(DeliverSm):  # type: ignore[misc]
    """A report read leniently: gateways write words where the standard has figures, and must still be heard."""

    def parse_receipt(self) -> dict[str, object]:
        """Read the fields that we use, as text."""
        fields = dict.fromkeys(("id", "stat", "err"), "")
        text = self.short_message or self.message_payload
        for name in fields:
            if found := re.search(rf"\b{name}:(\S*)", text, re.IGNORECASE):
                fields[name] = found[1]
        for extra in self.optional_params or []:
            if extra.tag == RECEIPTED_MESSAGE_ID and not fields["id"]:
                fields["id"] = str(extra.value)
        return dict(fields)


MESSAGE_TYPE_MAP[SmppCommand.DELIVER_SM] = Receipt


def _report(receipt: DeliverSm) -> Report:
    fields = {name: str(value) for name, value in receipt.parse_receipt().items()}
    return Report(fields["id"], fields["stat"].upper(), fields["err"])


def _answer(response: SubmitSmResp | GenericNack) -> Answer:
    status = response.command_status
    if status == SmppCommandStatus.ESME_ROK and isinstance(response, SubmitSmResp):
        return Answer(Outcome.ACCEPTED, gateway_message_id=response.message_id)
    return Answer(Outcome.LATER if status in BUSY else Outcome.REFUSED, error_code=status.name)


def _uncertain(pending: Pending, code: str) -> Answer:
    return Answer(Outcome.UNHEARD if pending.is_written else Outcome.NOT_SENT, error_code=code)


def _resolve(pending: Pending, answer: Answer) -> None:
    if not pending.answer.done():
        pending.answer.set_result(answer)
