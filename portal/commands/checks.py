"""Checks: does the ledger of points agree with itself, is the record of deeds unbroken, are editions as published."""

import sys
from dataclasses import asdict
from typing import Any

import click

from portal.commands.shared import json_option, opened, settled, tell
from portal.settings import Settings


@click.group("points")
def points_group() -> None:
    """Look after the ledger of points."""


@points_group.command("verify")
@json_option
@settled
def verify_points(read: Settings, as_json: bool) -> None:
    """Work every client's ledger out anew and list the differences; exit code 1 when there are any."""
    from portal import points

    with opened(read) as database, database.reading() as db:
        found = points.verify(db)
    _report([asdict(one) for one in found], "The ledger of points agrees with itself.", as_json)


@click.group("audit")
def audit_group() -> None:
    """Look after the record of who did what."""


@audit_group.command("verify")
@json_option
@settled
def verify_audit(read: Settings, as_json: bool) -> None:
    """Walk the chain and list its faults; exit code 1 when there are any. Note the head outside the database."""
    from portal import audit

    with opened(read) as database, database.reading() as db:
        found, head = audit.verify(db), audit.head(db)
    _report([asdict(one) for one in found], f"The record is unbroken up to number {head.seq}, {head.hash}.", as_json)


@click.group("library")
def library_group() -> None:
    """Look after the library."""


@library_group.command("verify")
@json_option
@settled
def verify_library(read: Settings, as_json: bool) -> None:
    """Work every edition's hash out anew and name those that changed; exit code 1 when there are any."""
    from portal import library

    with opened(read) as database, database.reading() as db:
        found = library.verify(db)
    _report([{"edition": one} for one in found], "Every edition is what was published.", as_json)


def _report(found: list[dict[str, Any]], well: str, as_json: bool) -> None:
    if as_json or found:
        tell(found, as_json=as_json)
    else:
        click.echo(well)
    if found:
        sys.exit(1)
