"""The first page of a client."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal import clients, points, tiers
from portal.kit.clock import day_after
from portal.kit.db import Database
from tests.conftest import Clock
from tests.feeds.days import FIRST, SECOND, laid, load
from tests.visitors import sign_in

Browser = TestClient[Litestar]
WHY = re.compile(r'<a class="why[^"]*"(?: data-fig="([^"]+)")? href="([^"]+)"')


@pytest.fixture
def client_id(browser: Browser, database: Database, clock: Clock, tmp_path: Path) -> int:
    """Sign in the sample's client, both days loaded."""
    days = laid(tmp_path / "days")
    load(database, days / FIRST)
    load(database, days / SECOND)
    with database.reading() as db:
        (client_id,) = clients.ids_by_no(db).values()
    sign_in(browser, database, client_id, "林甲", clock.at)
    return client_id


def earn(database: Database, client_id: int, amount: int, last: date, now: datetime) -> None:
    with database.writing() as db:
        points.earn(
            db, client_id=client_id, points=amount, kind="opening_balance", key=f"opening:{last}",
            expires_at=day_after(last), explain={}, now=now,
        )  # fmt: skip


def test_a_stranger_is_led_to_the_sign_in(browser: Browser) -> None:
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")


@pytest.mark.usefixtures("client_id")
def test_it_greets_and_shows_assets_and_the_day_s_result(browser: Browser) -> None:
    text = browser.get("/").text
    for shown in ("林甲，上午好。", "30,946<small>.07", "−53.93", "27,646.07", "2024 年 6 月 11 日收盘"):
        assert shown in text


@pytest.mark.usefixtures("client_id")
def test_every_figure_worked_out_leads_to_what_explains_it(browser: Browser) -> None:
    found = WHY.findall(browser.get("/").text)
    assert {"assets.total", "pnl.day.all", "pnl.year", "twr.year", "cash.available", ""} == {name for name, _ in found}
    assert {browser.get(unescape(address)).status_code for _, address in found} == {200}


def test_points_that_lapse_soon_and_the_tier_are_told(
    browser: Browser, database: Database, clock: Clock, client_id: int
) -> None:
    today = clock.at.date()
    earn(database, client_id, 2000, today + timedelta(days=42), clock.at)
    earn(database, client_id, 300, today + timedelta(days=400), clock.at)
    with database.writing() as db:
        tiers.grant(
            db, client_id=client_id, tier="gold", valid_from=today, valid_to=date(2027, 4, 1), basis={},
            decided_by="system", reason="test", now=clock.at,
        )  # fmt: skip
    text = browser.get("/").text
    for shown in ("2,300", "2,000 分 42 天后到期", "还有 42 天", "金卡", "至 2027-03-31"):
        assert re.search(rf"\b{shown}\b" if shown.isdigit() else re.escape(shown), text), shown


def test_without_anything_near_only_the_record_and_the_second_factor_are_to_do(
    browser: Browser, database: Database, clock: Clock, client_id: int
) -> None:
    earn(database, client_id, 300, clock.at.date() + timedelta(days=61), clock.at)
    text = browser.get("/").text
    assert "2 件" in text
    assert "补全我的资料" in text
    assert "开启动态验证码" in text
    assert "将要到期" not in text


@pytest.mark.usefixtures("client_id")
def test_it_speaks_english(browser: Browser) -> None:
    text = browser.get("/?lang=en").text
    assert "Good morning, 林甲." in text
    assert "For you to do" in text
