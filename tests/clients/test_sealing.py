"""Marked indicators lie sealed, are found by a blind index, and are sealed anew when the key changes."""

import pytest
from alembic import command
from cryptography.exceptions import InvalidTag
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import clients
from portal.clients import changes
from portal.clients.models import FOUND, SEALED, ClientFact, ClientFactHistory
from portal.kit import migrations, sealed, vault
from portal.kit.db import connect
from portal.kit.sealed import Secret
from tests import keys
from tests.clients.house import NOW, bring, furnish

MOBILE, ID = "13800000001", "11010519491231002X"


def lying(database):
    """Give every text that lies in the tables of the client record, as the database's files hold it."""
    tables = ("client_fact", "client_fact_history", "client_change", "client_phone_proof")
    with database.engine.connect() as raw:
        return "\n".join(str(tuple(row)) for table in tables for row in raw.execute(text(f"SELECT * FROM {table}")))


def test_thirteen_indicators_are_sealed_and_three_are_found():
    assert (len(SEALED), FOUND) == (13, ["id_number", "mobile", "fund_account"])


def test_nothing_marked_lies_open_wherever_it_was_written(database):
    house = furnish(database)
    with database.writing() as db:
        told = {"who": house.client, "client_id": house.client_id, "now": NOW}
        changes.edit(db, key="emergency_phone", value="13900000009", **told)
        changes.edit(db, key="emergency_phone", value="13900000008", **told)
        changes.edit(db, key="email", value="z@example.com", **told)
        assert changes.ask(db, key="id_number", value="110105194912310038", why="换证", **told)
        bring(db, mobile="13800000002")
    found = lying(database)
    assert "z@example.com" in found
    for secret in (MOBILE, "13800000002", ID, "110105194912310038", "13900000009", "13900000008"):
        assert secret not in found
    with database.reading() as db:
        assert clients.fact(db, house.client_id, "mobile") == "13800000002"
        old = select(ClientFactHistory.old, ClientFactHistory.new).where(ClientFactHistory.key == "mobile")
        assert tuple(db.execute(old).one()) == (MOBILE, "13800000002")


def test_the_database_itself_refuses_a_marked_value_that_somebody_forgot_to_mark(database):
    house = furnish(database)
    row = {"client_id": house.client_id, "source": "core", "as_of": NOW.date(), "recorded_at": NOW}
    for key, value, blind in (("phone_home", "0571-12345678", None), ("bank_card", Secret("6222"), None)):
        refused = not isinstance(value, Secret)
        with database.writing() as db:
            if refused:
                with pytest.raises(IntegrityError), db.begin_nested():
                    db.execute(insert(ClientFact).values(key=key, value=value, blind=blind, **row))
            else:
                db.execute(insert(ClientFact).values(key=key, value=value, blind=blind, **row))
    with database.writing() as db, pytest.raises(IntegrityError), db.begin_nested():  # sealed, but nobody could find it
        where = ClientFact.key == "mobile"
        db.execute(ClientFact.__table__.update().where(where).values(value=Secret("13800000003"), blind=None))


def test_a_client_is_found_by_telephone_and_by_id_number_and_never_by_a_part(database):
    house = furnish(database)
    with database.reading() as db:
        assert clients.who_has(db, "mobile", MOBILE) == [house.client_id]
        assert clients.who_has(db, "id_number", ID) == [house.client_id]
        assert clients.who_has(db, "mobile", MOBILE[:-1]) == []
        assert clients.who_has(db, "id_number", MOBILE) == []
    with database.writing() as db:
        bring(db, mobile="13800000002")
        assert clients.who_has(db, "mobile", MOBILE) == []


def test_other_keys_open_nothing_and_find_nothing(database):
    furnish(database)
    url = database.engine.url.render_as_string(hide_password=False)
    stranger = connect(url, vault.Vault({"k1": b"o" * 32}, "k1", b"o" * 32))
    with stranger.reading() as db:
        assert clients.who_has(db, "mobile", MOBILE) == []
        with pytest.raises(InvalidTag):
            clients.mobile(db, 1)
    stranger.engine.dispose()
    without = connect(url)
    with without.reading() as db, pytest.raises(RuntimeError, match="without its keys"):
        clients.mobile(db, 1)
    without.engine.dispose()


def test_a_new_key_seals_everything_anew_history_too_and_the_guard_stands_again(database):
    house = furnish(database)
    with database.writing() as db:
        bring(db, mobile="13800000002")
    url = database.engine.url.render_as_string(hide_password=False)
    newer = connect(url, vault.Vault({"k1": keys.KEY, "k2": b"2" * 32}, "k2", keys.INDEX))
    with newer.writing() as db:
        assert sum(count for _, count in sealed.lagging(db)) == 4  # two facts; old and new of one change
        for column, _ in list(sealed.lagging(db)):
            while sealed.reseal(db, column, limit=1):
                pass
        assert sum(count for _, count in sealed.lagging(db)) == 0
    assert "sealed:k1:" not in lying(newer)
    with newer.reading() as db:
        assert clients.mobile(db, house.client_id) == "13800000002"
        assert clients.who_has(db, "mobile", "13800000002") == [house.client_id]
    with newer.writing() as db, pytest.raises(DBAPIError, match="only grows"), db.begin_nested():
        db.execute(ClientFactHistory.__table__.delete())
    newer.engine.dispose()


def test_a_database_of_before_is_sealed_by_its_migration_and_opened_by_the_way_back(database):
    house = furnish(database)
    with database.writing() as db:
        bring(db, mobile="13800000002")
    url = database.engine.url.render_as_string(hide_password=False)
    known = migrations.config(url, keys.VAULT)
    command.downgrade(known, "0040_uploads")
    assert MOBILE in lying(database)
    migrations.upgrade(url, keys.VAULT)
    assert MOBILE not in lying(database)
    with database.reading() as db:
        assert clients.who_has(db, "mobile", "13800000002") == [house.client_id]


def test_text_that_pretends_to_be_sealed_is_refused(database):
    house = furnish(database)
    with database.writing() as db, pytest.raises(Exception, match="may not look like sealed"), db.begin_nested():
        changes.edit(db, who=house.client, client_id=house.client_id, key="employer", value="sealed:k1:x", now=NOW)
