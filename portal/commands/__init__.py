"""命令行: every command of the portal; bad settings and other plain mistakes are one sentence and exit code 2."""

import click

from portal.commands.changes import changes_group
from portal.commands.checks import audit_group, library_group, points_group
from portal.commands.data import migrate
from portal.commands.days import calendar_group
from portal.commands.feed import feed
from portal.commands.holdings import holdings_group
from portal.commands.keys import keys_group
from portal.commands.people import demo, staff
from portal.commands.serving import message_centre, serve, worker
from portal.commands.suitability import suitability_group

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The client portal of a securities firm. Settings come from the environment: PORTAL_PORT, PORTAL_HOME, …"""


for command in (
    serve, worker, message_centre, migrate, demo, feed,
    staff, calendar_group, changes_group, keys_group, points_group, audit_group, holdings_group,
    suitability_group, library_group,
):  # fmt: skip
    main.add_command(command)
