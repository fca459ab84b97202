"""Staff at the desk: for a caller or somebody at the counter, moving for a visitor, closed days, who is there."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal import bookings
from portal.bookings import Asked, Booked, Case, Channel, Kind, Refusal
from portal.bookings.branches import close_day, reopen_day, set_counters, set_present, set_weekend_day
from portal.bookings.queries import by_number, counts, days, free_slots, ledger, slots_on
from tests.bookings.house import MONDAY, NOW, ORIGIN, furnish
from tests.visitors import post, sign_in_staff

NINE = datetime(2026, 11, 23, 1, 10, tzinfo=UTC)  # Monday, 9:10


@pytest.fixture
def house(database):
    return furnish(database)


def take_down(house, slot_id, phone="13900000001", channel=Channel.BRANCH, now=NINE):
    asked = Asked(slot_id=slot_id, kind=Kind.NEW, case=Case.ADULT, name="许一言", phone=phone, language="en")
    with house.database.writing() as db:
        return bookings.book(db, asked, by=house.handler, channel=channel, origin=ORIGIN, now=now)


def test_who_stands_at_the_counter_has_the_half_hour_that_runs(house):
    slot = house.slots()[0].id  # nine o'clock
    assert house.book(slot, now=NINE) == Refusal.TOO_LATE
    made = take_down(house, slot)
    assert isinstance(made, Booked)
    assert (made.booking.channel, made.booking.language) == ("branch", "en")
    assert take_down(house, slot, "13900000002", now=NINE + timedelta(minutes=30)) == Refusal.TOO_LATE


def test_staff_move_a_visit_with_a_reason_and_it_does_not_count_as_his(house):
    made = house.book()
    other = house.slots()[1].id
    with house.database.writing() as db:
        it = by_number(db, made.booking.number)
        assert bookings.move(db, it, other, by=house.handler, now=NOW) == Refusal.NO_REASON
        moved = bookings.move(db, it, other, by=house.handler, now=NOW, reason="当天不接待")
        assert (moved.slot_id, moved.moves, moved.sequence) == (other, 0, 1)


def test_a_closed_day_has_no_places_and_says_why(house):
    slot = house.slots()[0].id
    booked = house.book(slot, "13900000009").booking
    told = {"branch_id": house.branch_id, "day": MONDAY, "by": house.handler, "now": NOW}
    with house.database.writing() as db:
        assert close_day(db, reason="装修", **told)
        assert not close_day(db, reason="再关", **told)
    with house.database.reading() as db:
        shown = next(day for day in days(db, house.branch_id, NOW) if day.day == MONDAY)
        assert (shown.free, shown.why, shown.note) == (0, "closed", "装修")
        assert not any(row.day == MONDAY for row in free_slots(db, NOW))
        assert by_number(db, booked.number).slot_id == slot  # who has a place keeps it until staff move him
    assert house.book(slot) == Refusal.NOT_BOOKABLE
    with house.database.writing() as db:
        assert reopen_day(db, **told)
    assert isinstance(house.book(slot), Booked)


def test_nobody_absent_is_given_a_booking(house):
    for person in (house.handler, house.reviewer):
        with house.database.writing() as db:
            set_present(
                db, branch_id=house.branch_id, user_id=person.user_id, is_present=False, by=house.reviewer, now=NOW
            )
        made = house.book()
        if person is house.handler:
            assert made.booking.assigned_to == house.reviewer.user_id
            with house.database.writing() as db:
                bookings.cancel(db, by_number(db, made.booking.number), by=house.reviewer, now=NOW, reason="试")
    assert made == Refusal.NO_STAFF


def test_fewer_counters_never_take_a_place_away_from_who_has_it(house):
    slots = [slot.id for slot in house.slots()]
    for number in range(2):
        house.book(slots[0], f"1390000001{number}")
    with house.database.writing() as db:
        set_counters(db, branch_id=house.branch_id, capacity=1, by=house.handler, now=NOW)
    assert house.book(slots[0], "13900000021").booking  # this time keeps its three places
    house.book(slots[1], "13900000022")
    assert house.book(slots[1], "13900000023") == Refusal.FULL


def test_a_branch_that_takes_papers_in_on_sunday_is_closed_on_saturday(database):
    house = furnish(database)
    with database.writing() as db:
        set_weekend_day(db, branch_id=house.branch_id, weekday=6, by=house.handler, now=NOW)
        bookings.lay_slots(db, NOW + timedelta(days=14))
        later_on = {day.day: day for day in days(db, house.branch_id, NOW + timedelta(days=14))}
    assert later_on[date(2026, 12, 6)].is_weekend
    assert later_on[date(2026, 12, 5)].why == "weekend"


def test_monday_s_openings_are_looked_through_at_the_weekend(house):
    monday, later_on = house.book().booking, house.book(house.slots(date(2026, 11, 26))[0].id, "13900000002").booking
    handed_in = house.book(house.slots(date(2026, 11, 21))[0].id, "13900000003", kind=Kind.CUSTODY).booking
    with house.database.reading() as db:
        now = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
        found = [row.number for row in ledger(db, "weekend", now, me=0)]
        assert sorted(found) == sorted([monday.number, handed_in.number])
        assert counts(db, now, 0)["weekend"] == 2
        assert later_on.number not in found


@pytest.mark.parametrize("text", ["KH-20261120-0001", "kh-20261120-0001", "13900000001", "许一言"])
def test_a_booking_is_found_by_number_telephone_or_name_whatever_the_view(house, text):
    number = house.book().booking.number
    with house.database.reading() as db:
        assert [row.number for row in ledger(db, "done", NOW, me=0, find=text)] == [number]
        assert ledger(db, "open", NOW, me=0, find="没有这个人") == []
        assert slots_on(db, house.branch_id, MONDAY, NOW)


def test_the_desk_s_pages_do_what_they_say(app, browser, house, database):
    sign_in_staff(browser, database, "韩主管", NOW, roles=["handler", "manager"])
    assert "周经办" in browser.get("/desk/branches").text
    at = "/desk/branches"
    closing = {"day": "2026-11-24", "reason": "培训"}
    assert post(browser, at, "/desk/branches/0101/closures", **closing).status_code == 303
    answer = post(browser, at, "/desk/branches/0101/closures", **closing)
    assert answer.status_code == 422
    assert 'value="培训"' in answer.text
    assert "培训" in browser.get("/bookings?branch=0101").text
    assert post(browser, at, "/desk/branches/0101/presence/2", present="no").status_code == 303
    assert "不在岗，不分派" in browser.get(at).text
    visit = {"kind": "new", "case": "adult", "name": "许一言", "phone": "13900000001", "referrer": "", "consent": "yes"}
    made = visit | {"slot": str(house.slots()[0].id), "channel": "phone", "language": "zh"}
    where = post(browser, "/desk/bookings/new", "/desk/bookings", **made).headers["location"]
    pane = browser.get(where).text
    assert "替客户改期" in pane
    assert "工作人员不能代填" in pane
    other = {"slot": str(house.slots()[1].id), "version": "1", "note": "客户来电"}
    assert post(browser, where, f"{where}/move", **other).status_code == 303
    assert "客户来电" in browser.get(where).text
    bare = {"version": "2", "note": "", "id_number": "99000019900101001X", "id_valid_to": "", "paper_id": "yes"}
    again = post(browser, where, f"{where}/precheck", **bare)
    assert again.status_code == 422
    assert 'name="paper_id" value="yes" checked' in again.text  # nothing that was ticked is lost
    for verb in ("intake", "completion", "absence", "calls"):  # none is taken out of turn
        assert post(browser, where, f"{where}/{verb}", version="2", note="x").status_code == 422
    assert browser.get("/desk/bookings/export?tab=weekend").status_code == 200
    ledger_lines = browser.get("/desk/bookings/lines").text.splitlines()
    assert ledger_lines[1].startswith("KH-20261120-0001,2026-11-20 10:00,改期,韩主管,工作人员,")
    assert ledger_lines[1].endswith(",客户来电")
    assert len(ledger_lines) == 3  # its heads, the booking, the move
