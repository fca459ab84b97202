"""The journeys of the client record over HTTP: the client asks, staff decide, and everybody sees only his own."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import calendar, clients
from portal.clients.models import ClientChange, ClientView
from portal.kit.clock import local_date
from portal.sms.models import SmsMessage
from tests.clients.house import bring
from tests.kit.papers import photo
from tests.visitors import sign_in, sign_in_staff


@pytest.fixture
def me(browser, database, clock):
    """Sign the client in, as if the second factor had been shown."""
    with database.writing() as db:
        calendar.seed(db)
        client_id = bring(db, now=clock.at)
    sign_in(browser, database, client_id, "王小满", clock.at)
    strengthen(database)
    return client_id


def strengthen(database):
    from sqlalchemy import update

    from portal.identity.models import SessionRow

    with database.writing() as db:
        db.execute(update(SessionRow).values(aal=2))


def send(browser, path, page=None, **fields):
    token = re.search(r'name="_csrf" value="(\w+)"', browser.get(page or path).text)[1]
    return browser.post(path, data={"_csrf": token, **fields})


def with_papers(browser, key, bodies, **fields):
    """Ask for a change with files."""
    path = f"/me/information/{key}/change"
    token = re.search(r'name="_csrf" value="(\w+)"', browser.get(path).text)[1]
    boxes = [("evidence", ("card.jpg", body, "image/jpeg")) for body in bodies]
    return browser.post(path, data={"_csrf": token, **fields}, files=boxes or {"evidence": ("", b"")})


def codes_of(database):
    """Read the codes off the telephones: by number, the newest message's."""
    with database.reading() as db:
        rows = db.execute(select(SmsMessage.to, SmsMessage.text).order_by(SmsMessage.id)).all()
    return {row.to: re.search(r"\d{6}", row.text)[0] for row in rows}


def ask_for_mobile(browser, database, new="13900000002"):
    """Ask for a new number and prove both."""
    asked = send(browser, "/me/information/mobile/change", value=new, why="换号")
    assert asked.headers["location"] == "/me/phone"
    codes = codes_of(database)
    return send(browser, "/me/phone", old_code=codes["13800000001"], new_code=codes[new])


def number_of(database):
    with database.reading() as db:
        return db.scalars(select(ClientChange.number).order_by(ClientChange.id.desc())).first()


def test_my_information_shows_masked_values_with_source_and_date(browser, me):
    text = browser.get("/me/information").text
    assert "138****0001" in text
    assert "13800000001" not in text
    assert "1****************X" in text
    assert "柜台系统 · 2026-11-20" in text
    assert "洗钱" not in text


def test_the_client_edits_at_once_what_is_his_to_say(browser, database, me, clock):
    answer = send(browser, "/me/information/email/change", value=" ｚ.w@example.com ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/information/email")
    page = browser.get("/me/information/email").text
    assert "z***@example.com" in page
    assert "z.w@example.com" not in page
    with database.reading() as db:
        assert clients.held(db, me, local_date(clock.at))["email"].value == "z.w@example.com"


def test_several_choices_arrive_as_several(browser, database, me, clock):
    send(browser, "/me/information/interests/change", value_funds="1", value_stocks="1", value_gold="1")
    with database.reading() as db:
        assert clients.fact(db, me, "interests") == "stocks,funds"


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("email", "nobody", "请填写完整的邮箱地址"),
        ("name", "王小满😀", "不要用表情符号"),
        ("id_number", "110105194912310021", "校验位不对"),
        ("occupation", "", "请填写这一项"),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_the_typed_stays(browser, me, key, typed, sentence):
    answer = send(browser, f"/me/information/{key}/change", value=typed, why="换证")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed in answer.text


@pytest.mark.parametrize(
    "key", ["birth_date", "annual_income_band", "aml_rating", "tier", "consent_marketing", "nothing"]
)
def test_what_the_client_may_not_edit_has_no_form_even_when_posted_by_hand(browser, database, me, key):
    assert browser.get(f"/me/information/{key}/change").status_code == 404
    assert send(browser, f"/me/information/{key}/change", page="/me/consents", value="x").status_code == 404
    with database.reading() as db:
        assert clients.fact(db, me, key) is None


@pytest.mark.parametrize("key", ["aml_rating", "pep_flag", "churn_risk", "ethnic_group", "id_photo_ref"])
def test_what_is_hidden_has_no_page(browser, me, key):
    assert browser.get(f"/me/information/{key}").status_code == 404


