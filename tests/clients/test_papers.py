"""Evidence beside a request: asked for where a document changes, opened by whom it concerns, told to the client."""

import re

import pytest
from sqlalchemy import select

from portal.kit.uploads import Upload
from tests.clients.house import bring_other
from tests.clients.test_pages import me, number_of, send, strengthen, with_papers  # noqa: F401
from tests.kit.papers import SCRIPT, pdf, photo
from tests.visitors import sign_in, sign_in_staff

NEW = {"value": "2046-01-31", "why": "换了新证件"}


def papers_in(text):
    return re.findall(r'/papers/([0-9a-f]{32})"', text)


def test_an_identity_document_changes_only_with_its_picture(browser, database, me):  # noqa: F811
    refused = with_papers(browser, "id_valid_to", [], **NEW)
    assert (refused.status_code, "请附上证件的照片" in refused.text) == (422, True)
    assert "2046-01-31" in refused.text
    assert number_of(database) is None
    assert with_papers(browser, "id_valid_to", [photo(), pdf()], **NEW).status_code == 303
    assert len(papers_in(browser.get(f"/me/changes/{number_of(database)}").text)) == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (SCRIPT, "不是照片，也不是 PDF"),
        (photo() + bytes(20 * 1024 * 1024), "文件太大"),
        (photo()[:-200], "文件打不开"),
    ],
)
def test_a_file_that_will_not_do_is_told_at_its_field_and_nothing_typed_is_lost(browser, database, me, body, sentence):  # noqa: F811
    refused = with_papers(browser, "id_valid_to", [body], **NEW)
    assert (refused.status_code, sentence in refused.text, "换了新证件" in refused.text) == (422, True, True)
    with database.reading() as db:
        assert (db.scalars(select(Upload.token)).all(), number_of(database)) == ([], None)


def test_a_form_beyond_all_bounds_is_refused_before_it_is_read(browser, me):  # noqa: F811
    assert with_papers(browser, "id_valid_to", [bytes(41 * 1024 * 1024)], **NEW).status_code == 413


def test_a_file_need_not_be_chosen_twice_when_something_else_was_wrong(browser, database, me):  # noqa: F811
    refused = with_papers(browser, "id_valid_to", [photo()], value="2046-13-31", why="换了新证件")
    kept = re.search(r'name="(kept_[0-9a-f]{32})"', refused.text)[1]
    assert "已收到：card.jpg" in refused.text
    assert with_papers(browser, "id_valid_to", [], **NEW, **{kept: "1"}).status_code == 303
    assert papers_in(browser.get(f"/me/changes/{number_of(database)}").text) == [kept.removeprefix("kept_")]


def test_a_declaration_is_made_in_words_of_his_own(browser, database, me):  # noqa: F811
    refused = with_papers(browser, "actual_controller", [], value="本人", why="补充")
    assert (refused.status_code, "请先确认所填属实" in refused.text) == (422, True)
    assert with_papers(browser, "actual_controller", [], value="本人", why="补充", declared="1").status_code == 303
    assert "客户声明所填属实" in browser.get(f"/me/changes/{number_of(database)}").text


def test_evidence_opens_for_the_client_and_for_whoever_has_it_in_hand_and_for_nobody_else(browser, database, me, clock):  # noqa: F811
    mine = browser.cookies["session"]
    with_papers(browser, "id_valid_to", [photo()], **NEW)
    number = number_of(database)
    (token,) = papers_in(browser.get(f"/me/changes/{number}").text)
    own = browser.get(f"/me/changes/{number}/papers/{token}")
    assert (own.headers["content-type"], own.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert own.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert browser.get(f"/me/changes/{number}/papers/{'0' * 32}").status_code == 404
    sign_in_staff(browser, database, "周经办", clock.at)
    here = f"/desk/changes/{number}"
    assert browser.get(f"{here}/papers/{token}").status_code == 404
    send(browser, f"{here}/claim", page=here)
    assert browser.get(f"{here}/papers/{token}").status_code == 200
    sign_in_staff(browser, database, "吴复核", clock.at)
    assert browser.get(f"{here}/papers/{token}").status_code == 404
    with database.writing() as db:
        other = bring_other(db, now=clock.at)
    sign_in(browser, database, other, "郑旁观", clock.at)
    assert browser.get(f"/me/changes/{number}/papers/{token}").status_code == 404
    assert browser.get(f"{here}/papers/{token}").status_code == 404
    browser.cookies.set("session", mine)
    assert "周经办 打开了您附上的证明材料" in browser.get("/me/seen").text


def test_nobody_attaches_a_file_of_another_sender(browser, database, me, clock):  # noqa: F811
    refused = with_papers(browser, "id_valid_to", [photo()], value="no date", why="x")
    kept = re.search(r'name="(kept_[0-9a-f]{32})"', refused.text)[1]
    with database.writing() as db:
        other = bring_other(db, now=clock.at)
    sign_in(browser, database, other, "郑旁观", clock.at)
    strengthen(database)
    stolen = with_papers(browser, "id_valid_to", [], **NEW, **{kept: "1"})
    assert (stolen.status_code, "card.jpg" in stolen.text) == (422, False)


def test_who_is_not_signed_in_sends_no_file(browser, me):  # noqa: F811
    browser.cookies.clear()
    answer = browser.post(
        "/me/information/id_valid_to/change", data=NEW, files={"evidence": ("a.jpg", photo(), "image/jpeg")}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
