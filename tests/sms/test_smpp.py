"""The SMPP gateway against a real server on the loopback address."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from portal import sms
from portal.demo.smsc import Smsc
from portal.kit.db import Database
from portal.sms import Outcome, SmppGateway, State
from portal.sms.wire import KEEP_TRIES

TEXT = "您好，账户变动短信已开通，有效期至 2027 年 5 月 22 日。"


# What is about the wire alone needs one database only; closing a session politely takes a second.
wire_alone = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def now() -> datetime:
    return datetime.now(UTC)


def until(true: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


class Line:
    """A message centre, our gateway to it, and the sender's verbs with the clock of the moment."""

    def __init__(self, database: Database) -> None:
        self.database, self.told = database, []
        self.smsc = Smsc()
        self.gateway = SmppGateway(self.smsc.url, self.keep, answer_seconds=3)
        self.count = 0

    def keep(self, report: sms.Report) -> None:
        with self.database.writing() as db:
            sms.keep_report(db, report, now())

    def follow(self, db, message: sms.Message, at: datetime) -> None:
        self.told.append((message.id, message.state))

    def open(self) -> None:
        self.smsc.start()
        self.gateway.start()
        until(lambda: self.gateway.is_up)

    def queue(self, to: str, text: str = TEXT) -> int:
        self.count += 1
        with self.database.writing() as db:
            return sms.queue(
                db, client_id=1, to=to, text=text, purpose="plan_started", ref_type="test", ref_id=self.count,
                key=f"test:{self.count}", now=now(),
            )  # fmt: skip

    def send(self) -> bool:
        return sms.send_next(self.database, self.gateway, [self.follow], now())

    def apply(self) -> int:
        with self.database.writing() as db:
            return sms.apply_reports(db, [self.follow], now())

    def message(self, number: int) -> sms.Message:
        with self.database.reading() as db:
            return sms.message_of(db, "test", number)

    def close(self) -> None:
        self.gateway.stop()
        self.smsc.stop()


@pytest.fixture
def line(database: Database) -> Iterator[Line]:
    line = Line(database)
    yield line
    line.close()


def test_a_chinese_message_goes_out_is_accepted_and_delivered(line: Line) -> None:
    line.open()
    number = line.queue("13800000101")
    assert line.send()
    assert not line.send()
    until(line.apply)
    [arrived] = line.smsc.received()
    assert (arrived.to, arrived.sender, arrived.text) == ("8613800000101", "10690001", f"【青衡证券】{TEXT}")
    message = line.message(1)
    assert (message.state, message.gateway_message_id) == (State.DELIVERED, arrived.message_id)
    assert line.told == [(number, State.SUBMITTED), (number, State.DELIVERED)]


@wire_alone
def test_a_long_message_arrives_whole(line: Line) -> None:
    line.open()
    text = "早盘资讯：" + "山高水长，云淡风轻。" * 40
    line.queue("+8613800000101", text)
    assert line.send()
    assert [each.text for each in line.smsc.received()] == [f"【青衡证券】{text}"]
    assert line.message(1).segments == 7


def test_an_undeliverable_message_is_accepted_first_and_then_failed(line: Line) -> None:
    line.open()
    number = line.queue("13800000000")
    line.send()
    until(line.apply)
    assert line.told == [(number, State.SUBMITTED), (number, State.UNDELIVERABLE)]
    assert line.message(1).error_code == "001"


@wire_alone
def test_a_refused_message_is_rejected_with_the_gateways_code(line: Line) -> None:
    line.open()
    number = line.queue("13800000009")
    line.send()
    assert line.told == [(number, State.REJECTED)]
    assert line.message(1).error_code == "ESME_RINVDSTADR"


def test_while_the_server_is_down_a_message_waits_and_goes_out_when_it_is_up(line: Line) -> None:
    line.gateway.start()
    number = line.queue("13800000101")
    assert not line.send()
    assert (line.message(1).state, line.message(1).attempts) == (State.QUEUED, 0)
    line.smsc.start()
    until(line.send)
    assert line.told == [(number, State.SUBMITTED)]


@wire_alone
def test_a_server_that_went_away_and_came_back_is_found_again(line: Line) -> None:
    line.open()
    line.smsc.stop()
    until(lambda: not line.gateway.is_up)
    line.queue("13800000101")
    assert not line.send()
    line.smsc = Smsc(line.smsc.port)
    line.smsc.start()
    until(line.send)
    assert line.message(1).state == State.SUBMITTED


