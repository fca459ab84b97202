"""A person's own data: parts of one shape from many rooms, as plain values that any program can read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.kit.clock import local

Shape = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Part:
    """What one room holds of an owner: a select whose columns are named for what they hold."""

    name: str
    title: str
    read: Callable[[int], Any]
    shape: Shape | None = None


def gather(db: Session, parts: Sequence[Part], owner: int) -> dict[str, list[dict[str, Any]]]:
    """Give all that is held of an owner, part by part, one statement each."""
    return {part.name: [_row(part, row) for row in db.execute(part.read(owner))] for part in parts}


def _row(part: Part, row: Any) -> dict[str, Any]:
    told = part.shape(row) if part.shape else row._mapping
    return {name: _plain(value) for name, value in told.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return local(value).isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
