"""Verbs that change the client record."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.clients.alarms import raise_if_due
from portal.clients.changes import Person, settle
from portal.clients.models import Client, ClientConsent, ClientFact, ClientFactHistory, ClientView
from portal.clients.queries import ids_by_no, reveals_on
from portal.clients.rules import CONSENT_TEXT
from portal.clients.sealing import kept_as, sealable

Given = Mapping[str, Any]
COLUMNS = ("client_no", "name", "client_type", "branch_no", "opened_on", "status", "risk_level", "risk_valid_to")


def take_over(db: Session, clients: Collection[Given], facts: Collection[Given], *, now: datetime) -> dict[str, int]:
    """Bring the record up to what the core system says; give every client's id by his number.

    `clients` carry COLUMNS; `facts` carry client_no, key, value, as_of, and a fact older than ours changes nothing.
    """
    _take_over_clients(db, clients)
    ids = ids_by_no(db)
    ours = [{**given, "client_id": ids[given["client_no"]]} for given in facts]
    _take_over_facts(db, ours, now)
    told = {(ids[given["client_no"]], "name"): str(given["name"]) for given in clients}
    settle(db, told | {(given["client_id"], given["key"]): str(given["value"]) for given in ours}, now)
    return ids


def consent(db: Session, *, who: Person, client_id: int, kind: str, is_given: bool, now: datetime) -> None:
    """Write down that a client gave or withdrew a consent, to the text as it reads now."""
    db.add(
        ClientConsent(
            client_id=client_id, kind=kind, is_given=is_given, text_version=CONSENT_TEXT, channel=who.channel,
            actor=who.actor, at=now,
        )
    )  # fmt: skip
    detail = {"kind": kind, "given": is_given, "text": CONSENT_TEXT}
    audit.record(db, actor=who.actor, event="client.consent", object=f"client:{client_id}", detail=detail, now=now)


def look(
    db: Session, *, staff: Person, client_id: int, what: str, now: datetime, key: str | None = None,
    reason: str | None = None,
) -> None:  # fmt: skip
    """Write down that staff look at a client's data; the client reads it. A value without its mask is audited too."""
    staff_id = staff.user_id or 0
    db.add(
        ClientView(
            client_id=client_id, staff_id=staff_id, staff_name=staff.name, what=what, key=key, reason=reason, at=now
        )
    )
    db.flush()
    if what != "value":
        return
    mine, detail = f"client:{client_id}", {"key": key, "reason": reason}
    audit.record(db, actor=staff.actor, event="client.reveal", object=mine, detail=detail, now=now)
    raise_if_due(db, staff, reveals_on(db, staff_id, now), now)


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
    new, newer, changed = [], [], []
    for given in facts:
        row = {name: given[name] for name in ("client_id", "key", "value", "as_of")}
        row |= {"source": "core", "recorded_at": now}
        old = known.get((row["client_id"], row["key"]))
        if old is None:
            new.append(row | kept_as(db, row["key"], row["value"]))
        elif row["as_of"] >= old.as_of and (row["value"], row["as_of"]) != (old.value, old.as_of):
            row |= kept_as(db, row["key"], row["value"])
            newer.append({**row, "of_client": row["client_id"], "of_key": row["key"]})
            if row["value"] != old.value:
                changed.append(_history(row, old.value, now))
    _insert(db, table, new)
    if newer:
        same = (columns.client_id == bindparam("of_client"), columns.key == bindparam("of_key"))
        db.connection().execute(update(table).where(*same), newer)
    _insert(db, ClientFactHistory.__table__, changed)  # type: ignore[arg-type]


def _history(row: Given, old: str, now: datetime) -> dict[str, Any]:
    told = {name: row[name] for name in ("client_id", "key")} | {"new": row["value"], "at": now}
    told["old"] = sealable(row["key"], old)
    return told | {"channel": "system", "actor": "system", "actor_name": "", "ref": None}


def _insert(db: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(table), rows)
