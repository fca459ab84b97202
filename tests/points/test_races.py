"""Real threads on one ledger: whoever comes first wins, everybody else gets a plain answer, and nothing is lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from portal import points
from portal.points.rules import Hold, Receipt, Refusal
from tests.points.parts import DAY, NOON, give, new_client, take

THREADS = 8


@pytest.fixture
def client(shared):
    with shared.writing() as db:
        client = new_client(db)
        give(db, client, 60, lapses_in=30)
        give(db, client, 40)
    yield client
    with shared.reading() as db:
        assert points.verify(db, client) == []


def at_once(shared, *commands: Callable[[Any], Any]) -> list[Any]:
    """Start every command at the same moment, each in its own thread and transaction, and give the answers."""
    start = Barrier(len(commands))

    def run(command: Callable[[Any], Any]) -> Any:
        start.wait()
        with shared.writing() as db:
            return command(db)

    with ThreadPoolExecutor(len(commands)) as threads:
        return list(threads.map(run, commands))


def test_of_many_who_spend_everything_one_succeeds(shared, client):
    answers = at_once(shared, *(lambda db, n=n: take(db, client, 100, ref=f"{client}-{n}") for n in range(THREADS)))
    assert sum(isinstance(answer, Hold) for answer in answers) == 1
    assert answers.count(Refusal.TOO_FEW_POINTS) == THREADS - 1


def test_many_who_spend_a_part_never_spend_more_than_there_is(shared, client):
    answers = at_once(shared, *(lambda db, n=n: take(db, client, 30, ref=f"{client}-{n}") for n in range(THREADS)))
    assert sum(isinstance(answer, Hold) for answer in answers) == 3
    with shared.reading() as db:
        assert points.balance(db, client, NOON).available == 10


def test_one_request_delivered_many_times_is_one_hold(shared, client):
    answers = at_once(shared, *(lambda db: take(db, client, 70, ref=f"{client}") for _ in range(THREADS)))
    assert len(set(answers)) == 1
    assert isinstance(answers[0], Hold)


def test_one_award_delivered_many_times_is_one_lot(shared, client):
    answers = at_once(shared, *(lambda db: give(db, client, 5, key=f"once:{client}") for _ in range(THREADS)))
    assert len(set(answers)) == 1
    with shared.reading() as db:
        assert points.balance(db, client, NOON).available == 105


def test_the_first_award_of_a_client_may_come_twice_at_once(shared):
    with shared.writing() as db:
        fresh = new_client(db)
    answers = at_once(shared, *(lambda db, n=n: give(db, fresh, 1, key=f"first:{fresh}:{n}") for n in range(THREADS)))
    assert sorted(answer.number for answer in answers) == list(range(1, THREADS + 1))
    with shared.reading() as db:
        assert points.verify(db, fresh) == []


@pytest.mark.parametrize("round_", range(3))
def test_a_hold_that_is_captured_released_and_timed_out_at_once_ends_once(shared, client, round_):
    with shared.writing() as db:
        held = take(db, client, 70, ref=f"{client}-{round_}", days=1)
    before, after = NOON + DAY - timedelta(microseconds=1), NOON + DAY
    capture = lambda db: points.capture(db, hold_id=held.id, now=before)  # noqa: E731
    release = lambda db: points.release(db, hold_id=held.id, now=before)  # noqa: E731
    time_out = lambda db: points.time_out_holds(db, after)  # noqa: E731
    answers = at_once(shared, capture, release, time_out, capture, release, time_out)
    kinds = Counter(type(answer).__name__ for answer in answers[:2])
    with shared.reading() as db:
        lines = [line.kind for line in points.ledger(db, client).lines]
        left = points.balance(db, client, after).available
    ends = [kind for kind in lines if kind in {"capture", "release", "timeout"}]
    assert len(ends) == 1
    assert left == (30 if ends == ["capture"] else 100)
    assert kinds[Receipt.__name__] == (0 if ends == ["timeout"] else 1)
