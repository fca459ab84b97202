"""The suite's own ground: a fresh database for each test, on both kinds."""

from datetime import date

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from portal.clients.models import Client
from portal.kit.db import Database
from portal.statements.models import Account
from tests.conftest import Databases


def client() -> Client:
    return Client(
        client_no="100000000001", name="王小满", client_type="0", branch_no="1", opened_on=date(2024, 6, 3), status="0"
    )


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(database: Database, turn: int) -> None:
    with database.writing() as db:
        assert db.scalar(select(func.count()).select_from(Client)) == 0
        db.add(client())


def test_two_fresh_databases_are_strangers(databases: Databases) -> None:
    one, other = databases.fresh(), databases.fresh()
    with one.writing() as db:
        db.add(client())
    with other.reading() as db:
        assert db.scalar(select(func.count()).select_from(Client)) == 0


def test_a_failed_block_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as db:
        db.add(client())
        db.flush()
        raise ZeroDivisionError
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Client)) == 0


def test_an_unknown_owner_is_refused_by_the_database_itself(database: Database) -> None:
    with pytest.raises(DBAPIError), database.writing() as db:
        db.add(
            Account(
                account_no="1", client_id=7, account_type="0", currency="CNY", opened_on=date(2024, 6, 3), status="0"
            )
        )


def test_a_used_database_comes_back_empty_and_counts_from_one(databases: Databases) -> None:
    for _ in range(3):
        fresh = databases.fresh()
        with fresh.writing() as db:
            db.add(client())
            db.flush()
            assert db.scalar(select(Client.id)) == 1
        databases.close()


def test_a_database_whose_schema_was_changed_is_not_used_again(databases: Databases) -> None:
    with databases.fresh().writing() as db:
        db.execute(text("CREATE TABLE left_behind (id int)"))
    databases.close()
    with databases.fresh().reading() as db:
        assert "left_behind" not in inspect(db.connection()).get_table_names()
