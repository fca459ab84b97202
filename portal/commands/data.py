"""The database: its schema and what the release brings along."""

import click

from portal.commands.shared import opened, settled
from portal.kit.vault import open_vault
from portal.settings import Settings


def prepare(read: Settings) -> str | None:
    """Bring the database to the newest schema and lay what the release brings: days, earning rules, catalogue."""
    from portal import calendar, callbacks, points, products, suitability, tiers
    from portal.kit import clock, migrations

    read.home.mkdir(parents=True, exist_ok=True)
    revision = migrations.upgrade(read.database_url, open_vault(read.home))
    with opened(read) as database, database.writing() as db:
        calendar.seed(db)
        callbacks.publish_scripts(db, clock.now())
        points.publish_rules(db, clock.now())
        products.seed_catalogue(db, clock.now())
        suitability.seed_questionnaire(db, clock.now())
        tiers.seed_terms(db, clock.now())
    return revision


@click.command()
@settled
def migrate(read: Settings) -> None:
    """Bring the database to the schema that this version needs."""
    click.echo(f"The database stands at {prepare(read)}.")
