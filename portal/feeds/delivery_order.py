"""Delivery orders (交割单) as trading terminals export them: read by header names, checked against themselves."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.feeds import layout
from portal.feeds.rules import Break, BreakKind, Outcome, Reason, refused
from portal.feeds.vocabulary import CURRENCIES, LAYOUTS, Layout, code_of, market_of, one_spelling, share_sign
from portal.statements import BizCode

ZERO = Decimal(0)
LARGEST_BYTES = 50_000_000
TEXTS = {"word": 60, "code": 8, "name": 60, "trade_no": 32, "holder_no": 16, "account_no": 25, "currency": 8}
NUMBERS = {"price": 4, "qty": 2, "left": 2, "gross": 2, "fees": 2, "amount": 2, "balance": 2, "net_commission": 2}
NUMBERS |= {"stamp": 2, "transfer_fee": 2, "handling_fee": 2, "regulatory_fee": 2, "other_fee": 2}


@dataclass(frozen=True)
class Entry:
    """One row of the file; `row` counts from 1 under the header. Cash in yuan, signed as the client sees it."""

    row: int
    on: date
    at: time
    word: str
    biz_code: BizCode
    code: str
    name: str
    price: Decimal
    qty: Decimal
    left: Decimal
    gross: Decimal
    fees: Decimal
    amount: Decimal
    balance: Decimal
    net_commission: Decimal
    stamp: Decimal
    transfer_fee: Decimal
    handling_fee: Decimal
    regulatory_fee: Decimal
    other_fee: Decimal
    currency: str
    trade_no: str
    holder_no: str
    account_no: str

    @property
    def effect(self) -> Decimal:
        """Give what the row does to the balance: a freeze does nothing."""
        return ZERO if self.biz_code is BizCode.FREEZE else self.amount

    @property
    def shares(self) -> Decimal:
        """Give the signed number of shares that the row moves."""
        return abs(self.qty) * share_sign(self.biz_code, self.word)

    @property
    def market(self) -> str:
        """Name the security's market."""
        return market_of(self.code, self.holder_no)


@dataclass(frozen=True)
class Figures:
    """What a delivery order adds up to, in yuan."""

    sums: Mapping[str, Decimal]
    opening: Decimal
    net: Decimal
    fees: Decimal
    closing: Decimal
    unknown_rows: tuple[int, ...]

    @property
    def unexplained(self) -> Decimal:
        """Give what the reported closing has more than opening and flows explain."""
        return self.closing - self.opening - self.net


def read(content: bytes) -> list[Entry] | Outcome:
    """Read a file's rows in their order; a cell that can't be read refuses the file by row and column."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        return refused(Reason.ENCODING, line=content.count(b"\r\n", 0, error.start) + 1)
    header, *lines = [_cells(line) for line in text.split("\r\n") if line] or [[]]
    found = _layout(header)
    if found is None or not lines:
        return refused(Reason.HEADER, line=1)
    entries = []
    for row, cells in enumerate(lines, 1):
        if len(cells) != len(header):
            return refused(Reason.MALFORMED, line=row + 1)
        entry = _entry(row, found, dict(zip(header, cells, strict=True)))
        if isinstance(entry, Outcome):
            return entry
        entries.append(entry)
        if len(entries) > 1 and entry.on < entries[-2].on:
            return refused(Reason.MALFORMED, line=row + 1, column="on", fault="ORDER")
    several = len({entry.account_no for entry in entries}) > 1 or len({entry.currency for entry in entries}) > 1
    return refused(Reason.OTHER_ACCOUNT) if several else entries


def figures(entries: Sequence[Entry]) -> Figures:
    """Add a file up, word by word."""
    sums: dict[str, Decimal] = {}
    for entry in entries:
        sums[entry.word] = sums.get(entry.word, ZERO) + entry.effect
    return Figures(
        sums,
        opening(entries),
        sum(sums.values(), ZERO),
        sum((entry.fees for entry in entries), ZERO),
        entries[-1].balance,
        tuple(entry.row for entry in entries if entry.biz_code is BizCode.UNKNOWN),
    )


def opening(entries: Sequence[Entry]) -> Decimal:
    """Give the cash that stood before the first row."""
    return entries[0].balance - entries[0].effect


def breaks(entries: Sequence[Entry], account_no: str) -> list[Break]:
    """List where the running balance and the running shares leave what the file itself reports."""
    return [*_cash_breaks(entries, account_no), *_share_breaks(entries, account_no)]


def days(entries: Sequence[Entry]) -> Iterator[tuple[date, Decimal, Decimal, Decimal]]:
    """Give each day's opening, net flow and reported closing."""
    balance = opening(entries)
    for on, group in groupby(entries, key=lambda entry: entry.on):
        of_day = list(group)
        yield on, balance, sum((entry.effect for entry in of_day), ZERO), of_day[-1].balance
        balance = of_day[-1].balance


