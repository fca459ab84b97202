"""The client's pages of statements: one month of one account, the month in the address."""

from collections.abc import Sequence
from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import clients
from portal.doors import CLIENT, Db, Page, PageMaker, SignedIn, get
from portal.statements import queries
from portal.statements.queries import Line
from portal.statements.rules import around, month_named
from portal.statements.sheets import sheet_of


@get("/statements", name="statements.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page) -> Response[Any]:
    """Lead on to the latest month; say so when there is none yet."""
    accounts = queries.accounts_of(db, client.client_id)
    account = chosen(page, accounts)
    months = queries.months(db, account.id) if account else []
    if not account or not months:
        return page.show("statements/none.html", accounts=accounts, account=account, masked=clients.masked_account)
    return page.go("statements.month", month=f"{months[-1]:%Y-%m}", account=said(accounts, account))


@get("/statements/{month:str}", name="statements.month", guard=CLIENT)
def month(db: Db, client: SignedIn, page: Page, month: FromPath[str]) -> Response[str]:
    """Show every cash and trade row of a month, and whether it is proved to balance."""
    accounts = queries.accounts_of(db, client.client_id)
    account, first = chosen(page, accounts), month_named(month)
    sheet = sheet_of(db, account.id, first) if account and first else None
    if not account or not sheet:
        raise page.missing()
    months = around(sheet.month, queries.months(db, account.id))
    return page.show(
        "statements/month.html", sheet=sheet, months=months, accounts=accounts, account=account,
        masked=clients.masked_account, said=said(accounts, account),
    )  # fmt: skip


def chosen(page: PageMaker, accounts: Sequence[Line]) -> Line | None:
    """Give the account named in the address, else the first; one that isn't the client's does not exist."""
    named = page.query.get("account")
    if named is None:
        return accounts[0] if accounts else None
    mine = next((account for account in accounts if str(account.id) == named), None)
    if mine is None:
        raise page.missing()
    return mine


def said(accounts: Sequence[Line], account: Line) -> int | None:
    """Give what an address has to say of the account: nothing while there is only one."""
    return account.id if len(accounts) > 1 else None


pages = [index, month]
