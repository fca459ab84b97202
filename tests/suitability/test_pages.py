import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from portal import clients, identity, suitability
from tests.suitability.sheets import BY_NAME, C3_SHEET, NOW, SHIPPED, confirm, fill_in, furnish, submit
from tests.visitors import sign_in, sign_in_staff

CSRF = re.compile(r'name="_csrf" value="(\w+)"')
DRAFT = re.compile(r'name="draft" value="(\d+)"')


@pytest.fixture
def client_id(database, browser, clock):
    clock.at = NOW
    made = furnish(database)
    sign_in(browser, database, made, "王小满", NOW)
    return made


def token(browser, path="/questionnaire"):
    return CSRF.search(browser.get(path).text).group(1)


def begin(browser):
    answer = browser.post("/questionnaire", data={"_csrf": token(browser)})
    assert answer.status_code == 303
    return answer.headers["location"]


def fields(browser, path, answers):
    page = browser.get(path).text
    given = {"_csrf": CSRF.search(page).group(1), "draft": DRAFT.search(page).group(1)}
    for id, value in answers.items():
        given |= {id: value} if isinstance(value, str) else {f"{id}.{key}": "1" for key in value}
    return given


def answer_all(browser, answers, clock):
    place = begin(browser)
    while "/questions/" in place:
        clock.at += timedelta(seconds=10)
        id = place.rsplit("/", 1)[1]
        sent = browser.post(place, data=fields(browser, place, {id: answers[id]}))
        assert sent.status_code == 303, sent.text
        place = sent.headers["location"]
    return place


def declare(browser, **more):
    said = {f"d.{each['key']}": "1" for each in SHIPPED.body["declarations"]}
    return {"_csrf": token(browser, "/questionnaire/check"), **said, **more}


def test_a_client_answers_question_by_question_submits_and_confirms(browser, database, client_id, clock):
    assert begin(browser) == "/questionnaire/questions/income_source"
    assert answer_all(browser, C3_SHEET, clock) == "/questionnaire/check"
    sent = browser.post("/questionnaire/check", data=declare(browser))
    assert sent.status_code == 303, sent.text
    place = sent.headers["location"]
    page = browser.get(place).text
    assert "C3 稳健型" in page
    assert "示例问卷" in page
    assert "70%" in page  # 24 of 34 points of finances
    refused = browser.post(f"{place}/confirmation", data={"_csrf": token(browser, place), "code": ""})
    assert refused.status_code == 422
    assert "请先勾选" in refused.text
    agreed = browser.post(f"{place}/confirmation", data={"_csrf": token(browser, place), "code": "", "agreed": "1"})
    assert (agreed.status_code, agreed.headers["location"]) == (303, place)
    with database.reading() as db:
        assert suitability.current(db, client_id, clock.at).level == "C3"
    assert "Valid until" in browser.get("/questionnaire?lang=en").text


def test_a_posted_score_or_level_is_ignored(browser, database, client_id, clock):
    answer_all(browser, C3_SHEET, clock)
    sent = browser.post("/questionnaire/check", data=declare(browser, score="100", level="C5", total="100"))
    with database.reading() as db:
        made = suitability.by_number(db, sent.headers["location"].rsplit("/", 1)[1])
        assert (made.level, made.figures["total"]) == ("C3", 66)


def test_an_unknown_option_is_refused_in_words_and_the_draft_is_kept(browser, database, client_id, clock):
    place = begin(browser)
    for bad in ("Z", "", "A'; DROP TABLE assessment"):
        refused = browser.post(place, data=fields(browser, place, {"income_source": bad}))
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
    with database.reading() as db:
        draft, _ = suitability.usable_draft(db, client_id, clock.at)
        assert draft.answers == {}
    assert browser.get("/questionnaire/questions/no_such").status_code == 404


