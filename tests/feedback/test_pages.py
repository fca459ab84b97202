"""The pages of the client's voice: nothing typed is lost, nobody reads another's, and no text becomes markup."""

import re

import pytest
from sqlalchemy import select, update

from portal.feedback import Kind, actions
from portal.feedback.models import Case
from portal.identity.models import User
from tests.feedback.house import TEXT, furnish
from tests.visitors import post, sign_in, sign_in_staff

FIELDS = {"kind": "complaint", "area": "service", "product": "none", "title": "排队太久", "text": TEXT, "remedy": ""}
SCRIPT = "<script>alert(1)</script><b onclick=x>'\"&"


@pytest.fixture
def house(database):
    return furnish(database)


@pytest.fixture
def client(browser, database, clock, house):
    sign_in(browser, database, house.client_id, "王小满", clock.at)
    return browser


def send(browser, **fields):
    return post(browser, "/voice/new", "/voice", **{**FIELDS, "key": "k" * 16, **fields})


def test_a_client_writes_staff_answer_and_he_accepts(client, browser, database, clock, house):
    assert send(client).headers["location"] == "/voice/TS-20261120-0001"
    shown = client.get("/voice/TS-20261120-0001").text
    assert "已收到，待受理" in shown
    assert "受理时限" in shown
    mine = client.cookies["session"]
    sign_in_staff(browser, database, "周经办", clock.at)
    here = "/desk/voice/TS-20261120-0001"
    assert post(browser, here, f"{here}/claim").status_code == 303
    version = re.search(r'name="version" value="(\d+)"', browser.get(here).text)[1]
    assert post(browser, here, f"{here}/answer", version=version, text="好的").status_code == 422
    taken = {"version": version, "severity": "high", "area": "service", "text": "您好，我来处理。"}
    assert post(browser, here, f"{here}/acknowledgement", **taken).status_code == 303
    assert post(browser, here, f"{here}/notes", version="2", internal="机密备注").status_code == 303
    told = {"version": "3", "text": "窗口已增加。", "finding": "founded", "cause": "process"}
    assert post(browser, here, f"{here}/answer", **told).status_code == 303
    assert "机密备注" in browser.get(here).text
    browser.cookies.set("session", mine)
    shown = browser.get("/voice/TS-20261120-0001").text
    assert "窗口已增加。" in shown
    assert "机密备注" not in shown
    assert "较重" not in shown
    assert post(browser, "/voice/TS-20261120-0001", "/voice/TS-20261120-0001/acceptance").status_code == 303
    assert "已办结" in browser.get("/voice").text


def test_a_critical_answer_waits_on_the_desk_for_a_reviewer(browser, database, clock, house):
    number = house.bring()
    here = f"/desk/voice/{number}"
    sign_in_staff(browser, database, "周经办", clock.at)
    taken = {"version": "1", "severity": "critical", "area": "conduct", "text": "您好，我来处理。"}
    assert post(browser, here, f"{here}/acknowledgement", **taken).status_code == 303
    post(browser, here, f"{here}/claim")
    assert "答复送复核" in browser.get(here).text
    said = {"version": "3", "text": "已查实，向您致歉。", "finding": "founded", "cause": "staff"}
    assert post(browser, here, f"{here}/answer", **said).status_code == 303
    assert "您拟定的，须由他人复核后发出" in browser.get(here).text
    assert post(browser, here, f"{here}/second", version="4").status_code == 403
    sign_in_staff(browser, database, "吴复核", clock.at)
    assert number in browser.get("/desk/voice?tab=proposed").text
    empty = post(browser, here, f"{here}/return", version="4", mend="")
    assert (empty.status_code, "请写明要改什么" in empty.text) == (422, True)
    assert post(browser, here, f"{here}/second", version="3").status_code == 422
    assert post(browser, here, f"{here}/second", version="4").status_code == 303
    assert "保存" in browser.get(here).text
    sign_in(browser, database, house.client_id, "王小满", clock.at)
    assert "已查实，向您致歉。" in browser.get(f"/voice/{number}").text


