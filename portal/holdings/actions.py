"""Verbs of holdings: write down what each account came to on a day that was loaded."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from portal import statements
from portal.holdings import queries
from portal.holdings.formulas import receivable
from portal.holdings.models import AssetDay
from portal.holdings.streams import ADVANCES, streams
from portal.statements import CashFlow, ShareMove, Trade

ZERO = Decimal(0)
SIX_PLACES = Decimal("0.000001")
MONEY_IN_AND_OUT = {"CASH_IN", "CASH_OUT", "OPENING"}
SHARES_IN_AND_OUT = {"XFER_IN", "XFER_OUT"}
ARRIVALS = {"IPO_IN", "RIGHTS_IN"}
Quotes = Mapping[tuple[str, str], statements.Quote]


@dataclass
class Sum:
    """What an account came to, as it is being added up."""

    assets: Decimal = ZERO
    flow: Decimal = ZERO
    unpriced: int = 0
    held: dict[tuple[str, str], Decimal] = field(default_factory=dict)


def note_day(db: Session, account_ids: Collection[int], day: date, *, batch_id: int) -> None:
    """Write down what accounts came to on a day and what came from outside; within the load's own transaction.

    Noting a day of the same batch again, as after a row was released, takes the place of what was noted before.
    """
    ids = sorted(account_ids)
    sums = {id: Sum() for id in ids}
    _money(db, sums, day)
    _shares(db, sums, day)
    same = (AssetDay.batch_id == batch_id, AssetDay.on == day, AssetDay.account_id.in_(ids))
    db.execute(delete(AssetDay).where(*same))
    rows = [
        {"batch_id": batch_id, "account_id": id, "on": day, "unpriced": found.unpriced}
        | {"assets": _exact(found.assets), "net_flow": _exact(found.flow)}
        for id, found in sums.items()
    ]
    if rows:
        db.execute(insert(AssetDay), rows)


def _money(db: Session, sums: Mapping[int, Sum], day: date) -> None:
    for row in statements.balances(db, sums, day, day):
        if row.currency == "CNY":
            sums[row.account_id].assets += row.closing
    lent = statements.trades(db, sums, day, only=[statements.Security.security_type == "REPO", Trade.side != ""])
    backs = statements.flows(db, sums, day, only=[CashFlow.biz_code == "REPO_BACK"])
    for id, loans in queries.loans(lent, backs).items():
        sums[id].assets += sum((loan.principal for loan in loans), ZERO)
    for row in statements.flows(db, sums, day, first=day):
        if row.biz_code in MONEY_IN_AND_OUT | ADVANCES and row.currency == "CNY":
            # Money paid for shares that have not arrived is on its way: neither lost nor yet an asset.
            sums[row.account_id].flow += row.amount


def _shares(db: Session, sums: Mapping[int, Sum], day: date) -> None:
    for row in statements.positions(db, sums, day):
        if row.security_type != "REPO" and row.qty_total:
            held = sums[row.account_id].held
            held[row.market, row.code] = held.get((row.market, row.code), ZERO) + row.qty_total
    moves = [row for row in statements.moves(db, sums, day, first=day) if row.security_type != "REPO"]
    keys = {key for found in sums.values() for key in found.held} | {(row.market, row.code) for row in moves}
    quotes = statements.prices(db, keys, day)
    known_before = statements.prices(db, keys, day - timedelta(days=1))
    for id, found in sums.items():
        _value(found, [row for row in moves if row.account_id == id], quotes, known_before)
    if any(row.biz_code in ARRIVALS for row in moves):
        _arrivals(db, sums, moves, day)
    _due(db, sums, day)


def _value(found: Sum, moves: Sequence[Any], quotes: Quotes, known_before: Quotes) -> None:
    came: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in moves:
        key = (row.market, row.code)
        came[key] += row.qty
        quote = quotes.get(key)
        if quote and row.biz_code == "OPENING":
            found.flow += row.qty * quote.previous
        elif quote and row.biz_code in SHARES_IN_AND_OUT:
            found.flow += row.qty * quote.close
    for key, qty in found.held.items():
        if key not in quotes:
            found.unpriced += 1
            continue
        found.assets += qty * quotes[key].close
        if key not in known_before:  # shares that had no price until today come into view: no result of this day
            found.flow += (qty - came[key]) * quotes[key].previous


def _arrivals(db: Session, sums: Mapping[int, Sum], moves: Sequence[Any], day: date) -> None:
    paid = statements.flows(db, sums, day, only=[CashFlow.biz_code.in_(ADVANCES)])
    earlier = statements.moves(db, sums, day, only=[ShareMove.biz_code.in_(ARRIVALS)])
    events = streams(earlier, [], paid, statements.subscriptions(db))
    for (id, _, _), arrived in events.items():
        sums[id].flow -= sum((event.cash or ZERO for event in arrived if event.on == day), ZERO)


def _due(db: Session, sums: Mapping[int, Sum], day: date) -> None:
    dividends = queries.dividends(db, day, day)
    if not dividends:
        return
    codes = {code for _, code in dividends}
    moves = statements.moves(db, sums, day, only=[ShareMove.code.in_(codes)])
    paid = statements.flows(db, sums, day, only=[CashFlow.code.in_(codes), CashFlow.biz_code == "DIV_CASH"])
    for (id, market, code), events in streams(moves, [], paid, {}).items():
        due = receivable(dividends.get((market, code), ()), events, day)
        sums[id].assets += due.value or ZERO


def _exact(value: Decimal) -> Decimal:
    return value.quantize(SIX_PLACES, ROUND_HALF_UP)
