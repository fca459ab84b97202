"""What a span of days brought: vectors worked by hand, and an oracle that keeps the account as a fund with units."""

from datetime import date, timedelta
from decimal import Decimal as D
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from portal.holdings import performance
from portal.holdings.performance import Close, Span
from portal.kit.money import rounded

FIRST = date(2026, 3, 2)


def span(*days: tuple[str, str], before: str | None = None) -> Span:
    """Make a span of (assets, flow) on days that follow each other."""
    closes = [Close(FIRST + timedelta(days=n), D(assets), D(flow)) for n, (assets, flow) in enumerate(days)]
    return Span(Close(FIRST - timedelta(days=1), D(before)) if before else None, closes)


def test_money_moved_in_and_out_is_no_result() -> None:
    year = span(("1100", "0"), ("2310", "1000"), ("1310", "-1000"), before="1000")
    assert performance.profit(year, "pnl.year/1").value == D("310")


def test_a_return_chains_days_and_takes_flows_out() -> None:
    # 1000 → 1100 is 10 %; 1000 come in, 2100 at work, 2310 is 10 %; 231 go out at the end of a day that lost 10 %.
    year = span(("1100", "0"), ("2310", "1000"), ("1848", "-231"), before="1000")
    assert rounded(performance.time_weighted(year, "twr.year/1").value, 4) == D("8.9000")


def test_the_first_day_stands_on_what_was_taken_over() -> None:
    year = span(("31000", "30900"), ("30946.07", "0"))
    assert performance.profit(year, "pnl.year/1").value == D("46.07")
    assert rounded(performance.time_weighted(year, "twr.year/1").value, 6) == D("0.149094")


def test_the_drawdown_is_that_of_the_return_and_names_its_days() -> None:
    # Index 1.1, 0.99, 0.88, 1.1: from 1.1 to 0.88 is −20 %. A withdrawal on the last day is no fall.
    year = span(("1100", "0"), ("990", "0"), ("880", "0"), ("600", "-500"), before="1000")
    deepest = performance.drawdown(year)
    assert deepest
    assert (deepest.depth.value, deepest.since, deepest.until) == (D("-20"), FIRST, FIRST + timedelta(days=2))


def test_a_year_that_never_fell_has_no_drawdown() -> None:
    assert performance.drawdown(span(("1000", "0"), ("1100", "0"), before="1000")) is None


def test_an_account_that_was_not_reported_stands_as_it_last_did() -> None:
    monday, tuesday = FIRST, FIRST + timedelta(days=1)
    both = performance.merged([[Close(monday, D(10)), Close(tuesday, D(11))], [Close(monday, D(5), D(5))]])
    assert both == [Close(monday, D(15), D(5)), Close(tuesday, D(16), D(0))]


def test_months_join_without_a_gap() -> None:
    days = [(str(1000 + n), "0") for n in range(60)]
    year = span(*days, before="900")
    parts = performance.months(year)
    assert [part.days[0].on.month for part in parts] == [3, 4]
    assert sum(performance.profit(part, "pnl.month/1").value for part in parts) == D(159)


DAYS = st.lists(
    st.tuples(st.integers(-60, 60), st.one_of(st.just(0), st.integers(-40, 900))), min_size=1, max_size=30
)  # a day's move in percent; then money in (yuan) or, below zero, the percent that is taken out at its end


@given(DAYS, st.integers(1, 100000))
def test_return_result_and_drawdown_are_those_of_a_fund_with_units(days: list[tuple[int, int]], start: int) -> None:
    worth, units, price = Fraction(start), Fraction(start), Fraction(1)
    prices, closes, put_in = [price], [], Fraction(0)
    for number, (move, flow) in enumerate(days):
        came = Fraction(max(flow, 0))
        units += came / price  # money in buys units at yesterday's price
        price = price * (100 + move) / 100
        worth = units * price
        out = worth * -min(flow, 0) / 100
        units -= out / price  # money out gives units back at today's
        worth -= out
        put_in += came - out
        closes.append(Close(FIRST + timedelta(days=number), exact(worth), exact(came - out)))
        prices.append(price)
    year = Span(Close(FIRST - timedelta(days=1), D(start)), closes)
    assert near(performance.profit(year, "pnl.year/1").value, worth - start - put_in, start + 1000 * len(days))
    assert near(performance.time_weighted(year, "twr.year/1").value, (price - 1) * 100, price * 100 + 1)
    falls = [prices[j] / prices[i] - 1 for i in range(len(prices)) for j in range(i + 1, len(prices))]
    deepest = performance.drawdown(year)
    assert near(deepest.depth.value if deepest else D(0), min(0, min(falls)) * 100, 100)


def exact(value: Fraction) -> D:
    from decimal import Context, localcontext

    with localcontext(Context(prec=60)):
        return D(value.numerator) / D(value.denominator)


def near(found: D, wanted: Fraction, size: Fraction | int) -> bool:
    return abs(Fraction(found) - wanted) <= Fraction(size) / 10**20
