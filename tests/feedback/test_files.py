"""Files with a case: judged by content, never chosen twice, open to the client and to staff alone."""

import re

import pytest

from portal.feedback.files import of_case
from tests.feedback.house import TEXT, furnish
from tests.kit.papers import SCRIPT, pdf, photo
from tests.visitors import sign_in, sign_in_staff

FIELDS = {"kind": "complaint", "area": "service", "product": "none", "title": "排队太久", "text": TEXT, "remedy": ""}


@pytest.fixture
def house(browser, database, clock):
    made = furnish(database)
    sign_in(browser, database, made.client_id, "王小满", clock.at)
    return made


def send(browser, *files, page="/voice/new", action="/voice", **fields):
    token = re.search(r'name="_csrf" value="(\w+)"', browser.get(page).text)[1]
    told = {"_csrf": token, **fields}
    return browser.post(action, data=told, files=[("files", each) for each in files] or [("files", ("", b""))])


def names(database, number) -> list[str]:
    with database.reading() as db:
        return [row.name for row in of_case(db, number)]


def test_files_go_with_a_case_and_with_a_reply(browser, database, clock, house):
    made = send(browser, ("票据.jpg", photo()), ("合同.pdf", pdf()), **FIELDS, key="k" * 16)
    number = made.headers["location"].rpartition("/")[2]
    here = f"/voice/{number}"
    more = send(browser, ("again.png", photo("PNG")), page=here, action=f"{here}/reply", text="补一张照片")
    assert more.status_code == 303
    assert names(database, number) == ["票据.jpg", "合同.pdf", "again.jpg"]
    link = re.search(rf'href="({here}/files/\w+)"', browser.get(here).text)[1]
    handed = browser.get(link)
    assert (handed.status_code, handed.headers["content-type"]) == (200, "image/jpeg")
    assert "sandbox" in handed.headers["content-security-policy"]
    sign_in(browser, database, house.other_id, "郑旁观", clock.at)
    assert browser.get(link).status_code == 404
    sign_in_staff(browser, database, "周经办", clock.at)
    paper = re.search(rf'href="(/desk{here}/files/\w+)"', browser.get(f"/desk{here}").text)[1]
    assert browser.get(paper).status_code == 200
    other = house.bring("别的一件事，和这些照片无关")
    assert browser.get(paper.replace(number, other)).status_code == 404


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (SCRIPT, "这个文件不是照片"),
        (b"MZ\x90\x00 not a picture", "这个文件不是照片"),
        (photo()[:200], "文件打不开"),
        (b"", "文件是空的"),
    ],
    ids=["script", "program", "broken", "empty"],
)
def test_a_file_of_a_wrong_kind_is_refused_and_the_right_one_beside_it_is_kept(
    browser, database, house, body, sentence
):
    refused = send(browser, ("photo.jpg", body), **FIELDS, key="k" * 16)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert TEXT in refused.text
    kept = send(browser, ("right.jpg", photo()), **{**FIELDS, "text": "太短"}, key="k" * 16)
    token = re.search(r'name="(kept_\w+)"', kept.text)[1]
    made = send(browser, **FIELDS, key="k" * 16, **{token: "1"})
    assert names(database, made.headers["location"].rpartition("/")[2]) == ["right.jpg"]


def test_a_reply_sent_twice_is_one_reply(browser, database, house):
    number = house.bring()
    here = f"/voice/{number}"
    for _ in range(2):
        assert send(browser, page=here, action=f"{here}/reply", text="同一句补充").status_code == 303
    assert browser.get(here).text.count("同一句补充") == 1
