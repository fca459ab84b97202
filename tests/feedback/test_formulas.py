"""What votes amount to: hidden below ten, Wilson's interval, the net score, what is bad."""

from decimal import Decimal

import pytest

from portal.feedback.formulas import LEAST, Survey, half_year, is_bad, median, on_scale, result, wilson


def test_below_ten_votes_there_is_no_result():
    assert LEAST == 10
    assert result(Survey.CSAT, {5: 9}) is None
    assert result(Survey.CSAT, {5: 10}).n == 10


@pytest.mark.parametrize(
    ("hits", "n", "percent", "low", "high"),
    [(0, 10, "0.0", "0.0", "27.8"), (10, 10, "100.0", "72.2", "100.0"), (5, 10, "50.0", "23.7", "76.3"),
     (81, 263, "30.8", "25.5", "36.6")],
)  # fmt: skip
def test_wilson_s_interval_is_the_published_one(hits, n, percent, low, high):
    # 81 of 263: 25.5 to 36.6 %, Newcombe 1998, table I, method 3.
    found = wilson(hits, n)
    assert (found.percent, found.low, found.high) == (Decimal(percent), Decimal(low), Decimal(high))


def test_the_net_score_is_promoters_less_detractors():
    found = result(Survey.NPS, {10: 6, 9: 1, 8: 1, 7: 1, 6: 2, 0: 1})
    assert (found.n, found.net) == (12, found.good.percent - found.bad.percent)
    assert (found.good.percent, found.bad.percent) == (Decimal("58.3"), Decimal("25.0"))


def test_each_survey_has_its_own_scale_and_its_own_bad_end():
    assert [on_scale(Survey.CSAT, n) for n in (0, 1, 5, 6)] == [False, True, True, False]
    assert [on_scale(Survey.NPS, n) for n in (0, 10, 11)] == [True, True, False]
    assert [is_bad(Survey.CSAT, 2), is_bad(Survey.CSAT, 3), is_bad(Survey.NPS, 6), is_bad(Survey.NPS, 7)] == [
        True, False, True, False,
    ]  # fmt: skip


def test_halves_and_medians():
    from datetime import date

    assert (half_year(date(2026, 6, 30)), half_year(date(2026, 7, 1))) == ("2026H1", "2026H2")
    assert (median([]), median([3, 1, 2]), median([4, 1, 3, 2])) == (None, 2, 2)
