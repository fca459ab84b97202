"""Commands that print what a client holds."""

from datetime import date

import click

from portal.commands.shared import Mistake, json_option, opened, settled, tell
from portal.settings import Settings


@click.group("holdings")
def holdings_group() -> None:
    """What clients hold, and every figure of it."""


@holdings_group.command()
@click.option("--account", required=True, help="The account's number.")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="The day, such as 2026-11-18; else the last.")
@json_option
@settled
def figures(read: Settings, account: str, as_of: date | None, as_json: bool) -> None:
    """Print every figure of every position of an account, under the names of the test vectors."""
    from portal import holdings, statements

    with opened(read) as database, database.reading() as db:
        found = statements.account_by_no(db, account)
        if found is None:
            raise Mistake(f"There is no account {account}.")
        day = date(as_of.year, as_of.month, as_of.day) if as_of else None
        book = holdings.portfolio_of(db, found.client_id, as_recorded=True, until=day)
        if book is None:
            raise Mistake("Nothing was loaded for this account up to that day.")
        rows = [holdings.vector(held) for held in book.holdings if held.facts.account_no == account]
        title = f"{account} as of {book.day}"
    tell([{"as_of": str(book.day), **row} for row in rows], as_json=as_json, title=title)
