"""Events: places, the waiting list, check-in, and forty who want the last place at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

from sqlalchemy import func, select

from portal import club, points, tiers
from portal.club import events, queries
from portal.club.ics import ics
from portal.club.models import ClubEvent, ClubRegistration
from portal.club.rules import Refusal, Seat
from portal.inbox import InboxMessage
from tests.club.house import DAY, NOW, add_client, furnish


def crowd(database, count):
    with database.writing() as db:
        return [add_client(db, n) for n in range(10, 10 + count)]


def taken(database, number):
    with database.reading() as db:
        return db.scalar(select(ClubEvent.taken).where(ClubEvent.number == number))


def code_of(database, number, client_id):
    with database.reading() as db:
        return queries.registrations_of(db, client_id)[club.event_by_number(db, number).id].code


def give_up(database, number, client_id, now=NOW):
    with database.writing() as db:
        return events.give_up(db, club.event_by_number(db, number), client_id=client_id, actor="test", now=now)


def check_in(database, number, code, now=NOW + 7 * DAY):
    with database.writing() as db:
        return club.check_in(db, club.event_by_number(db, number), code=code, actor="staff:1", now=now)


def told(database, client_id):
    with database.reading() as db:
        return db.scalars(select(InboxMessage.title_zh).where(InboxMessage.client_id == client_id)).all()


def test_of_forty_at_once_exactly_as_many_come_as_there_are_places(database):
    house, people = furnish(database), crowd(database, 40)
    number = house.event(capacity=3)
    start = Barrier(len(people))

    def ask(client_id):
        start.wait()
        return house.register(number, client_id)

    with ThreadPoolExecutor(len(people)) as pool:
        seats = list(pool.map(ask, people))
    assert (seats.count(Seat.REGISTERED), seats.count(Seat.WAITING)) == (3, 37)
    assert taken(database, number) == 3
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ClubRegistration)) == 40


def test_a_registration_posted_twice_takes_one_place(database):
    house = furnish(database)
    number = house.event()
    assert [house.register(number, house.ids["gold"]) for _ in range(2)] == [Seat.REGISTERED] * 2
    assert taken(database, number) == 1


def test_a_place_given_back_goes_to_who_waits_longest(database):
    house, (first, second, third) = furnish(database), crowd(database, 3)[:3]
    number = house.event(capacity=1)
    seats = [
        house.register(number, each, NOW + n * timedelta(minutes=1)) for n, each in enumerate((first, second, third))
    ]
    assert seats == [Seat.REGISTERED, Seat.WAITING, Seat.WAITING]
    assert give_up(database, number, first)
    assert told(database, second) == ["您候补的活动有席位了。"]
    assert house.register(number, second) == Seat.REGISTERED
    assert house.register(number, third) == Seat.WAITING
    assert taken(database, number) == 1
    assert give_up(database, number, third)
    assert give_up(database, number, second)
    assert taken(database, number) == 0
    assert give_up(database, number, second) is False
    assert house.register(number, first) == Seat.REGISTERED


def test_coming_earns_the_points_once(database):
    house = furnish(database)
    number, me = house.event(), house.ids["gold"]
    house.register(number, me)
    code = code_of(database, number, me)
    assert check_in(database, number, code, NOW + 6 * DAY) is Refusal.TOO_EARLY
    assert check_in(database, number, code) == check_in(database, number, code) == me
    assert house.balance() == (5050, 0)
    with database.reading() as db:
        assert queries.benefits_used(db, me, NOW - DAY) == 1
        assert points.verify(db) == []


def test_a_wrong_code_or_a_place_in_the_waiting_list_lets_nobody_in(database):
    house, (first, second) = furnish(database), crowd(database, 2)
    number = house.event(capacity=1)
    house.register(number, first)
    house.register(number, second)
    assert check_in(database, number, "abc") is Refusal.WRONG_CODE
    assert check_in(database, number, code_of(database, number, second)) is Refusal.WRONG_CODE


def test_an_event_in_the_past_is_neither_planned_nor_joined(database):
    house = furnish(database)
    assert house.event(starts_at=NOW) is Refusal.IN_THE_PAST
    assert house.event(ends_at=NOW + 7 * DAY) is Refusal.NO_LENGTH
    number = house.event()
    assert house.register(number, house.ids["gold"], NOW + 7 * DAY) is Refusal.EVENT_OVER
    assert give_up(database, number, house.ids["gold"], NOW + 7 * DAY) is Refusal.EVENT_OVER


def test_an_event_is_for_its_target_group_and_says_whom_it_reaches(database):
    house = furnish(database)
    number = house.event(min_tier="gold")
    assert house.register(number, house.ids["silver"]) is Refusal.NOT_INVITED
    assert house.register(number, house.ids["platinum"]) == Seat.REGISTERED
    group = {"members_only": False, "min_tier": "gold", "min_level": None, "branches": None, "day": date(2026, 11, 20)}
    with database.reading() as db:
        assert queries.reached(db, **group) == 2
        assert queries.reached(db, **group | {"min_level": "C4"}) == 0
        assert queries.reached(db, **group | {"branches": "0101,0202", "min_tier": "normal"}) == 4
        assert queries.reached(db, **group | {"members_only": True}) == 0
    assert house.register(house.event(min_level="C4"), house.ids["gold"]) is Refusal.NOT_INVITED
    assert house.register(house.event(branches="0202,0303"), house.ids["gold"]) is Refusal.NOT_INVITED
    assert house.register(house.event(members_only=True), house.ids["gold"]) is Refusal.NOT_A_MEMBER


def test_a_tier_that_lapses_takes_no_place_away_and_opens_no_new_one(database):
    house = furnish(database)
    with database.writing() as db:
        me = add_client(db, 99)
        tiers.grant(
            db, client_id=me, tier="gold", valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 21), basis={},
            decided_by="system", reason="test", now=NOW,
        )  # fmt: skip
    first, second = house.event(min_tier="gold"), house.event(min_tier="gold")
    assert house.register(first, me) == Seat.REGISTERED
    assert house.register(first, me, NOW + DAY) == Seat.REGISTERED
    assert house.register(second, me, NOW + DAY) is Refusal.NOT_INVITED
    assert check_in(database, first, code_of(database, first, me), NOW + 7 * DAY) == me


def test_a_cancelled_event_takes_nobody_and_tells_who_wanted_to_come(database):
    house = furnish(database)
    number = house.event(capacity=1)
    house.register(number, house.ids["silver"])
    house.register(number, house.ids["platinum"])
    with database.writing() as db:
        assert events.cancel(db, club.event_by_number(db, number), actor="staff:1", now=NOW)
        assert not events.cancel(db, club.event_by_number(db, number), actor="staff:1", now=NOW)
    assert house.register(number, house.ids["gold"]) is Refusal.EVENT_CANCELLED
    for tier, titles in (("silver", ["您报名的活动已取消。"]), ("platinum", ["您报名的活动已取消。"]), ("gold", [])):
        assert told(database, house.ids[tier]) == titles


def test_the_calendar_file_folds_its_lines_at_75_bytes():
    event = {
        "state": "open", "number": "HD-1", "starts_at": NOW, "ends_at": NOW + DAY, "title": "讲座；分红, 与 折旧" * 9,
        "place": "二楼", "aim": "学习",
    }  # fmt: skip
    text = ics(event, NOW)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "DTSTART:20261120T020000Z" in lines
    assert "\\, " in text.replace("\r\n ", "")
