"""The donut's geometry."""

import re
from decimal import Decimal as D
from math import atan2, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.charts import CENTRE, GAP, donut

VALUES = st.lists(st.decimals(D("0.01"), D("1000000000"), places=2), min_size=1, max_size=6)


@given(VALUES)
def test_every_value_has_its_slice_in_order(values: list[D]) -> None:
    assert [piece.number for piece in donut(values)] == list(range(1, len(values) + 1))


def test_a_quarter_takes_a_quarter_of_the_turn() -> None:
    first, _ = donut([D(1), D(3)])
    start, end = (angle(point) for point in corners(first.path)[:2])
    assert end - start == pytest.approx(pi / 2 - 2 * GAP, abs=1e-3)


def test_the_ring_starts_at_twelve() -> None:
    assert angle(corners(donut([D(5), D(7)])[0].path)[0]) == pytest.approx(GAP, abs=1e-3)


def test_one_part_alone_is_the_whole_ring() -> None:
    (only,) = donut([D(9)])
    assert " 0 1 1 " in only.path


@pytest.mark.parametrize("values", [[D(0)], [D(1), D(-1)], [D(1)] * 7])
def test_what_is_no_part_of_a_whole_is_refused(values: list[D]) -> None:
    with pytest.raises(ValueError, match="six positive parts"):
        donut(values)


def corners(path: str) -> list[tuple[float, float]]:
    found = re.findall(r"[M ]([\d.]+) ([\d.]+)(?=[AL])", path)
    return [(float(x), float(y)) for x, y in found]


def angle(point: tuple[float, float]) -> float:
    x, y = point
    return atan2(x - CENTRE, CENTRE - y) % (2 * pi)
