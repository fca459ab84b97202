"""Staff at the desk: for a caller or somebody at the counter, moving for a visitor, closed days, who is there."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal import bookings
from portal.bookings import Asked, Booked, Case, Channel, Kind, Refusal
from portal.bookings.branches import close_day, reopen_day, set_away, set_counters, set_weekend_day
from portal.bookings.ledger_queries import by_staff, counts, view
from portal.bookings.queries import by_number, days, free_slots, slots_on
from portal.kit.db import Base
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


def away(house, person, until, now=NOW):
    with house.database.writing() as db:
        told = {"branch_id": house.branch_id, "user_id": person.user_id, "by": house.reviewer, "now": now}
        assert set_away(db, until=until, **told)


def test_nobody_away_is_given_a_booking_and_the_next_day_he_is_there_again(house):
    friday = NOW.date()
    away(house, house.handler, friday)
    assert house.book().booking.assigned_to == house.reviewer.user_id
    away(house, house.reviewer, friday)
    assert house.book(phone="13900000002") == Refusal.NO_STAFF
    monday = NOW + timedelta(days=3)
    assert house.book(phone="13900000003", now=monday).booking.assigned_to == house.handler.user_id


def test_a_longer_absence_ends_by_itself_too_and_is_taken_back_by_a_word(house):
    away(house, house.handler, NOW.date() + timedelta(days=2))
    for ahead, who in ((2, house.reviewer), (3, house.handler)):
        made = house.book(phone=f"1390000001{ahead}", now=NOW + timedelta(days=ahead))
        assert made.booking.assigned_to == who.user_id
    away(house, house.handler, NOW.date() + timedelta(days=90))
    away(house, house.handler, None)
    for number in range(2):
        assert isinstance(house.book(phone=f"1390000002{number}"), Booked)
    with house.database.reading() as db:
        assert {row.name: row.open for row in by_staff(db)} == {"周经办": 2, "吴复核": 2}


@pytest.mark.parametrize("until", ["2026-11-19", "2029-01-01", "2026-02-30", "soon"])
def test_a_day_that_cannot_be_is_refused_with_its_sentence(browser, house, database, until):
    sign_in_staff(browser, database, "周经办", NOW)
    answer = post(browser, "/desk/branches", "/desk/branches/0101/presence/2", present="no", until=until)
    assert (answer.status_code, "到哪一天请写成" in answer.text) == (422, True)


def test_staff_of_another_branch_see_nothing_of_it(browser, house, database):
    with database.writing() as db:
        bookings.open_branch(
            db, code="0202", name="江边营业部", name_en="Riverside", address="江边", address_en="x", capacity=1
        )
    slot, number = house.slots()[0].id, house.book().booking.number
    me = sign_in_staff(browser, database, "周经办", NOW)
    users = Base.metadata.tables["identity_user"]
    for branch, sees in (("0101", True), ("0202", False)):
        with database.writing() as db:
            db.execute(users.update().where(users.c.id == me).values(branch_no=branch))
        for path in (
            "/desk/bookings", "/desk/bookings?find=13900000001", "/desk/bookings/export", "/desk/bookings/lines",
            "/desk/bookings/sheet?branch=0101&day=2026-11-23",
        ):  # fmt: skip
            assert (number in browser.get(path).text) == sees, path
        for path in ("/desk/branches", "/desk/bookings/new"):
            assert ("人民路营业部" in browser.get(path).text) == sees, path
        assert ('<span class="c n">1</span>' in browser.get("/desk/bookings").text) == sees
        assert browser.get(f"/desk/bookings/{number}").status_code == (200 if sees else 404)
    visit = {"kind": "new", "case": "adult", "name": "许二言", "phone": "13900000007", "referrer": "", "consent": "yes"}
    visit |= {"slot": str(slot), "channel": "phone", "language": "zh"}
    assert post(browser, "/desk/bookings/new", "/desk/bookings", **visit).status_code == 422
    at = {"version": "1", "note": ""}
    assert post(browser, "/desk/branches", "/desk/bookings/relations/1/2026-11-20", **at).status_code == 404
    assert post(browser, "/desk/branches", "/desk/branches/0101/presence/2", present="no", until="").status_code == 404


@pytest.mark.parametrize("verb", ["move", "cancellation"])
def test_an_old_screen_neither_moves_nor_cancels(browser, house, database, verb):
    number = house.book().booking.number
    sign_in_staff(browser, database, "李柜台", NOW)
    where = f"/desk/bookings/{number}"
    told = {"version": "1", "note": "客户来电", "slot": str(house.slots()[1].id)}
    assert post(browser, where, f"{where}/contact", **told).status_code == 303
    answer = post(browser, where, f"{where}/{verb}", **told)
    assert (answer.status_code, "您的屏幕是旧的" in answer.text) == (422, True)
    assert post(browser, where, f"{where}/{verb}", **told | {"version": "2"}).status_code == 303


@pytest.mark.parametrize(("name", "works"), [("周经办", True), ("韩主管", False), ("严合规", False)])
def test_a_button_is_shown_to_whom_its_step_is_open(browser, house, database, name, works):
    number = house.book().booking.number
    sign_in_staff(browser, database, name, NOW)
    page = browser.get(f"/desk/bookings/{number}").text
    for verb in ("precheck", "contact", "move", "link", "cancellation"):
        assert (f"/desk/bookings/{number}/{verb}" in page) == works, verb
    assert ("/desk/bookings/new" in page) == works
    assert ("/closures" in browser.get("/desk/branches").text) == (name == "韩主管")


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
        found = [row.number for row in view(db, "weekend", now, me=0)]
        assert sorted(found) == sorted([monday.number, handed_in.number])
        assert counts(db, now, 0)["weekend"] == 2
        assert later_on.number not in found


@pytest.mark.parametrize("text", ["KH-20261120-0001", "kh-20261120-0001", "13900000001", "许一言"])
def test_a_booking_is_found_by_number_telephone_or_name_whatever_the_view(house, text):
    number = house.book().booking.number
    with house.database.reading() as db:
        assert [row.number for row in view(db, "done", NOW, me=0, find=text)] == [number]
        assert view(db, "open", NOW, me=0, find="没有这个人") == []
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
    assert post(browser, at, "/desk/branches/0101/presence/2", present="no", until="").status_code == 303
    assert "今天不在，不分派" in browser.get(at).text
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
