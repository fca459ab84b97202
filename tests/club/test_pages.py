"""The club's pages: the door for everybody, what lies behind it for members alone."""

import re

from portal import club
from portal.club import actions, queries
from tests.club.house import NOW, furnish
from tests.visitors import post, sign_in, sign_in_staff

CSRF = re.compile(r'name="_csrf" value="(\w+)"')


def enter(browser, database, house, tier, clock):
    sign_in(browser, database, house.ids[tier], tier, clock.at)


def joined(house, tier):
    number = house.apply(tier)
    house.decide(number, actions.review)
    house.decide(number, actions.admit, by=house.reviewer, seen=2)


def test_the_door_is_open_to_everybody_and_what_lies_behind_it_is_not_there(browser, database, clock):
    house = furnish(database)
    enter(browser, database, house, "normal", clock)
    page = browser.get("/club")
    assert page.status_code == 200
    assert "金卡客户可以用积分申请" in page.text
    assert browser.get("/club/inside").status_code == 404
    token = {"_csrf": CSRF.search(page.text)[1]}
    assert browser.post("/club/leaving", data=token).status_code == 404


def test_a_gold_client_reads_what_it_asks_and_then_his_progress(browser, database, clock):
    house = furnish(database)
    enter(browser, database, house, "gold", clock)
    assert "占用 3,000 分" in browser.get("/club").text
    assert browser.get("/club/applications/new").status_code == 303  # points are spent with a second factor only
    number = house.apply()
    page = browser.get("/club").text
    assert number in page
    assert "待初审" in page
    token = {"_csrf": CSRF.search(page)[1]}
    assert browser.post(f"/club/applications/{number}/withdrawal", data=token).status_code == 303
    assert house.balance() == (5000, 0)


def test_nobody_withdraws_another_s_application(browser, database, clock):
    house = furnish(database)
    number = house.apply("platinum")
    enter(browser, database, house, "gold", clock)
    token = {"_csrf": CSRF.search(browser.get("/club").text)[1]}
    assert browser.post(f"/club/applications/{number}/withdrawal", data=token).status_code == 404
    with database.reading() as db:
        assert queries.by_number(db, number).state == "applied"


def test_a_member_sees_the_club_registers_and_leaves(browser, database, clock):
    house = furnish(database)
    joined(house, "platinum")
    number = house.event(members_only=True, min_tier="gold")
    enter(browser, database, house, "platinum", clock)
    page = browser.get("/club/inside").text
    assert number in page
    token = {"_csrf": CSRF.search(page)[1]}
    assert browser.post(f"/club/events/{number}/registration", data=token).status_code == 303
    with database.reading() as db:
        place = queries.registrations_of(db, house.ids["platinum"])[club.event_by_number(db, number).id]
    assert place.code in browser.get(f"/club/events/{number}").text
    calendar = browser.get(f"/club/events/{number}/calendar.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.text.startswith("BEGIN:VCALENDAR\r\n")
    assert browser.post("/club/leaving", data=token).status_code == 303
    assert browser.get("/club/inside").status_code == 404


def test_an_event_for_members_is_not_there_for_others(browser, database, clock):
    house = furnish(database)
    hidden, open_ = house.event(members_only=True), house.event(min_tier="platinum")
    enter(browser, database, house, "gold", clock)
    assert browser.get(f"/club/events/{hidden}").status_code == 404
    page = browser.get(f"/club/events/{open_}")
    assert page.status_code == 200
    assert "这一场请的是另一些客户" in page.text
    token = {"_csrf": CSRF.search(page.text)[1]}
    assert browser.post(f"/club/events/{open_}/registration", data=token).status_code == 422
    assert browser.post(f"/club/events/{hidden}/registration", data=token).status_code == 404


def test_a_client_never_sees_the_desk(browser, database, clock):
    house = furnish(database)
    enter(browser, database, house, "platinum", clock)
    for path in ("/desk/club", "/desk/events", "/desk/tiers"):
        assert browser.get(path).status_code == 404


def test_what_is_missing_to_the_next_tier_stands_with_how_it_is_made(browser, database, clock):
    house = furnish(database)
    enter(browser, database, house, "silver", clock)
    page = browser.get("/tiers").text
    assert "离金卡还差多少" in page
    assert "还差 500,000.00 元" in page
    assert "有数据的天数" in page
    assert "What is missing to Gold" in browser.get("/tiers?lang=en").text


def test_a_member_opens_his_year_and_nobody_else_has_one(browser, database, clock):
    house = furnish(database)
    joined(house, "platinum")
    number = house.event(title_zh="读年报")
    house.register(number, house.ids["platinum"])
    with database.writing() as db:
        event = club.event_by_number(db, number)
        code = queries.registrations_of(db, house.ids["platinum"])[event.id].code
        club.check_in(db, event, code=code, actor="staff:1", now=event.starts_at)
        assert [row.number for row in club.guests_to_ask(db, clock.at, event.ends_at)] == [number]
        assert club.guests_to_ask(db, event.ends_at, event.ends_at) == []
    enter(browser, database, house, "platinum", clock)
    page = browser.get("/club/inside/years/2026").text
    assert "读年报" in page
    assert "报名 1 次" in page
    assert "1 次按时" in page  # his application was answered in time
    assert [browser.get(f"/club/inside/years/{year}").status_code for year in (2025, 2027)] == [404, 404]
    enter(browser, database, house, "gold", clock)
    assert browser.get("/club/inside/years/2026").status_code == 404


PLANNED = {
    "kind": "lecture", "title_zh": "读年报", "title_en": "Reading accounts", "aim_zh": "学习", "aim_en": "To learn",
    "place_zh": "二楼", "place_en": "Second floor", "starts_at": "2026-12-05T14:00", "ends_at": "2026-12-05T16:00",
    "capacity": "2", "points": "0", "members_only": "", "min_tier": "gold", "min_level": "", "branches": "0101，0101",
}  # fmt: skip


def test_staff_plan_an_event_for_a_region_and_nothing_typed_is_lost(browser, database, clock):
    house = furnish(database)
    clock.at = NOW
    sign_in_staff(browser, database, "周经办", NOW)
    for wrong, said in (
        ({"branches": "0101,0999"}, "没有这些营业部：0999"),
        ({"starts_at": "2026-11-01T14:00"}, "开始时间须在现在之后"),
        ({"starts_at": "2026-11-31T14:00"}, "请填写开始时间"),
        ({"capacity": "0"}, "席位是 1 到 2000 的整数"),
        ({"title_zh": "长" * 61}, "不要太长"),
    ):
        refused = post(browser, "/desk/events", "/desk/events", **{**PLANNED, **wrong})
        assert (refused.status_code, said in refused.text, "Reading accounts" in refused.text) == (422, True, True)
    made = post(browser, "/desk/events", "/desk/events", **{**PLANNED, "title_zh": "<script>alert(1)</script>"})
    shown = browser.get(made.headers["location"]).text
    assert "0101" in shown
    assert "<script>alert" not in shown
    sign_in(browser, database, house.ids["silver"], "李银川", NOW)
    door = browser.get("/club").text
    assert "看说明" in door  # who is not invited is not led to a button that refuses him
    assert "余 2 席" not in door
