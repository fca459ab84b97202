"""A small house for the tests of the client's voice: two clients, two members of staff."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import select

from portal import calendar, callbacks, identity
from portal.audit import Person
from portal.clients.models import Client, ClientFact
from portal.feedback import Brought, Kind, actions, queries, receive
from portal.inbox import InboxMessage
from portal.kit.db import Database
from tests import keys

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
TEXT = "11 月 18 日我在人民路营业部排队一小时，没有人说明原因。"
KEYS = count(1)


@dataclass(frozen=True)
class House:
    """Who is in it."""

    database: Database
    client: Person
    client_id: int
    other_id: int
    handler: Person
    reviewer: Person

    def bring(self, text: str = TEXT, *, kind: Kind = Kind.COMPLAINT, key: str = "", now: datetime = NOW, **more):
        """Bring something as the client; give its number, or the refusal."""
        brought = Brought(kind, more.pop("area", "service"), more.pop("title", "排队太久"), text, **more)
        key = key or f"{next(KEYS):016}"
        with self.database.writing() as db:
            made = receive(db, brought, by=self.client, client_id=self.client_id, key=key, now=now)
            return getattr(made, "number", made)

    def do(self, verb, number: str, *, now: datetime = NOW, seen: int | None = None, **more):
        """Do a verb on a case; give its new state, or the refusal."""
        with self.database.writing() as db:
            case = queries.by_number(db, number)
            if verb not in (actions.reply, actions.accept, actions.object_to, actions.withdraw, actions.note):
                more |= {"seen": seen or case.version}
            who = {"client": self.client} if verb in CLIENTS else {"staff": more.pop("staff", self.handler)}
            outcome = verb(db, case, now=now, **who, **more)
            return getattr(outcome, "state", outcome)

    def work(self, number: str, *, now: datetime = NOW, severity: str = "normal", text: str = "") -> None:
        """Acknowledge a case."""
        told = {"severity": severity, "area": "service", "text": text}
        assert self.do(actions.acknowledge, number, now=now, **told) == "in_work"

    def answer(self, number: str, *, now: datetime = NOW, text: str = "已经增加窗口。", cause: str = "process") -> None:
        """Answer a case."""
        assert self.do(actions.answer, number, now=now, text=text, finding="founded", cause=cause) == "answered"

    def clocks(self, number: str, now: datetime):
        """Reckon the clocks of a case."""
        with self.database.reading() as db:
            return actions.clocks_of(db, queries.by_number(db, number), now)

    def titles(self, client_id: int = 0) -> list[str]:
        """List what the client was told, oldest first."""
        with self.database.reading() as db:
            mine = select(InboxMessage.title_zh).where(InboxMessage.client_id == (client_id or self.client_id))
            return list(db.scalars(mine.order_by(InboxMessage.id)))


CLIENTS = (actions.reply, actions.accept, actions.object_to, actions.withdraw)


def furnish(database: Database) -> House:
    """Lay two clients and two members of staff."""
    with database.writing() as db:
        calendar.seed(db)
        callbacks.publish_scripts(db, NOW)
        client_id, other_id = _client(db, "10000001", "王小满"), _client(db, "10000002", "郑旁观")
        staff = [identity.add_staff(db, name=name, roles=["handler"], by="system", now=NOW) for name in NAMES]
        handler, reviewer = (Person(f"staff:{each.id}", each.name, each.id) for each in staff)
    return House(database, Person(f"client:{client_id}", "王小满"), client_id, other_id, handler, reviewer)


NAMES = ("周经办", "吴复核")


def _client(db, number: str, name: str) -> int:
    opened = date(2019, 1, 5)
    client = Client(client_no=number, name=name, client_type="1", branch_no="0101", opened_on=opened, status="0")
    db.add(client)
    db.flush()
    facts = {"mobile": f"138{number}"}
    for key, value in facts.items():
        db.add(ClientFact(client_id=client.id, source="core", as_of=opened, recorded_at=NOW, **keys.fact(key, value)))
    db.flush()
    return client.id
