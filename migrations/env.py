"""How alembic reaches the database: with the portal's own engine, and all rooms' tables as the aim."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import event

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
if database.dialect == "sqlite":
    # A change of a table lays it anew there: while it is away, what points to it must not be in the way.
    event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=OFF"))
with database.engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=plain,
        render_as_batch=database.dialect == "sqlite",
    )
    context.run_migrations()
    if database.dialect == "sqlite" and (loose := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"rows that point to nothing: {loose[:5]}")
database.engine.dispose()
