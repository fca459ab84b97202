"""Row checks: each row by itself, against its columns and the rules of its file. Knows no database."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portal.clients import CORE_KEYS
from portal.feeds import layout
from portal.feeds.layout import Unreadable
from portal.feeds.manifest import Table
from portal.feeds.rules import Fault, Quarantined
from portal.statements import BizCode

Row = dict[str, Any]
Check = Callable[[Row, "Known"], Fault | None]

CENT = Decimal("0.01")
MARKETS = {"SH", "SZ", "BJ"}
TYPES = {"STOCK", "ETF", "LOF", "BOND", "CB", "REPO", "MMF", "RIGHT", "IPO"}
PRICED_OTHERWISE = {"REPO", "BOND", "CB"}  # a yield, or a price per hundred of face value: price × qty isn't gross
FED_CODES = {code.value for code in BizCode} - {BizCode.OPENING}  # OPENING is the portal's own, never the counter's
FEES = ("commission", "stamp", "transfer_fee", "other_fee")


@dataclass
class Known:
    """What rows may refer to: filled as the day's own files pass, in the order in which they are checked."""

    day: date
    clients: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    security_types: dict[tuple[str, str], str] = field(default_factory=dict)
    levies_apart: Collection[str] = ()  # accounts whose rate card does not include 经手费 and 证管费


def checked(table: Table, known: Known) -> tuple[list[Row], list[Quarantined]]:
    """Part a file's rows into those that pass, as values with their line, and those that go into quarantine."""
    columns, check, key = layout.columns(table.file), _CHECKS[table.file], layout.KEYS[table.file]
    good: list[Row] = []
    bad: list[Quarantined] = []
    seen: set[tuple[Any, ...]] = set()
    for index, (line, cells) in enumerate(table.records):
        row: Row | Fault = _read(columns, cells, line)
        fault = row if isinstance(row, Fault) else check(row, known)
        if isinstance(row, dict) and fault is None:
            identity = tuple([row[name] for name in key])
            fault = Fault.DUPLICATE if identity in seen else None
            seen.add(identity)
        if isinstance(row, Fault) or fault:
            bad.append(_quarantined(table, index, fault or Fault.SHAPE, known))
        else:
            good.append(row)
    return good, bad


def again(file: str, line: int, cells: list[str], known: Known) -> tuple[Row | None, Fault | None]:
    """Check one row once more: its values where they can be read, and what is wrong with them."""
    row = _read(layout.columns(file), cells, line)
    return (None, row) if isinstance(row, Fault) else (row, _CHECKS[file](row, known))


def _read(columns: tuple[layout.Column, ...], cells: list[str], line: int) -> Row | Fault:
    if len(cells) != len(columns):
        return Fault.SHAPE
    row: Row = {"line": line}
    try:
        for column, cell in zip(columns, cells, strict=True):
            row[column.name] = column.read(cell)
    except Unreadable as why:
        return Fault(str(why))
    return row


def _quarantined(table: Table, index: int, fault: Fault, known: Known) -> Quarantined:
    line, cells = table.records[index]
    account_no = dict(zip((column.name for column in layout.columns(table.file)), cells, strict=False)).get(
        "account_no"
    )
    known_no = account_no if account_no in known.accounts else None
    verbatim = table.verbatim(index).replace("\0", "␀")  # PostgreSQL keeps every character but NUL
    return Quarantined(f"{table.file}.csv", line, fault, verbatim, known_no)


def _client(row: Row, known: Known) -> Fault | None:
    known.clients.add(row["client_no"])
    return None


def _client_info(row: Row, known: Known) -> Fault | None:
    if row["client_no"] not in known.clients:
        return Fault.NO_CLIENT
    return None if row["key"] in CORE_KEYS else Fault.WORD


def _account(row: Row, known: Known) -> Fault | None:
    if row["client_no"] not in known.clients:
        return Fault.NO_CLIENT
    if row["account_type"] not in {"CASH", "CREDIT"}:
        return Fault.WORD
    known.accounts.add(row["account_no"])
    return None


