"""The migrations lead from nothing to what the code declares, and back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from portal.kit import migrations
from portal.kit.db import Base


def test_the_migrated_schema_is_the_declared_one(database):
    migrations.know_all_tables()
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_every_migration_can_be_taken_back(database):
    url = database.engine.url.render_as_string(hide_password=False)
    command.downgrade(migrations.config(url), "base")
    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
    migrations.upgrade(url)
    assert "redemption" in inspect(database.engine).get_table_names()


def test_append_only_tables_are_guarded_by_the_migrations(database):
    migrations.know_all_tables()
    guarded = {table.name for table in Base.metadata.tables.values() if table.info.get("immutable")}
    found = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    if database.dialect == "postgresql":
        found = "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE '%%no_change'"
    with database.engine.connect() as connection:
        assert {row[0] for row in connection.exec_driver_sql(found)} == guarded
    assert "audit_event" in guarded
