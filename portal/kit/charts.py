"""SVG for pages: shapes only, by class, so that the strict CSP holds; the words stand beside them in HTML.

The one place where floats are allowed: a pixel is no amount.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import cos, pi, sin

CENTRE, OUTER, INNER, KEYS_AT = 110, 88, 62, 101  # in a box of 220
GAP = 0.012  # radians of paper between two slices
MOST = 6
KEYS = {"zh": "甲乙丙丁戊己", "en": "ABCDEF"}  # so that colour is never needed to tell slices apart


@dataclass(frozen=True)
class Slice:
    """One slice of a donut: its number from 1, its path, and where its key letter stands."""

    number: int
    path: str
    x: float
    y: float


def donut(values: Sequence[Decimal]) -> list[Slice]:
    """Draw at most six positive values as a ring that starts at twelve o'clock."""
    if len(values) > MOST or any(value <= 0 for value in values):
        raise ValueError("a donut shows one to six positive parts")
    whole, at = float(sum(values)), 0.0
    slices = []
    for number, value in enumerate(values, 1):
        turn = 2 * pi * float(value) / whole
        slices.append(_slice(number, at, at + turn))
        at += turn
    return slices


def _slice(number: int, start: float, end: float) -> Slice:
    gap, middle = min(GAP, (end - start) / 2.2), (start + end) / 2
    x, y = CENTRE + KEYS_AT * sin(middle), CENTRE - KEYS_AT * cos(middle) + 4.5
    return Slice(number, _ring(start + gap, end - gap), round(x, 1), round(y, 1))


def _ring(start: float, end: float) -> str:
    far = 1 if end - start > pi else 0
    outward = f"M{_at(OUTER, start)}A{OUTER} {OUTER} 0 {far} 1 {_at(OUTER, end)}"
    return f"{outward}L{_at(INNER, end)}A{INNER} {INNER} 0 {far} 0 {_at(INNER, start)}Z"


def _at(radius: int, angle: float) -> str:
    return f"{CENTRE + radius * sin(angle):.2f} {CENTRE - radius * cos(angle):.2f}"


WIDE, HIGH = 1000, 400  # the box of a line, stretched by CSS
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MOST_INTERVALS = 5


@dataclass(frozen=True)
class Line:
    """A line over months of equal width: its path, the area to zero, grid lines with their amounts, months, a span."""

    path: str
    area: str
    zero: float
    grid: list[float]
    ticks: list[Decimal]
    months: list[date]
    span: tuple[float, float] | None

    @property
    def below(self) -> float:
        """Give the height of the part below zero."""
        return round(HIGH - self.zero, 1)

    @property
    def span_width(self) -> float:
        """Give the width of the span."""
        return round(self.span[1] - self.span[0], 1) if self.span else 0


def line(points: Sequence[tuple[date, Decimal]], span: tuple[date, date] | None = None) -> Line:
    """Draw amounts by day; zero is always on a grid line, `span` is marked from one day to another."""
    months = _months(points[0][0], points[-1][0])
    ticks = ticks_of([value for _, value in points])
    zero = _height(Decimal(0), ticks)
    path = "M" + "L".join(f"{_across(on, months)} {_height(value, ticks)}" for on, value in points)
    first, last = _across(points[0][0], months), _across(points[-1][0], months)
    marked = (_across(span[0], months), _across(span[1], months)) if span else None
    return Line(
        path, f"{path}L{last} {zero}L{first} {zero}Z", zero, [_height(tick, ticks) for tick in ticks], ticks, months,
        marked,
    )  # fmt: skip


def ticks_of(values: Sequence[Decimal]) -> list[Decimal]:
    """Choose even amounts, the highest first, so that all values and zero lie between them."""
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    rough = (high - low or Decimal(1)) / MOST_INTERVALS
    size = Decimal(1).scaleb(rough.adjusted())
    step = next(size * factor for factor in STEPS if size * factor >= rough)
    top = (high / step).to_integral_value(ROUND_CEILING)
    bottom = (low / step).to_integral_value(ROUND_FLOOR)
    return [step * number for number in range(int(top), int(bottom) - 1, -1)]


def _months(first: date, last: date) -> list[date]:
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, end + 1)]


def _across(on: date, months: Sequence[date]) -> float:
    column = (on.year - months[0].year) * 12 + on.month - months[0].month
    part = (on.day - 0.5) / monthrange(on.year, on.month)[1]
    return round((min(max(column, 0), len(months) - 1) + part) / len(months) * WIDE, 1)


def _height(value: Decimal, ticks: Sequence[Decimal]) -> float:
    return round(float((ticks[0] - value) / (ticks[0] - ticks[-1])) * HIGH, 1)
