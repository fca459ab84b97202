"""The client record follows the core system."""

from datetime import UTC, date, datetime
from typing import Any

from portal import clients
from portal.kit.db import Database

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def person(**changes: Any) -> dict[str, Any]:
    told = {"client_no": "10000001", "name": "甲测试", "client_type": "1", "branch_no": "0101", "status": "0"}
    return told | {"opened_on": date(2019, 1, 5), "risk_level": "C3", "risk_valid_to": date(2026, 6, 30)} | changes


def told(value: str, as_of: date) -> dict[str, Any]:
    return {"client_no": "10000001", "key": "mobile", "value": value, "as_of": as_of}


def test_a_new_client_is_entered_with_his_mobile(database: Database) -> None:
    with database.writing() as db:
        ids = clients.take_over(db, [person()], [told("13800000001", date(2019, 1, 5))], now=NOW)
    with database.reading() as db:
        found = clients.client_by_no(db, "10000001")
        assert (found.id, found.name, found.risk_level) == (ids["10000001"], "甲测试", "C3")
        assert clients.mobile(db, found.id) == "13800000001"


def test_what_the_core_says_anew_replaces_what_it_said(database: Database) -> None:
    with database.writing() as db:
        clients.take_over(db, [person()], [told("13800000001", date(2019, 1, 5))], now=NOW)
        ids = clients.take_over(
            db, [person(name="甲改名", risk_level=None)], [told("13800000002", date(2026, 1, 1))], now=NOW
        )
        found = clients.client_by_id(db, ids["10000001"])
        assert (found.name, found.risk_level) == ("甲改名", None)
        assert clients.mobile(db, found.id) == "13800000002"


def test_an_older_fact_does_not_undo_a_newer_one(database: Database) -> None:
    with database.writing() as db:
        ids = clients.take_over(db, [person()], [told("13800000002", date(2026, 1, 1))], now=NOW)
        clients.take_over(db, [person()], [told("13800000001", date(2019, 1, 5))], now=NOW)
        assert clients.mobile(db, ids["10000001"]) == "13800000002"


def test_a_client_without_a_mobile_has_none(database: Database) -> None:
    with database.writing() as db:
        ids = clients.take_over(db, [person()], [], now=NOW)
        assert clients.mobile(db, ids["10000001"]) is None
