"""Puts a load's rows into the ledger's tables, many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from portal.feeds.checks import Row
from portal.feeds.crosschecks import Held
from portal.feeds.models import FeedBreak, FeedQuarantine
from portal.feeds.rules import Break, Quarantined
from portal.kit.db import Base
from portal.statements import BizCode

TARGETS = {
    "price": "security_price",
    "cash_balance": "cash_balance",
    "cash_flow": "cash_flow",
    "trade": "trade",
    "share_move": "share_move",
    "position": "position",
    "corp_action": "corp_action",
    "rate_card": "rate_card",
}
RENAMED = {
    "client_name": "name",
    "open_date": "opened_on",
    "security_code": "code",
    "security_name": "name",
    "trade_date": "trade_on",
    "settle_date": "settle_on",
    "occur_time": "occurred_at",
    "trade_time": "traded_at",
    "move_date": "move_on",
    "prev_close": "previous",
    "record_date": "record_on",
    "ex_date": "ex_on",
    "pay_date": "pay_on",
    "min": "minimum",
}
AT_ONCE = 2_000
FLAGS = ("includes_levies", "includes_transfer")


def renamed(row: Row, file: str = "") -> dict[str, Any]:
    """Give a feed row under the ledger's names."""
    own = {RENAMED.get(name, name): value for name, value in row.items()}
    if file == "price":
        own["on"] = own.pop("trade_on")
    return own


def book(db: Session, batch_id: int, on: date, file: str, rows: Iterable[Row], accounts: Mapping[str, int]) -> None:
    """Insert a file's rows under a batch; `on` dates balances and positions."""
    insert_all(db, TARGETS[file], (_booked(row, file, on, accounts) | {"batch_id": batch_id} for row in rows))


def _booked(row: Row, file: str, on: date, accounts: Mapping[str, int]) -> dict[str, Any]:
    own = renamed(row, file)
    if "account_no" in own:
        own["account_id"] = accounts[own.pop("account_no")]
    if file in ("cash_balance", "position"):
        own["on"] = on
    return own | {name: own[name] == "1" for name in FLAGS if name in own}


def book_securities(db: Session, rows: Iterable[Row]) -> None:
    """Bring the table of securities up to what the day says."""
    table = Base.metadata.tables["security"]
    names = [column.name for column in table.columns]
    known = {(row.market, row.code): dict(row._mapping) for row in db.execute(select(table))}
    told = [{name: renamed(row)[name] for name in names} | {"lot_size": int(row["lot_size"])} for row in rows]
    insert_all(db, "security", [row for row in told if (row["market"], row["code"]) not in known])
    changed = [row for row in told if known.get((row["market"], row["code"])) not in (None, row)]
    update_all(db, table, ("market", "code"), changed)


def book_unknown_securities(db: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Name securities that the feed has never named; what the feed says stays."""
    table = Base.metadata.tables["security"]
    told = {(row["market"], row["code"]): row | {"lot_size": 1, "tick": Decimal("0.001")} for row in rows}
    wanted = select(table.c.market, table.c.code).where(table.c.code.in_({code for _, code in told}))
    known = {(row.market, row.code) for row in db.execute(wanted)}
    insert_all(db, "security", [row for key, row in told.items() if key not in known])


def book_accounts(db: Session, rows: Iterable[Row], clients: Mapping[str, int]) -> dict[str, int]:
    """Bring the table of accounts up to what the day says; give every account's id by its number."""
    table = Base.metadata.tables["account"]
    known = {row.account_no: dict(row._mapping) for row in db.execute(select(table))}
    names = ("account_no", "account_type", "currency", "opened_on", "status")
    told = [{name: renamed(row)[name] for name in names} | {"client_id": clients[row["client_no"]]} for row in rows]
    insert_all(db, "account", [row for row in told if row["account_no"] not in known])
    update_all(
        db,
        table,
        ("account_no",),
        [row for row in told if (old := known.get(row["account_no"])) and {**old, **row} != old],
    )
    return {row.account_no: row.id for row in db.execute(select(table.c.account_no, table.c.id))}


def book_takeover(
    db: Session, batch_id: int, on: date, cash: Sequence[Row], shares: Mapping[Held, Any], accounts: Mapping[str, int]
) -> None:
    """Take over new accounts as they stand: rows of kind OPENING on line 0, their cost and their past unknown."""
    base = {"batch_id": batch_id, "line": 0, "biz_code": BizCode.OPENING.value}
    flows = [
        base
        | {"flow_no": f"OPENING-{on:%Y%m%d}", "account_id": accounts[row["account_no"]], "currency": row["currency"]}
        | {"settle_on": on, "biz_name": "", "amount": row["opening"], "balance_after": row["opening"]}
        for row in cash
    ]
    moves = [
        base
        | {"move_no": f"OPENING-{on:%Y%m%d}", "account_id": accounts[account_no], "holder_no": holder_no}
        | {"market": market, "code": code, "move_on": on, "qty": qty}
        for (account_no, holder_no, market, code), qty in shares.items()
    ]
    insert_all(db, "cash_flow", flows)
    insert_all(db, "share_move", moves)


def book_quarantine(db: Session, batch_id: int, rows: Iterable[Quarantined], accounts: Mapping[str, int]) -> None:
    """Keep quarantined rows as they stood."""
    insert_all(
        db,
        FeedQuarantine.__tablename__,
        [
            {"batch_id": batch_id, "file": row.file, "line": row.line, "fault": row.fault.value}
            | {"verbatim": row.verbatim, "account_id": accounts.get(row.account_no or "")}
            for row in rows
        ],
    )


def book_breaks(db: Session, batch_id: int, found: Iterable[Break], accounts: Mapping[str, int]) -> None:
    """List the breaks."""
    insert_all(
        db,
        FeedBreak.__tablename__,
        [
            {"batch_id": batch_id, "kind": one.kind.value, "account_id": accounts[one.account_no]}
            | {"expected": one.expected, "reported": one.reported, "difference": one.difference}
            | {"detail": dict(one.detail)}
            for one in found
        ],
    )


def book_account_days(db: Session, batch_id: int, faults: Mapping[tuple[int, date], int]) -> None:
    """Say of each account and day how much was found wrong: the seal of the statements rests on it."""
    rows = [{"account_id": account_id, "on": on, "faults": count} for (account_id, on), count in faults.items()]
    insert_all(db, "account_day", [row | {"batch_id": batch_id, "line": 0} for row in rows])


def insert_all(db: Session, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows of one table, a few thousand at a time, so that a large day needs little memory."""
    waiting, statement = iter(rows), insert(Base.metadata.tables[table])
    while some := list(islice(waiting, AT_ONCE)):
        db.connection().execute(statement, some)


def update_all(db: Session, table: Table, key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Update many rows of one table at once, each found by its key."""
    if rows:
        same = [table.c[name] == bindparam(f"of_{name}") for name in key]
        db.connection().execute(
            update(table).where(*same), [{**row, **{f"of_{n}": row[n] for n in key}} for row in rows]
        )
