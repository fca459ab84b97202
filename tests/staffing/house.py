"""A house with colleagues who have work in hand: clients, claims, cases, a booking, an improvement, a campaign."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from portal import calendar, identity, tiers
from portal.audit import Person
from portal.clients.models import Client
from portal.kit.db import Database
from portal.staffing import Kind, ask
from portal.staffing.handing import Plan

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
TODAY = date(2026, 11, 20)
LINES = {"沈投顾": "01060000001", "顾接手": "01060000002"}


@dataclass(frozen=True)
class House:
    """Who works in it, by name, and its clients by number."""

    database: Database
    people: dict[str, Person]
    clients: dict[str, int]

    def plan(
        self, giver: str = "沈投顾", taker: str = "顾接手", *, leaves: bool = True, first: date = TODAY,
        last: date | None = None,
    ) -> Plan:  # fmt: skip
        """Plan a handover."""
        kind = Kind.LEAVING if leaves else Kind.ABSENCE
        return Plan(kind, self.id(giver), self.id(taker), first, last, note="陈总偏好下午联系")

    def id(self, name: str) -> int:
        """Give the number of a colleague."""
        number = self.people[name].user_id
        assert number is not None
        return number

    def ask(self, plan: Plan | None = None, *, by: str = "韩主管", now: datetime = NOW) -> str:
        """Ask for a handover; give its number, or the refusal."""
        with self.database.writing() as db:
            made = ask(db, plan or self.plan(), staff=self.people[by], now=now)
            return getattr(made, "number", made)


def furnish(database: Database) -> House:
    """Lay colleagues, two of them advisers, and a client of each tier whom the first adviser looks after."""
    with database.writing() as db:
        calendar.seed(db)
        tiers.seed_terms(db, NOW)
        roles = {
            "沈投顾": ["adviser", "handler"], "顾接手": ["adviser", "handler"], "周经办": ["handler"],
            "吴复核": ["handler", "reviewer"], "韩主管": ["manager"], "钱主管": ["manager"], "严合规": ["compliance"],
        }  # fmt: skip
        people = {name: _person(db, name, held) for name, held in roles.items()}
        for name, line in list(LINES.items())[:1]:
            _appoint(db, people[name], line)
        clients = {tier: _client(db, number, tier) for number, tier in enumerate(("gold", "platinum", "silver"))}
        for client_id in clients.values():
            tiers.assign_adviser(db, client_id, reason="waited", now=NOW)
        _appoint(db, people["顾接手"], LINES["顾接手"])
    return House(database, people, clients)


def _person(db, name: str, roles: list[str]) -> Person:
    user = identity.add_staff(db, name=name, roles=roles, by="system", now=NOW)
    return Person(f"staff:{user.id}", name, user.id)


def _appoint(db, person: Person, line: str) -> None:
    tiers.appoint_adviser(db, user_id=person.user_id, branch_no="0101", direct_line=line, by="system", now=NOW)


def _client(db, number: int, tier: str) -> int:
    row = Client(
        client_no=f"1000000{number}", name=f"客户{number}", client_type="1", branch_no="0101",
        opened_on=date(2019, 1, 5), status="0",
    )  # fmt: skip
    db.add(row)
    db.flush()
    tiers.grant(
        db, client_id=row.id, tier=tier, valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1), basis={},
        decided_by="system", reason="test", now=NOW,
    )  # fmt: skip
    return row.id
