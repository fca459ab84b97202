"""The desk's pages of points: adjustments and earning rules as two members of staff meet them."""

import pytest

from portal import calendar, points
from portal.points.earning import RULE_SETS
from tests.points.parts import NOON as NOW
from tests.points.parts import new_client
from tests.visitors import post, sign_in_staff

PAGE, RULES = "/desk/adjustments", "/desk/points-rules"
CURRENT = (RULE_SETS / "2024.toml").read_text("utf-8")
NEXT = CURRENT.replace("version = 1", "version = 2").replace("2024-01-01", "2027-01-01")


@pytest.fixture
def client_no(database):
    with database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, NOW)
        client = new_client(db)
        return db.connection().exec_driver_sql(f"SELECT client_no FROM client WHERE id = {client}").scalar_one()


def test_points_are_given_and_taken_back_at_the_desk(browser, database, clock, client_no):
    sign_in_staff(browser, database, "周经办", clock.at)
    told = {"client_no": client_no, "points": "50", "reason": "goodwill", "public_text": "为等待致歉", "key": "k" * 20}
    for wrong in ({"points": "0"}, {"points": "1.5"}, {"reason": "undo"}, {"client_no": "99999999"}):
        refused = post(browser, PAGE, PAGE, **{**told, "staff_note": "", **wrong})
        assert refused.status_code == 422
        assert "为等待致歉" in refused.text
    for _ in range(2):
        assert post(browser, PAGE, PAGE, **told, staff_note="").status_code == 303
    shown = browser.get(PAGE).text
    assert shown.count("+50") == 1
    number = shown.split("/undoing")[0].rsplit("/", 1)[1]
    assert post(browser, PAGE, f"{PAGE}/{number}/undoing").status_code == 303
    assert "−50" in browser.get(PAGE).text
    assert "/undoing" not in browser.get(PAGE).text
    assert "已经撤销过" in post(browser, PAGE, f"{PAGE}/{number}/undoing").text


def test_rules_are_drafted_by_one_read_with_their_limits_and_published_by_another(browser, database, clock, client_no):
    sign_in_staff(browser, database, "周经办", clock.at)
    refused = post(browser, RULES, RULES, toml="version = ?\n# 我写了很久")
    assert refused.status_code == 422
    assert "我写了很久" in refused.text
    assert post(browser, RULES, RULES, toml=NEXT).status_code == 303
    shown = browser.get(RULES).text
    assert "从零开始" in shown
    assert "您起草的，须由他人公布" in shown
    assert post(browser, RULES, f"{RULES}/1/publication").status_code == 403
    sign_in_staff(browser, database, "吴复核", clock.at)
    assert "连同报告一起公布" in browser.get(RULES).text
    assert post(browser, RULES, f"{RULES}/1/publication").status_code == 303
    assert "规则第 2 版" in browser.get(RULES).text
    assert post(browser, RULES, f"{RULES}/1/publication").status_code == 422
