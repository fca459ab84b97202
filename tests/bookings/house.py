"""A small house for the tests of bookings: one branch, its staff, its places, the scripts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from portal import bookings, calendar, callbacks, identity, suitability
from portal.audit import Person
from portal.bookings import Asked, Case, Channel, Kind
from portal.bookings.place_models import Slot
from portal.bookings.queries import by_number
from portal.kit.db import Database

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
MONDAY = date(2026, 11, 23)
ORIGIN = "http://127.0.0.1:8000"
VISITOR = Person("visitor", "许一言")


@dataclass(frozen=True)
class House:
    """Who works in it."""

    database: Database
    branch_id: int
    handler: Person
    reviewer: Person
    witness: Person
    caller: Person

    def slots(self, day: date = MONDAY, now: datetime = NOW):
        """Give the times of a day."""
        with self.database.reading() as db:
            return bookings.slots_on(db, self.branch_id, day, now)

    def asked(self, slot_id: int, phone: str = "13900000001", **more) -> Asked:
        """Give what a visitor asks for."""
        wanted = {"kind": Kind.NEW, "case": Case.ADULT, "name": "许一言"} | more
        return Asked(slot_id=slot_id, phone=phone, **wanted)

    def book(self, slot_id: int | None = None, phone: str = "13900000001", now: datetime = NOW, **more):
        """Book a place on Monday; give the booking with its link's secret, or the refusal."""
        asked = self.asked(slot_id or self.slots(now=now)[0].id, phone, **more)
        with self.database.writing() as db:
            return bookings.book(db, asked, by=VISITOR, channel=Channel.WEB, origin=ORIGIN, now=now)

    def fill_ahead(self, number: str, now: datetime = NOW) -> None:
        """Let the visitor fill in the questionnaire behind his link."""
        with self.database.writing() as db:
            definition = suitability.published(db).definition
            assert bookings.fill(db, by_number(db, number), definition, answers_of(definition), now) == []

    def squeeze(self, slot_id: int, capacity: int) -> None:
        """Give a time fewer places."""
        with self.database.writing() as db:
            db.execute(update(Slot).where(Slot.id == slot_id).values(capacity=capacity))

    def taken(self, slot_id: int) -> int:
        """Tell how many places of a time are taken."""
        with self.database.reading() as db:
            return db.get_one(Slot, slot_id).taken


def answers_of(definition):
    """Give a whole sheet: the last answer to every question."""
    return {question.id: [question.options[-1].key] for question in definition.questions}


def furnish(database: Database) -> House:
    """Lay a branch with two handlers, a witness and a caller, its places, and the scripts."""
    with database.writing() as db:
        calendar.seed(db)
        callbacks.publish_scripts(db, NOW)
        suitability.seed_questionnaire(db, NOW)
        branch = bookings.open_branch(
            db, code="0101", name="人民路营业部", name_en="Renmin Road branch", address="人民路 1 号",
            address_en="1 Renmin Road", capacity=3,
        )  # fmt: skip
        names = ("周经办", "吴复核", "郑见证", "王回访")
        people = [identity.add_staff(db, name=name, roles=[], by="system", now=NOW) for name in names]
        staff = [Person(f"staff:{each.id}", each.name, each.id) for each in people]
        for person, handles in zip(staff, (True, True, False, False), strict=True):
            bookings.place_clerk(
                db, branch_id=branch.id, user_id=person.user_id, name=person.name, handles=handles, sells=False
            )
        bookings.lay_slots(db, NOW)
    return House(database, branch.id, *staff)


def later(minutes: int, now: datetime = NOW) -> datetime:
    """Give an instant some minutes on."""
    return now + timedelta(minutes=minutes)
