"""What a load writes down of each account's day."""

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import clients
from portal.feeds import State
from portal.holdings import portfolio_of, year_line
from portal.holdings.models import AssetDay
from portal.kit.db import Database
from portal.statements import Batch
from tests.feeds.days import FIRST, SECOND, edit, laid, load, sign


@pytest.fixture
def days(tmp_path: Path) -> Path:
    return laid(tmp_path)


def noted(database: Database) -> list[tuple[date, D, D]]:
    columns = AssetDay.__table__.c
    with database.reading() as db:
        wanted = select(columns.on, columns.assets, columns.net_flow).join(Batch, Batch.id == columns.batch_id)
        return [tuple(row) for row in db.execute(wanted.where(Batch.is_current).order_by(columns.on))]


def test_what_was_taken_over_came_from_outside(database: Database, days: Path) -> None:
    load(database, days / FIRST)
    assert noted(database) == [(date(2024, 6, 10), D("31000"), D("30900"))]


def test_a_loaded_day_stands_as_the_portfolio_shows_it(database: Database, days: Path) -> None:
    load(database, days / FIRST)
    load(database, days / SECOND)
    with database.reading() as db:
        (client_id,) = clients.ids_by_no(db).values()
        book = portfolio_of(db, client_id)
        year = year_line(db, client_id, book)
    assert book
    assert year
    assert noted(database)[-1][:2] == (book.day, book["assets.total"].value)
    assert year["pnl.year"].value == D("46.07")


def test_a_day_that_was_sent_again_counts_once(database: Database, days: Path) -> None:
    load(database, days / FIRST)
    edit(days / FIRST, "price.csv", "11.0000", "11.5000")
    sign(days / FIRST, sequence=2)
    assert load(database, days / FIRST).state is State.LOADED
    assert len(noted(database)) == 1
    assert noted(database)[0][1] == D("31500")
