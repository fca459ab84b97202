"""The one page of a client and his team, and the team's queue."""

from portal import conversations
from tests.club.house import NOW
from tests.conversations.house import MINUTE, furnish
from tests.visitors import post, sign_in, sign_in_staff

KEY = "message-of-a-page"


def test_a_gold_client_reads_who_when_and_how_often_writes_and_sees_the_clock(browser, database, clock):
    house = furnish(database)
    sign_in(browser, database, house.ids["gold"], "陈金波", clock.at)
    page = browser.get("/team").text
    assert "周经办" in page
    assert "000-0000-0001" in page
    assert "60 个工作分钟" in page
    assert post(browser, "/team", "/team/messages", text="能看一下打新额度吗\n谢谢", key=KEY).status_code == 303
    page = browser.get("/team").text
    assert "能看一下打新额度吗<br>谢谢" in page
    assert "还有 1 小时 0 分" in page
    assert "已送达" in page


def test_an_empty_or_too_long_message_is_refused_and_nothing_typed_is_lost(browser, database, clock):
    house = furnish(database)
    sign_in(browser, database, house.ids["gold"], "陈金波", clock.at)
    answer = post(browser, "/team", "/team/messages", text="长" * 2001, key=KEY)
    assert answer.status_code == 422
    assert "长" * 2001 in answer.text
    assert post(browser, "/team", "/team/messages", text="  ", key=KEY).status_code == 422
    assert house.conversation() is None


def test_who_has_no_team_reads_who_has_one_and_gets_no_form(browser, database, clock):
    house = furnish(database)
    sign_in(browser, database, house.ids["normal"], "王小满", clock.at)
    page = browser.get("/team")
    assert page.status_code == 200
    assert "一对一团队为金卡和白金卡客户而设" in page.text
    assert 'action="/team/messages"' not in page.text
    assert post(browser, "/team", "/team/messages", text="在吗", key=KEY).status_code == 422


def test_nobody_reads_another_s_conversation(browser, database, clock):
    house = furnish(database)
    house.write("只有我和团队知道")
    sign_in(browser, database, house.ids["platinum"], "白景云", clock.at)
    assert "只有我和团队知道" not in browser.get("/team").text
    assert browser.get("/desk/conversations").status_code == 404


def test_staff_claim_answer_and_the_client_reads_the_name(browser, database, clock):
    house = furnish(database)
    house.write("<b>能看一下吗</b>")
    sign_in_staff(browser, database, "林接待", clock.at)
    queue = browser.get("/desk/conversations").text
    assert "银卡及以上先办" in queue
    assert "10000002" in queue
    case = "/desk/conversations/10000002"
    assert "&lt;b&gt;能看一下吗" in browser.get(case).text
    assert post(browser, case, f"{case}/claim").status_code == 303
    assert post(browser, case, f"{case}/answers", text="好的", key=KEY, version="1").status_code == 303
    with database.reading() as db:
        assert conversations.unread_by_client(db, house.ids["gold"]) == 1
    sign_in(browser, database, house.ids["gold"], "陈金波", clock.at)
    assert "您的顾问团队写了新的消息" in browser.get("/inbox").text
    assert "林接待" in browser.get("/team").text
    assert "已答复" in browser.get("/team").text


def test_what_somebody_else_has_in_hand_is_left_to_him_and_the_typed_answer_stays(browser, database, clock):
    house = furnish(database)
    house.write()
    case = "/desk/conversations/10000002"
    sign_in_staff(browser, database, "林接待", clock.at)
    post(browser, case, f"{case}/claim")
    sign_in_staff(browser, database, "赵来晚", clock.at)
    answer = post(browser, case, f"{case}/answers", text="我来答", key=KEY, version="1")
    assert answer.status_code == 422
    assert "林接待 正在办理" in answer.text
    assert "我来答" in answer.text


def test_a_stale_screen_keeps_the_answer_and_shows_the_new_line(browser, database, clock):
    house = furnish(database)
    house.write("第一句")
    sign_in_staff(browser, database, "林接待", clock.at)
    house.write("第二句", now=NOW + MINUTE)
    case = "/desk/conversations/10000002"
    answer = post(browser, case, f"{case}/answers", text="只答第一句", key=KEY, version="1")
    assert answer.status_code == 422
    assert "客户又写了一条" in answer.text
    assert "第二句" in answer.text
    assert "只答第一句" in answer.text
