"""Pages of what a client holds, and of how each figure is made."""

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.exc import OperationalError

from portal import identity
from portal.doors import CLIENT, Db, Page, PageMaker, SignedIn, get
from portal.holdings import explanations, recognition
from portal.holdings.figures import Fig
from portal.holdings.portfolio import Holding, Portfolio
from portal.holdings.queries import portfolio_of
from portal.holdings.year import year_line
from portal.kit import charts, i18n
from portal.kit.db import Database
from portal.kit.i18n import later, say

ROWS_A_PAGE = 20
YEARS = ("pnl.year", "pnl.month", "twr.", "drawdown")
LARGEST = 4  # of more holdings than fit, the largest keep their own slice
REST, CASH = later("其余"), later("现金与逆回购")


@dataclass(frozen=True)
class Part:
    """A slice of the allocation with its letter, label and percent."""

    shape: charts.Slice
    key: str
    label: str
    percent: Decimal | None


@dataclass(frozen=True)
class Method:
    """A cost method: its names on the page, and the figures that it shows."""

    key: str
    name: str
    cost: str
    result: str

    @property
    def ratio(self) -> str:
        """Name the figure of its ratio."""
        return self.result.replace("pnl", "pct")


METHODS = {
    "ma": Method("ma", later("移动加权"), later("移动加权成本"), "pnl.float"),
    "dil": Method("dil", later("摊薄"), later("摊薄成本"), "pnl.ref"),
    "fifo": Method("fifo", later("先进先出"), later("先进先出成本"), "pnl.fifo"),
}


@get("/holdings", name="holdings.index", guard=CLIENT)
def index(database: Database, client: SignedIn, page: Page) -> Response[str]:
    """Show total assets, where they are, and every holding with its cost and results by the chosen method."""
    method = METHODS.get(page.query.get("cost", ""), METHODS[client.cost_method])
    with database.reading() as db:
        book = portfolio_of(db, client.client_id)
        year = year_line(db, client.client_id, book)
    if method.key != client.cost_method:
        with suppress(OperationalError), database.writing() as db:  # the page is whole where nothing can be kept
            identity.prefer(db, client.user_id, cost_method=method.key)
    parts = allocation(book) if book else []
    return page.show(
        "holdings/index.html", block="explain", book=book, parts=parts, year=year, method=method, methods=METHODS
    )


@get("/holdings/explain/{figure:str}", name="holdings.explain_total", guard=CLIENT)
def explain_total(db: Db, client: SignedIn, page: Page, figure: FromPath[str]) -> Response[str]:
    """Explain a figure over all accounts."""
    book = portfolio_of(db, client.client_id)
    year = year_line(db, client.client_id, book) if figure.startswith(YEARS) else None
    figures = {**(book.figures if book else {}), **(year.figures if year else {})}
    if book is None or figure not in figures or figure not in explanations.WORDS:
        raise page.missing()
    return _explained(page, book, figure, figures[figure], name="")


@get("/holdings/{account_no:str}/{market:str}/{code:str}/explain/{figure:str}", name="holdings.explain", guard=CLIENT)
def explain(
    db: Db,
    client: SignedIn,
    page: Page,
    account_no: FromPath[str],
    market: FromPath[str],
    code: FromPath[str],
    figure: FromPath[str],
) -> Response[str]:
    """Explain a figure of one holding; of anybody else's there is no such page."""
    book = portfolio_of(db, client.client_id)
    held = book.find(account_no, market, code) if book else None
    if book is None or held is None or figure not in held.figures or figure not in explanations.WORDS:
        raise page.missing()
    return _explained(page, book, figure, held[figure], name=held.facts.name, held=held)


@get("/holdings/{account_no:str}/{market:str}/{code:str}/rounds/{number:int}", name="holdings.round", guard=CLIENT)
def closed_round(
    db: Db,
    client: SignedIn,
    page: Page,
    account_no: FromPath[str],
    market: FromPath[str],
    code: FromPath[str],
    number: FromPath[int],
) -> Response[str]:
    """Explain what a round that has ended brought."""
    book = portfolio_of(db, client.client_id)
    closed = book.round(account_no, market, code, number) if book else None
    if book is None or closed is None:
        raise page.missing()
    return _explained(page, book, "pnl.closed", closed.result, name=closed.name)


