"""Dividend tax by how long the shares were held (财税〔2012〕85号, 〔2015〕101号).

An estimate until the counter's own row arrives. Calendar months, oldest shares first. Bonus shares start a clock of
their own, so these lots are not the cost lots.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from portal.holdings.figures import exactly

SHORT, MIDDLE, LONG = Decimal("0.2"), Decimal("0.1"), Decimal(0)


@dataclass(frozen=True)
class TaxLot:
    """Shares acquired on one day and the income on them that was paid out untaxed, in yuan."""

    qty: Decimal
    acquired_on: date
    income: Decimal = Decimal(0)


def months_after(day: date, months: int) -> date:
    """Count calendar months; a month's end clamps."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def rate(acquired_on: date, sold_on: date) -> Decimal:
    """Give the rate: up to and with one month 20 %, up to and with twelve months 10 %, later nothing."""
    if sold_on <= months_after(acquired_on, 1):
        return SHORT
    return MIDDLE if sold_on <= months_after(acquired_on, 12) else LONG


@exactly
def paid_out(lots: Sequence[TaxLot], income: Decimal) -> list[TaxLot]:
    """Spread untaxed income (cash, and bonus shares at their par of 1.00 yuan) over the lots by their shares."""
    whole = sum((lot.qty for lot in lots), Decimal(0))
    return [replace(lot, income=lot.income + income * lot.qty / whole) for lot in lots]


@exactly
def due(lots: Sequence[TaxLot], qty: Decimal, sold_on: date) -> tuple[Decimal, list[TaxLot]]:
    """Give the tax on a sale of the oldest shares, in yuan, and the lots that remain."""
    tax, left = Decimal(0), list(lots)
    while qty > 0 and left:
        lot = left.pop(0)
        part = min(lot.qty, qty)
        income = lot.income * part / lot.qty
        tax += income * rate(lot.acquired_on, sold_on)
        if part < lot.qty:
            left.insert(0, TaxLot(lot.qty - part, lot.acquired_on, lot.income - income))
        qty -= part
    return tax, left
