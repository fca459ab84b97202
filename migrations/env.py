"""How alembic reaches the database: with the portal's own engine, and all rooms' tables as the aim."""

from typing import Any

from alembic import context

from portal.kit.db import Base, Instant, Json, Scaled, connect
from portal.kit.migrations import know_all_tables

PLAIN = {Scaled: "sa.BigInteger()", Instant: "sa.DateTime(timezone=True)", Json: "sa.Text()"}


def plain(kind: str, item: Any, _: Any) -> str | bool:
    """Write our own column types as what they are in the database, so that old migrations never break."""
    return (kind == "type" and PLAIN.get(type(item))) or False


know_all_tables()
database = connect(context.config.attributes["url"])
with database.engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=plain,
        render_as_batch=database.dialect == "sqlite",
    )
    context.run_migrations()
database.engine.dispose()
