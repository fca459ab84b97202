"""A small house for the tests of redemptions: one client with points, two members of staff, the catalogue."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from portal import calendar, clients, identity, points, products, tiers
from portal.audit import Person
from portal.clients.models import Client, ClientFact
from portal.kit.db import Database
from portal.redemptions import request
from tests import keys

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai


@dataclass(frozen=True)
class House:
    """Who is in it."""

    database: Database
    client: Person
    client_id: int
    handler: Person
    reviewer: Person

    def offer(self, code: str) -> products.Offer:
        """Give what is on offer under a code."""
        with self.database.reading() as db:
            return next(each for each in products.on_offer(db, NOW) if each.code == code)

    def ask(self, code: str = "ipo_sms", *, key: str = "k" * 16, now: datetime = NOW):
        """Ask for a product as the client; give the number, or the refusal."""
        offer = self.offer(code)
        with self.database.writing() as db:
            made = request(db, client=self.client, client_id=self.client_id, offer=offer, key=key, now=now)
            return getattr(made, "number", made)

    def balance(self, now: datetime = NOW) -> tuple[int, int]:
        """Give what the client has available and what is held."""
        with self.database.reading() as db:
            held = points.balance(db, self.client_id, now)
            return held.available, held.held


def furnish(database: Database, *, brought: int = 5000, tier: str = "normal", mobile: bool = True) -> House:
    """Lay a client with points, his tier and telephone, staff and the catalogue."""
    with database.writing() as db:
        calendar.seed(db)
        products.seed_catalogue(db, NOW)
        client_id = _client(db, mobile)
        if brought:
            points.earn(db, client_id=client_id, points=brought, kind="opening_balance", key="opening", now=NOW)
        if tier != "normal":
            tiers.grant(
                db, client_id=client_id, tier=tier, valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1), basis={},
                decided_by="system", reason="test", now=NOW,
            )  # fmt: skip
        staff = [identity.add_staff(db, name=name, roles=[], by="system", now=NOW) for name in ("周经办", "吴复核")]
        handler, reviewer = (Person(f"staff:{each.id}", each.name, each.id) for each in staff)
    return House(database, Person(f"client:{client_id}", "王小满"), client_id, handler, reviewer)


def _client(db, mobile: bool) -> int:
    client = Client(
        client_no="10000001", name="王小满", client_type="1", branch_no="0101", opened_on=date(2019, 1, 5), status="0"
    )
    db.add(client)
    db.flush()
    if mobile:
        db.add(
            ClientFact(
                client_id=client.id, source="core", as_of=date(2019, 1, 5), recorded_at=NOW,
                **keys.fact("mobile", "13800000001"),
            )
        )  # fmt: skip
    assert clients.mobile(db, client.id) == ("13800000001" if mobile else None)
    return client.id
