"""The library as clients read it and staff write it, without scripts."""

import re
from dataclasses import replace
from datetime import timedelta

from portal.library import actions, queries
from portal.library.rules import Kind
from tests.library.house import NOW, PLAIN, QUIZZED, RESEARCH, TODAY, furnish
from tests.visitors import post, sign_in, sign_in_staff

SCRIPT = "<script>alert('x')</script>"


def enter(browser, database, clock, now=NOW):
    clock.at = now
    house = furnish(database)
    sign_in(browser, database, house.client_id, "王小满", now)
    return house


def enter_desk(browser, database, clock):
    clock.at = NOW
    house = furnish(database)
    return house, sign_in_staff(browser, database, "方编辑", NOW, roles=("handler", "reviewer"))


def typed(page: str) -> dict[str, str]:
    """Give the fields of the draft's form as they stand in the page."""
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    return {name: value for name, value in fields.items() if name not in ("_csrf", "q")}


def whole(**other: str) -> dict[str, str]:
    text = replace(PLAIN, title_zh="零股怎么卖", title_en="Odd lots")
    fields = {name: str(getattr(text, name)) for name in ("topic", *PAGE_WORDS)}
    return {"version": "1", **fields, "expires_on": str(text.expires_on), **other}


PAGE_WORDS = ("title_zh", "title_en", "summary_zh", "summary_en", "body_zh", "body_en")


def test_a_client_searches_reads_and_passes_the_check_without_a_script(browser, database, clock):
    house = enter(browser, database, clock)
    number = house.publish(QUIZZED, Kind.ARTICLE)
    found = browser.get("/library", params={"q": "请问 T+1 是什么"}).text
    assert "交易规则 T+1" in found
    assert "读完答题得 20 分" in found
    page, action = f"/library/{number}", f"/library/{number}/check"
    assert "今天买入的股票，下一个交易日可以卖出。" in browser.get(page).text
    half = post(browser, page, action, a0="0")
    assert half.status_code == 422
    assert "每一题都要选一个答案。" in half.text
    assert 'name="a0" value="0" checked' in half.text
    assert post(browser, page, action, a0="0", a1="0").status_code == 303
    assert "有 1 题答错了" in browser.get(page).text
    post(browser, page, action, a0="0", a1="1")
    assert "全部答对，20 分已经入账。" in browser.get(page).text
    assert "读完投教文章" in browser.get("/points").text
    assert "已读" in browser.get("/library").text
    english = browser.get(page, params={"lang": "en"}).text
    assert "How T+1 works" in english
    assert "When can cash be drawn" in english


def test_a_search_says_which_other_words_it_used_and_leads_on_where_nothing_is_found(browser, database, clock):
    enter(browser, database, clock)
    page = browser.get("/library?q=手续费").text
    assert "也找了：" in page
    assert "佣金" in page
    assert "/voice/new?kind=enquiry" in page
    assert "也找了" not in browser.get("/library?q=%3Cscript%3E").text


def test_a_search_of_one_character_and_of_five_thousand_is_answered(browser, database, clock):
    house = enter(browser, database, clock)
    house.publish(PLAIN)
    assert "交易规则" in browser.get("/library", params={"q": "股"}).text
    long = browser.get("/library", params={"q": "股票" * 2500})
    assert long.status_code == 200
    assert "只按前 100 个字查找" in long.text
    for strange in ("%", "_", "' OR 1=1 --", "🀄", ".", "\u202e", SCRIPT, "-", "*" * 100):
        page = browser.get("/library", params={"q": strange})
        assert page.status_code == 200
        assert SCRIPT not in page.text
    for before in ("x", "-1", "9" * 40, "²"):
        assert browser.get("/library", params={"before": before}).status_code == 200


def test_research_shows_its_summary_to_all_and_its_text_to_whom_it_suits(browser, database, clock):
    house = enter(browser, database, clock)
    number = house.publish(RESEARCH, Kind.REPORT)
    page = browser.get(f"/library/{number}").text
    assert "买卖与交收" in page
    assert "本公司没有持仓。" in page
    assert "林研究" in page
    assert "需要先做风险测评。" in page
    assert "下一个交易日可以卖出" not in page


def test_members_notes_greetings_and_drafts_are_not_there_for_clients(browser, database, clock):
    house = enter(browser, database, clock)
    hidden = [
        house.publish(RESEARCH, Kind.NOTE),
        house.publish(replace(PLAIN, occasion="birthday", body_zh="祝好。", body_en="Best wishes."), Kind.CARE),
        house.draft(),
    ]
    for number in [*hidden, "WK-1", "x" * 200, "../etc"]:
        assert browser.get(f"/library/{number}").status_code == 404
    assert "水电" not in browser.get("/library").text
    assert browser.get("/desk/library").status_code == 404


def test_what_has_run_out_or_was_withdrawn_says_so(browser, database, clock):
    house = enter(browser, database, clock, NOW + timedelta(hours=13, minutes=50))
    ends, gone = house.publish(replace(PLAIN, expires_on=TODAY)), house.publish()
    with database.writing() as db:
        actions.withdraw(db, queries.by_number(db, gone), reason="有误", by=house.writer, now=NOW)
    assert browser.get(f"/library/{ends}").status_code == 200
    clock.at += timedelta(minutes=20)  # past midnight in Shanghai
    for number in (ends, gone):
        page = browser.get(f"/library/{number}")
        assert page.status_code == 410
        assert "这一篇已不再有效" in page.text
        assert "可以卖出" not in page.text


