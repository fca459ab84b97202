from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.suitability.rules import (
    Code,
    Refusal,
    Standing,
    age_on,
    attempt_refusal,
    days_to_remind,
    draft_refusal,
    last_day,
    verdict,
)

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
C3 = Standing(
    "CP-1", "C3", False, "portal", NOW, date(2028, 11, 20), ("R1", "R2", "R3"), 12, ("cash", "fixed_income", "equity")
)
RULES = {"max_attempts_per_day": 2, "max_attempts_per_rolling_12_months": 8}


@pytest.mark.parametrize(
    ("standing", "asked", "code"),
    [
        (None, {"risk_class": "R1"}, Code.NEEDS_ASSESSMENT),
        (C3, {"risk_class": "R3"}, Code.MATCHED),
        (C3, {"risk_class": "R4"}, Code.ABOVE_LEVEL),
        (replace(C3, lowest_class=True, allowed=("R1",)), {"risk_class": "R2"}, Code.LOWEST_CLASS),
        (replace(C3, lowest_class=True, allowed=("R1",)), {"risk_class": "R1"}, Code.MATCHED),
        (C3, {"risk_class": "R3", "term_months": 12}, Code.MATCHED),
        (C3, {"risk_class": "R3", "term_months": 13}, Code.BEYOND_HORIZON),
        (replace(C3, horizon_months=None), {"risk_class": "R3", "term_months": 120}, Code.MATCHED),
        (C3, {"risk_class": "R3", "product_class": "equity"}, Code.MATCHED),
        (C3, {"risk_class": "R3", "product_class": "leveraged"}, Code.OTHER_KIND),
        (replace(C3, classes=None), {"risk_class": "R3", "product_class": "leveraged"}, Code.MATCHED),
        (replace(C3, valid_to=TODAY - timedelta(1)), {"risk_class": "R1"}, Code.ASSESSMENT_EXPIRED),
        (replace(C3, valid_to=TODAY), {"risk_class": "R1"}, Code.MATCHED),
    ],
)
def test_what_matches_is_decided_by_level_then_horizon_then_kind(standing, asked, code):
    assert verdict(standing, TODAY, **asked).code is code


def test_an_assessment_holds_for_so_many_months_its_last_day_included():
    assert last_day(date(2026, 11, 20), 24) == date(2028, 11, 20)
    assert last_day(date(2028, 2, 29), 12) == date(2029, 2, 28)


def test_a_third_time_on_one_day_and_a_ninth_within_a_year_are_refused():
    assert attempt_refusal([TODAY], TODAY, RULES) is None
    assert attempt_refusal([TODAY, TODAY], TODAY, RULES) is Refusal.TOO_OFTEN_TODAY
    spread = [TODAY - timedelta(40 * n) for n in range(1, 9)]
    assert attempt_refusal(spread, TODAY, RULES) is Refusal.TOO_OFTEN
    assert attempt_refusal(spread[1:], TODAY, RULES) is None
    assert attempt_refusal([date(2025, 11, 20)] * 8, TODAY, RULES) is None  # a year ago to the day


def test_a_draft_lapses_72_hours_after_its_last_answer():
    assert draft_refusal(NOW, NOW + timedelta(hours=72, seconds=-1), 72) is None
    assert draft_refusal(NOW, NOW + timedelta(hours=72), 72) is Refusal.DRAFT_LAPSED


def test_age_counts_full_years():
    assert age_on(date(2008, 11, 20), TODAY) == 18
    assert age_on(date(2008, 11, 21), TODAY) == 17


@pytest.mark.parametrize(("left", "due"), [(31, None), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)])
def test_reminders_come_thirty_seven_and_one_day_before_the_last(left, due):
    assert days_to_remind(TODAY + timedelta(left), TODAY, (30, 7, 1)) == due
