"""The risk questionnaire, end to end: a client without a level answers, confirms, and may then have the advice SMS.

Played in Chromium with scripts and without, on SQLite and on PostgreSQL, each time by another client.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.demo.assessments import STEADY
from tests.journeys.conftest import House


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def context(house: House, chromium: Browser, scripts: bool) -> Iterator[BrowserContext]:
    phone = {"width": 375, "height": 812}
    made = chromium.new_context(base_url=house.address, locale="zh-CN", java_script_enabled=scripts, viewport=phone)
    made.set_default_timeout(10_000)
    yield made
    made.close()


def test_a_client_answers_is_asked_once_more_and_confirms(house: House, context: BrowserContext, scripts: bool) -> None:
    name = "王小满" if scripts else "陈金波"
    context.add_cookies([{"name": "session", "value": house.session(name), "url": house.address}])
    page = context.new_page()
    page.goto("/redemptions")
    if scripts:
        expect(page.locator(".cat")).to_contain_text("需要先做风险测评")
    page.goto("/questionnaire")
    page.get_by_role("button", name=re.compile("开始测评|重新测评")).click()
    answer_all(page)

    expect(page).to_have_url(re.compile("/questionnaire/check"))
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="提交问卷").click()
    expect(page.get_by_role("alert")).to_contain_text("再确认")  # answered within a minute: does he mean it?
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="提交问卷").click()

    expect(page).to_have_url(re.compile("/questionnaire/results/CP-"))
    expect(page.get_by_role("heading", level=1)).to_have_text("C3 稳健型")
    page.get_by_role("button", name="确认结果").click()
    expect(page.get_by_role("alert")).to_contain_text("请先勾选")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="确认结果").click()
    expect(page.locator("main")).to_contain_text("您确认了结果")
    page.goto("/questionnaire/products")
    expect(page.locator("main")).to_contain_text("早盘资讯短信")
    assert "unbroken" in house.portal("suitability", "verify")


def test_staff_look_at_a_held_result(house: House, chromium: Browser, scripts: bool) -> None:
    context = chromium.new_context(base_url=house.address, locale="zh-CN", java_script_enabled=scripts)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "session", "value": house.session("周经办"), "url": house.address}])
    page = context.new_page()
    page.goto("/desk/questionnaires")
    if not scripts:  # it was decided the first time round
        page.get_by_role("link", name="已办").click()
        expect(page.locator("main")).to_contain_text("等客户确认")
        context.close()
        return
    page.get_by_role("link", name=re.compile("审核 CP-")).first.click()
    page.get_by_role("button", name="领取").click()
    page.get_by_role("button", name="核实通过").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择理由")
    page.get_by_label("理由").select_option("called_back")
    page.get_by_role("button", name="核实通过").click()
    expect(page.get_by_role("alert")).to_contain_text("须先有一次通过的回访")
    page.get_by_label("理由").select_option("evidence_seen")
    page.get_by_role("button", name="核实通过").click()
    expect(page.locator(".pane")).to_contain_text("已看过证明材料")
    context.close()


def answer_all(page: Page) -> None:
    for letters in STEADY:
        shown = page.url.rsplit("/", 1)[1]
        for key in letters:
            chosen = f'input[name="{shown}"][value="{key}"], input[name="{shown}.{key}"]'
            page.locator(chosen).check()
        page.get_by_role("button", name="下一题").click()
        page.wait_for_url(lambda url, shown=shown: not url.endswith(shown))
