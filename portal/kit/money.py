"""Exact numbers: rounding is half-up, and it happens at the edge only."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Round half-up to so many places."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
