"""The telephones of the demo, over HTTP."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.testing import TestClient

from portal import settings
from portal.app import create
from portal.demo import journal_in, telephones

FIRST = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[TestClient]:
    app = create(settings.read({"PORTAL_HOME": str(tmp_path)}), extra_pages=telephones)
    with TestClient(app, base_url="http://127.0.0.1:8000") as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        yield browser


def receive(home: Path, text: str, *, to: str = "8613800000101", stat: str = "DELIVRD", minutes: int = 0) -> None:
    journal = journal_in(home)
    journal.parent.mkdir(exist_ok=True)
    at = (FIRST + timedelta(minutes=minutes)).isoformat()
    line = {"at": at, "message_id": "1", "sender": "10690001", "to": to, "text": text, "stat": stat}
    with journal.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def test_a_phone_shows_its_own_messages_newest_first(phones: TestClient, tmp_path: Path) -> None:
    receive(tmp_path, "【青衡证券】第一条")
    receive(tmp_path, "【青衡证券】<b>第二条</b>", minutes=5)
    receive(tmp_path, "给别人的", to="8613800000102")
    receive(tmp_path, "没有送到的", stat="UNDELIV")
    page = phones.get("/demo/phone/王小满").text
    assert page.index("&lt;b&gt;第二条") < page.index("第一条")
    assert "10:05" in page
    assert "给别人的" not in page
    assert "没有送到的" not in page


def test_a_phone_without_messages_says_so_in_both_languages(phones: TestClient) -> None:
    assert "还没有短信。" in phones.get("/demo/phone/白景云?lang=zh").text
    assert "No messages yet." in phones.get("/demo/phone/白景云?lang=en").text


def test_a_line_that_is_being_written_is_not_read_yet(phones: TestClient, tmp_path: Path) -> None:
    receive(tmp_path, "完整的")
    with journal_in(tmp_path).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-11-20T02:0')
    assert "完整的" in phones.get("/demo/phone/王小满").text


def test_the_list_leads_to_every_phone(phones: TestClient, tmp_path: Path) -> None:
    receive(tmp_path, "一条")
    page = phones.get("/demo/phone?lang=en").text
    assert page.count('href="/demo/phone/') == 6
    assert ("1 message<" in page, "0 messages<" in page) == (True, True)


def test_somebody_who_is_not_of_the_cast_has_no_phone(phones: TestClient) -> None:
    assert phones.get("/demo/phone/nobody").status_code == 404


def test_where_no_demo_is_laid_there_are_no_phones(browser: TestClient) -> None:
    assert browser.get("/demo/phone/王小满").status_code == 404
