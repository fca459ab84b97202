"""What every command needs: the settings or one sentence, the database, figures for people or for programs."""

import functools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from portal import settings
from portal.kit.db import Database, connect
from portal.kit.vault import open_vault
from portal.settings import BadSetting, Settings

screen = Console(stderr=True)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")


class Mistake(click.ClickException):
    """A plain mistake of the operator's: one sentence, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the sentence."""
        click.echo(self.message, file=file or sys.stderr)


def settled(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the settings to a command as its first value; a bad one is one sentence."""

    @functools.wraps(command)
    def run(*values: Any, **options: Any) -> Any:
        try:
            read = settings.read()
        except BadSetting as bad:
            raise Mistake(str(bad)) from bad
        return command(read, *values, **options)

    return run


@contextmanager
def opened(read: Settings) -> Iterator[Database]:
    """Open the database for the length of a command."""
    read.home.mkdir(parents=True, exist_ok=True)
    database = connect(read.database_url, open_vault(read.home))
    try:
        yield database
    finally:
        database.engine.dispose()


def progress() -> Progress:
    """Make a progress bar; it goes to the screen's error side, so that figures can be piped."""
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*parts, console=screen)


def tell(rows: Sequence[Mapping[str, Any]], *, as_json: bool, title: str = "") -> None:
    """Print figures: a table for people (columns that hold nothing are left out), JSON for programs."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
        return
    names = [name for name in (rows[0] if rows else ()) if any(_plain(row.get(name)) for row in rows)]
    table = Table(*names, title=title, title_justify="left", box=box.SIMPLE, pad_edge=False)
    for row in rows:
        table.add_row(*(_plain(row.get(name)) for name in names))
    Console().print(table)


def tell_one(figures: Mapping[str, Any]) -> None:
    """Print one thing's figures for people, each on a line of its own."""
    for name, value in figures.items():
        if text := _plain(value):
            click.echo(f"{name:<12} {text}")


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case Mapping():
            return " ".join(_plain(inner) for inner in value.values() if inner not in (None, ""))
        case list() | tuple():
            return ", ".join(_plain(inner) for inner in value)
    return str(value)
