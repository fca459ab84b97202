"""Cross checks: what the rows of a day say together. A break is listed, never put right. Knows no database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.feeds.rules import Break, BreakKind
from portal.statements import BizCode

Row = dict[str, Any]
Rows = Iterable[Row]
Held = tuple[str, str, str, str]  # account, holder, market, security
ZERO = Decimal(0)


@dataclass(frozen=True)
class Before:
    """What stood before this day: accounts met, their closing cash, replayed shares, and the counter's positions."""

    accounts: frozenset[str] = frozenset()
    closings: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    replayed: Mapping[Held, Decimal] = field(default_factory=dict)
    positions: Mapping[Held, Decimal] = field(default_factory=dict)


def opening_cash(day: Mapping[str, list[Row]], before: Before) -> list[Row]:
    """Take over the opening cash of accounts that we have never met."""
    return [row for row in day["cash_balance"] if row["account_no"] not in before.accounts and row["opening"] != 0]


def opening_shares(day: Mapping[str, list[Row]], before: Before) -> dict[Held, Decimal]:
    """Take over the positions of new accounts as they stood before the day's moves; less than none stays a break."""
    stood = Sums((held(row), row["qty_total"]) for row in day["position"])
    stood.add((held(row), -row["qty"]) for row in day["share_move"])
    return {key: qty for key, qty in stood.items() if key[0] not in before.accounts and qty > 0}


def breaks(day: Mapping[str, list[Row]], before: Before) -> list[Break]:
    """List everything in a day that doesn't agree with itself or with the day before."""
    return [*_cash(day, before), *_trades(day), *_shares(day, before), *_commission(day)]


def held(row: Row) -> Held:
    """Name what a row of shares is about."""
    return row["account_no"], row["holder_no"], row["market"], row["security_code"]


class Sums(defaultdict[Any, Decimal]):
    """Sums by key."""

    def __init__(self, pairs: Iterable[tuple[Any, Decimal]]) -> None:
        super().__init__(Decimal)
        self.add(pairs)

    def add(self, pairs: Iterable[tuple[Any, Decimal]]) -> None:
        """Count more pairs in."""
        for key, amount in pairs:
            self[key] += amount


def _cash(day: Mapping[str, list[Row]], before: Before) -> Iterator[Break]:
    entries: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in day["cash_flow"]:
        entries[row["account_no"], row["currency"]].append(row)
    reported = {(row["account_no"], row["currency"]): row for row in day["cash_balance"]}
    for key in sorted(entries.keys() | reported.keys()):
        yield from _cash_of(key, entries[key], reported.get(key), before.closings.get(key))


def _cash_of(key: tuple[str, str], entries: list[Row], balance: Row | None, closed: Decimal | None) -> Iterator[Break]:
    account_no, currency = key
    detail = {"currency": currency}
    opening = balance["opening"] if balance else closed or ZERO
    expected = opening + sum((row["amount"] for row in entries), ZERO)
    if balance is None or expected != balance["closing"]:
        yield Break(BreakKind.CASH, account_no, expected, balance["closing"] if balance else ZERO, detail)
    if closed is not None and opening != closed:
        yield Break(BreakKind.OPENING, account_no, closed, opening, detail)
    running = opening if closed is None else closed
    for row in entries:
        if running + row["amount"] != row["balance_after"]:
            yield Break(
                BreakKind.CHAIN,
                account_no,
                running + row["amount"],
                row["balance_after"],
                {**detail, "flow_no": row["flow_no"], "line": row["line"]},
            )
        running = row["balance_after"]


def _trades(day: Mapping[str, list[Row]]) -> Iterator[Break]:
    nets = {(row["account_no"], row["trade_no"]): row["net_amount"] for row in day["trade"]}
    paid = Sums(
        ((row["account_no"], row["trade_no"]), row["amount"])
        for row in day["cash_flow"]
        if row["trade_no"] and (row["biz_code"] in (BizCode.BUY, BizCode.SELL, BizCode.REPO_LEND))
    )
    for key in sorted(nets.keys() | paid.keys()):
        if nets.get(key, ZERO) != paid.get(key, ZERO):
            yield Break(BreakKind.TRADE_CASH, key[0], nets.get(key, ZERO), paid.get(key, ZERO), {"trade_no": key[1]})


def _shares(day: Mapping[str, list[Row]], before: Before) -> Iterator[Break]:
    moved = Sums((held(row), row["qty"]) for row in day["share_move"])
    taken = opening_shares(day, before)
    now = {held(row): row["qty_total"] for row in day["position"]}
    for key in sorted(moved.keys() | now.keys() | before.replayed.keys() | before.positions.keys()):
        detail = {"holder_no": key[1], "market": key[2], "code": key[3]}
        replayed = before.replayed.get(key, ZERO) + taken.get(key, ZERO) + moved.get(key, ZERO)
        if replayed != now.get(key, ZERO):
            yield Break(BreakKind.SHARES, key[0], replayed, now.get(key, ZERO), detail)
        was = before.positions.get(key, ZERO) + taken.get(key, ZERO)
        if was + moved.get(key, ZERO) != now.get(key, ZERO):
            yield Break(BreakKind.SHARE_DELTA, key[0], was + moved.get(key, ZERO), now.get(key, ZERO), detail)


def _commission(day: Mapping[str, list[Row]]) -> Iterator[Break]:
    traded = Sums((row["account_no"], row["commission"]) for row in day["trade"])
    told = Sums((row["account_no"], row["gross_commission"]) for row in day["commission"])
    for account_no in sorted(traded.keys() | told.keys()):
        if traded[account_no] != told[account_no]:
            yield Break(BreakKind.COMMISSION, account_no, traded[account_no], told[account_no])
