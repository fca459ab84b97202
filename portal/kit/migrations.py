"""Migrations: bring a database to the schema that this version of the portal needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from portal.kit.db import connect

FOLDER = Path(__file__).parents[2] / "migrations"


def config(url: str) -> Config:
    """Give what alembic needs to know; a new migration's name begins with its date and minute."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d-%%(hour).2d%%(minute).2d_%%(slug)s")
    made.attributes["url"] = url
    return made


def upgrade(url: str) -> str | None:
    """Bring the database to the newest schema; give its revision."""
    command.upgrade(config(url), "head")
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