def test_a_page_of_an_older_sheet_in_another_tab_changes_nothing(browser, database, client_id, clock):
    place = begin(browser)
    old = fields(browser, place, {"income_source": "E"})
    clock.at += timedelta(hours=73)
    sign_in_again = browser.get("/questionnaire")
    assert sign_in_again.status_code == 303, "the session is over by now"
    clock.at = NOW
    answer_all(browser, C3_SHEET, clock)
    assert browser.post("/questionnaire/check", data=declare(browser)).status_code == 303
    late = browser.post(place, data=old)
    assert late.status_code == 422
    assert "已经提交" in late.text
    begin(browser)
    assert browser.post(place, data=old).status_code == 422, "a new sheet is not written by the old one's page"


def test_a_declaration_that_is_missing_is_asked_for_and_the_answers_stay(browser, client_id, clock):
    answer_all(browser, C3_SHEET, clock)
    said = declare(browser)
    del said["d.truthful"]
    refused = browser.post("/questionnaire/check", data=said)
    assert refused.status_code == 422
    assert 'id="e-truthful"' in refused.text
    assert browser.post("/questionnaire/check", data=declare(browser)).status_code == 303


def test_a_sheet_with_gaps_or_answers_that_were_tampered_with_is_refused_in_words_and_kept(
    browser, database, client_id, clock
):
    place = begin(browser)
    assert browser.post(place, data=fields(browser, place, {"income_source": "E"})).status_code == 303
    said = {f"d.{each['key']}": "1" for each in SHIPPED.body["declarations"]} | {"_csrf": token(browser)}
    early = browser.post("/questionnaire/check", data=said)
    assert early.status_code == 422
    assert early.text.count('<a href="/questionnaire/questions/') == 19, "each question without an answer is linked"
    told = ('{"income_source":"Z","nobody_asked":"A"}', "{}", '{"income_source":["A"],"experience_products":"A"}')
    for answers in told:
        with database.writing() as db:
            db.execute(text("UPDATE questionnaire_draft SET answers = :answers"), {"answers": answers})
        refused = browser.post("/questionnaire/check", data=said)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
    with database.reading() as db:
        assert suitability.usable_draft(db, client_id, clock.at)
        assert suitability.standing(db, client_id) is None


def test_answers_that_exclude_each_other_are_named_with_links_to_change_them(browser, client_id, clock):
    answer_all(browser, {**C3_SHEET, "max_loss": "A"}, clock)
    blocked = browser.post("/questionnaire/check", data=declare(browser))
    assert blocked.status_code == 422
    assert "不能接受任何亏损" in blocked.text
    assert "/questionnaire/questions/max_loss" in blocked.text


def test_a_whole_section_can_be_answered_on_one_page(browser, database, client_id, clock):
    begin(browser)
    path = "/questionnaire/sections/preference"
    page = browser.get(path).text
    assert page.count("<fieldset") == 4
    part = {"attitude": "B", "reaction": "C"}
    half = browser.post(path, data=fields(browser, path, part))
    assert half.status_code == 422
    assert half.text.count('class="err"') == 2
    with database.reading() as db:
        assert suitability.usable_draft(db, client_id, clock.at)[0].answers == part, "what was answered is kept"


def test_who_is_over_65_is_shown_larger_type_and_the_telephone(browser, database, clock):
    clock.at = NOW
    made = furnish(database, born="1958-01-01")
    sign_in(browser, database, made, "老人", NOW)
    page = browser.get(begin(browser)).text
    assert 'data-size="large"' in page
    assert "不限时间" in page


def test_another_client_s_result_is_not_there(browser, database, client_id, clock):
    answer_all(browser, C3_SHEET, clock)
    place = browser.post("/questionnaire/check", data=declare(browser)).headers["location"]
    other = furnish(database, number="10000002")
    sign_in(browser, database, other, "郑旁观", clock.at)
    assert browser.get(place).status_code == 404
    for desk in ("/desk/questionnaires", "/desk/questionnaires/board", "/desk/questionnaires/clients/10000001"):
        assert browser.get(desk).status_code == 404


def strengthen(browser, app, database, clock):
    """Turn the second factor on, and give its seed."""
    with database.writing() as db:
        visitor = identity.visitor_of(db, browser.cookies["session"], clock.at)
        seed = identity.prepare_second_factor(db, app.state.house.vault, visitor.user_id)
        code, seat = pyotp.TOTP(seed).at(clock.at - timedelta(seconds=30)), identity.Seat("127.0.0.0/24", "test", None)
        entry = identity.confirm_second_factor(db, app.state.house.vault, visitor, code=code, seat=seat, now=clock.at)
    browser.cookies.set("session", entry.session)
    return pyotp.TOTP(seed)


