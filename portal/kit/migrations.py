"""Migrations: bring a database to the schema that this version of the portal needs."""

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from portal.kit.db import connect, immutable_ddl
from portal.kit.vault import Vault

PORTAL = Path(__file__).parents[1]
FOLDER = Path(__file__).parents[2] / "migrations"


def config(url: str, vault: Vault | None = None) -> Config:
    """Give what alembic needs to know; a new migration's name begins with its date and minute."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d-%%(hour).2d%%(minute).2d_%%(slug)s")
    made.attributes.update(url=url, vault=vault)
    return made


def upgrade(url: str, vault: Vault | None = None) -> str | None:
    """Bring the database to the newest schema, sealing with these keys what must be; give its revision."""
    command.upgrade(config(url, vault), "head")
    return newest()


def newest() -> str | None:
    """Name the newest revision that the code knows."""
    return ScriptDirectory.from_config(config("")).get_current_head()


def current(url: str) -> str | None:
    """Name the revision that a database stands at, None for an empty one."""
    database = connect(url)
    try:
        if not inspect(database.engine).has_table("alembic_version"):
            return None
        with database.reading() as db:
            revision: str | None = db.scalar(text("SELECT version_num FROM alembic_version"))
            return revision
    finally:
        database.engine.dispose()


def know_all_tables() -> None:
    """Import every file that declares tables, so that the metadata is whole."""
    kit = [PORTAL / "kit" / name for name in ("jobs.py", "numbers.py", "uploads.py")]
    for file in sorted([*PORTAL.glob("*/models.py"), *kit]):
        import_module(".".join(file.relative_to(PORTAL.parent).with_suffix("").parts))


def only_grows(op: Any, table: str) -> None:
    """Let the database refuse UPDATE and DELETE on a table: what a migration says of an append-only one."""
    for statement in immutable_ddl(op.get_bind().dialect.name, table):
        op.execute(statement)


def drop_guard(op: Any, table: str) -> None:
    """Take away what `only_grows` left behind once its table is gone."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION IF EXISTS {table}_only_grows()")
