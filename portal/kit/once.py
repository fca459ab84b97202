"""Write a row once: the second of two equal keys changes nothing, whichever came first."""

from typing import Any

from sqlalchemy import Dialect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.kit.db import Base


def insert_once(db: Session, model: type[Base], key: str, **values: Any) -> int:
    """Insert a row under its unique `key`, or find the one that is there; give its id."""
    table = model.__table__
    insert = postgresql.insert if _dialect(db).name == "postgresql" else sqlite.insert
    db.execute(insert(model).values(key=key, **values).on_conflict_do_nothing(index_elements=["key"]))
    return int(db.execute(select(table.c.id).where(table.c.key == key)).scalar_one())


def _dialect(db: Session) -> Dialect:
    return db.get_bind().dialect