def test_another_client_s_case_is_not_there_on_any_address(browser, database, clock, house):
    number = house.bring()
    sign_in(browser, database, house.other_id, "郑旁观", clock.at)
    assert browser.get(f"/voice/{number}").status_code == 404
    for verb in ("reply", "acceptance", "objection", "withdrawal"):
        assert post(browser, "/voice/new", f"/voice/{number}/{verb}", text="我的").status_code == 404
    assert number not in browser.get("/voice").text
    assert browser.get(f"/desk/voice/{number}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "praise"}, {"area": ""}, {"title": "短" * 81}, {"text": "太短"}, {"text": "长" * 5001}, {"key": "?"}],
    ids=["kind", "area", "title", "too short", "too long", "key"],
)
def test_what_will_not_do_is_said_at_the_field_and_nothing_typed_is_lost(client, wrong):
    answer = send(client, remedy="请赔礼道歉", **wrong)
    assert answer.status_code == 422
    assert "请赔礼道歉" in answer.text
    assert "错误：" in answer.text
    assert all(text in answer.text for text in wrong.values() if len(text) > 60)


def test_the_longest_text_is_taken_and_one_beyond_every_bound_is_refused(client):
    assert send(client, text="长" * 5000).status_code == 303
    assert send(client, text="长" * 30_000, key="l" * 16).status_code in (400, 413)


def test_the_same_complaint_again_leads_to_the_first_one(client):
    send(client)
    again = send(client, key="l" * 16)
    assert again.status_code == 422
    assert 'href="/voice/TS-20261120-0001"' in again.text
    assert TEXT in again.text


def test_markup_in_every_field_stays_text(client, browser, database, clock, house):
    answer = send(client, title=SCRIPT, text=SCRIPT, remedy=SCRIPT)
    number = answer.headers["location"].rpartition("/")[2]
    post(client, "/voice/new", f"/voice/{number}/reply", text=SCRIPT)
    pages = [client.get(path).text for path in (f"/voice/{number}", "/voice", "/inbox")]
    house.work(number, text=SCRIPT)
    house.do(actions.note, number, text=SCRIPT)
    pages.append(client.get(f"/voice/{number}").text)
    sign_in_staff(browser, database, "周经办", clock.at)
    pages += [browser.get(path).text for path in ("/desk/voice", f"/desk/voice/{number}")]
    for page in pages:
        assert "<script>alert" not in page
        assert "<b onclick" not in page
        assert "&lt;script&gt;" in page or SCRIPT not in page


def test_staff_write_down_what_came_by_telephone(browser, database, clock, house):
    sign_in_staff(browser, database, "周经办", clock.at)
    told = {**FIELDS, "key": "k" * 16, "channel": "hotline", "external_no": "12386-2026-77", "client_no": "10000001"}
    nobody = post(browser, "/desk/voice/new", "/desk/voice", **{**told, "client_no": "99999999"})
    assert nobody.status_code == 422
    assert "没有这个客户号" in nobody.text
    assert post(browser, "/desk/voice/new", "/desk/voice", **told).headers["location"] == "/desk/voice/TS-20261120-0001"
    with database.reading() as db:
        assert db.execute(select(Case.channel, Case.client_id, Case.branch_no)).one() == (
            "hotline", house.client_id, "0101",
        )  # fmt: skip
    assert house.titles() == ["已收到 TS-20261120-0001"]


def test_a_case_in_somebody_s_hands_is_not_answered_by_another(browser, database, clock, house):
    number = house.bring(kind=Kind.ENQUIRY)
    sign_in_staff(browser, database, "周经办", clock.at)
    here = f"/desk/voice/{number}"
    post(browser, here, f"{here}/claim")
    sign_in_staff(browser, database, "吴复核", clock.at)
    refused = post(browser, here, f"{here}/answer", version="1", text="我写了很久的答复")
    assert refused.status_code == 422
    assert "周经办 正在办理" in refused.text
    assert "我写了很久的答复" in refused.text


def test_a_case_of_another_branch_is_not_there_for_staff_of_one(browser, database, clock, house):
    number = house.bring()
    me = sign_in_staff(browser, database, "吴复核", clock.at)
    here = f"/desk/voice/{number}"
    assert browser.get(f"{here}/follow").status_code == 200
    users = User.__table__
    with database.writing() as db:
        db.execute(update(users).where(users.c.id == me).values(branch_no="0202"))
    for path in (here, f"{here}/follow"):
        assert browser.get(path).status_code == 404, path
    for verb in ("award", "second", "improvements", "faq", "adoption"):
        assert post(browser, "/desk/voice/new", f"{here}/{verb}", version="1").status_code == 404, verb