def test_a_change_goes_from_the_client_to_two_of_staff_and_waits_for_the_counter(browser, database, me, clock):
    mine = browser.cookies["session"]
    answer = with_papers(browser, "id_valid_to", [photo()], value="2046-01-31", why="换了新证件")
    number = number_of(database)
    assert answer.headers["location"] == f"/me/changes/{number}"
    sign_in_staff(browser, database, "周经办", clock.at)
    assert number in browser.get("/desk/changes").text
    here = f"/desk/changes/{number}"
    assert send(browser, f"{here}/claim", page=here).status_code == 303
    assert send(browser, f"{here}/approval", page=here, version="1", note="").status_code == 422  # not endorsed yet
    assert send(browser, f"{here}/endorsement", page=here, version="1", note="证件相符").status_code == 303
    assert send(browser, f"{here}/approval", page=here, version="2", note="").status_code == 422  # the same person
    sign_in_staff(browser, database, "吴复核", clock.at)
    stale = send(browser, f"{here}/approval", page=here, version="1", note="")
    assert "您的屏幕是旧的" in stale.text
    assert send(browser, f"{here}/approval", page=here, version="2", note="").status_code == 303
    browser.cookies.set("session", mine)
    assert "已批准，待柜台生效" in browser.get("/me/information").text
    with database.writing() as db:
        bring(db, now=clock.at, id_valid_to="20460131")
    assert "已生效" in browser.get(f"/me/changes/{number}").text
    assert "2046-01-31" in browser.get("/me/information").text


def test_a_masked_value_shows_in_full_only_to_who_claimed_it_and_the_client_reads_that(browser, database, me, clock):
    mine = browser.cookies["session"]
    send(browser, "/me/information/emergency_phone/change", value="13900000009")
    ask_for_mobile(browser, database)
    number = number_of(database)
    sign_in_staff(browser, database, "周经办", clock.at)
    assert "13900000002" not in browser.get(f"/desk/changes/{number}").text
    send(browser, f"/desk/changes/{number}/claim", page=f"/desk/changes/{number}")
    assert "13900000002" in browser.get(f"/desk/changes/{number}").text
    sign_in_staff(browser, database, "吴复核", clock.at)
    assert "13900000002" not in browser.get(f"/desk/changes/{number}").text
    browser.cookies.set("session", mine)
    seen = browser.get("/me/seen").text
    assert "周经办 查看了完整的一项 · 手机号码" in seen
    assert "吴复核 查看了您的更改申请 · 手机号码" in seen


def test_an_error_is_reported_and_answered(browser, database, me, clock):
    answer = send(browser, "/me/information/birth_date/report", page="/me/information/birth_date", why="日期不对")
    assert answer.headers["location"] == f"/me/changes/{number_of(database)}"
    again = send(browser, "/me/information/birth_date/report", page="/me/information/birth_date", why="日期不对")
    assert (again.status_code, "已经有一件在办" in again.text) == (422, True)
    nothing = send(browser, "/me/information/branch/report", page="/me/information/branch", why=" ")
    assert (nothing.status_code, "请写明原因" in nothing.text) == (422, True)


def test_another_client_finds_no_such_change(browser, database, me, clock):
    send(browser, "/me/information/occupation/change", value="farmer", why="换工作")
    number = number_of(database)
    with database.writing() as db:
        other = clients.take_over(
            db,
            [
                {"client_no": "10000002", "name": "郑旁观", "client_type": "1", "branch_no": "0101", "status": "0"}
                | {"opened_on": clock.at.date(), "risk_level": None, "risk_valid_to": None}
            ],
            [], now=clock.at,
        )["10000002"]  # fmt: skip
    sign_in(browser, database, other, "郑旁观", clock.at)
    assert browser.get(f"/me/changes/{number}").status_code == 404
    page = "/me/consents"
    assert send(browser, f"/me/changes/{number}/withdrawal", page=page).status_code == 404
    assert browser.get(f"/desk/changes/{number}").status_code == 404
    assert "还没有人看过" in browser.get("/me/seen").text


def test_a_consent_is_withdrawn_with_one_button_as_it_was_given(browser, database, me, clock):
    for given in "10":
        assert send(browser, "/me/consents/consent_marketing", page="/me/consents", given=given).status_code == 303
    with database.reading() as db:
        assert clients.held(db, me, local_date(clock.at))["consent_marketing"].value == "0"
    assert send(browser, "/me/consents/consent_marketing", page="/me/consents", given="2").status_code == 422
    assert send(browser, "/me/consents/everything", page="/me/consents", given="1").status_code == 404


