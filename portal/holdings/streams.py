"""From the ledger's rows to each holding's stream of events, in the order in which they count."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from portal.holdings.figures import Source
from portal.holdings.rounds import Event, Kind

Key = tuple[int, str, str]  # account, market, code
Row = Any  # a row of statements: moves, trades or flows
MOVES = {
    "OPENING": Kind.OPENING,
    "BUY": Kind.BUY,
    "SELL": Kind.SELL,
    "BONUS": Kind.BONUS,
    "SPLIT": Kind.SPLIT,
    "RIGHTS_IN": Kind.RIGHTS,
    "IPO_IN": Kind.IPO,
    "XFER_IN": Kind.IN,
    "XFER_OUT": Kind.OUT,
}
CASH = {"DIV_CASH": Kind.DIVIDEND, "DIV_TAX": Kind.TAX}
ADVANCES = {"IPO_PAY", "IPO_BACK", "RIGHTS_PAY"}  # paid before the shares arrive: it becomes their cost when they do
EARLY = {Kind.DIVIDEND, Kind.TAX, Kind.BONUS, Kind.SPLIT, Kind.RIGHTS, Kind.IPO}


@dataclass(frozen=True)
class Entry:
    """An event with its place in the day."""

    place: tuple[Any, ...]
    event: Event


def streams(
    moves: Sequence[Row], trades: Sequence[Row], flows: Sequence[Row], listed_as: Mapping[tuple[str, str], str]
) -> dict[Key, list[Event]]:
    """Give every holding's events; `listed_as` leads from a subscription's code to that of the shares."""
    by_number = {(trade.account_id, trade.trade_no): trade for trade in trades}
    advances = _advances(flows, listed_as)
    found: dict[Key, list[Entry]] = defaultdict(list)
    for move in moves:
        if move.security_type != "REPO" and move.qty:
            trade = by_number.get((move.account_id, move.ref_no)) if move.biz_code in {"BUY", "SELL"} else None
            event = _moved(move, trade, advances)
            found[_key(move)].append(Entry(_place(move, event.kind, trade and trade.traded_at), event))
    for flow in flows:
        if flow.biz_code in CASH and flow.code and flow.security_type != "REPO":
            source = Source("flow", flow.flow_no, flow.settle_on, account_id=flow.account_id)
            event = Event(CASH[flow.biz_code], flow.settle_on, cash=flow.amount, source=source)
            found[_key(flow)].append(Entry(_place(flow, event.kind, flow.occurred_at), event))
    return {key: [entry.event for entry in sorted(entries, key=_by_place)] for key, entries in found.items()}


def _moved(move: Row, trade: Row | None, advances: dict[Key, Decimal]) -> Event:
    kind = MOVES.get(move.biz_code, Kind.IN if move.qty > 0 else Kind.OUT)
    if trade:
        source = Source("trade", trade.trade_no, trade.trade_on, trade.qty, trade.price, trade.account_id)
        return Event(kind, move.move_on, move.qty, trade.net_amount, trade.gross, source=source)
    cash = {Kind.BUY: None, Kind.SELL: None}.get(kind, Decimal(0))
    if kind in {Kind.RIGHTS, Kind.IPO}:
        cash = advances.pop(_key(move), None)
    source = Source("move", move.move_no, move.move_on)
    return Event(kind, move.move_on, move.qty, cash, -(cash or Decimal(0)), move.cost_amount, move.acquired_on, source)


def _advances(flows: Iterable[Row], listed_as: Mapping[tuple[str, str], str]) -> dict[Key, Decimal]:
    paid: dict[Key, Decimal] = defaultdict(Decimal)
    for flow in flows:
        if flow.biz_code in ADVANCES and flow.code:
            code = listed_as.get((flow.market, flow.code), flow.code)
            paid[flow.account_id, flow.market, code] += flow.amount
    return dict(paid)


def _key(row: Row) -> Key:
    return row.account_id, row.market, row.code


def _place(row: Row, kind: Kind, at: time | None) -> tuple[Any, ...]:
    """Order a day: openings, ex-dates, then by time and serial; a delivery order keeps the order of its file."""
    on = row.move_on if hasattr(row, "move_on") else row.settle_on
    if row.batch_kind == "delivery_order":
        return on, 0, time(0), row.line
    phase = 0 if kind is Kind.OPENING else 1 if kind in EARLY else 2
    return on, phase, at or time(0), row.line


def _by_place(entry: Entry) -> tuple[Any, ...]:
    return entry.place
