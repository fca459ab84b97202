"""Next year's notice by the page: a file to fill in, one who brings it, another who confirms; then days are booked."""

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal import audit, bookings, calendar
from portal.desk import notices
from portal.desk.models import CalendarNotice
from tests.bookings.house import furnish
from tests.visitors import sign_in_staff

NEW_YEAR, REST, MAKE_UP = date(2027, 1, 1), "2027-02-08", "2027-02-06"


@pytest.fixture
def filled_in(browser, database, clock) -> bytes:
    """Download next year's table as staff do, and edit it by the notice."""
    with database.writing() as db:
        calendar.seed(db)
    sign_in_staff(browser, database, "周经办", clock.at)
    table = browser.get("/desk/calendar/2027/csv").content.decode("utf-8-sig")
    told = {
        "2027-01-01,1,1,": "2027-01-01,0,0,元旦",
        f"{REST},1,1,": f"{REST},0,0,春节",
        f"{MAKE_UP},0,0,周末": f"{MAKE_UP},0,1,补班",
    }
    for was, becomes in told.items():
        table = table.replace(was, becomes)
    return table.encode()


def bring(browser, body: bytes):
    token = browser.get("/desk/calendar").text.split('name="_csrf" value="')[1].split('"')[0]
    return browser.post("/desk/calendar", data={"_csrf": token}, files={"days": ("2027.csv", body, "text/csv")})


def decide(browser, verb: str):
    token = browser.get("/desk/calendar").text.split('name="_csrf" value="')[1].split('"')[0]
    return browser.post(f"/desk/calendar/notices/1/{verb}", data={"_csrf": token})


def known_until(database):
    with database.reading() as db:
        return calendar.known_until(db)


def test_one_brings_the_year_and_another_confirms_it(browser, database, clock, filled_in):
    assert bring(browser, filled_in).status_code == 303
    page = browser.get("/desk/calendar").text
    assert ("上班，不交易" in page, "您提交的，须由他人确认" in page) == (True, True)
    assert known_until(database) == date(2026, 12, 31), "what one person says does not count yet"
    assert decide(browser, "confirmation").status_code == 403, "a handler is no second person"
    sign_in_staff(browser, database, "吴复核", clock.at)
    assert decide(browser, "confirmation").status_code == 303
    assert known_until(database) == date(2027, 12, 31)
    with database.reading() as db:
        year = calendar.load(db, NEW_YEAR, date(2027, 12, 31))
        assert (year.is_workday(date(2027, 2, 6)), year.is_trading(date(2027, 2, 6))) == (True, False)
        assert not year.is_workday(date(2027, 2, 8))
        assert [each.event for each in audit.events_of(db, "calendar:2027")] == [
            "calendar.proposed",
            "calendar.confirmed",
        ]
    assert decide(browser, "confirmation").status_code == 422
    assert "没有要改的" in bring(browser, filled_in).text


def test_who_brought_it_never_confirms_it_whatever_his_roles(browser, database, clock, filled_in):
    me = sign_in_staff(browser, database, "吴复核", clock.at)
    assert bring(browser, filled_in).status_code == 303
    assert "须由他人决定" in decide(browser, "confirmation").text
    with pytest.raises(IntegrityError), database.writing() as db:  # not by the database either
        db.execute(update(CalendarNotice).values(state="confirmed", decided_by=me, decided_at=clock.at))
    assert decide(browser, "refusal").status_code == 303, "he may take it back"
    assert bring(browser, filled_in).status_code == 303


def test_two_files_of_a_year_do_not_wait_at_once(browser, database, filled_in):
    assert bring(browser, filled_in).status_code == 303
    again = bring(browser, filled_in)
    assert (again.status_code, "已有一份在等确认" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("2027-03-02,1,1", "2027-03-02,1,0", "第 62 行：2027-03-02 不上班却交易"),
        ("2027-03-02,1,1,,notice,1\r\n", "", "第 62 行：这里应当是 2027-03-02"),
        ("2027-03-02,1,1,,notice,1", "2027-03-02,1,1,,notice,0", "第 62 行：2027-03-02 还没有标为已确认"),
        ("2027-03-02,1,1", "2027-03-02,yes,1", "标志写 0 或 1"),
        ("2027-03-02,1,1,", "2027-03-02,1,1," + "长" * 41, "文件须有这几列"),
        ("2027-12-31,1,1,,notice,1\r\n", "", "没有写完一年"),
        ("day,", "date,", "文件须有这几列"),
    ],
)
def test_a_bad_file_says_where_it_is_wrong_and_changes_nothing(browser, database, filled_in, was, becomes, told):
    text = filled_in.decode()
    assert was in text
    answer = bring(browser, text.replace(was, becomes).encode())
    assert (answer.status_code, told in answer.text) == (422, True), answer.text
    assert bring(browser, b"").status_code == 422
    assert bring(browser, b"\xff\xfe\x00").status_code == 422
    assert known_until(database) == date(2026, 12, 31)


def test_a_spreadsheet_s_own_file_is_read_too(browser, database, filled_in):
    """As it comes back from a spreadsheet in China: GB18030, dates with strokes."""
    as_saved = filled_in.decode().replace("2027-0", "2027/").replace("-0", "/").encode("gb18030")
    assert bring(browser, as_saved).status_code == 303


def test_confirmed_days_become_bookable(database, clock):
    house = furnish(database)
    now = clock.at.replace(month=12, day=25)
    with database.writing() as db:
        day = date(2027, 1, 4)
        bookings.lay_slots(db, now)
        assert bookings.slots_on(db, house.branch_id, day, now) == []
        shown = {each.day: each.why for each in bookings.days(db, house.branch_id, now)}
        assert shown[day] == "unconfirmed"
        csv = "\r\n".join([",".join(calendar.COLUMNS), *(",".join(map(str, row)) for row in notices.draft(db, 2027))])
        assert notices.propose(db, csv.encode(), by=house.handler, now=now) == 2027
        assert notices.decide(db, 1, confirm=True, by=house.reviewer, now=now) is None
        bookings.lay_slots(db, now)
        assert len(bookings.slots_on(db, house.branch_id, day, now)) > 0
