"""Terms of a subscription, and the words of a plan."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import products
from portal.products.rules import last_day


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2026-11-24", 3, "2027-02-23"),
        ("2026-11-30", 3, "2027-02-27"),
        ("2026-12-01", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-28"),
        ("2026-11-24", 12, "2027-11-23"),
        ("2028-02-29", 12, "2029-02-27"),
    ],
)
def test_a_term_ends_on_the_day_before_the_same_day(first: str, months: int, last: str) -> None:
    assert last_day(date.fromisoformat(first), months) == date.fromisoformat(last)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 36))
def test_a_later_start_never_ends_sooner_and_a_month_has_its_days(first: date, months: int) -> None:
    end = last_day(first, months)
    assert end <= last_day(first + timedelta(days=1), months)
    assert 28 * months <= (end - first).days + 1 <= 31 * months


@pytest.mark.parametrize("plan", [p for p in products.plans() if p.kind == "sms"], ids=lambda plan: plan.code)
def test_a_welcome_names_its_last_day_and_fits_one_chinese_message(plan: products.Plan) -> None:
    said = plan.welcome("zh", date(2027, 2, 23))
    assert plan.name_zh in said
    assert "有效期至2027-02-23" in said
    assert len("【青衡证券】" + said) <= 70
    assert f"{plan.name_en} is on until 2027-02-23" in plan.welcome("en", date(2027, 2, 23))


def test_advice_and_bundles_need_the_questionnaire() -> None:
    assert [plan.code for plan in products.plans() if plan.needs_assessment] == [
        "morning_sms", "industry_sms", "bonds_sms", "commission_quarter", "commission_year",
    ]  # fmt: skip


def test_the_hash_covers_every_word_of_a_plan() -> None:
    plan = products.plans()[0]
    assert plan.sha256 == replace(plan).sha256
    assert plan.sha256 != replace(plan, welcome_en="Welcome").sha256
    assert plan.sha256 != replace(plan, points=201).sha256