def _security(row: Row, known: Known) -> Fault | None:
    if row["market"] not in MARKETS or row["security_type"] not in TYPES:
        return Fault.WORD
    if not 0 < row["lot_size"] < 2**31:
        return Fault.RANGE
    known.security_types[row["market"], row["security_code"]] = row["security_type"]
    return None


def _price(row: Row, known: Known) -> Fault | None:
    if row["market"] not in MARKETS or row["source"] not in {"close", "nav", "issue", "last"}:
        return Fault.WORD
    if row["trade_date"] > known.day:
        return Fault.OTHER_DAY
    return Fault.RANGE if row["close"] <= 0 or row["prev_close"] < 0 else None


def _of_account(row: Row, known: Known) -> Fault | None:
    return None if row["account_no"] in known.accounts else Fault.NO_ACCOUNT


def _cash_flow(row: Row, known: Known) -> Fault | None:
    _known_word(row)
    if row["market"] is not None and row["market"] not in MARKETS:
        return Fault.WORD
    return _of_account(row, known) or _booked_today(row["settle_date"], known)


def _share_move(row: Row, known: Known) -> Fault | None:
    _known_word(row)
    if row["market"] not in MARKETS:
        return Fault.WORD
    return _of_account(row, known) or _booked_today(row["move_date"], known)


def _known_word(row: Row) -> None:
    if row["biz_code"] not in FED_CODES:
        row["biz_code"] = BizCode.UNKNOWN.value  # kept and counted; biz_name still says what the counter wrote


def _booked_today(booked_on: date, known: Known) -> Fault | None:
    return None if booked_on == known.day else Fault.OTHER_DAY


def _trade(row: Row, known: Known) -> Fault | None:
    if row["side"] not in {"B", "S"} or row["market"] not in MARKETS:
        return Fault.WORD
    if refused := _of_account(row, known) or _booked_today(row["trade_date"], known):
        return refused
    if row["qty"] <= 0:
        return Fault.QUANTITY
    if row["settle_date"] < row["trade_date"]:
        return Fault.SETTLED_BEFORE_TRADE
    if row["side"] == "B" and row["stamp"] != 0:
        return Fault.STAMP_ON_BUY
    return _trade_sums(row, known)


def _trade_sums(row: Row, known: Known) -> Fault | None:
    kind = known.security_types.get((row["market"], row["security_code"]))
    if kind not in PRICED_OTHERWISE and abs(row["price"] * row["qty"] - row["gross"]) > CENT:
        return Fault.GROSS
    fees = sum((row[fee] for fee in FEES), Decimal(0))
    signed = {-row["gross"] - fees, row["gross"] - fees} if kind == "REPO" else {_signed(row) - fees}
    if row["net_amount"] not in signed:  # lending on repo is a sale at the exchange, yet the cash leaves
        return Fault.NET
    levies = Decimal(0) if row["account_no"] in known.levies_apart else row["handling_fee"] + row["regulatory_fee"]
    return None if row["commission"] == row["net_commission"] + levies else Fault.COMMISSION


def _signed(row: Row) -> Decimal:
    gross: Decimal = row["gross"]
    return -gross if row["side"] == "B" else gross


def _position(row: Row, known: Known) -> Fault | None:
    if row["market"] not in MARKETS:
        return Fault.WORD
    return _of_account(row, known) or (Fault.QUANTITY if row["qty_total"] < 0 else None)


def _commission(row: Row, known: Known) -> Fault | None:
    return _of_account(row, known) or _booked_today(row["trade_date"], known)


def _corp_action(row: Row, known: Known) -> Fault | None:
    return None if row["market"] in MARKETS else Fault.WORD


def _rate_card(row: Row, known: Known) -> Fault | None:
    return None if {row["includes_levies"], row["includes_transfer"]} <= {"0", "1"} else Fault.WORD


_CHECKS: Mapping[str, Check] = {  # in an order in which a row is met after what it refers to
    "rate_card": _rate_card,
    "client": _client,
    "client_info": _client_info,
    "account": _account,
    "security": _security,
    "price": _price,
    "commission": _commission,
    "cash_balance": _of_account,
    "cash_flow": _cash_flow,
    "trade": _trade,
    "share_move": _share_move,
    "position": _position,
    "corp_action": _corp_action,
}
ORDER = tuple(_CHECKS)
