"""Feed days for tests: copies of the two sample days, edited, and signed anew as the counter would."""

import csv
import json
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.feeds import load_day
from portal.feeds.layout import SUMS
from portal.feeds.rules import Outcome
from portal.kit.db import Base, Database

SAMPLE = Path(__file__).parent / "sample"
NOW = datetime(2024, 6, 11, 12, tzinfo=UTC)
FIRST, SECOND = "20240610", "20240611"


def laid(folder: Path) -> Path:
    """Lay both sample days into a folder."""
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    return folder


def load(database: Database, folder: Path) -> Outcome:
    """Load a day at the tests' one instant."""
    return load_day(database, folder, NOW)


def edit(day: Path, file: str, old: str, new: str) -> None:
    """Change words in one of a day's files; they have to be there."""
    text = (day / file).read_text()
    assert old in text
    (day / file).write_text(text.replace(old, new))


def sign(day: Path, **changes: Any) -> None:
    """Write the manifest that fits the day's files as they are now, and READY after it."""
    told = json.loads((day / "manifest.json").read_text()) | changes
    told["files"] = {name: promise(day / name) for name in told["files"]}
    (day / "manifest.json").write_text(json.dumps(told))
    ready(day)


def ready(day: Path) -> None:
    """Write READY for the manifest as it is now."""
    (day / "READY").write_text(hash_of(day))


def hash_of(day: Path) -> str:
    """Give the manifest's hash."""
    return sha256((day / "manifest.json").read_bytes()).hexdigest()


def promise(path: Path) -> dict[str, Any]:
    """Say of a file what a manifest says: rows, bytes, hash, sums."""
    content = path.read_bytes()
    told: dict[str, Any] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    rows = list(csv.DictReader(content.decode(errors="replace").splitlines(keepends=True)))
    for name in SUMS.get(path.stem, ()):
        told[f"sum_{name}"] = str(sum((amount(row.get(name)) for row in rows), Decimal(0)))
    return told | {"rows": len(list(csv.reader(content.decode(errors="replace").splitlines(keepends=True)))) - 1}


def amount(text: str | None) -> Decimal:
    """Read an amount as generously as a counter that sums its own rows."""
    with suppress(InvalidOperation, TypeError):
        found = Decimal(text or "0")
        return found if found.is_finite() else Decimal(0)
    return Decimal(0)


def digest(database: Database) -> str:
    """Hash every row of every table: two equal digests are two equal states."""
    with database.reading() as db:
        return digest_of(db)


def digest_of(db: Any) -> str:
    """Hash every row of every table as a transaction sees it."""
    found = sha256()
    for table in Base.metadata.sorted_tables:
        order = list(table.primary_key.columns)
        found.update(f"{table.name}{[tuple(row) for row in db.execute(select(table).order_by(*order))]}".encode())
    return found.hexdigest()
