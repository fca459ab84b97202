"""The earning rules: read strictly, evaluated exactly, published once."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.points.earning import RULE_SETS
from portal.points.ruleset import TIERS, BadRules, award, read_rules

TEXT = (RULE_SETS / "2024.toml").read_text("utf-8")
RULES = read_rules(TEXT)
RULE = RULES.rules["commission"]


def test_gold_earns_one_and_a_half_points_a_yuan_and_the_fraction_is_carried():
    made = award(RULES, RULE, base=8632, tier="gold", carry=Fraction(37, 100))
    assert (made.exact, made.points, made.carry_after) == (Fraction("129.48"), 129, Fraction("0.85"))


@given(fills=st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(TIERS)), max_size=20), data=st.data())
def test_no_fen_is_lost_however_the_fills_are_cut_and_ordered(fills, data):
    exact = sum((Fraction(fen, 100) * RULES.tiers[tier] for fen, tier in fills), Fraction(0))
    carry, total = Fraction(0), 0
    for fen, tier in data.draw(st.permutations(fills)):
        made = award(RULES, RULE, base=fen, tier=tier, carry=carry)
        carry, total = made.carry_after, total + made.points
        assert 0 <= carry < 1
    assert total == exact // 1
    assert carry == exact % 1


@given(base=st.integers(1, 10**9), earned=st.integers(0, 300_000))
def test_caps_come_after_the_carry_and_what_they_cut_is_shown_not_carried(base, earned):
    made = award(RULES, RULE, base=base, tier="platinum", carry=Fraction(1, 2), earned_this_year=earned)
    assert made.points == min((made.exact + Fraction(1, 2)) // 1, 50_000, max(0, 200_000 - earned))
    assert made.points + made.cut + made.carry_after == made.exact + made.carry_before


def test_points_last_two_years_and_to_the_end_of_that_year():
    assert RULES.lapses_after(date(2026, 1, 1)) == date(2028, 12, 31)
    assert RULES.lapses_after(date(2026, 12, 31)) == date(2028, 12, 31)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("per = 100 ", "pre = 100 ", "rule[1].pre: unknown key"),
        ("per = 100 ", "per = 0 ", "per is above zero"),
        ("points = 1\n", "points = 1.5\n", "1.5 is a float"),
        ("points = 1\n", "points = true\n", "rule[1].points: True will not do"),
        ('gold = "3/2"', "gold = 1.5", "1.5 is a float"),
        ('gold = "3/2"', 'gold = "1.5"', "tiers.gold: '1.5' will not do"),
        ('gold = "3/2"', 'gold = "3/0"', "tiers.gold: '3/0' will not do"),
        ('gold = "3/2"', 'gold = "-3/2"', "tiers.gold: '-3/2' will not do"),
        ('gold = "3/2"\n', "", "tiers.gold: missing"),
        ('"floor_with_carry" ', '"half_up" ', "defaults.rounding: must be one of"),
        ('activate = "T+2" ', 'activate = "2 days" ', "defaults.activate: '2 days' will not do"),
        ("max_points_per_event = 50000", "max_points_per_event = 50000\nboost = 2", "defaults.boost: unknown key"),
        ("points = 129", "points = 130", "example[1]: gives 129 and carries 17/20"),
        ("schema = 1", "schema = 2", "schema: must be 1"),
        ("schema = 1", "schema =", "not TOML"),
        ('"2024-01-01" ', '"2026-02-30" ', "effective_from: '2026-02-30' will not do"),
        ('[[rule]]\nid = "commission"', '[rule]\nid = "commission"', "rule: must be a list of tables"),
    ],
)
def test_a_mistake_in_the_rules_is_refused_with_its_place(before, after, message):
    assert before in TEXT
    with pytest.raises(BadRules) as refused:
        read_rules(TEXT.replace(before, after, 1))
    assert message in str(refused.value)
