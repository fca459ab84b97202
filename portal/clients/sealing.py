"""How a value of an indicator is kept: sealed where the list marks it, with a blind index where it must be found."""

from typing import Any

from sqlalchemy.orm import Session

from portal.clients.indicators import by_key
from portal.kit.sealed import Secret, vault_of


def sealable(key: str, value: str | None) -> str | None:
    """Mark a value that must lie sealed; any other stays as it is."""
    this = by_key().get(key)
    return Secret(value) if value is not None and this is not None and this.is_sealed else value


def kept_as(db: Session, key: str, value: str) -> dict[str, Any]:
    """Give the columns of a fact that hold its value."""
    this = by_key().get(key)
    blind = vault_of(db).blind(value, of=key) if this is not None and this.is_found_by else None
    return {"value": sealable(key, value), "blind": blind}
