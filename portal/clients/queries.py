"""Reads of the client record."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from portal.clients.models import Client, ClientFact


def client_by_no(db: Session, client_no: str) -> Row[*tuple[Any, ...]] | None:
    """Find a client by his number: all columns of Client."""
    return db.execute(select(*Client.__table__.c).where(Client.client_no == client_no)).first()


def client_by_id(db: Session, client_id: int) -> Row[*tuple[Any, ...]] | None:
    """Find a client by the portal's own id: all columns of Client."""
    return db.execute(select(*Client.__table__.c).where(Client.id == client_id)).first()


def ids_by_no(db: Session) -> dict[str, int]:
    """Give every client's id by his number."""
    return {row.client_no: row.id for row in db.execute(select(Client.client_no, Client.id))}


def fact(db: Session, client_id: int, key: str) -> str | None:
    """Give what we hold under an indicator's key, or None."""
    return db.scalar(select(ClientFact.value).where(ClientFact.client_id == client_id, ClientFact.key == key))


def mobile(db: Session, client_id: int) -> str | None:
    """Give the mobile number to which a client's SMS go, or None where the core holds none."""
    return fact(db, client_id, "mobile")