def test_with_a_second_factor_the_result_is_confirmed_by_code_and_insisting_takes_all_its_steps(
    browser, app, database, client_id, clock
):
    totp = strengthen(browser, app, database, clock)
    answer_all(browser, {**BY_NAME["p03_retired_saver"]["answers"], "product_intent": "C"}, clock)
    place = browser.post("/questionnaire/check", data=declare(browser)).headers["location"]
    agreed = {"_csrf": token(browser, place), "agreed": "1"}
    wrong = browser.post(f"{place}/confirmation", data={**agreed, "code": "000000"})
    assert wrong.status_code == 422
    right = browser.post(f"{place}/confirmation", data={**agreed, "code": totp.at(clock.at)})
    assert right.status_code == 303, right.text

    path = "/questionnaire/over-level"
    asked = {"_csrf": token(browser, path), "service": "sms_advice"}
    assert browser.post(path, data=asked).status_code == 422, "only at his own wish"
    place = browser.post(path, data={**asked, "own_wish": "1"}).headers["location"]
    page = browser.get(place).text
    assert "不相符" in page
    assert SHIPPED.body["matching"]["over_level"]["warning"]["zh"] in page
    phrase = SHIPPED.body["matching"]["over_level"]["phrase"]["zh"]
    clock.at += timedelta(seconds=60)
    sent = {"_csrf": token(browser, place), "phrase": phrase, "code": totp.at(clock.at)}
    done = browser.post(f"{place}/confirmation", data=sent)
    assert done.status_code == 303, done.text
    with database.reading() as db:
        verdict = suitability.match(db, client_id, risk_class="R3", service_kind="sms_advice", now=clock.at)
    assert verdict.code is suitability.Code.OVER_LEVEL


def test_a_wish_that_one_has_in_hand_is_not_decided_by_another(browser, database, clock):
    clock.at = NOW
    client_id = furnish(database, born="1958-05-05", trusted_contact="王大明")
    answers = {**BY_NAME["p03_retired_saver"]["answers"], "product_intent": "C"}
    fill_in(database, client_id, answers, now=NOW - timedelta(minutes=10), until=NOW - timedelta(minutes=5))
    confirm(database, client_id, submit(database, client_id, now=NOW - timedelta(minutes=5)), now=NOW)
    with database.writing() as db:
        who = suitability.Person(f"client:{client_id}", "王小满")
        made = suitability.wish(db, client=who, client_id=client_id, service="sms_advice", now=NOW)
        phrase, read = suitability.phrase_to_type(db), NOW + timedelta(minutes=1)
        suitability.insist(db, made, client=who, phrase=phrase, now=read)
        place = f"/desk/questionnaires/over-level/{made.number}"
    clock.at = read
    sign_in_staff(browser, database, "周经办", clock.at)
    assert place in browser.get("/desk/questionnaires/over-level").text
    assert clients.masked_name("王大明") in browser.get(place).text, (
        "whom to call when the client is not himself, masked"
    )
    assert browser.post(f"{place}/claim", data={"_csrf": token(browser, place)}).status_code == 303
    first = browser.cookies["session"]

    sign_in_staff(browser, database, "吴复核", clock.at)
    decided = {"_csrf": token(browser, place), "version": "2", "reason": "not_reached", "note": ""}
    assert browser.post(f"{place}/claim", data=decided).status_code == 422
    other = browser.post(f"{place}/refusal", data=decided)
    assert other.status_code == 422
    assert "周经办 正在办理" in other.text
    browser.cookies.set("session", first)
    decided["_csrf"] = token(browser, place)
    assert "须先有一次通过的回访" in browser.post(f"{place}/grant", data=decided | {"reason": "called_back"}).text
    assert browser.post(f"{place}/refusal", data=decided).status_code == 303
    assert "未通过" in browser.get(f"{place}?tab=done").text
