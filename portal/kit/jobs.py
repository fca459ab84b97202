"""Jobs: work that outlives the request. A job is a row written with the change that wants it, and done at least once.

A worker claims a due job in a transaction of its own, then runs its handler in one transaction together with marking
it done: the effect and the mark stand or fall together. Who crashes in between loses only the claim: its lease runs
out and the job comes back. `attempts` is the fence: a worker whose claim was overtaken can no longer finish.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import CheckConstraint, ColumnElement, Index, Integer, String, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kit.db import Base, BigId, Database, Instant, Json
from portal.kit.once import insert_once

LEASE = timedelta(minutes=2)
ATTEMPTS_LIMIT = 12
RUN_LIMIT = 100
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=2), timedelta(minutes=30)

Handler = Callable[[Session, Any, datetime], object]
log = structlog.get_logger()


class State(StrEnum):
    """Where a job stands; dead ones wait for staff."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One piece of work, named by its key so that it is never asked for twice."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'dead')", name="state"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease"),
        Index("ix_job_due", "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    payload: Mapped[Any] = mapped_column(Json)
    not_before: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(String(8), default=State.QUEUED)
    last_error_code: Mapped[str | None] = mapped_column(String(80))
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Periodic:
    """A duty that comes round by itself; it runs in one transaction, and a failed round is simply the next one's."""

    name: str
    every: timedelta
    duty: Callable[[Session, datetime], object]


@dataclass(frozen=True)
class Claim:
    """A job that this worker may run until its lease ends; `attempts` is its fence."""

    id: int
    kind: str
    payload: Any
    attempts: int


class Overtaken(Exception):
    """The lease ran out and another worker has the job: nothing of this run may stand."""


def enqueue(db: Session, kind: str, key: str, payload: Any, not_before: datetime) -> int:
    """Ask for a job from an instant on; the same key twice is one job. Gives its id."""
    values = {"kind": kind, "payload": payload, "not_before": not_before, "attempts": 0, "state": State.QUEUED}
    return insert_once(db, Job, key, **values)


def cancel(db: Session, key: str) -> bool:
    """Take a job back while nobody runs it; False says that it is too late or that there is none."""
    gone = db.execute(delete(Job).where(Job.key == key, Job.state == State.QUEUED).returning(Job.id))
    return gone.first() is not None


def work(database: Database, handlers: Mapping[str, Handler], now: datetime) -> int:
    """Run the jobs that are due, one by one, at most a hundred; gives how many were run, well or not."""
    for count in range(RUN_LIMIT):
        claim = _next(database, sorted(handlers), now)
        if claim is None:
            return count
        _run(database, handlers[claim.kind], claim, now)
    return RUN_LIMIT


def _next(database: Database, kinds: list[str], now: datetime) -> Claim | None:
    # Looking first without a lock keeps an idle worker from ever standing in a writer's way.
    with database.reading() as db:
        if db.execute(select(Job.id).where(_due(kinds, now)).limit(1)).first() is None:
            return None
    with database.writing() as db:
        return _claim(db, kinds, now)


def _claim(db: Session, kinds: list[str], now: datetime) -> Claim | None:
    columns = (Job.id, Job.kind, Job.payload, Job.attempts, Job.state)
    due = select(*columns).where(_due(kinds, now)).order_by(Job.not_before, Job.id).limit(1)
    row = db.execute(due.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    seen = (Job.id == row.id, Job.attempts == row.attempts, Job.state == row.state)
    taken = {"state": State.RUNNING, "lease_until": now + LEASE, "attempts": row.attempts + 1}
    if not db.execute(update(Job).where(*seen).values(**taken).returning(Job.id)).first():
        return None
    return Claim(row.id, row.kind, row.payload, row.attempts + 1)


def _due(kinds: list[str], now: datetime) -> ColumnElement[bool]:
    waiting = and_(Job.state == State.QUEUED, Job.not_before <= now)
    deserted = and_(Job.state == State.RUNNING, Job.lease_until <= now)
    return and_(Job.kind.in_(kinds), or_(waiting, deserted))


def _run(database: Database, handler: Handler, claim: Claim, now: datetime) -> None:
    if claim.attempts > ATTEMPTS_LIMIT:  # it never came back from its last attempts
        return _put_back(database, claim, "deserted", now)
    try:
        with database.writing() as db:
            # Marked done before the handler runs: the row stays locked, so a second worker waits or passes by.
            if not _finish(db, claim, state=State.DONE, finished_at=now):
                raise Overtaken
            handler(db, claim.payload, now)
    except Overtaken:
        log.warning("job.overtaken", job=claim.id, kind=claim.kind)
    except Exception as problem:  # noqa: BLE001 whatever a handler does, the worker goes on
        _put_back(database, claim, type(problem).__name__, now)
    else:
        log.info("job.done", job=claim.id, kind=claim.kind, attempts=claim.attempts)


def _put_back(database: Database, claim: Claim, code: str, now: datetime) -> None:
    dead = claim.attempts >= ATTEMPTS_LIMIT
    state = State.DEAD if dead else State.QUEUED
    with database.writing() as db:
        values = {"state": state, "not_before": now + delay(claim.attempts), "last_error_code": code[:80]}
        _finish(db, claim, **values)
    log.error("job.failed", job=claim.id, kind=claim.kind, attempts=claim.attempts, error_code=code, dead=dead)


def _finish(db: Session, claim: Claim, **values: Any) -> bool:
    mine = (Job.id == claim.id, Job.state == State.RUNNING, Job.attempts == claim.attempts)
    return db.execute(update(Job).where(*mine).values(lease_until=None, **values).returning(Job.id)).first() is not None


def delay(attempts: int) -> timedelta:
    """Give the pause after so many attempts: doubled each time, up to half an hour."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 20)), LONGEST_DELAY)
