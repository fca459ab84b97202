"""The database: exact column types, one transaction a request, tables that only grow."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    DDL,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    literal,
    true,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from portal.kit.vault import Vault

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
ALL: ColumnElement[bool] = true()  # the condition that cuts nothing off
BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """What every room's tables are declared on."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {int: BigId}  # an unmarked int is a key of some table


class Scaled(TypeDecorator[Decimal]):
    """A Decimal kept as an exact integer of its smallest unit; a finer value is refused, never rounded."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        """Keep so many decimal places."""
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn a Decimal into its integer."""
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} is finer than {self.places} decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Turn the integer back into a Decimal."""
        return None if value is None else Decimal(value).scaleb(-self.places)


Money = Scaled(2)
Price = Scaled(4)
Quantity = Scaled(2)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring the instant to UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """Plain data as canonical JSON text: the same value is always the same bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the value down."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the value back."""
        return None if value is None else json.loads(value)


def canonical(value: Any) -> str:
    """Write plain data as JSON in the one form that is hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def immutable(table: Table) -> Table:
    """Let the database itself refuse UPDATE and DELETE (on PostgreSQL TRUNCATE too) on a table."""
    table.info["immutable"] = True
    for dialect in ("sqlite", "postgresql"):
        for statement in immutable_ddl(dialect, table.name):
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))
    return table


def immutable_ddl(dialect: str, table: str) -> list[str]:
    """Give the statements that make a table append-only; migrations run the same ones."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()",
    ]


def lifting_ddl(dialect: str, table: str) -> list[str]:
    """Give the statements that take the guard of an append-only table away."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")]
    return [f"DROP TRIGGER {table}_no_change ON {table}"]


@dataclass(frozen=True)
class Database:
    """One database and the two ways into it."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads."""
        engine = self.engine.execution_options(portal_reading=True, postgresql_readonly=True)
        with Session(engine, autoflush=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that writes: it ends with the block, whole or not at all."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @property
    def dialect(self) -> str:
        """Name the database: sqlite or postgresql."""
        return self.engine.dialect.name


def connect(url: str, vault: Vault | None = None) -> Database:
    """Open the database of a URL with the settings that our promises rest on, and the keys of what is sealed in it."""
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"), **_pool(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    engine.dialect.vault = vault  # type: ignore[attr-defined]  # portal.kit.sealed finds it there
    return Database(engine)


def _pool(url: str) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"check_same_thread": False}, "pool_size": 20, "max_overflow": 20}
    options = "-c lock_timeout=5000 -c statement_timeout=60000 -c timezone=UTC"
    return {"connect_args": {"options": options}, "pool_size": 10, "max_overflow": 30}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Python's own BEGIN is deferred: a read that becomes a write then fails at once with "database is locked".
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    reading = connection.get_execution_options().get("portal_reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def insert_once(db: Session, table: Any, **values: Any) -> bool:
    """Insert a row unless its key is there already; tell whether it went in."""
    make = sqlite_insert if db.get_bind().dialect.name == "sqlite" else postgresql_insert
    # Not by the count of rows: where a key is fetched on the way, PostgreSQL's driver gives none.
    went_in = make(table).values(**values).on_conflict_do_nothing().returning(literal(1))
    return db.execute(went_in).first() is not None


def rows_touched(outcome: Any) -> int:
    """Tell how many rows an UPDATE, DELETE or INSERT touched."""
    return int(outcome.rowcount)
