"""口径识别: which rule yields the cost price that another application shows."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation

from portal.holdings.figures import exactly
from portal.holdings.rounds import Event, Kind, Round, replay

ZERO = Decimal(0)
LONGEST = 16  # characters of a price


@exactly
def prices(events: Sequence[Event]) -> dict[str, Decimal]:
    """Give the cost price of the open round under every rule that is in use somewhere; nothing where it is unknown."""
    rounds = replay(events)
    if not rounds or rounds[-1].ended_on or rounds[-1].gap:
        return {}
    whole, bare = rounds[-1], replay([_without_fees(event) for event in events])[-1]
    found: dict[str, Decimal] = {}
    for suffix, round_ in (("", whole), (".bare", bare)):
        found |= {f"dil{suffix}": round_.diluted / round_.qty, f"ma{suffix}": round_.ma / round_.qty}
        found[f"fifo{suffix}"] = round_.fifo / round_.qty
    found["ma.dividends"] = _less_dividends(bare)
    found["buy"] = whole.bought / whole.bought_qty if whole.bought_qty else ZERO
    return found


def matching(typed: str, found: dict[str, Decimal]) -> list[str]:
    """Name the rules whose price, rounded or cut to as many places as were typed, is the one that was typed."""
    price = typed_price(typed)
    if price is None:
        return []
    unit = Decimal(1).scaleb(price.as_tuple().exponent)  # type: ignore[arg-type]
    return [rule for rule, value in found.items() if price in (_to(value, unit, ROUND_HALF_UP), _cut(value, unit))]


def nearest(typed: str, found: dict[str, Decimal]) -> str | None:
    """Name the rule whose price is the nearest to the one that was typed."""
    price = typed_price(typed)
    return min(found, key=lambda rule: abs(found[rule] - price)) if found and price is not None else None


def typed_price(typed: str) -> Decimal | None:
    """Read a price as typed: with two to six decimals, commas or full-width figures; None when it is none."""
    try:
        price = Decimal(typed.strip().replace(",", "").replace("，", "").replace("−", "-").replace("－", "-"))
    except InvalidOperation:
        return None
    if len(typed) > LONGEST or not price.is_finite() or not -6 <= int(price.as_tuple().exponent) <= 0:
        return None
    return price


def _without_fees(event: Event) -> Event:
    if event.kind is Kind.BUY and event.gross:
        return replace(event, cash=-event.gross)
    return replace(event, cash=event.gross) if event.kind is Kind.SELL and event.gross else event


def _less_dividends(round_: Round) -> Decimal:
    """Follow the rule of some engines: fees out, a sale leaves the average, a dividend lowers it before tax."""
    held, cost = ZERO, ZERO
    for event in round_.events:
        if event.kind is Kind.DIVIDEND:
            cost -= event.cash or ZERO
        elif event.kind is Kind.TAX:
            continue
        elif event.qty < 0 and event.kind is not Kind.SPLIT:
            cost += cost / held * event.qty if held else ZERO
        else:
            cost += event.cost or -(event.cash or ZERO)
        held += event.qty
    return cost / held if held else ZERO


def _to(value: Decimal, unit: Decimal, rounding: str) -> Decimal:
    return value.quantize(unit, rounding)


def _cut(value: Decimal, unit: Decimal) -> Decimal | None:
    """Cut instead of rounding, as some applications do; only from three places on, else too much would match."""
    return _to(value, unit, ROUND_DOWN) if unit <= Decimal("0.001") else None
