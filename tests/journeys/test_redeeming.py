"""The main job, end to end: a client looks, asks for a plan; staff decide; the SMS arrives, and the points are spent.

Played in Chromium with scripts and without, on SQLite and on PostgreSQL, each time by another client.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.demo.cast import PASSWORD
from tests.journeys.conftest import House

HANDLER, REVIEWER = "周经办", "吴复核"
PLAN, PRICE = "账户变动短信", 200
ARRIVES_WITHIN = 90  # seconds: half a minute to take the approval back, then the worker and the gateway


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def context(house: House, chromium: Browser, scripts: bool) -> Iterator[BrowserContext]:
    with opened(house, chromium, scripts=scripts) as made:
        yield made


@contextmanager
def opened(house: House, chromium: Browser, *, scripts: bool) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=house.address, locale="zh-CN", java_script_enabled=scripts)
    made.set_default_timeout(10_000)
    yield made
    made.close()


def test_points_become_an_sms(house: House, chromium: Browser) -> None:
    # Two clients, one with scripts and one without: both approvals wait through the same half minute.
    with opened(house, chromium, scripts=True) as one, opened(house, chromium, scripts=False) as other:
        players = (("李银川", one, True), ("白景云", other, False))
        asked = [is_asked_and_decided(house, chromium, *player) for player in players]
        for name, context, page, number, left in asked:
            arrives(house, context, name)
            is_fulfilled(page, number)
            assert available(page) == left
            page.get_by_role("button", name=re.compile("退出")).first.click()
            page.goto("/redemptions")
            expect(page).to_have_url(re.compile("/signin"))


def is_asked_and_decided(
    house: House, chromium: Browser, name: str, context: BrowserContext, scripts: bool
) -> tuple[str, BrowserContext, Page, str, int]:
    page = context.new_page()
    sign_in(house, page, name)
    looks_around(page)
    before = available(page)
    number = asks_for(page, PLAN)
    assert available(page) == before - PRICE
    with opened(house, chromium, scripts=scripts) as staff:
        staff.add_cookies([{"name": "session", "value": house.session(HANDLER), "url": house.address}])
        is_decided(staff.new_page(), number)
    page.goto(f"/redemptions/{number}")
    expect(page.locator("main")).to_contain_text(HANDLER)
    return name, context, page, number, before - PRICE


def test_a_request_that_is_withdrawn_gives_its_points_back(
    house: House, context: BrowserContext, scripts: bool
) -> None:
    page = context.new_page()
    name = "白景云" if scripts else "李银川"
    context.add_cookies([{"name": "session", "value": house.session(name), "url": house.address}])
    before = available(page)
    number = asks_for(page, "新股申购提醒")
    assert available(page) == before - 300
    page.goto(f"/redemptions/{number}")
    page.get_by_role("button", name="撤回申请").click()
    expect(page.locator(".clock .big")).to_have_text("已撤回")
    assert available(page) == before


def test_nobody_sees_what_is_another_s(house: House, context: BrowserContext) -> None:
    owner = context.new_page()
    context.add_cookies([{"name": "session", "value": house.session("白景云"), "url": house.address}])
    number = asks_for(owner, "新股申购提醒")
    context.clear_cookies()
    context.add_cookies([{"name": "session", "value": house.session("郑旁观"), "url": house.address}])
    for path in (f"/redemptions/{number}", f"/desk/redemptions/{number}", "/desk", "/desk/clients/6600010004"):
        answer = owner.goto(path)
        assert answer is not None
        assert answer.status == 404, path
    context.clear_cookies()
    context.add_cookies([{"name": "session", "value": house.session("白景云"), "url": house.address}])
    owner.goto(f"/redemptions/{number}")
    owner.get_by_role("button", name="撤回申请").click()


def sign_in(house: House, page: Page, name: str) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/signin"))
    page.get_by_label("用户名").fill(house.user_name(name))
    page.get_by_label("密码").fill("not the password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("不对")
    expect(page.get_by_label("用户名")).to_have_value(house.user_name(name))
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("6 位验证码").fill(house.code(name))
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/$"))


def looks_around(page: Page) -> None:
    for place, heading in (("持仓", "持仓"), ("账单", "账单"), ("积分", "积分")):
        page.get_by_role("navigation", name="主导航").get_by_role("link", name=place).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def available(page: Page) -> int:
    page.goto("/redemptions")
    return int(page.locator(".lead .big").first.inner_text().replace(",", ""))


def asks_for(page: Page, plan: str) -> str:
    page.goto("/redemptions")
    page.get_by_role("link", name=f"兑换 {plan}").click()
    page.get_by_role("button", name="确认兑换").click()
    expect(page).to_have_url(re.compile("/redemptions/DH-"))
    return page.url.rsplit("/", 1)[1]


def is_decided(desk: Page, number: str) -> None:
    desk.goto("/desk/redemptions")
    desk.get_by_role("link", name=re.compile(f"审核 {number}")).click()
    desk.get_by_role("button", name="领取").click()
    expect(desk.locator(".pane")).to_contain_text(f"{HANDLER} 领取")
    desk.get_by_role("button", name="批准").click()
    expect(desk.locator(".pane")).to_contain_text("已批准")


def is_fulfilled(page: Page, number: str) -> None:
    # The telephone may have the message before the gateway's answer to us is written down.
    for _ in range(20):
        page.goto(f"/redemptions/{number}")
        if page.locator(".clock .big").inner_text() == "已完成":
            return
        time.sleep(1)
    expect(page.locator(".clock .big")).to_have_text("已完成")


def arrives(house: House, context: BrowserContext, name: str) -> None:
    phone = context.new_page()
    for _ in range(ARRIVES_WITHIN):
        phone.goto(f"/demo/phone/{name}")
        if PLAN in phone.locator("main").inner_text():
            return
        time.sleep(1)
    raise AssertionError(f"no SMS on {name}'s telephone: {house.log()}")
