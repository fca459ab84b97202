"""Whatever happens to a good day on its way, the loader answers with an outcome and never leaves half of it."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from portal import clients
from portal.feeds import actions, checks, manifest, queries
from portal.feeds.booking import TARGETS
from portal.feeds.checks import Known
from portal.feeds.models import FeedQuarantine
from portal.feeds.rules import Outcome, State
from portal.kit.db import Base, Database
from tests.conftest import Databases
from tests.feeds.days import FIRST, NOW, SAMPLE, SECOND, digest, digest_of, laid, load, sign

GOOD = {path.name: path.read_bytes() for path in sorted((SAMPLE / SECOND).iterdir())}
FILES = list(GOOD)
SEALED = ("manifest.json", "READY")  # what the counter writes last: nobody signs a change of it
MUTATIONS, BOOKED_EVERY = 10_000, 12
SNIPPETS = (
    b"",
    b",",
    b"\n",
    b'"',
    b"-",
    b"0",
    b"9",
    b"1e9",
    b"\xff",
    b"\x00",
    "账".encode(),
    b"99999999999999999999",
    b"{}",
)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes, bool]:
    """A file, what it becomes, and whether the counter signs that."""
    name = draw(st.sampled_from(FILES))
    good = GOOD[name]
    begin = draw(st.integers(0, len(good)))
    end = draw(st.one_of(st.just(begin), st.integers(begin, min(begin + 12, len(good)))))
    piece = draw(st.one_of(st.sampled_from(SNIPPETS), st.binary(max_size=6), st.just(good[begin:end] * 2)))
    return name, good[:begin] + piece + good[end:], draw(st.booleans())


@pytest.fixture
def begun(database: Database, tmp_path: Path) -> tuple[Database, str]:
    """A database in which the first day stands, and its digest."""
    assert load(database, laid(tmp_path / "first") / FIRST).state is State.LOADED
    return database, digest(database)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutation=mutations())
def test_a_mutated_day_is_loaded_whole_or_not_at_all(begun: tuple[Database, str], tmp_path: Path, mutation) -> None:
    name, content, signed = mutation
    day = shutil.copytree(SAMPLE / SECOND, tmp_path / SECOND, dirs_exist_ok=True)
    (day / name).write_bytes(content)
    if signed and name not in SEALED:
        sign(day)
    told = manifest.read_manifest(day)
    tables = manifest.read_tables(day, told) if isinstance(told, manifest.Manifest) else told
    if not isinstance(told, manifest.Manifest) or isinstance(tables, Outcome):
        assert isinstance(tables, Outcome)  # settled by the files alone: no database was ever asked
        return
    database, before = begun
    with database.writing() as db:
        outcome = actions.standing(db, told) or actions.take(db, told, tables, NOW)
        if outcome.state is State.LOADED:
            every_row_stands_or_is_parked(db, outcome, tables)
        else:
            assert digest_of(db) == before
        db.rollback()


def every_row_stands_or_is_parked(db, outcome: Outcome, tables) -> None:
    for file in TARGETS.keys() & tables.keys():
        count = booked(db, file, outcome.batch_id) + parked(db, file, outcome.batch_id)
        assert count == len(tables[file].records)


def booked(db, file: str, batch: int) -> int:
    table = Base.metadata.tables[TARGETS[file]]
    return db.scalar(select(func.count()).select_from(table).where(table.c.batch_id == batch, table.c.line > 0))


def parked(db, file: str, batch: int) -> int:
    wanted = select(func.count()).select_from(FeedQuarantine)
    return db.scalar(wanted.where(FeedQuarantine.batch_id == batch, FeedQuarantine.file == f"{file}.csv"))


def test_ten_thousand_random_mutations_of_a_good_day_each_come_to_an_outcome(
    sqlite_databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, ends = random.Random(20240611), Counter[str]()
    database = Databases(sqlite_databases.make, sqlite_databases.remove).fresh()
    assert load(database, laid(tmp_path / "first") / FIRST).state is State.LOADED
    before, known = digest(database), known_after_the_first_day(database)
    day = shutil.copytree(SAMPLE / SECOND, tmp_path / SECOND)
    with statements_counted(database) as counted:
        for number in range(MUTATIONS):
            name = chance.choice(FILES)
            (day / name).write_bytes(mutated(GOOD[name], chance))
            signed = name not in SEALED and chance.random() < 0.15
            if signed:
                sign(day)
            ends[outcome_of(day, database, known(), counted, books=number % BOOKED_EVERY == 0)] += 1
            for changed in {name, *(SEALED if signed else ())}:
                (day / changed).write_bytes(GOOD[changed])
    assert digest(database) == before, "the last good day shows what it showed"
    with capsys.disabled():
        print(f"\n{MUTATIONS} mutations of a day: {dict(ends)}")
    assert sum(ends.values()) == MUTATIONS
    assert {"HASH", "NOT_READY", "HEADER", "MALFORMED", "ENCODING", "checked", "booked"} <= set(ends)
    assert ends["checked"] > 500
    assert ends["booked"] > 40


def mutated(good: bytes, chance: random.Random) -> bytes:
    begin = chance.randint(0, len(good))
    end = min(len(good), begin + chance.choice((0, 0, 1, 2, 5, 12)))
    pieces = (chance.choice(SNIPPETS), chance.randbytes(chance.randint(0, 6)), good[begin:end] * 2)
    return good[:begin] + chance.choice(pieces) + good[end:]


def outcome_of(day: Path, database: Database, known: Known, counted: Callable[[], int], *, books: bool) -> str:
    """Load a mutated day as far as its files lead: what settles it there never asks the database anything."""
    asked = counted()
    told = manifest.read_manifest(day)
    tables = manifest.read_tables(day, told) if isinstance(told, manifest.Manifest) else told
    assert counted() == asked
    if isinstance(tables, Outcome):
        return str(tables.reason)
    for file in (file for file in checks.ORDER if file in tables):
        good, bad = checks.checked(tables[file], known)
        assert len(good) + len(bad) == len(tables[file].records), "every row stands or is parked"
    if not books:
        return "checked"
    with database.writing() as db:
        outcome = actions.standing(db, told) or actions.take(db, told, tables, NOW)
        if outcome.state is State.LOADED:
            every_row_stands_or_is_parked(db, outcome, tables)
        db.rollback()
    return "booked" if outcome.state is State.LOADED else str(outcome.reason)


def known_after_the_first_day(database: Database) -> Callable[[], Known]:
    with database.reading() as db:
        people, accounts = set(clients.ids_by_no(db)), set(queries.account_ids(db))
        types = queries.security_types(db)
    on = date(2024, 6, 11)
    return lambda: Known(on, set(people), set(accounts), dict(types))


@contextmanager
def statements_counted(database: Database) -> Iterator[Callable[[], int]]:
    """Count the statements that a database is sent."""
    count = 0

    def sent(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(database.engine, "before_cursor_execute", sent)
    yield lambda: count
    event.remove(database.engine, "before_cursor_execute", sent)
