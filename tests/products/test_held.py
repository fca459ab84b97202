"""Securities above a client's risk level stand on the board of mismatches."""

import pytest

from portal import suitability
from portal.identity.models import User
from portal.products.held import held_above, risk_classes
from tests.feeds import days
from tests.visitors import sign_in_staff

PLACE = "/desk/questionnaires/mismatched"


def load(database, folder, level):
    """Load the first sample day with a client to whom the counter has given this level."""
    with database.writing() as db:
        suitability.seed_questionnaire(db, days.NOW)
    day = days.laid(folder) / days.FIRST
    days.edit(day, "client.csv", ",C3,", f",{level},")
    days.sign(day)
    assert days.load(database, day).state.value == "LOADED"


@pytest.mark.parametrize(("level", "above"), [("C2", [("C2", (("示例股甲", "600000", "R3"),))]), ("C3", [])])
def test_what_lies_above_the_level_is_named(database, tmp_path, level, above):
    load(database, tmp_path, level)
    with database.reading() as db:
        assert [(each.level, each.securities) for each in held_above(db, days.NOW)] == above


def test_staff_see_it_and_those_of_another_branch_do_not(browser, database, tmp_path, clock):
    clock.at = days.NOW
    load(database, tmp_path / "days", "C2")
    sign_in_staff(browser, database, "周经办", clock.at)
    page = browser.get(PLACE).text
    assert "600000 · R3" in page
    assert "甲测试" not in page, "names stand masked on lists"
    far = sign_in_staff(browser, database, "远方人", clock.at)
    with database.writing() as db:
        db.get_one(User, far).branch_no = "0999"
    assert "600000" not in browser.get(PLACE).text


def test_every_kind_of_the_feed_has_a_risk_class():
    assert set(risk_classes()) == {"STOCK", "ETF", "LOF", "BOND", "CB", "REPO", "MMF", "RIGHT", "IPO"}
