"""Files beside a message: checked by content, kept by a refused form, handed to the two sides alone."""

import re

from tests.conversations.house import furnish
from tests.kit.papers import SCRIPT, pdf, photo
from tests.visitors import sign_in, sign_in_staff

KEY = "message-of-a-page"
LINK = re.compile(r'href="(/(?:team|desk)[^"]*/files/[0-9a-f]{32})"')


def send(browser, page, action, *files, **fields):
    token = browser.get(page).text.split('name="_csrf" value="')[1].split('"')[0]
    told = {"_csrf": token, "text": "请看", "key": KEY, **fields}
    return browser.post(action, data=told, files=[("files", (name, body)) for name, body in files])


def test_a_picture_goes_to_the_team_and_to_nobody_else(browser, database, clock):
    house = furnish(database)
    sign_in(browser, database, house.ids["gold"], "陈金波", clock.at)
    for _ in range(2):  # posted twice: one message, one file
        answer = send(browser, "/team", "/team/messages", ("../../卡.jpg", photo()))
        assert answer.status_code == 303
    links = LINK.findall(browser.get("/team").text)
    assert len(links) == 1
    assert "卡.jpg" in browser.get("/team").text
    file = browser.get(links[0])
    assert (file.status_code, file.headers["content-type"]) == (200, "image/jpeg")
    sign_in(browser, database, house.ids["platinum"], "白景云", clock.at)
    assert browser.get(links[0]).status_code == 404
    sign_in_staff(browser, database, "林接待", clock.at)
    paper = LINK.findall(browser.get("/desk/conversations/10000002").text)
    assert browser.get(paper[0]).content == file.content
    assert browser.get(paper[0].replace("10000002", "10000003")).status_code == 404


def test_what_is_no_picture_is_refused_at_the_box_and_the_good_ones_and_the_words_stay(browser, database, clock):
    house = furnish(database)
    sign_in(browser, database, house.ids["gold"], "陈金波", clock.at)
    answer = send(browser, "/team", "/team/messages", ("a.jpg", SCRIPT))
    assert answer.status_code == 422
    assert "这个文件不是照片" in answer.text
    assert "请看" in answer.text
    answer = send(browser, "/team", "/team/messages", ("b.pdf", pdf()), text="")
    assert answer.status_code == 422
    kept = re.findall(r'name="(kept_[0-9a-f]{32})"', answer.text)
    assert len(kept) == 1
    assert send(browser, "/team", "/team/messages", **{kept[0]: "1"}).status_code == 303
    assert "b.pdf" in browser.get("/team").text


def test_the_team_sends_files_too(browser, database, clock):
    house = furnish(database)
    house.write()
    sign_in_staff(browser, database, "林接待", clock.at)
    case = "/desk/conversations/10000002"
    assert send(browser, case, f"{case}/answers", ("c.pdf", pdf()), version="1").status_code == 303
    sign_in(browser, database, house.ids["gold"], "陈金波", clock.at)
    assert len(LINK.findall(browser.get("/team").text)) == 1