def reported_shares(entries: Sequence[Entry]) -> dict[tuple[str, str, str], Decimal]:
    """Give what the file last says is held, by holder, market and code; a dividend alone names what it was paid on."""
    last: dict[tuple[str, str, str], Decimal] = {}
    for entry in entries:
        key = (entry.holder_no, entry.market, entry.code)
        if entry.shares:
            last[key] = entry.left
        elif entry.biz_code is BizCode.DIV_CASH and key not in last:
            last[key] = abs(entry.qty)
    return {key: qty for key, qty in last.items() if qty > 0}


def _cash_breaks(entries: Sequence[Entry], account_no: str) -> Iterator[Break]:
    balance = opening(entries)
    for entry in entries:
        if balance + entry.effect != entry.balance:
            yield Break(BreakKind.CASH, account_no, balance + entry.effect, entry.balance, _detail(entry))
        balance = entry.balance


def _share_breaks(entries: Sequence[Entry], account_no: str) -> Iterator[Break]:
    held: dict[tuple[str, str], Decimal] = {}
    most: dict[tuple[str, str], Decimal] = {}
    for entry in entries:
        key = (entry.holder_no, entry.code)
        replayed = held.get(key, ZERO) + entry.shares
        if entry.shares and replayed != entry.left:
            yield Break(BreakKind.SHARES, account_no, replayed, entry.left, _detail(entry))
            replayed = entry.left
        entitled = abs(entry.qty) if entry.biz_code is BizCode.DIV_CASH else ZERO
        if entitled > most.get(key, ZERO):  # sold since the record date is no break, never held so many is one
            yield Break(BreakKind.SHARES, account_no, replayed, entitled, _detail(entry))
        held[key] = replayed
        most[key] = max(replayed, entitled, most.get(key, ZERO))


def _detail(entry: Entry) -> dict[str, Any]:
    return {"row": entry.row, "on": entry.on.isoformat(), "word": entry.word, "code": entry.code}


def _cells(line: str) -> list[str]:
    return [re.sub(r'^=\s*"(.*)"$', r"\1", cell).strip() for cell in line.split("\t")]


def _layout(header: list[str]) -> Layout | None:
    header[:] = [one_spelling(name) for name in header]
    for known in LAYOUTS:
        if all(header.count(name) == 1 for names in known.fields.values() for name in names):
            return known
    return None


def _entry(row: int, known: Layout, cells: Mapping[str, str]) -> Entry | Outcome:
    values: dict[str, Any] = {}
    for field, names in known.fields.items():
        for name in names:
            try:
                value = _value(field, cells[name])
            except layout.Unreadable as why:
                return refused(Reason.MALFORMED, line=row + 1, column=name, fault=str(why))
            values[field] = values[field] + value if field in values else value
    return Entry(row=row, biz_code=code_of(values["word"]), **values)


def _value(field: str, cell: str) -> Any:
    if field in NUMBERS:
        return layout.number(cell or "0", NUMBERS[field])
    if field == "on":
        return layout.day(cell)
    if field == "at":
        return layout.clock((cell or "0").replace(":", "").zfill(6))
    text = layout.text(cell, TEXTS[field])
    if field == "currency" and text not in CURRENCIES:
        raise layout.Unreadable("TYPE")
    return CURRENCIES[text] if field == "currency" else text
