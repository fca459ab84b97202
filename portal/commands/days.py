"""The command of the calendar: import a year's notice."""

from pathlib import Path

import click

from portal.commands.shared import Mistake, json_option, opened, settled, tell
from portal.settings import Settings


@click.group("calendar")
def calendar_group() -> None:
    """Look after trading days and working days."""


@calendar_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@settled
def import_year(read: Settings, file: Path, as_json: bool) -> None:
    """Import a year's days from a CSV with the columns of portal/calendar/days.csv; a second run is a no-op."""
    from portal import calendar

    with opened(read) as database, database.writing() as db:
        try:
            changed = calendar.import_year(db, file.read_bytes())
        except calendar.BadCalendar as mistake:
            raise Mistake(str(mistake)) from mistake
        until = calendar.known_until(db)
    if as_json:
        tell([{"changed": changed, "known_until": str(until)}], as_json=as_json)
    else:
        click.echo(f"{changed} days changed; the calendar is confirmed up to {until}.")
