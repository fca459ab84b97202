"""Whatever happens to a good day on its way, the loader answers with an outcome and never leaves half of it."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.feeds import actions, manifest
from portal.feeds.booking import TARGETS
from portal.feeds.models import FeedQuarantine
from portal.feeds.rules import Outcome, State
from portal.kit.db import Base, Database
from tests.feeds.days import FIRST, NOW, SAMPLE, SECOND, digest, digest_of, laid, load, sign

FILES = sorted(path.name for path in (SAMPLE / SECOND).iterdir())
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
    good = (SAMPLE / SECOND / name).read_bytes()
    begin = draw(st.integers(0, len(good)))
    end = draw(st.one_of(st.just(begin), st.integers(begin, min(begin + 12, len(good)))))
    piece = draw(st.one_of(st.sampled_from(SNIPPETS), st.binary(max_size=6), st.just(good[begin:end] * 2)))
    return name, good[:begin] + piece + good[end:], draw(st.booleans())


@pytest.fixture
def begun(database: Database, tmp_path: Path) -> tuple[Database, str]:
    """A database in which the first day stands, and its digest."""
    assert load(database, laid(tmp_path / "first") / FIRST).state is State.LOADED
    return database, digest(database)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutation=mutations())
def test_a_mutated_day_is_loaded_whole_or_not_at_all(begun: tuple[Database, str], tmp_path: Path, mutation) -> None:
    name, content, signed = mutation
    day = shutil.copytree(SAMPLE / SECOND, tmp_path / SECOND, dirs_exist_ok=True)
    (day / name).write_bytes(content)
    if signed and name not in ("manifest.json", "READY"):
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
