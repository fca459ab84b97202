"""Rounds (持仓周期): from the first share to the last, what a holding cost under each rule and what it has brought.

Amounts are signed from the client's side: what he pays is negative. A transfer without a cost, an opening, or a sale of
more shares than are on record makes the round's cost unknown; the next round starts clean.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from portal.holdings.figures import Fig, Op, Source, exactly, leaf

ZERO = Decimal(0)


class Kind(Enum):
    """What can happen to a holding."""

    OPENING = "opening"
    BUY = "buy"
    SELL = "sell"
    DIVIDEND = "dividend"
    TAX = "dividend_tax"
    BONUS = "bonus"
    SPLIT = "split"
    RIGHTS = "rights"
    IPO = "ipo"
    IN = "transfer_in"
    OUT = "transfer_out"


class Gap(Enum):
    """Why a cost is unknown."""

    OPENING = "OPENING"
    TRANSFER = "TRANSFER"
    UNPAID = "UNPAID"
    SHORT = "SHORT"


PAID = {Kind.BUY, Kind.RIGHTS, Kind.IPO}
SCALED = {Kind.BONUS, Kind.SPLIT}
CARRIED = {Kind.OPENING, Kind.IN, Kind.OUT}
CASH_ONLY = {Kind.DIVIDEND, Kind.TAX}


@dataclass(frozen=True)
class Event:
    """One thing that happened: shares (signed), cash (signed, fees inside), what was paid before fees, known cost."""

    kind: Kind
    on: date
    qty: Decimal = ZERO
    cash: Decimal | None = ZERO
    gross: Decimal = ZERO
    cost: Decimal | None = None
    acquired_on: date | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Lot:
    """Shares of one purchase that are still there, with what they cost."""

    qty: Decimal
    cost: Decimal
    acquired_on: date


@dataclass
class Round:
    """The state of a round after its events; amounts in yuan, exact."""

    started_on: date
    qty: Decimal = ZERO
    lots: list[Lot] = field(default_factory=list)
    ma: Decimal = ZERO
    diluted: Decimal = ZERO
    realised_ma: Decimal = ZERO
    realised_fifo: Decimal = ZERO
    dividends: Decimal = ZERO
    bought: Decimal = ZERO
    bought_qty: Decimal = ZERO
    gap: Gap | None = None
    ended_on: date | None = None
    steps: list[Fig] = field(default_factory=list)  # how the moving-average cost came about
    cash: list[Fig] = field(default_factory=list)  # each amount that moved, signed
    events: list[Event] = field(default_factory=list)

    @property
    @exactly
    def fifo(self) -> Decimal:
        """Add up what the remaining lots cost."""
        return sum((lot.cost for lot in self.lots), ZERO)


@exactly
def replay(events: Iterable[Event]) -> list[Round]:
    """Play a security's events in their order; the last round is open when it has shares."""
    rounds: list[Round] = []
    for event in events:
        if event.kind in CASH_ONLY:
            _cash(_round_of(rounds, event), event)
            continue
        if not rounds or rounds[-1].ended_on:
            rounds.append(Round(event.on))
        _apply(rounds[-1], event)
    return rounds


def _round_of(rounds: list[Round], event: Event) -> Round:
    """Find the round of a dividend or its tax: a tax may come after the closing and belongs to the closed round."""
    if not rounds:
        # A dividend on shares that we never saw come: what it brought is kept, what they cost is unknown.
        rounds.append(Round(event.on, gap=Gap.SHORT, ended_on=event.on))
    last = rounds[-1]
    if event.kind is Kind.TAX and len(rounds) > 1 and not last.ended_on and not _has_sold(last):
        return rounds[-2]
    return last


def _has_sold(round_: Round) -> bool:
    return any(event.kind is Kind.SELL for event in round_.events)


def _cash(round_: Round, event: Event) -> None:
    amount = event.cash or ZERO
    round_.dividends += amount
    round_.diluted -= amount
    round_.events.append(event)
    round_.cash.append(_leaf(event, amount))


def _apply(round_: Round, event: Event) -> None:
    if event.qty + round_.qty < 0:
        round_.gap = round_.gap or Gap.SHORT
        event = replace(event, qty=-round_.qty)
    if event.kind in SCALED:
        _scale(round_, event)
    elif event.qty > 0:
        _come(round_, event)
    else:
        _leave(round_, event)
    round_.events.append(event)
    round_.qty += event.qty
    if round_.qty == 0:
        round_.ended_on = event.on


def _scale(round_: Round, event: Event) -> None:
    """Spread bonus shares, a split or a merge over all lots; what they cost stays."""
    if not round_.qty:
        round_.gap = round_.gap or Gap.SHORT
        round_.lots = [Lot(event.qty, ZERO, event.on)] if event.qty else []
        return
    factor = (round_.qty + event.qty) / round_.qty
    round_.lots = [replace(lot, qty=lot.qty * factor) for lot in round_.lots]
    round_.bought_qty *= factor


def _come(round_: Round, event: Event) -> None:
    cost = event.cost if event.kind in CARRIED else None if event.cash is None else -event.cash
    if cost is None:
        reasons = {Kind.OPENING: Gap.OPENING, Kind.IN: Gap.TRANSFER}
        round_.gap = round_.gap or reasons.get(event.kind, Gap.UNPAID)
        cost = ZERO
    round_.lots.append(Lot(event.qty, cost, event.acquired_on or event.on))
    round_.ma += cost
    round_.diluted += cost
    round_.bought += event.gross or cost
    round_.bought_qty += event.qty
    round_.steps.append(_leaf(event, cost))
    round_.cash.append(_leaf(event, -cost))


def _leave(round_: Round, event: Event) -> None:
    if not round_.qty:
        return
    leaving = round_.ma * -event.qty / round_.qty
    oldest, round_.lots = (round_.lots, []) if -event.qty == round_.qty else take(round_.lots, -event.qty)
    if event.cash is None:
        round_.gap = round_.gap or Gap.UNPAID
    # Shares that are moved elsewhere go at what they cost: nothing is won or lost by moving them.
    got = leaving if event.kind is Kind.OUT else event.cash or ZERO
    quantities = (_qty(event, -event.qty), _qty(event, round_.qty))
    step = Fig(leaving, "yuan", f"row.{event.kind.value}/1", Op.SHARE, quantities, source=event.source, on=event.on)
    round_.steps.append(step)
    round_.cash.append(_leaf(event, got))
    round_.ma -= leaving
    round_.diluted -= got
    round_.realised_ma += got - leaving
    round_.realised_fifo += got - sum((lot.cost for lot in oldest), ZERO)


def take(lots: list[Lot], qty: Decimal) -> tuple[list[Lot], list[Lot]]:
    """Take shares out of the oldest lots: what was taken, and what is left."""
    taken: list[Lot] = []
    left = list(lots)
    while qty > 0 and left:
        lot = left.pop(0)
        part = lot.qty if not left and qty >= lot.qty else min(lot.qty, qty)
        cost = lot.cost * part / lot.qty
        taken.append(Lot(part, cost, lot.acquired_on))
        if part < lot.qty:
            left.insert(0, Lot(lot.qty - part, lot.cost - cost, lot.acquired_on))
        qty -= part
    return taken, left


def _leaf(event: Event, amount: Decimal) -> Fig:
    return leaf(amount, "yuan", f"row.{event.kind.value}/1", event.source)


def _qty(event: Event, qty: Decimal) -> Fig:
    return leaf(qty, "shares", "row.qty/1", event.source, rounding=0)
