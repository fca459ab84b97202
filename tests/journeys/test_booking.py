"""A visitor without an account books on a telephone without scripts; staff lead him up to the call-back."""

import json
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import House

HANDLER, REVIEWER, WITNESS = "周经办", "吴复核", "方见证"
PHONE, NAME = "13800000299", "卢小雨"
ARRIVES_WITHIN = 40  # seconds


@pytest.fixture
def phone(house: House, chromium: Browser) -> Iterator[Page]:
    made = chromium.new_context(
        base_url=house.address, locale="zh-CN", java_script_enabled=False, viewport={"width": 375, "height": 812}
    )
    yield made.new_page()
    made.close()


def desk(house: House, chromium: Browser, name: str) -> Page:
    made = chromium.new_context(base_url=house.address, locale="zh-CN", java_script_enabled=False)
    made.add_cookies([{"name": "session", "value": house.session(name), "url": house.address}])
    return made.new_page()


def test_from_a_telephone_to_the_call_back(house: House, chromium: Browser, phone: Page) -> None:
    phone.goto("/bookings")
    phone.locator("form.acts button").last.click()
    phone.get_by_role("textbox", name="姓名").fill(NAME)
    phone.get_by_role("textbox", name="手机号").fill(PHONE)
    phone.get_by_label("同意为这次预约使用我的姓名和手机号").check()
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_label("短信里的 6 位数字").fill(code(house))
    phone.get_by_role("button", name="确认预约").click()
    expect(phone.locator("main")).to_contain_text("第 2 步，共 7 步")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    link, number = phone.url, re.findall(r"KH-\d{8}-\d{4}", phone.locator(".head").inner_text())[0]

    phone.get_by_role("link", name="现在填").click()
    for question in phone.locator("fieldset").all():
        question.locator("input").last.check()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    phone.get_by_role("button", name="保存答案").click()
    expect(phone.locator("main")).to_contain_text("风险测评已填好")

    handler = desk(house, chromium, HANDLER)
    handler.goto(f"/desk/bookings/{number}")
    for box in handler.locator("input[type=checkbox]").all():
        box.check()
    handler.get_by_label("证件号码").fill("99000019950606002X")
    handler.get_by_label("证件有效期至").fill("2036-06-30")
    handler.get_by_role("button", name="预审通过").click()
    handler.get_by_label("见证人").select_option(label=WITNESS)
    handler.get_by_label("柜台系统给出的客户号").fill("6600029999")
    handler.get_by_role("button", name="送复核").click()
    expect(handler.locator(".pane")).to_contain_text("经办人和见证人不能复核自己的件")

    reviewer = desk(house, chromium, REVIEWER)
    reviewer.goto(f"/desk/bookings/{number}")
    reviewer.get_by_role("button", name="复核通过").click()

    phone.goto(link)
    phone.get_by_role("link", name="阅读并签署确认书").click()
    phone.get_by_label("写下您的全名，作为签名").fill(NAME)
    phone.get_by_label("我已逐条阅读，并且同意").check()
    phone.get_by_role("button", name="签署").click()
    expect(phone.locator(".clock")).to_contain_text("已签署，待回访")

    handler.goto(f"/desk/bookings/{number}")
    expect(handler.locator(".pane")).to_contain_text("台账还没有登记")
    line = handler.locator("details", has_text="照纸质材料登记台账")
    line.get_by_label("姓名").fill(NAME)
    line.get_by_label("手机号").fill(PHONE)
    line.get_by_label("客户号").fill("6600029999")
    line.get_by_role("button", name="登记").click()
    expect(handler.locator(".pane")).to_contain_text("当天的台账还没有交到登记岗")

    reviewer.goto(f"/desk/bookings/{number}")
    reviewer.get_by_role("link", name=re.compile("回访 HF-")).click()
    expect(reviewer.locator(".pane")).to_contain_text("须由第三个人打")
    reviewer.goto("/desk/bookings/relations")
    expect(reviewer.locator("main")).to_contain_text(number)
    for page in (handler, reviewer):
        page.context.close()


def code(house: House) -> str:
    journal = house.home / "demo" / "messages.jsonl"
    for _ in range(ARRIVES_WITHIN):
        lines = [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []
        mine = [line["text"] for line in lines if line["to"].endswith(PHONE)]
        if mine:
            return re.findall(r"\d{6}", mine[-1])[0]
        time.sleep(1)
    raise AssertionError(f"no code arrived: {house.log()}")
