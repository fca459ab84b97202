"""Work figures out again from their leaves, by another program: fractions, and no code of the engine.

A figure's value is never read but at its leaves; what a sale at the break-even price costs is worked out here anew.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from portal.holdings.figures import Fig, Op

STAMP, TRANSFER, HANDLING, REGULATORY = (Fraction(x, 10**7) for x in (5000, 100, 341, 200))


def value_of(fig: Fig) -> Fraction | None:
    """Work a figure out from its leaves; None where one of them is unknown."""
    if fig.op is Op.LEAF:
        return None if fig.value is None else Fraction(fig.value)
    if fig.op is Op.POOL:
        return pool(fig)
    if fig.op is Op.BREAK_EVEN:
        return None if fig.value is None else Fraction(fig.value)  # checked by `breaks_even`
    parts = [value_of(part) for part in fig.inputs]
    if any(part is None for part in parts):
        return None
    if fig.op is Op.SUM:
        return sum((sign * part for sign, part in zip(fig.signs, parts, strict=True)), Fraction(0))
    if fig.op is Op.CHAIN:
        level = Fraction(1)
        for part in parts:
            level *= 1 + part
        return (level - 1) * 100
    if fig.op is Op.PRODUCT:
        made = Fraction(1)
        for part in parts:
            made *= part
        return made
    above, below = parts
    if not below:
        return None
    return above / below * (100 if fig.unit == "%" else 1)


def pool(fig: Fig) -> Fraction:
    """Walk a pool: what comes in is added, what leaves takes its part of the whole."""
    held = Fraction(0)
    for step in fig.inputs:
        if step.op is Op.SHARE:
            leaving, of = (value_of(part) for part in step.inputs)
            held -= held * leaving / of
        else:
            held += value_of(step)
    return held


def breaks_even(fig: Fig, rate: Decimal, kind: str, on: date) -> bool:
    """Tell whether a sale at this price brings the cost back, and one a tick lower does not."""
    cost, qty = value_of(fig.inputs[0]), value_of(fig.inputs[1])
    if cost <= 0:
        return fig.value == 0
    assert on >= date(2023, 8, 28), "older levies are not written down here"
    tick = Fraction(1, 10**fig.rounding)
    price = Fraction(fig.value)
    return net(price * qty, rate, kind) >= cost > net((price - tick) * qty, rate, kind)


def net(gross: Fraction, rate: Decimal, kind: str) -> Fraction:
    """Sell: the demo's cards contain the exchange's levies, and stamp and transfer fee come on top for shares."""
    fees = max(cents(gross * Fraction(rate)), Fraction(5))
    if kind == "STOCK":
        fees += cents(gross * STAMP) + cents(gross * TRANSFER)
    return gross - fees


def cents(value: Fraction) -> Fraction:
    """Round half up to the cent."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def written(value: Fraction, places: int) -> Decimal:
    """Round half up for the eye, in whole numbers alone."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)
