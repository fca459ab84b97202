"""The year's line: profit and loss day by day, month by month, with its return and its deepest fall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.holdings import performance
from portal.holdings.figures import Fig
from portal.holdings.performance import Drawdown, Span
from portal.holdings.portfolio import Portfolio
from portal.holdings.queries import year_of
from portal.kit import charts


@dataclass(frozen=True)
class Month:
    """One month of the year, or what the year has of it: assets at its end, net flow, result and return."""

    first: date
    last: date
    assets: Decimal
    flow: Decimal
    profit: Fig
    ratio: Fig


@dataclass(frozen=True)
class Year:
    """A client's year: its figures by name, the line, the fall that the line marks, and the months as a table."""

    since: date
    figures: dict[str, Fig]
    line: charts.Line
    drawdown: Drawdown | None
    months: Sequence[Month]

    def __getitem__(self, name: str) -> Fig:
        return self.figures[name]


def year_line(db: Session, client_id: int, book: Portfolio | None) -> Year | None:
    """Draw a client's year up to the day of his portfolio; None while it is short, or where it is being checked."""
    span = year_of(db, client_id, book.day) if book and not book.checking else None
    return drawn(span) if span else None


def drawn(span: Span) -> Year:
    """Work out a span's figures and its line."""
    deepest = performance.drawdown(span)
    month = span.since(span.days[-1].on.replace(day=1))
    figures = {
        "pnl.year": performance.profit(span, "pnl.year/1"),
        "twr.year": performance.time_weighted(span, "twr.year/1"),
        "pnl.month": performance.profit(month, "pnl.month/1"),
        "twr.month": performance.time_weighted(month, "twr.month/1"),
    }
    if deepest:
        figures["drawdown"] = deepest.depth
    points = performance.course(span)
    if span.before:
        points = [(span.before.on, Decimal(0)), *points]
    marked = (deepest.since, deepest.until) if deepest else None
    return Year(
        points[0][0], figures, charts.line(points, marked), deepest, [_month(m) for m in performance.months(span)]
    )


def _month(span: Span) -> Month:
    last = span.days[-1]
    flow = sum((day.flow for day in span.days), Decimal(0))
    profit = performance.profit(span, "pnl.month/1")
    ratio = performance.time_weighted(span, "twr.month/1")
    return Month(last.on.replace(day=1), last.on, last.assets, flow, profit, ratio)
