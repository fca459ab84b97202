"""The client's pages of statements: a period of one account, the period, the view and the filters in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients
from portal.doors import CLIENT, Db, Page, PageMaker, SignedIn, get
from portal.kit.i18n import say
from portal.statements import queries
from portal.statements.exports import csv_of_sheet
from portal.statements.forms import Asked, Days
from portal.statements.ledger import Ledger, Sieve, Total, trades_of
from portal.statements.models import CashFlow, Trade
from portal.statements.queries import Line
from portal.statements.rules import BizCode, Period, around, period_named
from portal.statements.sheets import TITLES, Confirmation, Movement, Sheet, confirmations, movements, sheet_of

PAGE = 50  # rows
KINDS = {"cash": [*TITLES], "trades": [BizCode.BUY, BizCode.SELL, BizCode.REPO_LEND]}
Lines = Sequence[Movement] | Sequence[Confirmation]


@dataclass(frozen=True)
class View:
    """What an address asks for: whose ledger, of which days, seen how."""

    accounts: Sequence[Line]
    account: Line
    period: Period
    sheet: Sheet
    form: Asked

    @property
    def said(self) -> int | None:
        """Give what an address has to say of the account: nothing while there is only one."""
        return said(self.accounts, self.account)


@get("/statements", name="statements.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page) -> Response[Any]:
    """Lead on to the days asked for, else to the latest month; say so when there is none yet."""
    accounts = queries.accounts_of(db, client.client_id)
    account = chosen(page, accounts)
    months = queries.months(db, account.id) if account else []
    if not account or not months:
        return page.show("statements/none.html", accounts=accounts, account=account, masked=clients.masked_account)
    if "first" not in page.query and "last" not in page.query:
        return page.go("statements.month", month=f"{months[-1]:%Y-%m}", account=said(accounts, account))
    days, seen = Days.bind(page.query), Asked.bind(page.query)
    if not days.ok:
        return page.again("statements/days.html", days=days, view=seen.view, said=said(accounts, account))
    return page.go("statements.month", month=days.period.name, account=said(accounts, account), **seen.address())


@get("/statements/{month:str}", name="statements.month", guard=CLIENT)
def month(db: Db, client: SignedIn, page: Page, month: FromPath[str]) -> Response[str]:
    """Show a period's ledger: whole and proved, or its cash or its trades as far as they are asked for."""
    view = asked(db, client.client_id, page, month)
    found, total = lines(db, view, after=_number(page), limit=PAGE + 1)
    if found is None:
        raise page.missing()
    known = queries.months(db, view.account.id)
    return page.show(
        "statements/month.html", view=view, sheet=view.sheet, form=view.form, lines=found[:PAGE], total=total,
        more=found[PAGE - 1].id if len(found) > PAGE else None, is_first="after" not in page.query,
        months=around(view.period.first, known), accounts=view.accounts, account=view.account, said=view.said,
        masked=clients.masked_account, kinds=KINDS, titles=TITLES,
    )  # fmt: skip


@get("/statements/{month:str}/rows.csv", name="statements.csv", guard=CLIENT)
def rows_csv(db: Db, client: SignedIn, page: Page, month: FromPath[str]) -> Response[bytes]:
    """Give all rows of what the page shows as a file for a spreadsheet."""
    view = asked(db, client.client_id, page, month)
    found, _ = lines(db, view)
    name = f"{view.form.view}-{view.period.name}.csv"
    kept = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = csv_of_sheet(view.sheet, view.form.view, found or ())
    return Response(content, media_type="text/csv", headers=kept)


def asked(db: Session, client_id: int | None, page: PageMaker, name: str) -> View:
    """Read an address; what isn't there, or isn't the client's, does not exist."""
    accounts = queries.accounts_of(db, client_id or 0)
    account, period = chosen(page, accounts), period_named(name)
    sheet = sheet_of(db, account.id, period) if account and period else None
    if not account or not period or not sheet:
        raise page.missing()
    return View(accounts, account, period, sheet, Asked.bind(page.query))


def lines(
    db: Session, view: View, after: int | None = None, limit: int | None = None
) -> tuple[list[Movement] | list[Confirmation] | None, Total | None]:
    """Give the rows that a view shows, and what they add up to where they are only some."""
    form, is_cash = view.form, view.form.view != "trades"
    if not form.ok:
        return [], None
    ledger, sieve = Ledger(db, view.account.id, CashFlow if is_cash else Trade), sieve_of(form)
    rows = ledger.rows(view.period, sieve, after=after, limit=limit)
    if rows is None:
        return None, None
    total = None if form.view == "statement" else ledger.total(view.period, sieve)
    return (movements(rows, trades_of(db, view.account.id, rows)) if is_cash else confirmations(rows)), total


def sieve_of(form: Asked) -> Sieve:
    """Turn the form into what the rows are sifted by; a text is looked for in the words that the reader sees."""
    said = [code.value for code, title in TITLES.items() if form.q and form.q.lower() in say(title).lower()]
    return Sieve(form.kind, form.security, form.amounts["least"], form.amounts["most"], form.q, said)


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


def _number(page: PageMaker) -> int | None:
    text = page.query.get("after")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise page.missing()
    return int(text)


pages = [index, month, rows_csv]
