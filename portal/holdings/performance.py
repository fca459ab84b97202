"""What a span of days brought: profit and loss with money from outside taken out, the return, and the drawdown.

Money that comes in counts as there from the day's beginning, money that goes out as there until its end; so a return
never falls below -100 %, and nothing is divided by the little that lay there before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from portal.holdings.figures import Fig, Source, chain, exactly, leaf, quotient, total

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Close:
    """Total assets at a day's close and the net flow from outside on that day, in yuan."""

    on: date
    assets: Decimal
    flow: Decimal = ZERO


@dataclass(frozen=True)
class Span:
    """A span of days in their order; `before` is the close on which the first of them stands, if there was one."""

    before: Close | None
    days: Sequence[Close]

    def since(self, first: date) -> "Span":
        """Give the part of the span that begins on a day."""
        earlier = [day for day in self.days if day.on < first]
        return Span(earlier[-1] if earlier else self.before, self.days[len(earlier) :])


@dataclass(frozen=True)
class Drawdown:
    """The deepest fall of the return's index: from the close of one day to that of another, as a chain of returns."""

    depth: Fig
    since: date
    until: date


def merged(accounts: Iterable[Sequence[Close]]) -> list[Close]:
    """Add several accounts up day by day; an account that wasn't reported on a day stands as it last did."""
    rows = [list(account) for account in accounts]
    found = []
    for on in sorted({day.on for account in rows for day in account}):
        assets = sum((_as_of(account, on) for account in rows), ZERO)
        flow = sum((day.flow for account in rows for day in account if day.on == on), ZERO)
        found.append(Close(on, assets, flow))
    return found


def _as_of(account: Sequence[Close], on: date) -> Decimal:
    return next((day.assets for day in reversed(account) if day.on <= on), ZERO)


def profit(span: Span, rule: str) -> Fig:
    """区间盈亏: assets at the end less those before, less what came from outside."""
    flows = [(-1, _leaf("row.flow/1", day.on, day.flow)) for day in span.days if day.flow]
    return total(rule, [(1, _assets(span.days[-1])), (-1, _before(span.before)), *flows])


def gain(before: Close | None, day: Close) -> Fig:
    """Give one day's profit or loss."""
    return profit(Span(before, [day]), "pnl.of_day/1")


def day_return(before: Close | None, day: Close) -> Fig:
    """Give one day's return: its result ÷ the money that was at work."""
    came = [(1, _leaf("row.flow/1", day.on, day.flow))] if day.flow > 0 else []
    at_work = total("assets.at_work/1", [(1, _before(before)), *came])
    found = quotient("return.day/1", gain(before, day), at_work, unit="ratio", rounding=6)
    nothing = leaf(ZERO, "ratio", "return.day/1", Source("asset_day", f"{day.on:%Y%m%d}", day.on), rounding=6)
    return replace(found, on=day.on) if at_work.value else nothing


def returns(span: Span) -> list[Fig]:
    """Give the return of each day of a span."""
    befores = [span.before, *span.days[:-1]]
    return [day_return(before, day) for before, day in zip(befores, span.days, strict=True)]


def time_weighted(span: Span, rule: str) -> Fig:
    """收益率 (TWR): the days' returns chained, in percent."""
    return chain(rule, returns(span))


@exactly
def drawdown(span: Span) -> Drawdown | None:
    """最大回撤 of the return's index; None where it never fell."""
    found = returns(span)
    level = peak = ONE
    top, lowest, place = 0, ZERO, (0, 0)
    for number, one in enumerate(found, 1):
        level *= ONE + (one.value or ZERO)
        if level >= peak:
            peak, top = level, number
        elif level / peak - ONE < lowest:
            lowest, place = level / peak - ONE, (top, number)
    if not lowest:
        return None
    start, end = place
    began = span.days[start - 1].on if start else span.before.on if span.before else span.days[0].on
    return Drawdown(chain("drawdown/1", found[start:end]), began, span.days[end - 1].on)


@exactly
def course(span: Span) -> list[tuple[date, Decimal]]:
    """Give the profit and loss since the span's beginning at each day's close."""
    level, found = ZERO, []
    for before, day in zip([span.before, *span.days[:-1]], span.days, strict=True):
        level += day.assets - (before.assets if before else ZERO) - day.flow
        found.append((day.on, level))
    return found


def months(span: Span) -> list[Span]:
    """Part a span into its calendar months."""
    firsts = sorted({day.on.replace(day=1) for day in span.days})
    ends = [*firsts[1:], date.max]
    return [
        Span(span.since(first).before, [day for day in span.days if first <= day.on < end])
        for first, end in zip(firsts, ends, strict=True)
    ]


def _assets(day: Close) -> Fig:
    return _leaf("row.assets/1", day.on, day.assets)


def _before(day: Close | None) -> Fig:
    return _leaf("row.assets.before/1", day.on, day.assets) if day else leaf(ZERO, "yuan", "row.assets.before/1")


def _leaf(rule: str, on: date, value: Decimal) -> Fig:
    return leaf(value, "yuan", rule, Source("asset_day", f"{on:%Y%m%d}", on))
