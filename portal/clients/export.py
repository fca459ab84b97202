"""The daily file of approved changes for the counter, in the feed's manner: a folder a day, manifest, READY last.

First the day's changes are marked in the database, then their file is written from the marks: whoever is stopped in
between writes the same file again. Once READY stands, a day is closed; what is approved later goes out the next day.
"""

import csv
import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clients import changes
from portal.clients.models import Client, ClientChange
from portal.clients.rules import State
from portal.kit.clock import local

COLUMNS = "change_no client_no key value approved_at endorsed_by approved_by".split()
READY = "READY"


def is_closed(folder: Path, day: date) -> bool:
    """Tell whether a day's file is out."""
    return (_place(folder, day) / READY).exists()


def mark_approved(db: Session, day: date, now: datetime) -> int:
    """Mark what waits for the counter as going out on this day; gives how many."""
    waiting = (ClientChange.state == State.APPROVED, ClientChange.exported_on.is_(None))
    found = db.scalars(select(ClientChange).where(*waiting).order_by(ClientChange.id).with_for_update()).all()
    for change in found:
        change.exported_on = day
        changes.note_export(db, change, now)
    return len(found)


def days_to_write(db: Session, folder: Path, today: date) -> list[date]:
    """List the days whose file is not out: this one, and any earlier one that was broken off."""
    marked = db.scalars(select(ClientChange.exported_on).where(ClientChange.exported_on.is_not(None)).distinct())
    return sorted(day for day in {today, *marked} if day and not is_closed(folder, day))


def write_day(db: Session, folder: Path, day: date) -> Path:
    """Write a day's file, its manifest, and READY last; only the owner may read them."""
    rows = _rows(db, day)
    place, name, body = _place(folder, day), f"changes-{day:%Y%m%d}.csv", _csv(rows).encode()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = {"bytes": len(body), "rows": len(rows), "sha256": hashlib.sha256(body).hexdigest()}
    manifest = {"business_date": f"{day:%Y%m%d}", "encoding": "utf-8", "files": {name: told}}
    _write(place / name, body)
    _write(place / "manifest.json", json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n")
    _write(place / READY, f"{hashlib.sha256((place / 'manifest.json').read_bytes()).hexdigest()}\n".encode())
    return place / name


def _rows(db: Session, day: date) -> Sequence[Any]:
    columns = (
        ClientChange.number, Client.client_no, ClientChange.key, ClientChange.value, ClientChange.decided_at,
        ClientChange.endorsed_by, ClientChange.decided_by,
    )  # fmt: skip
    found = select(*columns).join(Client, Client.id == ClientChange.client_id).where(ClientChange.exported_on == day)
    return db.execute(found.order_by(ClientChange.id)).all()


def _csv(rows: Sequence[Any]) -> str:
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for number, client_no, key, value, decided_at, endorsed_by, decided_by in rows:
        when = f"{local(decided_at):%Y%m%d %H:%M:%S}"
        lines.writerow([number, client_no, key, value, when, f"staff:{endorsed_by}", f"staff:{decided_by}"])
    return text.getvalue()


def _write(file: Path, body: bytes) -> None:
    draft = file.with_name(f".{file.name}")
    draft.touch(mode=0o600)
    draft.write_bytes(body)
    draft.replace(file)


def _place(folder: Path, day: date) -> Path:
    return folder / f"{day:%Y%m%d}"
