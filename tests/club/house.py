"""A small club for the tests: clients of each tier, two members of staff, the terms, the calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from portal import calendar, club, identity, points, tiers
from portal.clients.models import Client
from portal.club import queries
from portal.kit.db import Database

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
DAY = timedelta(days=1)


@dataclass(frozen=True)
class House:
    """Who is in it: clients by tier, and two of staff."""

    database: Database
    ids: dict[str, int]
    handler: club.Person
    reviewer: club.Person

    def person(self, tier: str) -> club.Person:
        """Give a client as who acts."""
        return club.Person(f"client:{self.ids[tier]}", tier)

    def apply(self, tier: str = "gold", *, key: str = "k" * 16, now: datetime = NOW):
        """Ask to join; give the number, or the refusal."""
        with self.database.writing() as db:
            made = club.apply(db, client=self.person(tier), client_id=self.ids[tier], key=key, now=now)
            return getattr(made, "number", made)

    def decide(self, number: str, verb, *, by: club.Person | None = None, seen: int = 1, now: datetime = NOW, **said):
        """Let staff act on an application; give its state, or why not."""
        with self.database.writing() as db:
            made = queries.by_number(db, number)
            outcome = verb(db, made, seen=seen, staff=by or self.handler, note=said.pop("note", ""), now=now, **said)
            return getattr(outcome, "state", outcome)

    def balance(self, tier: str = "gold", now: datetime = NOW) -> tuple[int, int]:
        """Give what a client has available and what is held."""
        with self.database.reading() as db:
            held = points.balance(db, self.ids[tier], now)
            return held.available, held.held

    def member(self, tier: str = "gold", day: date = date(2026, 11, 20)):
        """Give a client's membership on a day."""
        with self.database.reading() as db:
            return club.membership(db, self.ids[tier], day)

    def event(self, **given) -> str:
        """Plan an event for a week from now; give its number."""
        usual = {
            "kind": "lecture", "title_zh": "讲座", "title_en": "Lecture", "aim_zh": "学习", "aim_en": "To learn",
            "place_zh": "二楼", "place_en": "Second floor", "starts_at": NOW + 7 * DAY,
            "ends_at": NOW + 7 * DAY + timedelta(hours=2), "capacity": 2, "members_only": False, "min_tier": "normal",
            "min_level": None, "branches": None, "points": 50,
        }  # fmt: skip
        with self.database.writing() as db:
            return club.plan(db, club.Plan(**usual | given), actor="staff:1", now=NOW)

    def register(self, number: str, client_id: int, now: datetime = NOW):
        """Ask for a place as a client."""
        with self.database.writing() as db:
            event = club.event_by_number(db, number)
            return club.register(db, event, client_id=client_id, actor=f"client:{client_id}", now=now)


def furnish(database: Database, *, brought: int = 5000) -> House:
    """Lay a client of each tier with points, staff, terms, calendar and earning rules."""
    with database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, NOW)
        tiers.seed_terms(db, NOW)
        ids = {tier: add_client(db, n, tier) for n, tier in enumerate(tiers.Tier)}
        for tier, client_id in ids.items():
            points.earn(db, client_id=client_id, points=brought, kind="opening_balance", key=f"opening:{tier}", now=NOW)
        staff = [identity.add_staff(db, name=name, roles=[], by="system", now=NOW) for name in ("周经办", "吴复核")]
        handler, reviewer = (club.Person(f"staff:{each.id}", each.name, each.id) for each in staff)
    return House(database, ids, handler, reviewer)


def add_client(db, n: int, tier: str = "normal") -> int:
    """Add a client of a tier."""
    client = Client(
        client_no=f"100000{n:02d}", name="王小满", client_type="1", branch_no="0101", opened_on=date(2019, 1, 5),
        status="0", risk_level="C3",
    )  # fmt: skip
    db.add(client)
    db.flush()
    if tier != "normal":
        tiers.grant(
            db, client_id=client.id, tier=tier, valid_from=date(2026, 1, 1), valid_to=date(2028, 1, 1), basis={},
            decided_by="system", reason="test", now=NOW,
        )  # fmt: skip
    return client.id
