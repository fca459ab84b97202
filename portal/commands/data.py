"""Data: the schema, the nightly feed, delivery orders."""

from pathlib import Path
from typing import Any

import click

from portal.commands.shared import json_option, opened, progress, settled, tell
from portal.settings import Settings


def prepare(read: Settings) -> str | None:
    """Bring the database to the newest schema and lay what the release brings: days, earning rules, catalogue."""
    from portal import calendar, points, products
    from portal.kit import clock, migrations

    read.home.mkdir(parents=True, exist_ok=True)
    revision = migrations.upgrade(read.database_url)
    with opened(read) as database, database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, clock.now())
        products.seed_catalogue(db, clock.now())
    return revision


@click.command()
@settled
def migrate(read: Settings) -> None:
    """Bring the database to the schema that this version needs."""
    click.echo(f"The database stands at {prepare(read)}.")


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

    days, rows = _days(folders), []
    with opened(read) as database, progress() as bar:
        for folder in bar.track(days, description="Days"):
            outcome = feeds.load_day(database, folder, clock.now())
            rows.append(_told(folder, outcome))
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


def _told(folder: Path, outcome: Any) -> dict[str, Any]:
    return {
        "folder": folder.name,
        "day": str(outcome.business_date or ""),
        "state": outcome.state.value,
        "reason": outcome.reason.value if outcome.reason else None,
        "detail": dict(outcome.detail),
        "rows": outcome.rows,
        "quarantined": [_quarantined(row) for row in outcome.quarantined],
        "breaks": [_broken(one) for one in outcome.breaks],
    }


def _quarantined(row: Any) -> dict[str, Any]:
    return {
        "file": row.file,
        "line": row.line,
        "fault": row.fault.value,
        "account": row.account_no,
        "row": row.verbatim,
    }


def _broken(one: Any) -> dict[str, Any]:
    figures = {name: getattr(one, name) for name in ("expected", "reported", "difference")}
    return {"account": one.account_no, "kind": one.kind.value, **figures, "detail": dict(one.detail)}


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print the days, then below them each quarantined row and each break; as JSON all of it at once."""
    if as_json:
        tell(rows, as_json=True)
        return
    lists = ("quarantined", "breaks")
    tell([row | {name: len(row[name]) for name in lists} for row in rows], as_json=False)
    for name in lists:
        if found := [{"folder": row["folder"], **one} for row in rows for one in row[name]]:
            tell(found, as_json=False, title=name)
