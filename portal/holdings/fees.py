"""Fees of an order at the client's own rate card, and the price from which a sale brings back what it cost.

Levies are dated; each is rounded half-up to a cent per order. Where a rate is not known the answer is None: markets and
kinds that this version does not cover, and orders from before August 2015.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from portal.holdings.figures import exactly

ZERO, CENT = Decimal(0), Decimal("0.01")
KNOWN_FROM = date(2015, 8, 1)
STAMP = ((KNOWN_FROM, Decimal("0.001")), (date(2023, 8, 28), Decimal("0.0005")))
TRANSFER = ((KNOWN_FROM, Decimal("0.00002")), (date(2022, 4, 29), Decimal("0.00001")))
HANDLING = ((KNOWN_FROM, Decimal("0.0000487")), (date(2023, 8, 28), Decimal("0.0000341")))
REGULATORY = ((KNOWN_FROM, Decimal("0.00002")),)
MARKETS, KINDS = {"SH", "SZ"}, {"STOCK", "ETF", "LOF"}


@dataclass(frozen=True)
class RateCard:
    """The client's commission rate, its minimum per order in yuan, and which levies it already contains."""

    rate: Decimal
    minimum: Decimal
    includes_levies: bool
    includes_transfer: bool


@dataclass(frozen=True)
class Fees:
    """The fees of one order in yuan; `net_commission` is what stays with the firm."""

    commission: Decimal
    net_commission: Decimal
    stamp: Decimal
    transfer: Decimal
    handling: Decimal
    regulatory: Decimal
    total: Decimal


def rate_on(rates: tuple[tuple[date, Decimal], ...], day: date) -> Decimal | None:
    """Give the rate that holds on a day."""
    return next((rate for since, rate in reversed(rates) if since <= day), None)


@exactly
def of_order(card: RateCard, *, market: str, kind: str, side: str, gross: Decimal, on: date) -> Fees | None:
    """Work out the fees of one order (all its fills together), or None where we know no rates."""
    if market not in MARKETS or kind not in KINDS or on < KNOWN_FROM:
        return None
    is_stock = kind == "STOCK"
    stamp = _levy(STAMP, gross, on) if is_stock and side == "S" else ZERO
    transfer = _levy(TRANSFER, gross, on) if is_stock else ZERO
    handling, regulatory = _levy(HANDLING, gross, on), _levy(REGULATORY, gross, on)
    commission = max(_cents(gross * card.rate), card.minimum)
    inside = (handling + regulatory if card.includes_levies else ZERO) + (transfer if card.includes_transfer else ZERO)
    outside = handling + regulatory + transfer - inside
    total = commission + stamp + outside
    return Fees(commission, commission - inside, stamp, transfer, handling, regulatory, total)


@exactly
def break_even(
    card: RateCard, *, market: str, kind: str, qty: Decimal, cost: Decimal, tick: Decimal, on: date
) -> tuple[Decimal, Decimal] | None:
    """Give the exact price at which a sale nets the cost, and the lowest tick price that does; 0 for a cost ≤ 0."""
    if cost <= 0:
        return ZERO, ZERO
    if of_order(card, market=market, kind=kind, side="S", gross=cost, on=on) is None:
        return None
    taxes = _rates_beside_commission(card, is_stock=kind == "STOCK", on=on)
    gross = cost / (1 - card.rate - taxes)
    if gross * card.rate < card.minimum:
        gross = (cost + card.minimum) / (1 - taxes)

    def net(price: Decimal) -> Decimal:
        fees = of_order(card, market=market, kind=kind, side="S", gross=price * qty, on=on)
        return price * qty - (fees.total if fees else ZERO)

    price = (gross / qty / tick).to_integral_value(ROUND_CEILING) * tick
    while net(price) < cost:  # cents of rounding can put the closed form a tick off
        price += tick
    while price > tick and net(price - tick) >= cost:
        price -= tick
    return gross / qty, price


def _rates_beside_commission(card: RateCard, *, is_stock: bool, on: date) -> Decimal:
    stamp, transfer = (rate_on(STAMP, on), rate_on(TRANSFER, on)) if is_stock else (ZERO, ZERO)
    levies = (rate_on(HANDLING, on) or ZERO) + (rate_on(REGULATORY, on) or ZERO)
    beside = stamp or ZERO
    beside += ZERO if card.includes_transfer else transfer or ZERO
    return beside + (ZERO if card.includes_levies else levies)


def _levy(rates: tuple[tuple[date, Decimal], ...], gross: Decimal, on: date) -> Decimal:
    return _cents(gross * (rate_on(rates, on) or ZERO))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
