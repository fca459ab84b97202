"""Write days as a delivery of the nightly feed (holdings-feed/1): files, manifest, and READY last."""

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from portal.demo import mistakes
from portal.demo.brokerage import days
from portal.demo.day import ALWAYS, COLUMNS, Day

FIRST = "first"
SUMS = {
    "cash_balance": ("closing",),
    "cash_flow": ("amount",),
    "commission": ("gross_commission",),
    "position": ("qty_total",),
    "share_move": ("qty",),
    "trade": ("commission", "gross", "net_amount", "qty"),
}


def write_days(folder: Path, trading_days: Sequence[date], seed: int, following: Sequence[date] = ()) -> list[Path]:
    """Write a folder per delivery; the same days and seed give the same bytes. Gives the folders in order.

    What the counter sent of the day that it corrected lies under first/.
    """
    written, previous, count = [], "", len(trading_days)
    for day in days(trading_days, seed, following):
        sent = mistakes.spoilt(day) if mistakes.is_spoilt(day.number, count) else day
        name = f"{day.on:%Y%m%d}"
        corrected = mistakes.is_sent_twice(day.number, count)
        if corrected:
            written.append(folder / FIRST / name)
            write_day(written[-1], mistakes.mistyped(sent), previous)
        written.append(folder / name)
        previous = write_day(written[-1], sent, previous, sequence=2 if corrected else 1)
    return written


def deliveries(folder: Path) -> list[Path]:
    """List the folders that were written, in the order in which the counter sent them."""
    found = (manifest.parent for manifest in folder.rglob("manifest.json"))
    return sorted(found, key=lambda day: (day.name, day.parent == folder))


def write_day(folder: Path, day: Day, previous: str, sequence: int = 1) -> str:
    """Write one day's files with its manifest, READY last; give the manifest's hash, which the next day names."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "READY").unlink(missing_ok=True)
    files = {f"{name}.csv": _csv(name, day.rows[name]) for name in COLUMNS if name in ALWAYS or day.rows[name]}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    manifest = _manifest(day, files, previous, sequence)
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "READY").write_text(_sha256(manifest) + "\n")
    return _sha256(manifest)


def _csv(name: str, rows: Iterable[list[str]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS[name])
    writer.writerows(rows)
    return text.getvalue().encode()


def _manifest(day: Day, files: dict[str, bytes], previous: str, sequence: int) -> bytes:
    told: dict[str, Any] = {
        "schema": "holdings-feed/1",
        "business_date": f"{day.on:%Y%m%d}",
        "sequence": sequence,
        "previous_manifest_sha256": previous,
        "encoding": "utf-8",
        "currency_unit": "CNY yuan, 2 decimals",
        "files": {file: _told(day, file.removesuffix(".csv"), content) for file, content in sorted(files.items())},
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _told(day: Day, name: str, content: bytes) -> dict[str, Any]:
    sums = {
        f"sum_{column}": str(sum((Decimal(value) for value in day.column(name, column)), Decimal(0)))
        for column in SUMS.get(name, ())
    }
    return {"rows": len(day.rows[name]), "bytes": len(content), "sha256": _sha256(content)} | sums


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
