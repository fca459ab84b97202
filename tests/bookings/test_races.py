"""What happens at the same moment: forty threads at three places, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal import bookings
from portal.bookings.actions import Booked
from portal.bookings.models import Booking
from portal.bookings.place_models import Slot
from portal.bookings.terms import Refusal
from portal.doors import ATTEMPTS
from tests.bookings.house import NOW, furnish, later

THREADS = 40


def at_once(*verbs):
    """Run verbs at the same moment; give what each gave."""
    start = Barrier(len(verbs))

    def run(verb):
        start.wait()
        for _ in range(ATTEMPTS):
            with suppress(OperationalError):  # a lock not had in time, on a busy machine: asked again, as the doors do
                return verb()
        return verb()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def test_of_forty_who_book_three_places_exactly_three_have_one(database):
    house = furnish(database)
    slot = house.slots()[0].id
    outcomes = at_once(*[lambda n=n: house.book(slot, f"139000000{n:02}") for n in range(THREADS)])
    assert sum(isinstance(each, Booked) for each in outcomes) == 3
    assert sum(each == Refusal.FULL for each in outcomes) == THREADS - 3
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Booking)) == 3
        assert db.get_one(Slot, slot).taken == 3
        loads = db.execute(select(Booking.assigned_to, func.count()).group_by(Booking.assigned_to)).all()
    assert sorted(count for _, count in loads) == [1, 2]  # never all on one handler


def test_of_forty_who_keep_three_places_exactly_three_have_one(database):
    house = furnish(database)
    slot = house.slots()[0].id

    def keep():
        with database.writing() as db:
            return bookings.hold(db, slot, NOW)

    outcomes = at_once(*[keep] * THREADS)
    assert sum(each != Refusal.FULL for each in outcomes) == 3
    assert house.taken(slot) == 3


def test_one_telephone_books_once_however_often_it_is_asked(database):
    house = furnish(database)
    slots = [slot.id for slot in house.slots()]
    outcomes = at_once(*[lambda n=n: house.book(slots[n % len(slots)]) for n in range(8)])
    assert sum(isinstance(each, Booked) for each in outcomes) == 1
    assert sum(house.taken(slot) for slot in slots) == 1  # who was refused has given his place back


def test_a_hold_that_lapses_while_forty_wait_goes_to_exactly_one(database):
    house = furnish(database)
    slot = house.slots()[0].id
    house.squeeze(slot, 1)
    with database.writing() as db:
        bookings.hold(db, slot, NOW)
    assert house.book(slot, "13900000077") == Refusal.FULL
    outcomes = at_once(*[lambda n=n: house.book(slot, f"139000000{n:02}", now=later(6)) for n in range(12)])
    assert sum(isinstance(each, Booked) for each in outcomes) == 1
    assert house.taken(slot) == 1


@pytest.mark.parametrize("count", [2])
def test_two_who_swap_their_places_do_not_wait_for_each_other(database, count):
    house = furnish(database)
    one, two = (slot.id for slot in house.slots()[:2])
    numbers = [house.book(one, "13900000001").booking.number, house.book(two, "13900000002").booking.number]

    def swap(number, target):
        with database.writing() as db:
            from portal.bookings.queries import by_number

            return bookings.move(db, by_number(db, number), target, by=bookings.Person("visitor", ""), now=NOW)

    outcomes = at_once(lambda: swap(numbers[0], two), lambda: swap(numbers[1], one))
    assert all(isinstance(each, Booking) for each in outcomes)
    assert (house.taken(one), house.taken(two)) == (1, 1)
