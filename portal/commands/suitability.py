"""Suitability: evaluate a sheet, prove the evidence, take one client's file out."""

import json
import sys
from dataclasses import asdict
from typing import Any, TextIO

import click
import msgspec

from portal.commands.shared import Mistake, json_option, opened, settled, tell, tell_one
from portal.settings import Settings

Answers = dict[str, str | list[str]]
Context = dict[str, dict[str, Any]]


class Sheet(msgspec.Struct, forbid_unknown_fields=False):
    """A sheet of answers with the facts beside it, as a file holds it."""

    answers: Answers
    context: Context | None = None


@click.group("suitability")
def suitability_group() -> None:
    """Look after the risk questionnaire and its evidence."""


@suitability_group.command("score")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@json_option
@settled
def score(read: Settings, file: TextIO, as_json: bool) -> None:
    """Evaluate a sheet of answers (JSON; - is standard input) by the questionnaire in force."""
    from portal import suitability

    sheet = _sheet(file)
    with opened(read) as database, database.reading() as db:
        form = suitability.published(db)
    if form is None:
        raise Mistake("No questionnaire is published: run `portal migrate` first.")
    if faults := form.definition.faults(sheet.answers):
        raise Mistake("The sheet does not fit: " + ", ".join(f"{id} ({fault})" for id, fault in faults.items()) + ".")
    try:
        figures = suitability.evaluate(form.definition, sheet.answers, sheet.context or {}).figures()
    except TypeError as wrong:
        raise Mistake("The context holds a value of the wrong kind.") from wrong
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        tell_one(figures)


@suitability_group.command("verify")
@json_option
@settled
def verify(read: Settings, as_json: bool) -> None:
    """Walk the chain of evidence and work every score out anew; exit code 1 when anything is wrong."""
    from portal import suitability

    with opened(read) as database, database.reading() as db:
        found, count = suitability.verify(db), suitability.evidence_count(db)
    if as_json or found:
        tell([asdict(one) for one in found], as_json=as_json)
    else:
        click.echo(f"The evidence is unbroken: {count} sealed records, every score comes out again.")
    if found:
        sys.exit(1)


@suitability_group.command("export")
@click.argument("client_no")
@settled
def export(read: Settings, client_no: str) -> None:
    """Print everything that is sealed about one client, with the definitions it rests on, as JSON."""
    from portal import clients, suitability

    with opened(read) as database, database.reading() as db:
        client = clients.client_by_no(db, client_no)
        if client is None:
            raise Mistake(f"There is no client {client_no}.")
        file = {"client_no": client_no, **suitability.client_file(db, client.id)}
    click.echo(json.dumps(file, ensure_ascii=False, indent=1, default=str))


def _sheet(file: TextIO) -> Sheet:
    try:
        return msgspec.json.decode(file.read(), type=Sheet)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Mistake(f"The file is no sheet of answers: {wrong}.") from wrong
