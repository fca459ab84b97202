"""The visitor's way through the pages, as a browser without scripts goes it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.bookings.models import Booking
from portal.bookings.queries import by_number
from portal.sms.models import SmsMessage
from tests.bookings.house import NOW, furnish
from tests.visitors import sign_in


def sent(database, phone):
    with database.reading() as db:
        return db.scalars(select(SmsMessage.text).where(SmsMessage.to == phone).order_by(SmsMessage.id)).all()


def code_for(database, phone="13900000001"):
    return re.findall(r"\b\d{6}\b", [text for text in sent(database, phone) if "验证码" in text or "code" in text][-1])[
        0
    ]


@pytest.fixture
def house(database, app):
    return furnish(database)


def keep(browser, house, number=0):
    answer = browser.post("/bookings/places?branch=0101", data={"slot": house.slots()[number].id})
    assert answer.headers["location"] == "/bookings/new", answer.text
    return browser.get("/bookings/new")


VISIT = {"kind": "new", "case": "adult", "name": "许一言", "phone": "13900000001", "referrer": "", "consent": "yes"}


def book(browser, house, database, number=0, **more):
    keep(browser, house, number)
    answer = browser.post("/bookings", data=VISIT | more)
    assert answer.headers["location"] == "/bookings/code", answer.text
    phone = more.get("phone", VISIT["phone"])
    answer = browser.post("/bookings/code", data={"code": code_for(database, phone)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_somebody_without_an_account_books_moves_and_cancels(browser, house, database):
    page = browser.get("/bookings")
    assert page.status_code == 200
    assert "周末收件" in page.text  # Saturday, and why Sunday is closed
    assert "周末不办理" in page.text
    link = book(browser, house, database)
    mine = browser.get(link)
    assert "第 2 步，共 7 步" in mine.text
    assert "周经办" in mine.text
    assert "2026-11-20 10:30 前" in mine.text  # thirty working minutes
    assert link in sent(database, "13900000001")[-1]
    other = house.slots()[3].id
    assert browser.post(f"{link}/times", data={"slot": other}).status_code == 303
    assert house.taken(other) == 1
    assert house.taken(house.slots()[0].id) == 0
    assert browser.post(f"{link}/cancellation").status_code == 303
    assert house.taken(other) == 0
    assert "已取消" in browser.get(link).text


def test_an_edited_link_leads_nowhere(browser, house, database):
    link = book(browser, house, database)
    assert browser.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    assert browser.get("/bookings/mine/KH-20261120-0001").status_code == 404
    assert browser.post("/bookings/mine/KH-20261120-0001/cancellation").status_code == 404


def test_a_slot_that_filled_meanwhile_is_told_and_another_offered(browser, house):
    slot = house.slots()[0].id
    house.squeeze(slot, 1)
    house.book(slot, "13900000009")
    answer = browser.post("/bookings/places?branch=0101", data={"slot": slot})
    assert answer.status_code == 422
    assert "刚刚约满" in answer.text


def test_a_kept_place_counts_as_taken_and_comes_back(browser, house, clock):
    slot = house.slots()[0].id
    keep(browser, house)
    assert house.taken(slot) == 1
    keep(browser, house, 1)  # another choice lets go of the first
    assert house.taken(slot) == 0
    clock.at = NOW + timedelta(minutes=6)
    assert browser.get("/bookings/new").headers["location"] == "/bookings"


def test_a_day_beyond_the_calendar_shows_the_first_free_day(browser, house):
    for day in ("2031-01-01", "not-a-day", "2026-11-22"):
        assert browser.get(f"/bookings?branch=0101&day={day}").status_code == 200


def test_a_name_of_200_characters_is_refused_at_its_field(browser, house):
    keep(browser, house)
    answer = browser.post("/bookings", data=VISIT | {"name": "长" * 200})
    assert answer.status_code == 422
    assert "姓名 2 到 40 个字" in answer.text
    assert "长" * 200 in answer.text


def test_twenty_codes_for_one_telephone_are_too_many(browser, house, database):
    keep(browser, house)
    answers = [browser.post("/bookings", data=VISIT) for _ in range(20)]
    assert [answer.status_code for answer in answers[:3]] == [303] * 3
    assert all(answer.status_code == 422 for answer in answers[3:])
    assert len(sent(database, "13900000001")) == 3


def test_one_telephone_has_one_open_booking(browser, house, database):
    book(browser, house, database)
    keep(browser, house, 2)
    browser.post("/bookings", data=VISIT)
    answer = browser.post("/bookings/code", data={"code": code_for(database)})
    assert answer.status_code == 422
    assert "已有一个没办完的预约" in answer.text
    with database.reading() as db:
        assert len(db.scalars(select(Booking)).all()) == 1


def test_five_wrong_codes_end_the_try(browser, house, database):
    keep(browser, house)
    browser.post("/bookings", data=VISIT)
    right = code_for(database)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert all("验证码不对" in browser.post("/bookings/code", data={"code": wrong}).text for _ in range(5))
    assert "验证码已失效" in browser.post("/bookings/code", data={"code": right}).text


def test_a_code_lapses_after_five_minutes(browser, house, database, clock):
    keep(browser, house)
    browser.post("/bookings", data=VISIT)
    clock.at = NOW + timedelta(minutes=5, seconds=1)
    assert "验证码已失效" in browser.post("/bookings/code", data={"code": code_for(database)}).text


def test_the_standard_tells_what_was_missed(browser, house, database, clock):
    book(browser, house, database)
    assert "没有按时" in browser.get("/bookings/standard").text
    clock.at = NOW + timedelta(hours=3)
    assert "做到 0 次，没有做到 1 次" in browser.get("/bookings/standard").text


def test_english_visitors_read_and_receive_english(browser, house, database):
    browser.get("/bookings?lang=en")
    link = book(browser, house, database)
    assert "Step 2 of 7" in browser.get(link).text
    assert "Renmin Road branch" in sent(database, "13900000001")[-1]


def test_staff_pages_are_for_staff(browser, house, database):
    assert browser.get("/desk/bookings").status_code in (303, 404)
    with database.writing() as db:
        from tests.redemptions.house import _client

        client_id = _client(db, True)
    sign_in(browser, database, client_id, "王小满", NOW)
    for path in ("/desk/bookings", "/desk/bookings/export", "/desk/bookings/new", "/desk/callbacks"):
        assert browser.get(path).status_code == 404


def test_a_client_who_is_signed_in_needs_no_code(browser, house, database):
    with database.writing() as db:
        from tests.redemptions.house import _client

        client_id = _client(db, True)
    sign_in(browser, database, client_id, "王小满", NOW)
    token = {"_csrf": re.findall(r'name="_csrf" value="(\w+)"', browser.get("/bookings").text)[0]}
    browser.post("/bookings/places", data={"slot": house.slots()[0].id} | token)
    page = browser.get("/bookings/new").text
    assert 'value="王小满"' in page
    assert 'value="13800000001"' in page
    answer = browser.post(
        "/bookings", data=VISIT | {"name": "王小满", "phone": "13800000001", "kind": "custody"} | token
    )
    assert answer.headers["location"].startswith("/bookings/mine/")
    assert "/bookings/mine/KH-20261120-0001" in browser.get("/bookings").text
    assert "第 2 步，共 3 步" in browser.get("/bookings/mine/KH-20261120-0001").text


def test_the_booking_is_found_again_by_number(house, database):
    made = house.book()
    with database.reading() as db:
        assert by_number(db, made.booking.number).phone == "13900000001"