RULES = {
    "dil": later("摊薄成本，含费用"),
    "dil.bare": later("摊薄成本，不含费用"),
    "ma": later("移动加权成本，含费用"),
    "ma.bare": later("移动加权成本，不含费用"),
    "fifo": later("先进先出成本，含费用"),
    "fifo.bare": later("先进先出成本，不含费用"),
    "ma.dividends": later("移动加权成本，不含费用，红利（税前）冲减成本"),
    "buy": later("买入均价：不含费用，卖出不影响"),
}


@get("/holdings/{account_no:str}/{market:str}/{code:str}/rules", name="holdings.rules", guard=CLIENT)
def rules(
    db: Db,
    client: SignedIn,
    page: Page,
    account_no: FromPath[str],
    market: FromPath[str],
    code: FromPath[str],
) -> Response[str]:
    """Name the rule that yields the cost price which another application shows."""
    book = portfolio_of(db, client.client_id)
    held = book.find(account_no, market, code) if book else None
    if book is None or held is None:
        raise page.missing()
    typed = page.query.get("price", "")
    prices = {} if held.gap else recognition.prices(held.facts.events)
    matching = recognition.matching(typed, prices)
    return page.show(
        "holdings/rules.html",
        block="explain",
        book=book,
        held=held,
        typed=typed,
        is_price=recognition.typed_price(typed) is not None,
        prices=prices,
        matching=matching,
        names=" / ".join(say(RULES[rule]) for rule in matching),
        nearest=recognition.nearest(typed, prices),
        rules=RULES,
        unknown=explanations.why_unknown(held.gap) if held.gap else "",
    )


def _explained(
    page: PageMaker, book: Portfolio, figure: str, fig: Fig, *, name: str, held: Holding | None = None
) -> Response[str]:
    used = explanations.rows_used(fig)
    number = page.query.get("rows", "1")
    at = min(int(number), 1 + len(used) // ROWS_A_PAGE) if number.isdecimal() and len(number) < 6 else 1
    first = (max(at, 1) - 1) * ROWS_A_PAGE
    return page.show(
        "holdings/explain.html",
        block="explain",
        book=book,
        fig=fig,
        figure=figure,
        name=name,
        words=explanations.WORDS[figure],
        value=explanations.with_unit(fig, figure),
        lines=explanations.sum_of(fig) if fig.value is not None else [],
        unknown=explanations.why_unknown(fig.unknown) if fig.unknown else "",
        ratio=held.figures.get(figure.replace("pnl", "pct")) if held and figure.startswith("pnl.") else None,
        held=held,
        others=[name for name in explanations.WORDS if held and name in held.figures and name != figure],
        shown=explanations.shown,
        all_words=explanations.WORDS,
        used=used[first : first + ROWS_A_PAGE],
        used_count=len(used),
        used_from=first,
        next_rows=at + 1 if first + ROWS_A_PAGE < len(used) else None,
        row_text=explanations.row_text,
    )


def allocation(book: Portfolio) -> list[Part]:
    """Part the total assets into at most six: the largest holdings, the rest, and money."""
    worth = _by_security(book)
    money = book["assets.cash"].value
    if book["assets.total"].value is None or money is None:
        return []
    if len(worth) > LARGEST + 1:
        rest = sum((value for _, value in worth[LARGEST:]), Decimal(0))
        worth = [*worth[:LARGEST], (say(REST), rest)]
    parts = [(label, value) for label, value in [*worth, (say(CASH), money)] if value > 0]
    whole = sum((value for _, value in parts), Decimal(0))
    shapes = charts.donut([value for _, value in parts]) if parts else []
    keys = charts.KEYS[i18n.language()]
    return [
        Part(shape, keys[shape.number - 1], label, value / whole * 100)
        for shape, (label, value) in zip(shapes, parts, strict=True)
    ]


def _by_security(book: Portfolio) -> list[tuple[str, Decimal]]:
    """Add up each security over the accounts, the largest first."""
    worth: dict[tuple[str, str], Decimal] = {}
    names: dict[tuple[str, str], str] = {}
    for held in book.holdings:
        key, value = (held.facts.market, held.facts.code), held["mv"].value
        if value:
            worth[key] = worth.get(key, Decimal(0)) + value
            names[key] = held.facts.name
    return [(names[key], value) for key, value in sorted(worth.items(), key=lambda item: -item[1])]


pages = [index, explain_total, explain, closed_round, rules]
