"""Verbs that change the client record."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from portal.clients.models import Client, ClientFact
from portal.clients.queries import ids_by_no

Given = Mapping[str, Any]
COLUMNS = ("client_no", "name", "client_type", "branch_no", "opened_on", "status", "risk_level", "risk_valid_to")


def take_over(db: Session, clients: Collection[Given], facts: Collection[Given], *, now: datetime) -> dict[str, int]:
    """Bring the record up to what the core system says; give every client's id by his number.

    `clients` carry COLUMNS; `facts` carry client_no, key, value, as_of, and a fact older than ours changes nothing.
    """
    _take_over_clients(db, clients)
    ids = ids_by_no(db)
    _take_over_facts(db, [{**given, "client_id": ids[given["client_no"]]} for given in facts], now)
    return ids


def _take_over_clients(db: Session, clients: Collection[Given]) -> None:
    table: Table = Client.__table__  # type: ignore[assignment]
    known = {row.client_no: tuple(row) for row in db.execute(select(*(table.c[name] for name in COLUMNS)))}
    told = [{name: given[name] for name in COLUMNS} for given in clients]
    _insert(db, table, [given for given in told if given["client_no"] not in known])
    changed = [given for given in told if known.get(given["client_no"]) not in (None, tuple(given.values()))]
    if changed:
        same = table.c.client_no == bindparam("of")
        db.connection().execute(update(table).where(same), [{**given, "of": given["client_no"]} for given in changed])


def _take_over_facts(db: Session, facts: Collection[Given], now: datetime) -> None:
    table: Table = ClientFact.__table__  # type: ignore[assignment]
    columns = table.c
    ours = select(columns.client_id, columns.key, columns.value, columns.as_of)
    known = {(row.client_id, row.key): row for row in db.execute(ours)}
    new, newer = [], []
    for given in facts:
        row = {name: given[name] for name in ("client_id", "key", "value", "as_of")}
        row |= {"source": "core", "recorded_at": now}
        old = known.get((row["client_id"], row["key"]))
        if old is None:
            new.append(row)
        elif row["as_of"] >= old.as_of and (row["value"], row["as_of"]) != (old.value, old.as_of):
            newer.append({**row, "of_client": row["client_id"], "of_key": row["key"]})
    _insert(db, table, new)
    if newer:
        same = (columns.client_id == bindparam("of_client"), columns.key == bindparam("of_key"))
        db.connection().execute(update(table).where(*same), newer)


def _insert(db: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(table), rows)