def test_a_connection_that_breaks_without_an_answer_parks_the_message_and_nothing_is_sent_twice(line: Line) -> None:
    line.open()
    number = line.queue("13800000008")
    assert line.send()
    assert line.told == [(number, State.UNKNOWN)]
    until(lambda: line.gateway.is_up)
    assert not line.send()
    assert len(line.smsc.received()) == 1
    with line.database.reading() as db:
        assert [each.id for each in sms.parked(db)] == [number]


@wire_alone
def test_after_a_break_the_next_message_goes_out(line: Line) -> None:
    line.open()
    line.queue("13800000008")
    line.queue("13800000101")
    assert line.send()
    until(line.send)
    assert line.message(2).state == State.SUBMITTED


class Wire:
    """A cable between gateway and server that can be cut: answers to messages never come through once it is told so."""

    def __init__(self, port: int) -> None:
        self.far, self.swallow = port, threading.Event()
        self.near = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smpp://demo:demo@127.0.0.1:{self.near.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            ours, theirs = self.near.accept()[0], socket.create_connection(("127.0.0.1", self.far))
            threading.Thread(target=self.carry, args=(ours, theirs, False), daemon=True).start()
            threading.Thread(target=self.carry, args=(theirs, ours, True), daemon=True).start()

    def carry(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        while data := source.recv(65536):
            if back and self.swallow.is_set():
                self.swallow.clear()
                for end in (source, target):
                    end.shutdown(socket.SHUT_RDWR)
                return
            target.sendall(data)


def test_a_cable_cut_between_acceptance_and_answer_parks_the_message(line: Line) -> None:
    wire = Wire(line.smsc.port)
    line.gateway = SmppGateway(wire.url, line.keep, answer_seconds=5)
    line.open()
    number = line.queue("13800000101")
    wire.swallow.set()
    line.send()
    assert (line.told, line.message(1).error_code) == ([(number, State.UNKNOWN)], "connection_lost")
    until(lambda: line.gateway.is_up)
    assert not line.send()
    assert len(line.smsc.received()) == 1
    line.queue("13800000102")
    until(line.send)
    until(line.apply)
    assert line.message(2).state == State.DELIVERED


def test_four_senders_send_forty_messages_each_exactly_once(line: Line) -> None:
    line.open()
    numbers = [f"138000001{number:02}" for number in range(40)]
    for number in numbers:
        line.queue(number)
    start = threading.Barrier(4)

    def sender() -> None:
        start.wait()
        while line.send():
            pass

    threads = [threading.Thread(target=sender) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while line.send():  # a sender that found every due message claimed by the others has gone home early
        pass
    assert sorted(each.to for each in line.smsc.received()) == [f"86{number}" for number in numbers]
    assert [state for _, state in line.told] == [State.SUBMITTED] * 40


@wire_alone
def test_a_number_that_can_not_be_one_is_rejected_and_never_sent(line: Line) -> None:
    line.open()
    number = line.queue("01012345678")
    assert line.send()
    assert (line.told, line.message(1).error_code) == ([(number, State.REJECTED)], "bad_number")
    assert line.smsc.received() == []


@wire_alone
def test_a_gateway_that_is_down_says_that_nothing_was_sent(line: Line) -> None:
    assert line.gateway.submit(1, "13800000101", TEXT).outcome == Outcome.NOT_SENT


@wire_alone
def test_a_report_that_could_not_be_kept_is_not_acknowledged_and_the_session_comes_back(line: Line) -> None:
    faults = [RuntimeError("the database is away") for _ in range(KEEP_TRIES)]
    keep = line.keep

    def keep_later(report: sms.Report) -> None:
        if faults:
            raise faults.pop()
        keep(report)

    line.gateway = SmppGateway(line.smsc.url, keep_later, answer_seconds=3)
    line.open()
    line.queue("13800000101")
    assert line.send()
    until(lambda: not faults)
    until(line.apply)
    assert line.message(1).state == State.DELIVERED


@wire_alone
def test_a_report_whose_code_is_a_word_is_understood(line: Line) -> None:
    line.open()
    line.queue("13800000007")
    assert line.send()
    until(line.apply)
    assert (line.message(1).state, line.message(1).error_code) == (State.UNDELIVERABLE, "MK:0012")


def test_a_password_that_smpp_can_not_carry_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="8 characters"):
        SmppGateway("smpp://house:longer-than-eight@127.0.0.1:2775", print)
