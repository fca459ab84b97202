"""The feed: business days, and the delivery orders that terminals export."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.commands.shared import json_option, opened, progress, settled, tell, tell_one
from portal.settings import Settings

if TYPE_CHECKING:
    from portal.feeds import Break, Outcome, Quarantined

LISTS = ("sums", "quarantined", "breaks")
WORDS = {
    "NOT_READY": "READY is missing or is not the hash of the manifest: the delivery is not whole yet",
    "ALREADY_LOADED": "loaded before; nothing to do",
    "MANIFEST": "the manifest can't be read",
    "OLDER_SEQUENCE": "a newer delivery of this day stands already",
    "CHAIN_BROKEN": "the day does not follow the day that stands before it",
    "FILE_MISSING": "a file is missing",
    "FILE_UNKNOWN": "a file is not one of the feed's",
    "BYTES": "a file has not the size that the manifest tells",
    "HASH": "a file is not the one that the manifest tells: its hash differs",
    "ENCODING": "a file is not in an encoding that we read",
    "HEADER": "a file has other columns than it should",
    "MALFORMED": "a file can't be read as rows and columns",
    "ROWS": "a file has not the number of rows that the manifest tells",
    "SUM": "a control total is not what the rows add up to",
    "NO_CALENDAR": "the calendar does not know the trading days after this day",
    "NO_ACCOUNT": "there is no such account",
    "OTHER_ACCOUNT": "the file belongs to another account",
    "OVERLAP": "the account has rows of these days already: its money would count twice",
}


@click.group()
def feed() -> None:
    """Take in what the counter delivers."""


@feed.command("load")
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@json_option
@settled
def load(read: Settings, folders: tuple[Path, ...], as_json: bool) -> None:
    """Load business days, in the order given; a DIR may be a day or hold days. Exit code 1 when one is refused."""
    from portal import feeds
    from portal.kit import clock

    days, rows = _days(folders), list[dict[str, Any]]()
    with opened(read) as database, progress() as bar:
        for folder in bar.track(days, description="Days"):
            outcome = feeds.load_day(database, folder, clock.now())
            rows.append(_told(folder.name, outcome))
            if outcome.state is feeds.State.REFUSED:
                break
    _show(rows, as_json)
    if rows[-1]["state"] == feeds.State.REFUSED:
        raise SystemExit(1)


def _days(folders: tuple[Path, ...]) -> list[Path]:
    found = []
    for folder in folders:
        within = sorted(inner.parent for inner in folder.glob("*/manifest.json"))
        found += within if within and not (folder / "manifest.json").exists() else [folder]
    return found


@feed.command("delivery-order")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--account", "account_no", required=True, metavar="NO", help="The account that the file belongs to.")
@json_option
@settled
def delivery_order(read: Settings, file: Path, account_no: str, as_json: bool) -> None:
    """Take a terminal's export (交割单) into an account and print what it adds up to. Exit code 1 when refused."""
    from portal import feeds
    from portal.kit import clock

    with opened(read) as database:
        outcome = feeds.load_delivery_order(database, file, account_no, clock.now())
    row = _told(file.name, outcome)
    if isinstance(outcome, feeds.Delivery) and outcome.figures:
        figures = asdict(outcome.figures) | {"unexplained": outcome.figures.unexplained}
        sums = [{"word": word, "yuan": amount} for word, amount in figures.pop("sums").items()]
        row |= {"sums": sums, **figures}
    _show([row], as_json)
    if outcome.state is feeds.State.REFUSED:
        raise SystemExit(1)


def _told(name: str, outcome: "Outcome") -> dict[str, Any]:
    reason = outcome.reason.value if outcome.reason else None
    return {
        "name": name,
        "day": str(outcome.business_date or ""),
        "state": outcome.state.value,
        "reason": reason,
        "why": WORDS.get(reason or "", reason),
        "detail": dict(outcome.detail),
        "rows": outcome.rows,
        "quarantined": [_quarantined(row) for row in outcome.quarantined],
        "breaks": [_broken(one) for one in outcome.breaks],
    }


def _quarantined(row: "Quarantined") -> dict[str, Any]:
    return {
        "file": row.file,
        "line": row.line,
        "fault": row.fault.value,
        "account": row.account_no,
        "row": row.verbatim,
    }


def _broken(one: "Break") -> dict[str, Any]:
    figures = {name: getattr(one, name) for name in ("expected", "reported", "difference")}
    return {"account": one.account_no, "kind": one.kind.value, **figures, "detail": dict(one.detail)}


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print the loads, then what each list in them holds; as JSON all of it at once."""
    if as_json:
        tell(rows, as_json=True)
        return
    lists = [name for name in LISTS if name in rows[0]]
    counted = [row | {name: len(row[name]) for name in lists} for row in rows]
    shown = [{name: value for name, value in row.items() if name != "reason"} for row in counted]
    tell(shown, as_json=False) if len(rows) > 1 else tell_one(shown[0])
    for name in lists:
        if found := [{"of": row["name"], **one} if len(rows) > 1 else one for row in rows for one in row[name]]:
            tell(found, as_json=False, title=name)
