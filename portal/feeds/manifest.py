"""A day's folder: is it complete, is it what its manifest promises? Reads files, knows no database."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from portal.feeds import layout
from portal.feeds.rules import Outcome, Reason, State, refused

csv.field_size_limit(10_000)  # no column is wider than 200 characters


@dataclass(frozen=True)
class Manifest:
    """What the counter promises of a day."""

    sha256: str
    business_date: date
    sequence: int
    previous_sha256: str
    files: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Table:
    """One file, read: its physical lines, and each record with the line on which it begins."""

    file: str
    lines: list[str]
    records: list[tuple[int, list[str]]]

    def verbatim(self, index: int) -> str:
        """Give a record exactly as it stood in the file."""
        begin = self.records[index][0]
        end = self.records[index + 1][0] if index + 1 < len(self.records) else len(self.lines) + 1
        return "".join(self.lines[begin - 1 : end - 1]).rstrip("\r\n")


def read_manifest(folder: Path) -> Manifest | Outcome:
    """Read the manifest once READY, which is written last, names its hash; else the day has to wait."""
    try:
        ready = (folder / "READY").read_bytes().strip()
        written = (folder / "manifest.json").read_bytes()
    except OSError:
        return Outcome(State.WAITING, Reason.NOT_READY)
    found = sha256(written).hexdigest()
    if ready != found.encode():
        return Outcome(State.WAITING, Reason.NOT_READY)
    try:
        told = json.loads(written.decode())
        manifest = _manifest(found, told)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return refused(Reason.MANIFEST, file="manifest.json")
    if told["schema"] != layout.SCHEMA or folder.name != f"{manifest.business_date:%Y%m%d}":
        return refused(Reason.MANIFEST, file="manifest.json")
    return manifest


def read_tables(folder: Path, manifest: Manifest) -> dict[str, Table] | Outcome:
    """Read every file and hold it against its promise: bytes, hash, columns, row count and control sums."""
    names = {name.removesuffix(".csv") for name in manifest.files}
    if missing := layout.FILES.keys() - layout.MAY_BE_ABSENT - names:
        return refused(Reason.FILE_MISSING, file=f"{min(missing)}.csv")
    if unknown := {name for name in manifest.files if name.removesuffix(".csv") not in layout.FILES or "." not in name}:
        return refused(Reason.FILE_UNKNOWN, file=min(unknown))
    tables = {}
    for name, promise in manifest.files.items():
        table = _read(folder / name, promise)
        if isinstance(table, Outcome):
            return replace(table, detail={"file": name, **table.detail})
        tables[table.file] = table
    return tables


def _manifest(found: str, told: Any) -> Manifest:
    promises = {str(name): dict(promise) for name, promise in told["files"].items()}
    if type(told["sequence"]) is not int or not 1 <= told["sequence"] < 2**31:
        raise ValueError("sequence")
    if type(told["previous_manifest_sha256"]) is not str or len(told["previous_manifest_sha256"]) not in (0, 64):
        raise ValueError("previous_manifest_sha256")
    layout.text(told["previous_manifest_sha256"], 64)
    return Manifest(
        found, layout.day(told["business_date"]), told["sequence"], told["previous_manifest_sha256"], promises
    )


def _read(path: Path, promise: Mapping[str, Any]) -> Table | Outcome:
    try:
        if path.stat().st_size != promise.get("bytes"):
            return refused(Reason.BYTES, expected=promise.get("bytes"), found=path.stat().st_size)
        content = path.read_bytes()
    except OSError:
        return refused(Reason.FILE_MISSING)
    if sha256(content).hexdigest() != promise.get("sha256"):
        return refused(Reason.HASH)
    try:
        written = content.decode()
    except UnicodeDecodeError as error:
        return refused(Reason.ENCODING, line=content.count(b"\n", 0, error.start) + 1)
    table = _parse(path.stem, written)
    return table if isinstance(table, Outcome) else _broken_promise(table, promise) or table


def _parse(file: str, written: str) -> Table | Outcome:
    lines = list(StringIO(written, newline=""))
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        if header != [column.name for column in layout.columns(file)] or reader.line_num != 1:
            return refused(Reason.HEADER, line=1)
        records, begin = [], 2
        for cells in reader:
            records.append((begin, cells))
            begin = reader.line_num + 1
        return Table(file, lines, records)
    except csv.Error:
        return refused(Reason.MALFORMED, line=reader.line_num)


def _broken_promise(table: Table, promise: Mapping[str, Any]) -> Outcome | None:
    if len(table.records) != promise.get("rows"):
        return refused(Reason.ROWS, expected=promise.get("rows"), found=len(table.records))
    names = [column.name for column in layout.columns(table.file)]
    wanted = {f"sum_{name}" for name in layout.SUMS.get(table.file, ())}
    for key in sorted(wanted | {key for key in promise if key.startswith("sum_")}):
        name = key.removeprefix("sum_")
        total = _total(table, names.index(name)) if name in names else None
        if total is None or str(promise.get(key)) == "None" or _decimal(promise[key]) != total:
            return refused(Reason.SUM, column=name, expected=promise.get(key), found=str(total))
    return None


def _total(table: Table, at: int) -> Decimal:
    # A cell that is no number counts as nothing here, and its row goes into quarantine with its own reason later.
    return sum((_decimal(cells[at]) or Decimal(0) for _, cells in table.records if at < len(cells)), Decimal(0))


def _decimal(text: object) -> Decimal | None:
    try:
        return layout.total(str(text), 9)
    except layout.Unreadable:
        return None
