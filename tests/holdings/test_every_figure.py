"""Every figure of every client of the demo: each link opens, and each value is worked out again by another program."""

import re
from collections import Counter
from decimal import Decimal
from html import unescape

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal.holdings import explanations, year_line
from portal.holdings.figures import Fig, Op
from portal.holdings.portfolio import Portfolio
from portal.holdings.queries import portfolio_of
from portal.kit.render import MINUS
from tests.holdings.conftest import Brokerage
from tests.holdings.recompute import breaks_even, value_of, written

Browser = TestClient[Litestar]
WHY = re.compile(r'<a class="why[^"]*"[^>]*? data-fig="([^"]+)"[^>]*? href="([^"]+)"[^>]*>(.*?)</a>', re.S)
TITLE = re.compile(r'<data class="n" data-fig="[^"]+" value="[^"]*">(.*?)</data>')
FIGURE = re.compile(r"[+−-]?[\d,]+(?:\.\d+)?")
PAGES = ("/", "/holdings?cost=ma", "/holdings?cost=dil", "/holdings?cost=fifo")


def test_every_figure_that_a_page_shows_is_what_its_leaves_come_to(
    brokerage: Brokerage, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: Counter[str] = Counter()
    for client_no, client_id in brokerage.clients.items():
        browser, book, figures = brokerage.browser(client_no), *known(brokerage, client_id)
        found, pages = links(browser)
        for address, name, shown in found:
            fig = find(book, figures, address, name)
            told = TITLE.search(pages[address])
            assert told, address
            if fig.value is None:
                continue
            exact = value_of(fig)
            assert exact is not None, address
            again = written(exact, fig.rounding)
            for text in filter(None, (shown, told[1])):
                assert number(text) == again, f"{client_no} {address}: {text!r}, but its leaves come to {again}"
            opened[name] += 1
    with capsys.disabled():
        print(f"\n{sum(opened.values())} figures of {len(brokerage.clients)} clients recomputed: {dict(opened)}")
    assert {"cost.ma", "cost.dil", "cost.fifo", "pnl.ref", "pnl.year", "twr.year", "pnl.closed", "be.ma"} <= set(opened)
    assert sum(opened.values()) > 300


def test_the_bridge_holds_for_every_holding_and_every_total(brokerage: Brokerage) -> None:
    checked = 0
    for client_id in brokerage.clients.values():
        book, _ = known(brokerage, client_id)
        tops = [(book.figures, ".all")] if book and not book.checking else []
        tops += [(held.figures, "") for held in book.holdings if held["pnl.float"].value is not None] if book else []
        for figures, tail in tops:
            ref, float_, fifo, by_ma, by_fifo, paid = (
                value_of(figures[f"{name}{tail}"])
                for name in ("pnl.ref", "pnl.float", "pnl.fifo", "realised.ma", "realised.fifo", "div.net")
            )
            assert ref == float_ + by_ma + paid == fifo + by_fifo + paid
            checked += 1
    assert checked > 5


def test_every_break_even_price_is_the_lowest_that_brings_the_cost_back(brokerage: Brokerage) -> None:
    checked = 0
    for client_id in brokerage.clients.values():
        book, _ = known(brokerage, client_id)
        for held in book.holdings if book else ():
            for fig in (held["be.ma"], held["be.dil"]):
                if fig.op is Op.BREAK_EVEN:
                    assert held.facts.card
                    assert breaks_even(fig, held.facts.card.rate, held.facts.kind, held.facts.day), held.facts.name
                    checked += 1
    assert checked > 5


def known(brokerage: Brokerage, client_id: int) -> tuple[Portfolio | None, dict[str, Fig]]:
    with brokerage.database.reading() as db:
        book = portfolio_of(db, client_id)
        year = year_line(db, client_id, book)
    return book, {**(book.figures if book else {}), **(year.figures if year else {})}


def links(browser: Browser) -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """Give every explanation that pages and explanations lead to (address, figure, text shown), and each page read."""
    waiting, found, pages = list(PAGES), {}, dict[str, str]()
    while waiting:
        page = waiting.pop(0)
        if page in pages:
            continue
        pages[page] = browser.get(page).text
        for name, href, text in WHY.findall(pages[page]):
            address = unescape(href)
            found[address, name, re.sub(r"<[^>]+>", "", text).strip()] = None
            waiting.append(address)
    return list(found), pages


def find(book: Portfolio | None, figures: dict[str, Fig], address: str, name: str) -> Fig:
    """Find the object behind an address."""
    assert book
    parts = address.split("?")[0].strip("/").split("/")
    if parts[1] == "explain":
        return figures[name]
    _, account_no, market, code, kind, last = parts
    if kind == "rounds":
        closed = book.round(account_no, market, code, int(last))
        assert closed
        return closed.result
    held = book.find(account_no, market, code)
    assert held
    return held[name]


def number(text: str) -> Decimal:
    """Read the figure in a text as a person does."""
    found = FIGURE.search(text)
    assert found, text
    return Decimal(found[0].replace(",", "").replace(MINUS, "-"))


def test_every_rule_that_a_page_can_show_has_its_words(brokerage: Brokerage) -> None:
    shown = set()
    for client_id in brokerage.clients.values():
        book, figures = known(brokerage, client_id)
        shown |= set(figures) | {name for held in (book.holdings if book else ()) for name in held.figures}
    inside = {name for name in shown if name.startswith(("pct.", "amount.")) or name in {"qty", "price", "assets.lent"}}
    assert shown - set(explanations.WORDS) - inside == set()
