"""The advice SMS needs a current, matching assessment when it is asked for and when it is decided."""

from datetime import timedelta

import pytest

from portal import products, suitability
from portal.redemptions import Refusal, State, approve
from portal.redemptions.queries import by_number
from tests.redemptions.house import NOW, furnish
from tests.suitability.sheets import BY_NAME, C3_SHEET, confirm, fill_in, submit
from tests.visitors import sign_in_staff

SENT = NOW - timedelta(minutes=20)


def assess(house, answers, *, at=SENT, confirmed=()):
    """Let the client answer, submit and confirm."""
    with house.database.writing() as db:
        suitability.seed_questionnaire(db, at)
    fill_in(house.database, house.client_id, answers, now=at, until=at + timedelta(minutes=5))
    number = submit(house.database, house.client_id, confirmed=confirmed, now=at + timedelta(minutes=5))
    assert isinstance(number, str), number
    assert confirm(house.database, house.client_id, number, now=at + timedelta(minutes=5)) == "effective"
    return number


def decide(house, number, now=NOW):
    with house.database.writing() as db:
        it = by_number(db, number)
        made = approve(db, it, seen=it.version, staff=house.handler, reason="checked", note="", now=now)
        return getattr(made, "state", made), it.checks


def test_with_a_matching_assessment_both_verdicts_stay_with_the_redemption(database):
    house = furnish(database)
    assessment = assess(house, C3_SHEET)
    number = house.ask("morning_sms")
    state, checks = decide(house, number)
    assert state == State.APPROVED
    kept = {"code": "matched", "risk_class": "R3", "level": "C3", "assessment": assessment, "valid_to": "2028-11-20"}
    assert (checks["suitability"], checks["suitability_at_approval"]) == (kept, kept)


@pytest.mark.parametrize(
    ("sheet", "refusal"),
    [
        (BY_NAME["p03_retired_saver"]["answers"], Refusal.ABOVE_LEVEL),
        ({**C3_SHEET, "product_intent": "B"}, Refusal.OTHER_KIND),
    ],
)
def test_what_does_not_match_is_refused_with_its_reason(database, sheet, refusal):
    house = furnish(database)
    assess(house, sheet)
    assert house.ask("morning_sms") is refusal
    assert house.ask("ipo_sms", key="i" * 16) == "DH-20261120-0001", "the lowest risk class needs no match"
    with database.reading() as db:
        from portal.suitability.queries import last_block

        assert (last_block(db, house.client_id) is not None) == (refusal is Refusal.ABOVE_LEVEL)


def test_an_assessment_that_ran_out_stops_the_request(database):
    house = furnish(database)
    assess(house, C3_SHEET, at=NOW - timedelta(days=800))
    assert house.ask("morning_sms") is Refusal.ASSESSMENT_EXPIRED


def test_a_level_that_fell_since_the_request_stops_the_approval_and_a_rejection_is_still_possible(database):
    house = furnish(database)
    assess(house, C3_SHEET)
    number = house.ask("morning_sms")
    assess(house, BY_NAME["p03_retired_saver"]["answers"], at=NOW)
    outcome, checks = decide(house, number, now=NOW + timedelta(minutes=10))
    assert outcome is Refusal.ABOVE_LEVEL
    assert "suitability_at_approval" not in checks


def test_staff_see_whose_service_no_longer_matches_and_why(browser, database, clock):
    house = furnish(database)
    assess(house, C3_SHEET)
    with database.writing() as db:
        plan = house.offer("morning_sms")
        products.start_subscription(
            db, client_id=house.client_id, item_version_id=plan.item_version_id, ref_type="t", ref_id="1", now=NOW
        )
        assert products.mismatches(db, NOW) == []
    clock.at = later = NOW + timedelta(days=1)
    assess(house, {**C3_SHEET, "product_intent": "B"}, at=later - timedelta(minutes=20))
    sign_in_staff(browser, database, "周经办", later)
    page = browser.get("/desk/questionnaires/mismatched").text
    assert suitability.VERDICTS[suitability.Code.OTHER_KIND] in page
    assert "王小满" not in page, "names stand masked on lists"
    with database.reading() as db:
        (found,) = products.mismatches(db, NOW + timedelta(days=80))
        assert (found.verdict.code, found.verdict.level) == (suitability.Code.OTHER_KIND, "C3")
