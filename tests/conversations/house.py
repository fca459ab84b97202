"""A gold client with an adviser, one of each other tier, two of staff; and what they say to each other."""

from dataclasses import dataclass
from datetime import timedelta

from portal import audit, conversations, tiers
from portal.kit.db import Database
from tests.club import house as club_house
from tests.club.house import NOW

MINUTE = timedelta(minutes=1)


@dataclass
class House:
    """Who is in it, and a new key for each message."""

    database: Database
    ids: dict[str, int]
    handler: audit.Person
    other: audit.Person
    keys: int = 0

    def key(self) -> str:
        """Give a key that no other message has."""
        self.keys += 1
        return f"message-{self.keys:08d}"

    def write(self, text: str = "请问", *, tier: str = "gold", now=NOW, key: str | None = None):
        """Write as a client."""
        who = audit.Person(f"client:{self.ids[tier]}", "陈金波")
        with self.database.writing() as db:
            return conversations.write(
                db, client=who, client_id=self.ids[tier], text=text, key=key or self.key(), now=now
            )

    def answer(
        self, text: str = "好的", *, seen: int = 1, tier: str = "gold", now=NOW, by=None, key: str | None = None
    ):
        """Answer as staff."""
        with self.database.writing() as db:
            return conversations.answer(
                db, client_id=self.ids[tier], seen=seen, staff=by or self.handler, text=text, key=key or self.key(),
                now=now,
            )  # fmt: skip

    def settle(self, *, seen: int = 1, tier: str = "gold", now=NOW):
        """Say that nothing needs an answer."""
        with self.database.writing() as db:
            return conversations.settle(
                db, client_id=self.ids[tier], seen=seen, staff=self.handler, key=self.key(), now=now
            )

    def read(self, side: conversations.Side, *, tier: str = "gold", now=NOW) -> bool:
        """Open the page, as one side."""
        who = self.handler if side is conversations.Side.STAFF else audit.Person("client:0", "陈金波")
        with self.database.writing() as db:
            return conversations.read(db, client_id=self.ids[tier], side=side, reader=who, now=now)

    def conversation(self, tier: str = "gold"):
        """Give the conversation of a client."""
        with self.database.reading() as db:
            return conversations.of_client(db, self.ids[tier])

    def kept(self, tier: str = "gold") -> tuple[int, int]:
        """Give how many promises there were, and how many were kept."""
        with self.database.reading() as db:
            return tiers.promises_kept(db, self.ids[tier], NOW - timedelta(days=1))


def furnish(database: Database) -> House:
    """Lay the club's house, with staff as advisers of the branch."""
    laid = club_house.furnish(database)
    with database.writing() as db:
        tiers.appoint_adviser(
            db, user_id=laid.handler.user_id, branch_no="0101", direct_line="000-0000-0001", by="system", now=NOW
        )
        tiers.assign_waiting(db, NOW)
    people = [audit.Person(each.actor, each.name, each.user_id) for each in (laid.handler, laid.reviewer)]
    return House(database, laid.ids, *people)
