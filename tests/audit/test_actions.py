"""The record in the database: written with the change, sealed once, and telling on whoever meddles."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal import audit
from portal.audit.models import AuditEvent, AuditSeal, AuditWaiting
from portal.audit.queries import EVENT as EVENT_COLUMNS
from portal.audit.queries import body_of
from portal.audit.rules import Body, Fault, Head, Problem, seal_hash
from portal.kit.db import Database
from tests.conftest import Databases

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TABLES = ("audit_event", "audit_seal")


def lay(database: Database, count: int, *, sealed: bool = True) -> None:
    with database.writing() as db:
        for n in range(count):
            told = {"actor": f"staff:{n}", "event": "points.adjusted", "object": f"client:{n % 2}"}
            audit.record(db, **told, detail={"n": n}, now=NOON + timedelta(seconds=n))
    if sealed:
        with database.writing() as db:
            assert audit.seal(db, NOON) == count


def disarm(db: Session) -> None:
    """Take away what guards the tables, as somebody with the database's own password could."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SET LOCAL session_replication_role = replica"))
        return
    db.execute(text("PRAGMA defer_foreign_keys = ON"))
    for table in TABLES:
        for verb in ("update", "delete"):
            db.execute(text(f"DROP TRIGGER {table}_no_{verb}"))


def test_an_event_is_told_with_its_number_in_the_chain(database: Database) -> None:
    lay(database, 3)
    lay(database, 1, sealed=False)
    with database.reading() as db:
        told = audit.events_of(db, "client:0")
    assert [(event.actor, event.detail, event.seq) for event in told] == [
        ("staff:0", {"n": 0}, 1),
        ("staff:2", {"n": 2}, 3),
        ("staff:0", {"n": 0}, None),
    ]
    assert told[1].at == NOON + timedelta(seconds=2)


def test_an_event_of_a_change_that_failed_was_never_recorded(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as db:
        audit.record(db, actor="system", event="x", object="y", detail={}, now=NOON)
        _ = 1 // 0
    with database.reading() as db:
        assert audit.events_of(db, "y") == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_the_record(database: Database, table: str, change: str) -> None:
    lay(database, 1)
    column = {"audit_event": "actor", "audit_seal": "hash"}[table]
    with pytest.raises(DBAPIError, match="only grows"), database.writing() as db:
        db.execute(text(change.format(table, column, "'x'")))


def test_sealing_goes_on_where_it_stopped_and_leaves_nothing_waiting(database: Database) -> None:
    lay(database, 5, sealed=False)
    for expected in (2, 2, 1, 0):
        with database.writing() as db:
            assert audit.seal(db, NOON, limit=2) == expected
    with database.reading() as db:
        assert db.scalars(select(AuditSeal.seq).order_by(AuditSeal.seq)).all() == [1, 2, 3, 4, 5]
        assert db.scalar(select(func.count()).select_from(AuditWaiting)) == 0
        assert audit.verify(db) == []


def test_an_event_that_commits_late_is_sealed_all_the_same(postgresql_databases: Databases) -> None:
    database = postgresql_databases.fresh()  # SQLite's writers come one after the other
    with database.writing() as late:
        audit.record(late, actor="system", event="late", object="late", detail={}, now=NOON)
        lay(database, 3)
    with database.writing() as db:
        assert audit.seal(db, NOON) == 1
        assert [event.seq for event in audit.events_of(db, "late")] == [4]
        assert audit.verify(db) == []
    database.engine.dispose()


def test_many_writers_and_sealers_at_once_leave_one_whole_chain(database: Database) -> None:
    def write(n: int) -> None:
        with database.writing() as db:
            audit.record(db, actor=f"staff:{n}", event="x", object="race", detail={}, now=NOON)

    def seal(_: int) -> int:
        with database.writing() as db:
            return audit.seal(db, NOON)

    with ThreadPoolExecutor(8) as pool:
        written = [pool.submit(write, n) for n in range(24)]
        sealed = sum(job.result() for job in [pool.submit(seal, n) for n in range(12)])
        for job in written:
            job.result()
    with database.writing() as db:
        assert sealed + audit.seal(db, NOON) == 24
        assert audit.verify(db) == []
        assert audit.head(db).seq == 24


EVENT, SEAL = ("actor", "event", "object", "detail", "at"), ("prev_hash", "hash", "sealed_at")
edits = st.sampled_from([("audit_event", name) for name in EVENT] + [("audit_seal", name) for name in SEAL])
spots = st.integers(1, 6)
tamperings = st.one_of(
    st.tuples(st.just("edit"), edits, spots),
    st.tuples(st.just("delete"), st.sampled_from(TABLES), spots),
    st.tuples(st.just("swap"), st.sampled_from(TABLES), st.lists(spots, min_size=2, max_size=2, unique=True)),
    st.tuples(st.just("truncate"), st.sampled_from((*TABLES, "both")), spots),
    st.tuples(st.just("slip in"), st.none(), spots),
)


def tamper(db: Session, kind: str, target: object, spot: object) -> None:
    if kind == "edit":
        table, column = target
        key = "id" if table == "audit_event" else "seq"
        value = "'2026-01-01 00:00:00.000000'" if column.endswith("at") else f"'{{}}{spot}'"
        db.execute(text(f"UPDATE {table} SET {column} = {value} WHERE {key} = {spot}"))
    elif kind == "delete":
        db.execute(text(f"DELETE FROM {target} WHERE {'id' if target == 'audit_event' else 'seq'} = {spot}"))
    elif kind == "swap":
        key = "id" if target == "audit_event" else "seq"
        for old, new in ((spot[0], -1), (spot[1], spot[0]), (-1, spot[1])):
            db.execute(text(f"UPDATE {target} SET {key} = {new} WHERE {key} = {old}"))
    elif kind == "truncate":
        for table in TABLES if target == "both" else (target,):
            db.execute(text(f"DELETE FROM {table} WHERE {'id' if table == 'audit_event' else 'seq'} >= {spot}"))
    else:
        columns = "id, at, actor, event, object, detail"
        db.execute(text(f"INSERT INTO audit_event ({columns}) VALUES ({spot + 100}, '2026-01-01', 'x', 'x', 'x', '1')"))


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(tamperings)
def test_every_tampering_is_found(database: Database, tampering: tuple[str, object, object]) -> None:
    with database.reading() as db:
        empty = not db.scalar(select(func.count()).select_from(AuditEvent))
    if empty:
        lay(database, 6)
    with Session(database.engine) as db:
        assert audit.verify(db) == []
        disarm(db)
        tamper(db, *tampering)
        assert audit.verify(db) != []
        db.rollback()


def test_a_cut_tail_shows_at_the_head(database: Database) -> None:
    lay(database, 4)
    with Session(database.engine) as db:
        disarm(db)
        tamper(db, "truncate", "both", 3)
        assert [problem.fault for problem in audit.verify(db)] == [Fault.HEAD]


def test_a_chain_cut_together_with_its_head_shows_only_against_a_head_noted_outside(database: Database) -> None:
    lay(database, 4)
    with Session(database.engine) as db:
        noted = audit.head(db)
        disarm(db)
        tamper(db, "truncate", "both", 3)
        kept = db.execute(select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc())).first()
        db.execute(text(f"UPDATE audit_head SET seq = {kept.seq}, hash = '{kept.hash}'"))
        assert audit.verify(db) == []
        assert [problem.fault for problem in audit.verify(db, noted=[noted])] == [Fault.ANCHOR]
        assert audit.verify(db, noted=[Head(kept.seq, kept.hash)]) == []


