"""The worker as it runs: jobs, duties and messages, with a real message centre, until it is told to stop."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal import sms, worker
from portal.demo.smsc import Smsc
from portal.kit.db import Database
from portal.kit.jobs import Periodic, enqueue
from portal.sms import State

NUMBER, TEXT = "13800000101", "账户变动短信已开通。"


def now() -> datetime:
    return datetime.now(UTC)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def welcome(db: Session, payload: dict, at: datetime) -> None:
    sms.queue(
        db, client_id=1, to=payload["to"], text=TEXT, purpose="welcome", ref_type="test", ref_id=7, key="test:7", now=at
    )


@contextmanager
def working(database: Database, smpp_url: str | None = None, **rooms: object) -> Iterator[None]:
    stop = threading.Event()
    given = {"jobs": {"welcome": welcome}, "every": [], "followers": []} | rooms
    thread = threading.Thread(target=worker.work, args=(database, smpp_url), kwargs={**given, "stop": stop})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(15)
        assert not thread.is_alive(), "the worker did not end"


def ask(database: Database) -> None:
    with database.writing() as db:
        enqueue(db, "welcome", "welcome:7", {"to": NUMBER}, now())


def state(database: Database) -> State | None:
    with database.reading() as db:
        message = sms.message_of(db, "test", 7)
        return message and message.state


def test_a_job_queues_a_message_which_goes_out_and_whose_follower_hears_of_each_step(
    database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    centre, heard = Smsc(), []
    centre.start()
    with working(database, centre.url, followers=[lambda db, message, at: heard.append(message.state)]):
        ask(database)
        until(lambda: state(database) == State.DELIVERED)
    centre.stop()
    assert heard == [State.SUBMITTED, State.DELIVERED]
    assert [each.to for each in centre.received()] == [f"86{NUMBER}"]
    told = "".join(capfd.readouterr())
    assert "sms.sent" in told
    assert not any(secret in told for secret in (NUMBER, TEXT, "demo:demo"))


def test_without_a_gateway_messages_wait(database: Database) -> None:
    with working(database):
        ask(database)
        until(lambda: state(database))
    assert state(database) == State.QUEUED


def test_a_duty_comes_round_and_a_failing_one_holds_up_nothing(database: Database) -> None:
    rounds = []

    def fail(db: Session, at: datetime) -> None:
        raise RuntimeError

    every = [
        Periodic("failing", timedelta(0), fail),
        Periodic("often", timedelta(0), lambda db, at: rounds.append("often")),
        Periodic("seldom", timedelta(hours=1), lambda db, at: rounds.append("seldom")),
    ]
    with working(database, every=every):
        until(lambda: rounds.count("often") > 2)
    assert rounds.count("seldom") == 1


def test_the_demos_journal_keeps_what_arrived(database: Database, tmp_path) -> None:
    journal = tmp_path / "demo" / "messages.jsonl"
    centre = Smsc(journal=journal)
    centre.start()
    with working(database, centre.url):
        ask(database)
        until(lambda: state(database) == State.DELIVERED)
    centre.stop()
    [line] = [json.loads(each) for each in journal.read_text(encoding="utf-8").splitlines()]
    assert (line["to"], line["text"], line["stat"]) == (f"86{NUMBER}", f"【青衡证券】{TEXT}", "DELIVRD")
