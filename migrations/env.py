"""How alembic reaches the database: with the portal's own engine, and all rooms' tables as the aim."""

from typing import Any, Literal

from alembic import context

from portal.kit.db import Base, Instant, Json, Scaled, connect
from portal.kit.migrations import know_all_tables
from portal.kit.sealed import Sealable

PLAIN: dict[type, str] = {
    Scaled: "sa.BigInteger()", Instant: "sa.DateTime(timezone=True)", Json: "sa.Text()", Sealable: "sa.Text()",
}  # fmt: skip


def plain(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database, so that old migrations never break."""
    return PLAIN.get(type(item), False) if kind == "type" else False


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