def forge(db: Session, seq: int) -> None:
    """Rewrite an event and seal it again by the book, as somebody could who has read the code."""
    db.execute(text(f"UPDATE audit_event SET actor = 'staff:99' WHERE id = {seq}"))
    row = db.execute(select(*EVENT_COLUMNS).where(AuditEvent.id == seq)).one()
    prev_hash = db.scalar(select(AuditSeal.prev_hash).where(AuditSeal.seq == seq))
    db.execute(
        text(f"UPDATE audit_seal SET hash = '{seal_hash(prev_hash, body_of(row, seq, NOON))}' WHERE seq = {seq}")
    )


@pytest.mark.parametrize(("seq", "fault"), [(1, Fault.BROKEN), (3, Fault.BROKEN), (4, Fault.HEAD)])
def test_an_event_forged_with_a_right_seal_shows_at_the_next_link(database: Database, seq: int, fault: Fault) -> None:
    lay(database, 4)
    with Session(database.engine) as db:
        disarm(db)
        forge(db, seq)
        assert [problem.fault for problem in audit.verify(db)] == [fault]


def test_an_event_taken_out_whole_leaves_a_gap_in_the_numbers(database: Database) -> None:
    lay(database, 4)
    with Session(database.engine) as db:
        disarm(db)
        for table, key in (("audit_seal", "seq"), ("audit_event", "id")):
            db.execute(text(f"DELETE FROM {table} WHERE {key} = 2"))
        assert audit.verify(db) == [Problem(Fault.GAP, 2), Problem(Fault.BROKEN, 3)]


def test_an_event_sealed_past_the_head_by_a_stranger_shows(database: Database) -> None:
    lay(database, 4)
    with Session(database.engine) as db:
        end = audit.head(db)
        told = {"actor": "x", "event": "x", "object": "x", "detail": "1", "at": NOON}
        body = Body(5, 5, sealed_at=NOON, **told)
        db.execute(insert(AuditEvent).values(id=5, **told | {"detail": 1}))
        link = {"prev_hash": end.hash, "hash": seal_hash(end.hash, body), "sealed_at": NOON}
        db.execute(insert(AuditSeal).values(seq=5, event_id=5, **link))
        assert audit.verify(db) == [Problem(Fault.HEAD, 5)]


@pytest.mark.parametrize("sealed_before", [0, 2])
def test_a_second_sealer_waits_for_the_first_and_finds_nothing_left(database: Database, sealed_before: int) -> None:
    lay(database, sealed_before)
    lay(database, 3, sealed=False)

    def seal() -> int:
        with database.writing() as db:
            return audit.seal(db, NOON)

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as db:
            assert audit.seal(db, NOON) == 3
            second = pool.submit(seal)
            sleep(0.3)  # long enough for the second to stand at the head
        assert second.result() == 0
