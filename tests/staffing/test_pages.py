"""The desk's pages of handing over and of staff, as their readers meet them."""

from datetime import timedelta

import pytest

from portal import desk, identity, tiers
from portal.staffing.models import StaffChange
from tests.staffing.house import NOW, TODAY, furnish
from tests.visitors import post, sign_in_staff


@pytest.fixture
def house(database):
    return furnish(database)


def asked(house, **more):
    told = {"kind": "leaving", "giver": house.id("沈投顾"), "taker": house.id("顾接手"), "from_on": TODAY, "to_on": "",
            "note": "客户偏好短信"}  # fmt: skip
    return {name: str(value) for name, value in (told | more).items()}


def test_a_manager_sees_what_would_move_asks_and_a_reviewer_approves(house, browser, clock):
    clock.at = NOW
    sign_in_staff(browser, house.database, "韩主管", NOW)
    seen = browser.get("/desk/handovers/new", params=asked(house)).text
    assert "10000000" in seen
    assert '<td class="r n">3</td>' in seen
    made = post(browser, "/desk/handovers/new", "/desk/handovers", **asked(house))
    assert made.status_code == 303
    place = made.headers["location"]
    assert "与您有关" in browser.get(place).text  # who asked has no button
    assert post(browser, place, f"{place}/approval").status_code == 422
    sign_in_staff(browser, house.database, "吴复核", NOW)
    assert "批准，现在转交" in browser.get(place).text
    assert post(browser, place, f"{place}/approval").status_code == 303
    shown = browser.get(place).text
    assert "已办结" in shown
    assert "沈投顾 → 顾接手" in shown
    assert "客户偏好短信" in shown


def test_a_wrong_date_keeps_what_was_typed_and_says_so_at_its_field(house, browser, clock):
    clock.at = NOW
    sign_in_staff(browser, house.database, "韩主管", NOW)
    for told in ({"from_on": "昨天"}, {"from_on": "2026-11-01"}, {"kind": "absence", "to_on": "2026-13-40"}):
        again = post(browser, "/desk/handovers/new", "/desk/handovers", **asked(house, **told))
        assert again.status_code == 422
        assert "客户偏好短信" in again.text
        assert 'class="err"' in again.text


def test_a_handler_asks_for_himself_alone_and_reads_what_concerns_him(house, browser, clock):
    clock.at = NOW
    number = house.ask()
    me = sign_in_staff(browser, house.database, "方见证", NOW)
    assert browser.get("/desk/handovers/new", params=asked(house)).status_code == 404
    assert post(browser, "/desk/handovers/new", "/desk/handovers", **asked(house)).status_code == 404
    assert number not in browser.get("/desk/handovers").text
    assert browser.get(f"/desk/handovers/{number}").status_code == 404
    mine = asked(house, giver=me, kind="absence", to_on=TODAY + timedelta(days=2))
    assert post(browser, "/desk/handovers/new", "/desk/handovers", **mine).status_code == 303
    assert "方见证 交接给 顾接手" in browser.get("/desk/handovers").text


def test_who_has_left_is_sent_to_the_sign_in_at_his_next_click_and_can_t_come_back(house, browser, clock):
    clock.at = NOW
    me = sign_in_staff(browser, house.database, "方见证", NOW)
    assert browser.get("/desk/handovers").status_code == 200
    with house.database.writing() as db:
        assert identity.shut(db, me, "left", by="staff:1", ref="handover:JJ", now=NOW)
    assert browser.get("/desk/handovers").headers["location"].startswith("/signin")
    seat = identity.Seat("127.0.0.0/24", "test", None)
    entry = identity.sign_in(
        house.database, user_name=f"staff{me}", password="paper lantern by the river", seat=seat, now=NOW
    )
    assert entry is identity.Refusal.WRONG


def test_an_administrator_reads_counts_of_work_and_no_client(house, browser, clock):
    clock.at = NOW
    sign_in_staff(browser, house.database, "梁管理", NOW, roles=["administrator"])
    shown = browser.get("/desk/staff").text
    assert "沈投顾" in shown
    assert "3 件" in shown
    assert "投顾、经办" in shown
    page = browser.get(f"/desk/staff/{house.id('沈投顾')}").text
    assert "客户" in page
    assert "10000000" not in page
    assert browser.get("/desk/handovers").status_code == 403


