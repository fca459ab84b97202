"""The page of holdings and how it explains its figures, through the front door."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal import clients
from portal.kit.db import Database
from tests.conftest import Clock
from tests.feeds.days import FIRST, SECOND, edit, laid, load, sign
from tests.visitors import sign_in

Browser = TestClient[Litestar]
LINK = re.compile(r'<a class="why[^"]*" data-fig="([^"]+)" href="([^"]+)"[^>]*>(.*?)</a>')
TAG = re.compile(r"<[^>]+>")
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
EXPLAIN = "/holdings/2000000001/SH/600000/explain/pnl.day"


@pytest.fixture
def days(tmp_path: Path) -> Path:
    return laid(tmp_path / "days")


@pytest.fixture
def client(browser: Browser, database: Database, clock: Clock, days: Path) -> Browser:
    """Give the browser of the sample's client, both days loaded."""
    load(database, days / FIRST)
    load(database, days / SECOND)
    enter(browser, database, clock)
    return browser


def enter(browser: Browser, database: Database, clock: Clock) -> None:
    with database.reading() as db:
        (client_id,) = clients.ids_by_no(db).values()
    sign_in(browser, database, client_id, "林甲", clock.at)


def test_a_stranger_is_led_to_the_sign_in(browser: Browser) -> None:
    answer = browser.get("/holdings")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin?next=%2Fholdings")


def test_the_page_shows_what_two_days_came_to(client: Browser) -> None:
    text = client.get("/holdings").text
    for shown in ("30,946<small>.07", "27,646.07", "−53.93", "示例股甲", "成本未知", "不含 1 只"):
        assert shown in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_with_a_dotted_line_opens_to_the_same_figure(client: Browser, language: str) -> None:
    links = LINK.findall(client.get(f"/holdings?lang={language}").text)
    assert {"assets.total", "assets.cash", "pnl.day.all", "pnl.day", "cost.ma"} <= {name for name, _, _ in links}
    for name, address, shown in links:
        answer = client.get(unescape(address))
        title = TAG.sub("", re.search(r"<h3>(.*?)</h3>", answer.text)[1])
        assert answer.status_code == 200
        assert f'data-fig="{name}"' in answer.text
        assert TAG.sub("", shown) in title or re.search(r"未知|Unknown", title)


def test_an_explanation_says_formula_use_limits_rows_rule_and_batch(client: Browser) -> None:
    text = client.get(EXPLAIN).text
    for said in ("</span>今日市值<br>", "300 × 11.00", "1,000 × 11.00", "7,691.07", "45.00", "有什么用", "不适合"):
        assert said in text
    assert "用到的" in text
    assert "批次 20240611 · 规则 pnl.day/1" in text


def test_a_row_leads_to_its_line_of_the_statement(client: Browser) -> None:
    links = re.findall(r'href="(/statements/[^"#]+)#(s-\w+)"', client.get(EXPLAIN).text)
    assert {"view=trades" in address for address, _ in links} == {True, False}
    for address, anchor in links:
        assert f'id="{anchor}"' in client.get(unescape(address)).text


def test_htmx_gets_the_panel_alone_and_closes_it_with_an_empty_one(client: Browser) -> None:
    panel = client.get(EXPLAIN, headers=PARTIAL).text
    assert panel.lstrip().startswith('<div class="ex">')
    assert client.get("/holdings", headers=PARTIAL).text.strip() == ""


def test_what_is_not_held_has_no_page(client: Browser) -> None:
    for address in (
        "/holdings/2000000001/SH/600000/explain/pnl.year",
        "/holdings/2000000001/SH/600001/explain/pnl.day",
        "/holdings/9999999999/SH/600000/explain/pnl.day",
        "/holdings/explain/nothing",
    ):
        assert client.get(address).status_code == 404, address


def test_another_client_s_holding_is_not_there(client: Browser, database: Database, clock: Clock) -> None:
    with database.writing() as db:
        other = {"client_no": "1000000009", "name": "郑旁观", "client_type": "0", "branch_no": "0101", "status": "0"}
        other |= {"opened_on": date(2020, 1, 2), "risk_level": None, "risk_valid_to": None}
        stranger = clients.take_over(db, [other], [], now=clock.at)["1000000009"]
    sign_in(client, database, stranger, "郑旁观", clock.at)
    assert client.get(EXPLAIN).status_code == 404
    assert "还没有收到您账户的数据" in client.get("/holdings").text


def test_any_page_of_rows_can_be_asked_for(client: Browser) -> None:
    for rows in ("0", "2", "99999", "x", "-1", "²"):
        assert client.get(f"{EXPLAIN}?rows={rows}").status_code == 200, rows


def test_a_break_takes_the_figures_away_and_says_so(
    browser: Browser, database: Database, clock: Clock, days: Path
) -> None:
    load(database, days / FIRST)
    edit(days / SECOND, "cash_balance.csv", "27646.07", "27646.00")
    sign(days / SECOND)
    load(database, days / SECOND)
    enter(browser, database, clock)
    text = browser.get("/holdings").text
    assert "正在核对" in text
    assert "27,646" not in text
    assert "正在核对" in browser.get("/").text


def test_the_box_for_another_application_s_price_says_why_it_can_not_tell(client: Browser) -> None:
    answer = client.get("/holdings/2000000001/SH/600000/rules?price=8.351")
    assert answer.status_code == 200
    assert "成本没有记录" in answer.text
    assert client.get("/holdings/2000000001/SH/600001/rules").status_code == 404


def test_the_cost_method_is_kept_and_stands_in_the_address(client: Browser) -> None:
    assert 'href="/holdings?cost=dil#s-list"' in client.get("/holdings").text
    assert 'cost=dil#s-list" aria-current="true"' in client.get("/holdings?cost=dil").text
    assert 'cost=dil#s-list" aria-current="true"' in client.get("/holdings").text
    assert 'cost=dil#s-list" aria-current="true"' in client.get("/holdings?cost=x").text
