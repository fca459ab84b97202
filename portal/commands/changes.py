"""Changes for the counter: what staff have approved leaves in a daily file."""

import click

from portal.commands.shared import json_option, opened, settled, tell
from portal.settings import Settings


@click.group("changes")
def changes_group() -> None:
    """Look after changes of client data that the counter must make."""


@changes_group.command("export")
@json_option
@settled
def export(read: Settings, as_json: bool) -> None:
    """Write this day's file of approved changes under PORTAL_HOME/changes; a second run on a day is a no-op."""
    from portal import clients
    from portal.kit import clock

    now = clock.now()
    today, folder = clock.local_date(now), read.home / "changes"
    with opened(read) as database:
        if not clients.is_closed(folder, today):
            with database.writing() as db:
                clients.mark_approved(db, today, now)
        with database.reading() as db:
            days = clients.days_to_write(db, folder, today)
            written = [clients.write_day(db, folder, day) for day in days]
    if as_json or written:
        tell([{"file": str(file)} for file in written], as_json=as_json)
    else:
        click.echo("The file of this day is out already.")
