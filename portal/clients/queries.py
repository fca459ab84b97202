"""Reads of the client record."""

from collections.abc import Collection
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


def lock(db: Session, client_id: int) -> None:
    """Let nobody else spend for this client until the transaction ends."""
    db.execute(select(Client.id).where(Client.id == client_id).with_for_update(key_share=True))


def names_of(db: Session, client_ids: Collection[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Give number and name of many clients in one query."""
    found = select(Client.id, Client.client_no, Client.name).where(Client.id.in_(client_ids))
    return {row.id: row for row in db.execute(found)}


def has_id_number(db: Session, number: str) -> bool:
    """Tell whether somebody is a client already under an identity document."""
    same = (ClientFact.key == "id_number", ClientFact.value == number.strip().upper())
    return db.scalar(select(ClientFact.id).where(*same).limit(1)) is not None
