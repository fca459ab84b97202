"""A small house for the tests of the client record: one client as the core tells of him, two members of staff."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from portal import calendar, clients, identity
from portal.clients.changes import Person
from portal.kit.db import Database

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai


@dataclass(frozen=True)
class House:
    """Who is in it."""

    database: Database
    client: Person
    client_id: int
    handler: Person
    reviewer: Person

    def feed(self, *, now: datetime = NOW, **told: str) -> None:
        """Let a feed day tell the same client again, with these facts."""
        with self.database.writing() as db:
            bring(db, now=now, **told)


def bring(db: Any, *, now: datetime = NOW, **told: str) -> int:
    """Take the client over as the core tells of him; give his id."""
    person = {
        "client_no": told.pop("client_no", "10000001"),
        "name": told.pop("name", "王小满"), "client_type": "1", "branch_no": "0101",
        "opened_on": date(2019, 1, 5), "status": "0", "risk_level": "C3", "risk_valid_to": date(2027, 6, 30),
    }  # fmt: skip
    facts = {"mobile": "13800000001", "id_type": "resident_id", "id_number": "11010519491231002X"} | told
    rows = [{"client_no": person["client_no"], "key": key, "value": facts[key], "as_of": now.date()} for key in facts]
    return clients.take_over(db, [person], rows, now=now)[person["client_no"]]


def bring_other(db: Any, *, now: datetime = NOW) -> int:
    """Take another client over; give his id."""
    person = {
        "client_no": "10000002", "name": "郑旁观", "client_type": "1", "branch_no": "0101", "opened_on": now.date(),
        "status": "0", "risk_level": None, "risk_valid_to": None,
    }  # fmt: skip
    return clients.take_over(db, [person], [], now=now)["10000002"]


def furnish(database: Database) -> House:
    """Lay the client, his staff and the calendar."""
    with database.writing() as db:
        calendar.seed(db)
        client_id = bring(db)
        user = identity.enter_client(db, client_id=client_id, name="王小满", personal=[], now=NOW)
        staff = [
            identity.add_staff(db, name=name, roles=["handler"], by="system", now=NOW) for name in ("周经办", "吴复核")
        ]
        handler, reviewer = (Person(f"staff:{each.id}", each.name, each.id, "desk") for each in staff)
        return House(database, Person(f"client:{user.id}", "王小满", user.id), client_id, handler, reviewer)