def test_other_roles_hold_once_another_person_has_approved(house, browser, clock):
    clock.at = NOW
    place = f"/desk/staff/{house.id('周经办')}"
    sign_in_staff(browser, house.database, "梁管理", NOW, roles=["administrator"])
    sent = {"role_handler": "1", "role_reviewer": "1", "reason": "接替退休的复核"}
    assert post(browser, place, f"{place}/roles", **sent).status_code == 303
    change = "/desk/staff/changes/1/approval"
    assert post(browser, "/desk/staff", change).status_code == 422  # his own request
    sign_in_staff(browser, house.database, "韩主管", NOW)
    assert post(browser, "/desk/staff", change).status_code == 303
    assert post(browser, "/desk/staff", change).status_code == 422  # decided already
    with house.database.reading() as db:
        assert identity.member(db, house.id("周经办")).roles == ["handler", "reviewer"]


@pytest.mark.parametrize(
    ("name", "roles", "said"),
    [
        ("周经办", ["handler"], "没有要改的岗位"),
        ("周经办", ["handler", "administrator"], "不能兼其他岗位"),
        ("沈投顾", ["handler"], "先交接"),  # he has clients
        ("周经办", [], "没有要改的岗位"),
    ],
)
def test_roles_that_can_t_be_asked_for(house, browser, clock, name, roles, said):
    clock.at = NOW
    sign_in_staff(browser, house.database, "梁管理", NOW, roles=["administrator"])
    place = f"/desk/staff/{house.id(name)}"
    sent = {f"role_{role}": "1" for role in roles} | {"reason": "试一试看"}
    again = post(browser, place, f"{place}/roles", **sent)
    assert again.status_code == 422
    assert said in again.text
    assert "试一试看" in again.text


def test_a_new_colleague_is_let_in_by_two_and_the_second_gets_the_code_once(house, browser, clock):
    clock.at = NOW
    sign_in_staff(browser, house.database, "梁管理", NOW, roles=["administrator"])
    sent = {"name": "新同事", "branch_no": "0101", "role_handler": "1", "reason": "春季招聘"}
    assert post(browser, "/desk/staff", "/desk/staff", **sent).status_code == 303
    sign_in_staff(browser, house.database, "韩主管", NOW)
    told = post(browser, "/desk/staff", "/desk/staff/changes/1/approval")
    code = told.text.split('class="mid n">')[1].split("<")[0]
    seat = identity.Seat("127.0.0.0/24", "test", None)
    told = {"user_name": "xintongshi", "password": "a lantern by the river", "seat": seat, "now": NOW}
    assert isinstance(identity.activate(house.database, code=identity.normal_code(code), **told), identity.Entry)
    with house.database.reading() as db:
        assert db.get_one(StaffChange, 1).state == "done"


def test_locking_takes_one_person_and_holds_at_once_and_unlocking_takes_two(house, browser, clock):
    clock.at = NOW
    me = sign_in_staff(browser, house.database, "梁管理", NOW, roles=["administrator"])
    place = f"/desk/staff/{house.id('周经办')}"
    assert post(browser, place, f"{place}/lock", reason="").status_code == 422
    assert post(browser, place, f"{place}/lock", reason="手机丢失").status_code == 303
    assert post(browser, "/desk/staff", f"/desk/staff/{me}/lock", reason="自己").status_code == 422
    with house.database.reading() as db:
        assert identity.member(db, house.id("周经办")).shut_for == "locked"
    assert post(browser, place, f"{place}/unlocking", reason="已补办").status_code == 422  # too short a reason
    assert post(browser, place, f"{place}/unlocking", reason="已补办手机").status_code == 303
    assert post(browser, "/desk/staff", "/desk/staff/changes/1/approval").status_code == 422
    sign_in_staff(browser, house.database, "韩主管", NOW)
    assert post(browser, "/desk/staff", "/desk/staff/changes/1/approval").status_code == 303
    with house.database.reading() as db:
        assert identity.member(db, house.id("周经办")).shut_at is None


def test_the_last_administrator_stays(house, browser, clock):
    clock.at = NOW
    me = sign_in_staff(browser, house.database, "梁管理", NOW, roles=["administrator"])
    sign_in_staff(browser, house.database, "韩主管", NOW)
    place = f"/desk/staff/{me}"
    again = post(browser, place, f"{place}/lock", reason="试一试看")
    assert again.status_code == 422
    assert "最后一位系统管理" in again.text


def test_the_worklist_shows_who_looks_after_the_client_today(house, browser, clock):
    clock.at = NOW
    with house.database.writing() as db:
        desk.lay_week(db, NOW)
        assert tiers.clients_of(db, house.id("沈投顾"))
    number = house.ask()
    sign_in_staff(browser, house.database, "吴复核", NOW)
    place = f"/desk/handovers/{number}"
    assert post(browser, place, f"{place}/approval").status_code == 303
    shown = browser.get("/desk/core-clients").text
    assert "顾接手" in shown
    assert "沈投顾" not in shown
