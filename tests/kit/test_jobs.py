"""Jobs: each effect exactly once, whoever races, fails or crashes."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import String, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from portal.kit import jobs
from portal.kit.db import Database
from portal.kit.jobs import Job, State, enqueue

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Table(DeclarativeBase):
    pass


class Effect(Table):
    """What the test's handler does; no unique key here, so that a second run would show."""

    __tablename__ = "test_effect"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))


@pytest.fixture
def database(database: Database) -> Database:
    Effect.metadata.create_all(database.engine, tables=[Effect.__table__])
    return database


def note(db: Session, payload: dict, now: datetime) -> None:
    db.add(Effect(name=payload["name"]))


HANDLERS = {"note": note}


def ask(database: Database, key: str = "note:1", name: str = "one", at: datetime = NOW) -> None:
    with database.writing() as db:
        enqueue(db, "note", key, {"name": name}, at)


def effects(database: Database) -> list[str]:
    with database.reading() as db:
        return sorted(db.scalars(select(Effect.name)))


def the_job(database: Database) -> Job:
    with database.reading() as db:
        job = db.scalars(select(Job)).one()
        db.expunge(job)
        return job


def test_a_due_job_runs_once(database: Database) -> None:
    ask(database)
    assert jobs.work(database, HANDLERS, NOW) == 1
    assert jobs.work(database, HANDLERS, NOW) == 0
    assert effects(database) == ["one"]
    assert (the_job(database).state, the_job(database).finished_at) == (State.DONE, NOW)


def test_a_job_waits_for_its_time(database: Database) -> None:
    ask(database, at=NOW + timedelta(seconds=30))
    assert jobs.work(database, HANDLERS, NOW + timedelta(seconds=29)) == 0
    assert jobs.work(database, HANDLERS, NOW + timedelta(seconds=30)) == 1


def test_the_same_key_twice_is_one_job_even_after_it_is_done(database: Database) -> None:
    ask(database)
    ask(database, name="two")
    jobs.work(database, HANDLERS, NOW)
    ask(database, name="three")
    assert jobs.work(database, HANDLERS, NOW) == 0
    assert effects(database) == ["one"]


def test_a_job_rides_in_the_transaction_that_asks_for_it(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as db:
        enqueue(db, "note", "note:1", {"name": "one"}, NOW)
        raise RuntimeError
    assert jobs.work(database, HANDLERS, NOW) == 0


def test_a_job_may_be_taken_back_while_it_waits_and_asked_for_again(database: Database) -> None:
    ask(database, at=NOW + timedelta(seconds=30))
    with database.writing() as db:
        assert jobs.cancel(db, "note:1")
        assert not jobs.cancel(db, "note:1")
    assert jobs.work(database, HANDLERS, NOW + timedelta(hours=1)) == 0
    ask(database, name="again")
    jobs.work(database, HANDLERS, NOW)
    with database.writing() as db:
        assert not jobs.cancel(db, "note:1")
    assert effects(database) == ["again"]


def test_a_failed_handler_leaves_nothing_and_comes_back_later(database: Database) -> None:
    def fail_first(db: Session, payload: dict, now: datetime) -> None:
        note(db, payload, now)
        if now == NOW:
            raise ValueError("13800000101 must not be kept")

    ask(database)
    assert jobs.work(database, {"note": fail_first}, NOW) == 1
    assert effects(database) == []
    assert (the_job(database).state, the_job(database).last_error_code) == (State.QUEUED, "ValueError")
    later = NOW + jobs.delay(1)
    assert jobs.work(database, {"note": fail_first}, later - timedelta(milliseconds=1)) == 0
    assert jobs.work(database, {"note": fail_first}, later) == 1
    assert effects(database) == ["one"]


def test_one_failing_job_holds_up_no_other(database: Database) -> None:
    def picky(db: Session, payload: dict, now: datetime) -> None:
        if payload["name"] == "bad":
            raise ValueError
        note(db, payload, now)

    ask(database, "a", "bad")
    ask(database, "b", "good")
    assert jobs.work(database, {"note": picky}, NOW) == 2
    assert effects(database) == ["good"]


def test_after_twelve_attempts_a_job_is_dead(database: Database) -> None:
    def fail(db: Session, payload: dict, now: datetime) -> None:
        raise ValueError

    ask(database)
    now = NOW
    for _ in range(jobs.ATTEMPTS_LIMIT + 3):
        jobs.work(database, {"note": fail}, now)
        now += jobs.LONGEST_DELAY
    assert (the_job(database).state, the_job(database).attempts) == (State.DEAD, jobs.ATTEMPTS_LIMIT)


def test_the_pause_doubles_up_to_half_an_hour() -> None:
    pauses = [int(jobs.delay(n).total_seconds()) for n in (1, 2, 3, 10, 11, 12, 500)]
    assert pauses == [2, 4, 8, 1024, 1800, 1800, 1800]


def test_a_kind_that_this_worker_does_not_know_is_left_alone(database: Database) -> None:
    ask(database)
    assert jobs.work(database, {"other": note}, NOW) == 0
    assert the_job(database).state == State.QUEUED


def test_a_crash_between_claim_and_finish_brings_the_job_back_after_its_lease(database: Database) -> None:
    def die(db: Session, payload: dict, now: datetime) -> None:
        note(db, payload, now)
        raise SystemExit  # as a killed process: nothing of ours runs after it

    ask(database)
    with pytest.raises(SystemExit):
        jobs.work(database, {"note": die}, NOW)
    assert (effects(database), the_job(database).state) == ([], State.RUNNING)
    with database.writing() as db:
        assert not jobs.cancel(db, "note:1")
    assert jobs.work(database, HANDLERS, NOW + jobs.LEASE - timedelta(seconds=1)) == 0
    assert jobs.work(database, HANDLERS, NOW + jobs.LEASE) == 1
    assert effects(database) == ["one"]


def test_a_job_that_kills_its_worker_each_time_ends_dead(database: Database) -> None:
    def die(db: Session, payload: dict, now: datetime) -> None:
        raise SystemExit

    ask(database)
    now = NOW
    for _ in range(jobs.ATTEMPTS_LIMIT):
        with pytest.raises(SystemExit):
            jobs.work(database, {"note": die}, now)
        now += jobs.LEASE
    assert jobs.work(database, {"note": die}, now) == 1
    assert (the_job(database).state, the_job(database).last_error_code) == (State.DEAD, "deserted")


def test_a_worker_that_was_overtaken_changes_nothing(database: Database) -> None:
    ask(database)
    with database.writing() as db:
        stale = jobs._claim(db, ["note"], NOW)
    assert jobs.work(database, HANDLERS, NOW + jobs.LEASE) == 1
    jobs._run(database, note, stale, NOW + jobs.LEASE)
    assert effects(database) == ["one"]


def test_eight_workers_and_a_hundred_jobs_have_each_effect_exactly_once(database: Database) -> None:
    names = [f"{number:03}" for number in range(100)]
    with database.writing() as db:
        for name in names:
            enqueue(db, "note", f"note:{name}", {"name": name}, NOW)
    start, counts = threading.Barrier(8), []

    def worker() -> None:
        start.wait()
        counts.append(jobs.work(database, HANDLERS, NOW))

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (sum(counts), effects(database)) == (100, names)
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Job.state == State.DONE)) == 100


def test_eight_threads_that_ask_for_the_same_job_get_one(database: Database) -> None:
    start = threading.Barrier(8)

    def asker() -> None:
        start.wait()
        ask(database)

    threads = [threading.Thread(target=asker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    jobs.work(database, HANDLERS, NOW)
    assert effects(database) == ["one"]
