"""The ledger against its oracle: any commands in any order, jobs or no jobs, and after each step everything agrees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import points
from portal.kit.db import Database
from portal.points.models import PointsTx
from portal.points.rules import Hold, Receipt, Refusal
from tests.points.oracle import Oracle
from tests.points.parts import NOON, everything, new_client, profile

HOUR = timedelta(hours=1)
PARTS = st.integers(1, 12)
JOBS = (points.activate_due, points.time_out_holds, points.expire_due)


class LedgerMachine(RuleBasedStateMachine):
    """Plays the same story to the ledger and to the oracle."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.db = Session(database.engine)
        self.client = new_client(self.db)
        self.oracle = Oracle(NOON)
        self.purses: dict[int, Any] = {}
        self.told: list[tuple[Callable[..., Any], dict[str, Any], Any]] = []

    def teardown(self) -> None:
        self.db.rollback()
        self.db.close()

    @property
    def now(self):
        return self.oracle.now

    def tell(self, verb: Callable[..., Any], **said: Any) -> Any:
        """Say something to the ledger and remember it, to say it again."""
        answer = verb(self.db, **said, now=self.now)
        self.told.append((verb, said, answer))
        return answer

    def refused(self, verb: Callable[..., Any], refusal: Refusal, **said: Any) -> None:
        before = everything(self.db)
        assert self.tell(verb, **said) is refusal
        assert everything(self.db) == before

    def key(self) -> str:
        return f"k{len(self.told)}"

    @rule(n=PARTS, wait=st.none() | st.integers(0, 72), life=st.none() | st.integers(1, 480))
    def earn(self, n, wait, life):
        activates_at = None if wait is None else self.now + wait * HOUR
        expires_at = None if life is None else self.now + life * HOUR
        said = {"activates_at": activates_at, "expires_at": expires_at}
        assert self.tell(points.earn, client_id=self.client, points=n, kind="gift", key=self.key(), **said).points == n
        self.oracle.earn(n, activates_at, expires_at)

    @rule(hours=st.integers(1, 400))
    def tick(self, hours):
        self.oracle.tick(self.now + hours * HOUR)

    @precondition(lambda self: self.oracle.next_boundary())
    @rule(short=st.sampled_from([timedelta(0), timedelta(microseconds=1)]))
    def tick_to_boundary(self, short):
        self.oracle.tick(max(self.now, self.oracle.next_boundary() - short))

    @rule(job=st.sampled_from(JOBS))
    def run_a_job(self, job):
        job(self.db, self.now)
        assert job(self.db, self.now) == 0

    @precondition(lambda self: self.oracle.at("available"))
    @rule(n=PARTS, hours=st.integers(1, 96))
    def place(self, n, hours):
        n = min(n, len(self.oracle.at("available")))
        timeout_at = self.now + hours * HOUR
        key = self.key()
        held = self.tell(points.hold, **self.asked(n, key), timeout_at=timeout_at)
        assert isinstance(held, Hold)
        self.purses[held.id] = self.oracle.hold(n, timeout_at)

    @rule(more=PARTS)
    def overdraw(self, more):
        n = len(self.oracle.at("available")) + more
        said = self.asked(n, self.key())
        self.refused(points.hold, Refusal.TOO_FEW_POINTS, **said, timeout_at=self.now + HOUR)

    def asked(self, n: int, key: str) -> dict[str, Any]:
        return {"client_id": self.client, "points": n, "key": key, "ref_type": "redemption", "ref_id": f"DH-{key}"}

    @precondition(lambda self: self.purses)
    @rule(data=st.data(), n=PARTS)
    def capture(self, data, n):
        hold_id, purse = self.pick(data)
        said = {"hold_id": hold_id, "points": n, "key": self.key()}
        if purse.state != "open":
            return self.refused(points.capture, Refusal.HOLD_CLOSED, **said)
        if n > len(purse.points):
            return self.refused(points.capture, Refusal.MORE_THAN_HELD, **said)
        assert self.tell(points.capture, **said).points == n
        return self.oracle.capture(purse, n)

    @precondition(lambda self: self.purses)
    @rule(data=st.data())
    def release(self, data):
        hold_id, purse = self.pick(data)
        said = {"hold_id": hold_id, "key": self.key()}
        if purse.state != "open":
            return self.refused(points.release, Refusal.HOLD_CLOSED, **said)
        assert self.tell(points.release, **said).points == len(purse.points)
        return self.oracle.release(purse)

    @precondition(lambda self: self.purses)
    @rule(data=st.data(), n=PARTS)
    def refund(self, data, n):
        hold_id, purse = self.pick(data)
        said = {"hold_id": hold_id, "points": n, "key": self.key()}
        if n > len(purse.spent):
            return self.refused(points.refund, Refusal.MORE_THAN_SPENT, **said)
        assert self.tell(points.refund, **said).points == n
        return self.oracle.refund(purse, n)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def say_it_again(self, data):
        verb, said, answer = data.draw(st.sampled_from(self.told), label="again")
        if isinstance(answer, Receipt | Hold):
            before = everything(self.db)
            assert verb(self.db, **said, now=self.now) == answer
            assert everything(self.db) == before

    def pick(self, data) -> tuple[int, Any]:
        return data.draw(st.sampled_from(list(self.purses.items())), label="hold")

    @invariant()
    def they_agree(self):
        assert points.verify(self.db, self.client) == []
        assert profile(self.db, self.client, self.now) == self.oracle.profile()
        balance = points.balance(self.db, self.client, self.now)
        counts = [len(self.oracle.at(place)) for place in ("available", "held", "pending")]
        assert [balance.available, balance.held, balance.pending] == counts

    @invariant()
    def nobody_has_written_behind_our_back(self):
        lines = self.db.scalar(select(func.count()).select_from(PointsTx).where(PointsTx.client_id == self.client))
        page = points.ledger(self.db, self.client, limit=10_000)
        assert [line.number for line in page.lines] == list(range(lines, 0, -1))


def test_any_story_told_to_the_ledger_ends_as_the_oracle_says(shared):
    run_state_machine_as_test(
        lambda: LedgerMachine(shared),
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
