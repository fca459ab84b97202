"""SVG for pages: shapes only, by class, so that the strict CSP holds; the words stand beside them in HTML.

The one place where floats are allowed: a pixel is no amount.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
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
