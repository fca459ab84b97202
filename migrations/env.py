"""How alembic reaches the database: with the portal's own engine, and all rooms' tables as the aim."""

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import context

from portal.kit.db import Base, Instant, Json, Scaled, connect

PORTAL = Path(__file__).parents[1] / "portal"
PLAIN = {Scaled: "sa.BigInteger()", Instant: "sa.DateTime(timezone=True)", Json: "sa.Text()"}


def plain(kind: str, item: Any, _: Any) -> str | bool:
    """Write our own column types as what they are in the database, so that old migrations never break."""
    return (kind == "type" and PLAIN.get(type(item))) or False


for models in sorted([*PORTAL.glob("*/models.py"), PORTAL / "kit/jobs.py"]):
    import_module(".".join(models.relative_to(PORTAL.parent).with_suffix("").parts))

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