def test_answers_that_no_form_sends_are_no_answers(browser, database, clock):
    house = enter(browser, database, clock)
    number = house.publish(QUIZZED, Kind.ARTICLE)
    page, action = f"/library/{number}", f"/library/{number}/check"
    for strange in ({"a0": "0", "a1": "9"}, {"a0": "-1", "a1": "1"}, {"a0": "0", "a1": "1", "a2": "0"}, {"a٠": "0"}):
        assert post(browser, page, action, **strange).status_code == 422
    faq = house.publish()
    assert post(browser, page, f"/library/{faq}/check", a0="0").status_code == 404
    assert house.points() == 0


def test_staff_write_hand_in_and_publish_by_two(browser, database, clock):
    house, _ = enter_desk(browser, database, clock)
    made = post(browser, "/desk/library", "/desk/library", kind="faq")
    page = made.headers["location"]
    assert post(browser, page, f"{page}/draft", **whole()).status_code == 303
    lacking = post(browser, page, f"{page}/submission", **whole(version="2", title_en=""))
    assert lacking.status_code == 422
    assert "草稿已保存，没有交审。" in lacking.text
    assert 'href="#f-title_en"' in lacking.text
    assert post(browser, page, f"{page}/submission", **whole(version="3")).status_code == 303
    mine = browser.get(page).text
    assert "您写过这一稿，须由没有写过的人发布。" in mine
    assert post(browser, page, f"{page}/publication", version="5", note="").status_code == 422
    sign_in_staff(browser, database, "许审核", NOW, roles=("handler", "reviewer"))
    assert post(browser, page, f"{page}/claim").status_code == 303
    assert post(browser, page, f"{page}/publication", version="5", note="").status_code == 303
    assert "第 1 版" in browser.get(page).text
    assert "零股怎么卖" in browser.get("/desk/library?tab=live").text
    assert house.find("零股") == ["零股怎么卖"]


def test_scripts_and_html_in_every_field_stay_text(browser, database, clock):
    house, _ = enter_desk(browser, database, clock)
    fields = {name: f"{SCRIPT}{name}" for name in (*PAGE_WORDS, "author", "conflicts_zh", "conflicts_en")}
    number = house.draft(kind=Kind.REPORT)
    page = f"/desk/library/{number}"
    research = {"authored_on": str(TODAY), "risk_class": "R1", "horizon_months": "0"}
    assert post(browser, page, f"{page}/submission", **whole(**fields, **research)).status_code == 303
    house.step(number, actions.publish, by=house.reviewer)
    shown = browser.get(page).text
    sign_in(browser, database, house.client_id, "王小满", NOW)
    seen = browser.get("/library").text + browser.get(f"/library/{number}").text
    assert SCRIPT not in shown + seen
    assert "&lt;script&gt;" in seen


def test_very_long_text_is_refused_with_a_sentence_and_nothing_is_lost(browser, database, clock):
    house, _ = enter_desk(browser, database, clock)
    page = f"/desk/library/{house.draft()}"
    long = post(browser, page, f"{page}/draft", **whole(title_zh="长" * 81, body_zh="长" * 4001, horizon_months="999"))
    assert long.status_code == 422
    for sentence in ("最多 80 字。", "最多 4,000 字。", "请填月数，0 到 360。"):
        assert sentence in long.text
    assert "长" * 4001 in long.text
    assert post(browser, page, f"{page}/draft", **whole(body_zh="长" * 40000)).status_code in (400, 413)
    assert post(browser, page, f"{page}/draft", **whole(expires_on="2027-02-30")).status_code == 422


def test_a_stale_screen_keeps_what_was_typed_and_says_who_was_quicker(browser, database, clock):
    house, _ = enter_desk(browser, database, clock)
    number = house.draft()
    page = f"/desk/library/{number}"
    house.step(number, actions.write, by=house.reviewer, text=replace(PLAIN, title_zh="吴复核改的"))
    late = post(browser, page, f"{page}/draft", **whole(title_zh="方编辑改的"))
    assert late.status_code == 422
    assert "吴复核 已于" in late.text
    assert typed(late.text)["title_zh"] == "方编辑改的"
    assert post(browser, page, f"{page}/draft", **typed(late.text) | {"topic": "risk"}).status_code == 303
    house.step(number, actions.discard)
    gone = post(browser, "/desk/library", f"{page}/draft", **whole(title_zh="白写了吗"))
    assert gone.status_code == 422
    assert "白写了吗" in gone.text


def test_a_piece_in_somebody_s_hands_is_not_published_by_another(browser, database, clock):
    house, _ = enter_desk(browser, database, clock)
    number = house.draft()
    page = f"/desk/library/{number}"
    house.step(number, actions.submit)
    post(browser, page, f"{page}/claim")
    sign_in_staff(browser, database, "许审核", NOW, roles=("handler", "reviewer"))
    refused = post(browser, page, f"{page}/publication", version="2", note="")
    assert refused.status_code == 422
    assert "方编辑 正在办理" in refused.text
    back = post(browser, page, f"{page}/return", version="2", note="")
    assert back.status_code == 422


def test_staff_withdraw_at_once_with_a_reason_and_begin_a_new_edition(browser, database, clock):
    house, _ = enter_desk(browser, database, clock)
    page = f"/desk/library/{house.publish()}"
    assert post(browser, page, f"{page}/withdrawal", reason="").status_code == 422
    assert post(browser, page, f"{page}/withdrawal", reason="条款已变").status_code == 303
    assert "条款已变" in browser.get(page).text
    assert post(browser, page, f"{page}/revision").status_code == 303
    assert typed(browser.get(page).text)["title_zh"] == "交易规则 T+1"
    assert post(browser, "/desk/library", "/desk/library", kind="poem").status_code == 422
