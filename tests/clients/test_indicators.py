"""The list of indicators and the score: hand-worked values, and what holds for every client."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clients import CORE_KEYS
from portal.clients.indicators import (
    Edit,
    Held,
    applies,
    by_key,
    completeness,
    every,
    freshness,
    is_stale,
    months_after,
)

TODAY = date(2026, 11, 24)
COUNTED = [each for each in every() if each.is_acted_on]


def held(*keys: str, as_of: date = TODAY, **told: str) -> dict[str, Held]:
    return {key: Held("x", as_of) for key in keys} | {key: Held(value, as_of) for key, value in told.items()}


def test_the_list_holds_109_indicators_of_weight_140_in_four_groups() -> None:
    assert len(every()) == len(by_key()) == 109
    assert sum(each.weight for each in every()) == 140
    sizes = {"personal": 39, "account": 28, "service": 24, "category": 18}
    assert {group: sum(each.group == group for each in every()) for group in sizes} == sizes
    rights = {right: sum(each.edit is right for each in every()) for right in Edit}
    assert rights == {Edit.YES: 25, Edit.REVIEW: 17, Edit.NO: 67}


def test_the_core_keeps_what_the_feed_may_bring() -> None:
    assert {each.key for each in every() if each.is_core} == CORE_KEYS


def test_what_tips_off_is_never_for_the_client() -> None:
    hidden = {each.key for each in every() if not each.is_for_client}
    assert hidden >= {"aml_rating", "pep_flag", "churn_risk", "churn_reason", "lifecycle_stage", "ethnic_group"}
    assert not any(each.is_acted_on for each in every() if not each.is_for_client)


def test_an_empty_record_scores_nothing_and_the_heaviest_come_first() -> None:
    score = completeness({}, TODAY)
    assert (score.percent, score.possible) == (0, 70)
    assert [each.indicator.key for each in score.steps] == ["name", "id_number", "mobile"]


def test_a_score_worked_by_hand() -> None:
    # name 5 + mobile 5 + e-mail 2 = 12 whole; home address 3 and occupation 3 two years and a day old = 3: 15 of 70
    old = months_after(TODAY, -24) - timedelta(days=1)
    known = held("name", "mobile", "email") | held("address_home", "occupation", as_of=old)
    score = completeness(known, TODAY)
    assert (score.reached, score.percent) == (15, 21)  # 1500 / 70 = 21.4


def test_two_years_to_the_day_are_still_fresh() -> None:
    address = by_key()["address_home"]
    assert not is_stale(address, date(2024, 11, 24), TODAY)
    assert is_stale(address, date(2024, 11, 23), TODAY)
    assert freshness(address, Held("x", date(2024, 11, 23)), TODAY) == Fraction(1, 2)


def test_an_expired_document_takes_all_its_lines_to_nothing_the_day_after() -> None:
    lines = ("id_type", "id_number", "id_valid_from", "id_address")
    valid = completeness(held(*lines, id_valid_to="20261124"), TODAY)
    expired = completeness(held(*lines, id_valid_to="20261123"), TODAY)
    assert (valid.reached, expired.reached) == (3 + 5 + 1 + 1 + 4, 0)


def test_a_foreign_tax_number_concerns_only_who_is_resident_elsewhere() -> None:
    tin = by_key()["foreign_tin"]
    assert not applies(tin, held(tax_residency="china_only"), TODAY, None)
    assert applies(tin, held(tax_residency="both"), TODAY, None)


@pytest.mark.parametrize(("born", "asked"), [(date(1961, 11, 24), True), (date(1961, 11, 25), False)])
def test_a_trusted_contact_is_asked_for_from_the_65th_birthday(born: date, asked: bool) -> None:
    assert applies(by_key()["trusted_contact"], {}, TODAY, born) is asked


keys = st.sets(st.sampled_from([each.key for each in COUNTED if each.key != "id_valid_to"]))
days = st.dates(date(2000, 1, 1), TODAY)


@given(keys, days)
def test_the_score_is_within_its_bounds_and_100_means_all(chosen: set[str], as_of: date) -> None:
    score = completeness(held(*chosen, as_of=as_of), TODAY)
    assert 0 <= score.percent <= 100
    assert (score.percent == 100) == (not score.steps)


@given(keys, days, st.sampled_from([each.key for each in COUNTED if each.key != "id_valid_to"]))
def test_one_more_value_never_lowers_the_score(chosen: set[str], as_of: date, one_more: str) -> None:
    known = held(*chosen - {one_more}, as_of=as_of)
    before = completeness(known, TODAY).reached
    assert completeness(known | held(one_more), TODAY).reached > before


@given(keys, days)
def test_doing_the_best_step_brings_its_gain_and_no_other_step_would_bring_more(chosen: set[str], as_of: date) -> None:
    known = held(*chosen, as_of=as_of)
    score = completeness(known, TODAY)
    if score.steps and score.steps[0].indicator.key != "id_valid_to":
        best = score.steps[0]
        assert best.gain == max(each.gain for each in score.counted)
        done = completeness(known | held(best.indicator.key), TODAY)
        assert done.reached - score.reached == best.gain


@given(st.dates(date(1900, 1, 1), date(2090, 12, 31)), st.integers(-240, 900))
def test_months_later_is_the_same_day_or_the_month_s_last(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