def test_a_view_is_a_line_for_ever(database, browser, me, clock):
    staff_id = sign_in_staff(browser, database, "周经办", clock.at)
    browser.get("/desk/clients/10000001")
    with database.reading() as db:
        (row,) = db.execute(select(ClientView.staff_id, ClientView.what)).all()
    assert tuple(row) == (staff_id, "file")


def test_staff_see_a_value_in_full_once_for_a_reason_that_the_client_reads(database, browser, me, clock):
    mine = browser.cookies["session"]
    sign_in_staff(browser, database, "周经办", clock.at)
    here = "/desk/clients/10000001"
    assert "13800000001" not in browser.get(here).text
    bare = send(browser, f"{here}/reveal", page=here, key="mobile", reason=" ")
    assert (bare.status_code, "13800000001" in bare.text) == (422, False)
    assert "13800000001" in send(browser, f"{here}/reveal", page=here, key="mobile", reason="客户来电核对").text
    assert "13800000001" not in browser.get(here).text
    assert send(browser, f"{here}/reveal", page=here, key="aml_rating", reason="客户来电核对").status_code == 422
    browser.cookies.set("session", mine)
    seen = browser.get("/me/seen").text
    assert "客户来电核对" in seen
    assert "查看了您的客户页" in seen


def test_a_new_number_is_asked_for_only_when_both_numbers_are_proved(browser, database, me, clock):
    send(browser, "/me/information/mobile/change", value="13900000002", why="换号")
    codes = codes_of(database)
    old, new = codes["13800000001"], codes["13900000002"]
    other = f"{(int(new) + 1) % 10**6:06d}"
    for wrong in ({"old_code": old, "new_code": other}, {"old_code": other, "new_code": new}, {"new_code": new}):
        answer = send(browser, "/me/phone", **wrong)
        assert (answer.status_code, "验证码不对" in answer.text) == (422, True)
    assert number_of(database) is None
    answer = send(browser, "/me/phone", old_code=old, new_code=f"{new[:3]} {new[3:]}")
    assert answer.headers["location"] == f"/me/changes/{number_of(database)}"
    assert "新旧号码均以短信验证码证实" in browser.get(answer.headers["location"]).text
    again = send(browser, "/me/phone", page="/me/consents", old_code=old, new_code=new)
    assert (again.status_code, "请重新申请" in again.text or "没有等待证实" in again.text) == (422, True)


def test_five_tries_end_a_proof_and_so_do_ten_minutes(browser, database, me, clock):
    send(browser, "/me/information/mobile/change", value="13900000002", why="换号")
    codes = codes_of(database)
    right = {"old_code": codes["13800000001"], "new_code": codes["13900000002"]}
    wrong = f"{(int(right['new_code']) + 1) % 10**6:06d}"
    for _ in range(5):
        send(browser, "/me/phone", page="/me/consents", old_code=right["old_code"], new_code=wrong)
    assert send(browser, "/me/phone", page="/me/consents", **right).status_code == 422
    send(browser, "/me/information/mobile/change", value="13900000002", why="换号")
    codes = codes_of(database)
    clock.at += timedelta(minutes=10)
    late = {"old_code": codes["13800000001"], "new_code": codes["13900000002"]}
    assert send(browser, "/me/phone", page="/me/consents", **late).status_code == 422
    assert number_of(database) is None


def test_a_fourth_code_within_twenty_minutes_is_not_sent(browser, database, me):
    for _ in range(3):
        assert send(browser, "/me/information/mobile/change", value="13900000002", why="换号").status_code == 303
    refused = send(browser, "/me/information/mobile/change", value="13900000002", why="换号")
    assert (refused.status_code, "发得太多了" in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ("web", "客户自助（网站）"), ("kiosk", "客户自助（服务终端）"), ("phone", "人工补充（客服电话）"),
        ("desk", "人工补充（中台）"), ("adviser", "人工补充（投顾）"), ("counter", "人工补充（柜台）"),
    ],
)  # fmt: skip
def test_each_value_says_by_which_way_it_came_in(browser, database, me, clock, channel: str, told: str) -> None:
    with database.writing() as db:
        who = clients.Person("client:1", "王小满", channel="web")
        clients.edit(db, who=who, client_id=me, key="employer", value="旧的", now=clock.at)
        later = replace(who, channel=channel)
        clients.edit(db, who=later, client_id=me, key="employer", value="新的", now=clock.at + timedelta(minutes=1))
    page = browser.get("/me/information").text
    assert f"2026-11-20 · {told}</small>" in page
    assert "柜台系统 · 2026-11-20 · 系统读取</small>" in page
    assert told in browser.get("/me/information/employer").text
    assert "系统读取" in browser.get("/me/information/mobile").text
