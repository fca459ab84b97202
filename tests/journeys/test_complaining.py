"""A complaint, end to end: filed, taken on, answered, accepted, turned into an improvement that the client is told of.

Played in Chromium on a telephone with scripts on SQLite, and without scripts on PostgreSQL.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import House

CLIENT, HANDLER = "李银川", "周经办"
TEXT = "11 月 18 日上午在人民路营业部，排队一个多小时，没有人说明原因。"
CHANGED = "即日起，检修安排在收市以后，并提前三天公告。"


@pytest.fixture(params=[("sqlite", True), ("postgresql", False)], ids=["with scripts", "without scripts"])
def played(request: pytest.FixtureRequest) -> tuple[House, bool]:
    where, scripts = request.param
    return request.getfixturevalue(f"{where}_house"), scripts


@contextmanager
def at(house: House, chromium: Browser, who: str, *, scripts: bool, width: int) -> Iterator[Page]:
    view = {"width": width, "height": 812}
    made = chromium.new_context(base_url=house.address, locale="zh-CN", java_script_enabled=scripts, viewport=view)
    made.set_default_timeout(20_000)
    made.add_cookies([{"name": "session", "value": house.session(who), "url": house.address}])
    yield made.new_page()
    made.close()


def test_from_a_complaint_to_what_the_firm_has_changed(played: tuple[House, bool], chromium: Browser) -> None:
    house, scripts = played
    client = at(house, chromium, CLIENT, scripts=scripts, width=375)
    desk = at(house, chromium, HANDLER, scripts=scripts, width=1280)
    with client as phone, desk as staff:
        number = files(phone)
        takes_on_and_answers(staff, number)
        accepts(phone, number)
        improves(staff, number)
        phone.goto(f"/voice/{number}")
        expect(phone.locator("main")).to_contain_text(CHANGED)
        expect(phone.locator("main")).not_to_contain_text("怎么改是内部的事")
        phone.goto("/inbox")
        expect(phone.locator("main")).to_contain_text(f"因 {number} 我们改进了")


def files(phone: Page) -> str:
    phone.goto("/voice")
    phone.get_by_role("link", name=re.compile("投诉")).first.click()
    phone.get_by_label("题目").fill("排队太久")
    phone.get_by_role("button", name="交给我们").click()  # half filled in: said at the fields, nothing lost
    expect(phone.get_by_role("alert")).to_be_visible()
    expect(phone.get_by_label("题目")).to_have_value("排队太久")
    phone.get_by_label("这是").select_option("complaint")
    phone.get_by_label("关于").select_option("service")
    phone.get_by_label("经过").fill(TEXT)
    phone.get_by_role("button", name="交给我们").click()
    expect(phone.locator(".clock .big")).to_have_text("已收到，待受理")
    return phone.url.rsplit("/", 1)[1]


def takes_on_and_answers(staff: Page, number: str) -> None:
    staff.goto(f"/desk/voice/{number}")
    staff.get_by_role("button", name="领取").click()
    staff.get_by_label("轻重").first.select_option("normal")
    staff.get_by_label("关于").first.select_option("service")
    staff.get_by_label("客户会读到这些话").fill("您好，我来核实当天的排队情况。")
    staff.get_by_role("button", name="受理").click()
    staff.get_by_label("客户会读到这些话").fill("当天设备检修没有提前公告，向您致歉。")
    staff.get_by_role("button", name="书面答复").click()
    expect(staff.get_by_role("alert")).to_be_visible()  # what was found is not said yet
    staff.get_by_label("核实结果").select_option("founded")
    staff.get_by_label("原因").first.select_option("process")
    staff.get_by_role("button", name="书面答复").click()
    expect(staff.locator(".pane")).to_contain_text("已答复，待您确认")


def accepts(phone: Page, number: str) -> None:
    phone.goto(f"/voice/{number}")
    expect(phone.locator("main")).to_contain_text("当天设备检修没有提前公告，向您致歉。")
    phone.get_by_role("button", name="满意，办结").click()
    expect(phone.locator(".clock .big")).to_have_text("已办结")


def improves(staff: Page, number: str) -> None:
    staff.goto(f"/desk/voice/{number}/follow")
    staff.get_by_label("要改进什么").fill(f"检修错开高峰 {number}")
    staff.get_by_label("原因").select_option("process")
    staff.get_by_label("怎么改（内部）").fill("怎么改是内部的事")
    staff.get_by_label("完成日期").fill("2099-12-31")
    staff.get_by_role("button", name="开一件改进").click()
    task = staff.locator("li", has_text=f"检修错开高峰 {number}")
    expect(task).to_contain_text(f"{HANDLER} 负责")
    task.get_by_text("做完了，告知提意见的客户").click()
    task.get_by_label("改了什么（客户会读到）").fill(CHANGED)
    task.get_by_role("button", name="完成并告知").click()
    expect(staff.locator("li", has_text=f"检修错开高峰 {number}")).to_contain_text("已完成")
