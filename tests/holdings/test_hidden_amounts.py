"""隐藏金额: hidden by the server, so no digit of an amount reaches the browser."""

import re
from decimal import Decimal as D
from html import unescape

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from portal.holdings.portfolio import Portfolio
from portal.holdings.queries import portfolio_of
from portal.holdings.year import year_line
from portal.kit.db import Base, Database
from tests.holdings.conftest import Brokerage

Browser = TestClient[Litestar]
LINK = re.compile(r'href="(/[^"#]*)')
NO_PAGE = ("/static", "/signout", "/demo")


@pytest.fixture(scope="module")
def client_no(brokerage: Brokerage) -> str:
    """Choose the client with the most trades."""
    trades, account = Base.metadata.tables["trade"], Base.metadata.tables["account"]
    with brokerage.database.reading() as db:
        owners = db.scalars(select(account.c.client_id).join(trades, trades.c.account_id == account.c.id)).all()
    busiest = max(set(owners), key=owners.count)
    return next(number for number, id in brokerage.clients.items() if id == busiest)


@pytest.fixture(scope="module")
def client(brokerage: Brokerage, client_no: str) -> Browser:
    return brokerage.browser(client_no)


def test_no_amount_is_left_in_any_page_when_amounts_are_hidden(
    client: Browser, brokerage: Brokerage, client_no: str
) -> None:
    known = amounts(brokerage.database, brokerage.clients[client_no])
    hide(client, "0")
    seen = pages(client)
    found = {amount for text in seen.values() for amount in known if amount in text}
    assert len(seen) > 15
    assert len(found) > 40, "the pages show amounts before"
    hide(client, "1")
    leaks = {
        (address, amount) for address, text in pages(client).items() for amount in known if stands_in(amount, text)
    }
    assert leaks == set()
    assert "****" in client.get("/").text
    assert "****" in client.get("/holdings").text


def test_amounts_stay_hidden_until_they_are_shown_again(client: Browser) -> None:
    hide(client, "1")
    assert "显示金额" in client.get("/points").text
    hide(client, "0")
    assert "****" not in client.get("/holdings").text


def test_hiding_leads_back_to_the_page_it_was_asked_on(client: Browser) -> None:
    answer = hide(client, "1", "http://127.0.0.1:8000/holdings?cost=dil")
    assert (answer.status_code, answer.headers["location"]) == (303, "/holdings?cost=dil")


def test_hiding_needs_the_form_s_token(client: Browser) -> None:
    assert client.post("/me/amounts", data={"hide": "1"}).status_code == 403


def hide(client: Browser, wanted: str, referer: str = "") -> object:
    token = re.search(r'name="_csrf" value="([^"]+)"', client.get("/").text)[1]
    return client.post("/me/amounts", data={"_csrf": token, "hide": wanted}, headers={"Referer": referer})


def pages(client: Browser, most: int = 70) -> dict[str, str]:
    """Follow every link from the first page on; of one shape of address only a few."""
    waiting, seen, shapes = ["/", "/holdings", "/holdings?cost=dil", "/holdings?cost=fifo", "/statements"], {}, {}
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        shape = re.sub(r"\d[\w.-]*", "#", address.split("?")[0])
        if address in seen or address.startswith(NO_PAGE) or shapes.get(shape, 0) >= 12:
            continue
        answer = client.get(address)
        if answer.status_code == 303:
            waiting.append(answer.headers["location"])
            seen[address] = ""
        elif answer.status_code == 200 and "html" in answer.headers["content-type"]:
            shapes[shape] = shapes.get(shape, 0) + 1
            seen[address] = answer.text
            waiting += [unescape(link) for link in LINK.findall(answer.text) if "lang=" not in link]
    return seen


def amounts(database: Database, client_id: int) -> set[str]:
    """Write every amount that we know of a client as pages do: ledger, balances, figures; with five digits or more."""
    found: set[D] = set()
    with database.reading() as db:
        account = Base.metadata.tables["account"]
        ids = db.scalars(select(account.c.id).where(account.c.client_id == client_id)).all()
        for name, columns in (
            ("cash_flow", ("amount", "balance_after")),
            ("trade", ("gross", "net_amount", "commission", "net_commission", "stamp")),
            ("cash_balance", ("opening", "closing")),
        ):
            table = Base.metadata.tables[name]
            for row in db.execute(select(*(table.c[c] for c in columns)).where(table.c.account_id.in_(ids))):
                found.update(row)
        book = portfolio_of(db, client_id)
        assert book
        found |= figures(book)
        year = year_line(db, client_id, book)
        assert year
        found |= {fig.value for fig in year.figures.values() if fig.unit == "yuan" and fig.value is not None}
    return {written for value in found if len(written := f"{abs(value):,.2f}") >= 6}


def figures(book: Portfolio) -> set[D]:
    every = [*book.figures.values(), *(fig for held in book.holdings for fig in held.figures.values())]
    return {fig.value for fig in every if fig.unit == "yuan" and fig.value is not None}


def stands_in(amount: str, text: str) -> bool:
    """Tell whether an amount stands in a page, with commas or bare."""
    return any(re.search(rf"(?<![\d.,]){re.escape(form)}(?![\d])", text) for form in {amount, amount.replace(",", "")})
