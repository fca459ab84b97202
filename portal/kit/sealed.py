"""Text that lies sealed in its column: who reads the database's files reads nothing.

A room marks what is to be sealed, `Secret(text)`, where it writes; reading gives plain text again, so that nothing else
changes. A CHECK of the table refuses what somebody forgot to mark. The keys come with the database (`connect`).
What must be found by its value has a blind index beside it: a keyed hash under a key of its own.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, ColumnElement, Dialect, Text, cast, func, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from portal.kit.db import Base, immutable_ddl, lifting_ddl
from portal.kit.vault import Vault

MARK = "sealed:"
BATCH = 500


class Secret(str):
    """Text that must not lie open in the database."""

    __slots__ = ()


class Sealable(TypeDecorator[str]):
    """A text column in which a Secret is kept sealed, bound to the column: elsewhere it will not open."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        """Name the place to which what is sealed is bound."""
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal a Secret; leave other text as it is, unless it pretends to be sealed."""
        if isinstance(value, Secret):
            return MARK + _vault(dialect).seal(value.encode(), bound_to=self.place)
        if value is not None and value.startswith(MARK):
            raise ValueError("plain text may not look like sealed text")
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open what is sealed."""
        if value is None or not value.startswith(MARK):
            return value
        return _vault(dialect).open(value.removeprefix(MARK), bound_to=self.place).decode()


def vault_of(db: Session) -> Vault:
    """Give the keys with which this database was opened."""
    return _vault(db.get_bind().dialect)


def is_sealed_check(column: str, key_column: str, keys: Iterable[str]) -> str:
    """Give the CHECK that refuses open text under these keys."""
    told = ", ".join(f"'{key}'" for key in sorted(keys))
    return f"{column} IS NULL OR {key_column} NOT IN ({told}) OR {column} LIKE '{MARK}%'"


def lagging(db: Session) -> Iterator[tuple[Column[Any], int]]:
    """Give each column that may hold sealed text, with how many of its values the newest key has not sealed."""
    for column in _columns():
        count = select(func.count()).select_from(column.table).where(*_old(column, vault_of(db).newest))
        yield column, db.scalar(count) or 0


def reseal(db: Session, column: Column[Any], limit: int = BATCH) -> int:
    """Seal a batch of a column's values with the newest key; gives how many. An append-only table's guard is lifted."""
    table, vault = column.table, vault_of(db)
    raw = cast(column, Text)
    rows = db.execute(select(table.c.id, raw.label("raw")).where(*_old(column, vault.newest)).limit(limit)).all()
    with _unguarded(db, table):
        for row in rows:
            plain = vault.open(row.raw.removeprefix(MARK), bound_to=column.type.place)  # type: ignore[attr-defined]
            db.execute(update(table).where(table.c.id == row.id).values({column.name: Secret(plain.decode())}))
    return len(rows)


def _columns() -> list[Column[Any]]:
    tables = Base.metadata.sorted_tables
    return [column for table in tables for column in table.columns if isinstance(column.type, Sealable)]


def _old(column: Column[Any], newest: str) -> tuple[ColumnElement[bool], ...]:
    raw = cast(column, Text)
    return raw.like(f"{MARK}%"), raw.not_like(f"{MARK}{newest}:%")


@contextmanager
def _unguarded(db: Session, table: Any) -> Iterator[None]:
    # Other words for the same text are no change: the guard is back before the transaction ends.
    if not table.info.get("immutable"):
        yield
        return
    dialect = db.get_bind().dialect.name
    for statement in lifting_ddl(dialect, table.name):
        db.execute(text(statement))
    yield
    for statement in immutable_ddl(dialect, table.name):
        db.execute(text(statement))


def _vault(dialect: Dialect) -> Vault:
    found: Any = getattr(dialect, "vault", None)
    if not isinstance(found, Vault):
        raise RuntimeError("this database was opened without its keys")
    return found
