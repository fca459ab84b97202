"""The terms: two persons publish them, bars never meet, and a day is governed by one version."""

from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import tiers
from portal.tiers import publishing
from portal.tiers.terms import (
    HOUSE,
    BadTerms,
    Figures,
    Month,
    Service,
    anniversary,
    assured_until,
    differences,
    ends_after_notice,
    loyalty_points,
    quarter_end,
    read,
    ways_to,
    window,
)
from tests.tiers.house import NOW, furnish

FIRST = date(2027, 1, 1)


def changed(tier, measure, amount):
    body = deepcopy(HOUSE)
    body["bars"][tier][measure] = amount
    return body


def figures(assets, commission="0"):
    month = Month(date(2026, 10, 1), 1, Decimal(assets), Decimal(commission))
    return Figures(date(2025, 11, 1), date(2026, 10, 31), [month])


def house_terms():
    return read(HOUSE, id=1, valid_from=FIRST)


@pytest.mark.parametrize(
    ("assets", "commission", "tier"),
    [
        ("0", "0", "normal"),
        ("99999.99", "999.99", "normal"),
        ("100000.00", "0", "silver"),
        ("0", "1000.00", "silver"),
        ("499999.99", "4000.00", "gold"),
        ("2000000.00", "0", "platinum"),
        ("0", "10000.00", "platinum"),
    ],
)
def test_one_of_the_two_measures_is_enough_to_the_fen(assets, commission, tier):
    assert tiers.qualifying(house_terms(), figures(assets, commission)) == tier


def test_what_is_missing_to_gold_is_told_to_the_fen():
    assets, commission = ways_to(house_terms(), tiers.Tier.GOLD, figures("123456.78", "40"))
    assert (assets.missing, assets.percent) == (Decimal("376543.22"), Decimal("24.7"))
    assert (commission.missing, commission.percent) == (Decimal("3960.00"), Decimal("1.0"))


@pytest.mark.parametrize(
    ("tier", "measure", "amount", "refusal"),
    [
        ("gold", "assets", "100000.00", BadTerms.OVERLAPS),
        ("gold", "commission", "999.00", BadTerms.OVERLAPS),
        ("silver", "assets", "600000.00", BadTerms.OVERLAPS),
        ("silver", "assets", "0", BadTerms.NOT_A_NUMBER),
        ("silver", "assets", "many", BadTerms.NOT_A_NUMBER),
        ("silver", "assets", "NaN", BadTerms.NOT_A_NUMBER),
    ],
)
def test_thresholds_that_meet_or_are_no_amounts_are_refused(tier, measure, amount, refusal):
    assert read(changed(tier, measure, amount), id=1, valid_from=FIRST) is refusal


def test_the_window_is_whole_months():
    assert window(date(2026, 10, 31), 12) == (date(2025, 11, 1), date(2026, 10, 31))
    assert window(date(2026, 12, 31), 12) == (date(2026, 1, 1), date(2026, 12, 31))
    assert window(date(2026, 2, 28), 12) == (date(2025, 3, 1), date(2026, 2, 28))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 90))
def test_a_step_down_is_at_a_quarter_s_end_and_never_before_its_notice_is_over(day, notice):
    ends = ends_after_notice(day, notice)
    assert ends == quarter_end(ends)
    assert (ends - day).days >= notice
    assert assured_until(day, notice) >= ends


@pytest.mark.parametrize(
    ("opened", "day", "years"),
    [
        (date(2023, 11, 24), date(2026, 11, 24), 3),
        (date(2023, 11, 24), date(2026, 11, 23), 0),
        (date(2024, 2, 29), date(2027, 2, 28), 3),
        (date(2024, 2, 29), date(2028, 2, 29), 4),
        (date(2024, 2, 29), date(2028, 2, 28), 0),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
    ],
)
def test_a_year_is_complete_on_its_day(opened, day, years):
    assert anniversary(opened, day) == years


def test_the_steps_of_loyalty():
    assert [loyalty_points(house_terms(), years) for years in range(1, 8)] == [100, 200, 300, 200, 600, 200, 200]


def draft(database, body=HOUSE, valid_from=FIRST, author="staff:1"):
    with database.writing() as db:
        return publishing.draft(db, valid_from=valid_from, body=body, author=author, author_name="周", now=NOW)


def publish(database, number, approver="staff:2"):
    with database.writing() as db:
        return publishing.publish(db, number, approver=approver, approver_name="吴", now=NOW)


def test_two_persons_publish_terms_that_hold_from_their_day_on(database):
    furnish(database)
    number = draft(database, changed("gold", "assets", "600000.00"))
    assert publish(database, number, "staff:1") is BadTerms.SAME_PERSON
    assert publish(database, number) is True
    assert publish(database, number) is False
    with database.reading() as db:
        bars = [tiers.terms_on(db, day).bars["gold"].assets for day in (date(2026, 12, 31), FIRST)]
    assert bars == [Decimal("500000.00"), Decimal("600000.00")]


def test_no_two_versions_govern_the_same_day(database):
    furnish(database)
    assert draft(database, valid_from=date(2026, 11, 1)) is BadTerms.NOT_LATER  # today
    first, second = draft(database), draft(database)
    assert publish(database, first) is True
    assert publish(database, second) is BadTerms.NOT_LATER
    assert draft(database, changed("gold", "assets", "1.00"), date(2027, 6, 1)) is BadTerms.OVERLAPS


def test_the_table_says_who_gets_what_and_old_terms_have_the_house_s():
    assert house_terms().with_service(Service.FIRST) == [tiers.Tier.SILVER, tiers.Tier.GOLD, tiers.Tier.PLATINUM]
    old = {name: part for name, part in HOUSE.items() if name not in ("services", "minutes")}
    assert read(old, id=1, valid_from=FIRST) == read(HOUSE, id=1, valid_from=FIRST)
    assert house_terms().minutes == {"normal": 240, "silver": 120, "gold": 60, "platinum": 30}


def test_a_higher_tier_never_waits_longer_and_a_cell_is_one_of_five():
    assert read({**HOUSE, "minutes": {**HOUSE["minutes"], "gold": 121}}, id=1, valid_from=FIRST) is BadTerms.SLOWER
    services = {**HOUSE["services"], "team": {**HOUSE["services"]["team"], "silver": "perhaps"}}
    assert read({**HOUSE, "services": services}, id=1, valid_from=FIRST) is BadTerms.NOT_A_NUMBER


def test_what_a_draft_changes_is_listed_by_its_place():
    services = {**HOUSE["services"], "team": {**HOUSE["services"]["team"], "silver": "yes"}}
    assert differences(HOUSE, {**HOUSE, "services": services, "notice_days": 60}) == [
        ("notice_days", 30, 60), ("services.team.silver", "none", "yes"),
    ]  # fmt: skip


def test_published_terms_decide_who_has_a_team_who_goes_first_and_what_is_promised(database):
    furnish(database)
    services = {**HOUSE["services"], "team": {**HOUSE["services"]["team"], "silver": "yes"}}
    body = {**HOUSE, "services": services, "minutes": {**HOUSE["minutes"], "silver": 90}}
    with database.writing() as db:
        made = tiers.draft(db, valid_from=FIRST, body=body, author="staff:1", author_name="甲", now=NOW)
        assert tiers.publish(db, made, approver="staff:2", approver_name="乙", now=NOW) is True
    with database.reading() as db:
        for day, has, minutes in ((NOW.date(), False, 120), (FIRST, True, 90)):
            assert tiers.has_service(db, "silver", Service.TEAM, day) is has
            assert tiers.promised_minutes(db, "silver", day) == minutes
