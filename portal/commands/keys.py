"""Keys: a new one for what lies sealed, and everything sealed anew with it."""

from typing import Any

import click

from portal.commands.shared import json_option, opened, settled, tell
from portal.kit.db import Database
from portal.settings import Settings


@click.group("keys")
def keys_group() -> None:
    """Look after the keys of what lies sealed."""


@keys_group.command("rotate")
@settled
def rotate(read: Settings) -> None:
    """Make a new key, seal everything anew with it, and say how much that was. Then start servers and workers again."""
    from portal.kit.vault import add_key, open_vault

    open_vault(read.home)
    click.echo(f"The new key is {add_key(read.home)}; older ones stay, so that backups open.")
    _reseal(read)


@keys_group.command("reseal")
@settled
def reseal(read: Settings) -> None:
    """Seal with the newest key what an older one has sealed: what a server wrote that was not started again."""
    _reseal(read)


@keys_group.command("status")
@json_option
@settled
def status(read: Settings, as_json: bool) -> None:
    """Count what older keys have sealed."""
    from portal.kit import migrations, sealed

    migrations.know_all_tables()
    with opened(read) as database, database.reading() as db:
        found = [{"column": str(column), "sealed_by_older_keys": count} for column, count in sealed.lagging(db)]
    tell(found, as_json=as_json)


def _reseal(read: Settings) -> None:
    from portal import audit, identity
    from portal.kit import clock, migrations, sealed, uploads
    from portal.kit.vault import open_vault

    migrations.know_all_tables()
    done: dict[str, int] = {}
    with opened(read) as database:
        with database.reading() as db:
            columns = [column for column, count in sealed.lagging(db) if count]
        for column in columns:
            while count := _batch(database, column):
                done[str(column)] = done.get(str(column), 0) + count
        store = uploads.Store(read.home, open_vault(read.home))
        with database.writing() as db:
            done |= {"identity_totp.seed": identity.reseal(db, store.vault), "files": uploads.reseal(store)}
            newest = store.vault.newest
            audit.record(db, actor="system", event="keys.reseal", object=f"key:{newest}", detail=done, now=clock.now())
    for name, count in done.items():
        click.echo(f"{name}: {count} sealed anew")


def _batch(database: Database, column: Any) -> int:
    from portal.kit import sealed

    with database.writing() as db:
        return sealed.reseal(db, column)
