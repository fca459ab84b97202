"""What two loaded days make of a client's holdings."""

from decimal import Decimal as D
from pathlib import Path

import pytest
from sqlalchemy import event

from portal import clients
from portal.holdings import Portfolio, portfolio_of
from portal.kit.db import Database
from tests.feeds.days import FIRST, SECOND, edit, laid, load, sign


@pytest.fixture
def days(tmp_path: Path) -> Path:
    return laid(tmp_path)


def held(database: Database) -> Portfolio:
    with database.reading() as db:
        (client_id,) = clients.ids_by_no(db).values()
        found = portfolio_of(db, client_id)
    assert found
    return found


def test_the_first_day_takes_over_what_is_there(database: Database, days: Path) -> None:
    load(database, days / FIRST)
    book = held(database)
    (only,) = book.holdings
    assert (book["assets.total"].value, book["pnl.day.all"].value) == (D("31000.00"), D("100.00"))
    assert (only.gap, only["cost.ma"].value, only["mv"].value) == ("OPENING", None, D(11000))


def test_the_second_day_counts_the_sale_and_the_tax(database: Database, days: Path) -> None:
    load(database, days / FIRST)
    load(database, days / SECOND)
    book = held(database)
    assert (book.batch, book["assets.cash"].value) == (SECOND, D("27646.07"))
    assert book["assets.total"].value == D("30946.07")
    assert book["pnl.day.all"].value == 3300 - 11000 + D("7691.07") - D("45.00")


def test_a_break_leaves_no_figure_that_might_be_wrong(database: Database, days: Path) -> None:
    load(database, days / FIRST)
    edit(days / SECOND, "cash_balance.csv", "27646.07", "27646.00")
    sign(days / SECOND)
    load(database, days / SECOND)
    book = held(database)
    assert book.checking
    assert book["assets.total"].value is None
    assert [h["qty"].value for h in book.holdings] == [D(300)]


def test_a_page_takes_a_dozen_statements_whatever_is_held(database: Database, days: Path) -> None:
    load(database, days / FIRST)
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", listen)
    held(database)
    assert len(said) <= 17


def test_a_client_without_data_has_no_portfolio(database: Database) -> None:
    with database.reading() as db:
        assert portfolio_of(db, 1) is None
