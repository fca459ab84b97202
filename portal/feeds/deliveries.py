"""Verb: take a delivery order into a client's account, as a batch of its own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal import statements
from portal.feeds import booking, delivery_order, queries
from portal.feeds.delivery_order import LARGEST_BYTES, Entry, Figures
from portal.feeds.rules import Break, Outcome, Reason, State, refused
from portal.feeds.vocabulary import type_of
from portal.kit.db import Database
from portal.statements import Batch, BizCode

TRADES = {BizCode.BUY: "B", BizCode.SELL: "S", BizCode.REPO_LEND: "S"}


@dataclass(frozen=True)
class Delivery(Outcome):
    """What the load of a delivery order came to, and what the file adds up to."""

    figures: Figures | None = None


def load_delivery_order(database: Database, file: Path, account_no: str, now: datetime) -> Outcome:
    """Take a terminal's export into an account: every row in the file's order, whole or not at all.

    A file whose days the account already has is refused, since its money would count twice.
    """
    if not file.is_file() or file.stat().st_size > LARGEST_BYTES:
        return refused(Reason.FILE_MISSING, file=file.name)
    content = file.read_bytes()
    entries = delivery_order.read(content)
    if isinstance(entries, Outcome):
        return entries
    with database.writing() as db:
        account = statements.account_by_no(db, account_no)
        if account is None:
            return refused(Reason.NO_ACCOUNT, account_no=account_no)
        settled = _standing(db, account.id, sha256(content).hexdigest(), entries)
        return settled or _take(db, account.id, account_no, sha256(content).hexdigest(), entries, now)


def _standing(db: Session, account_id: int, file_sha256: str, entries: Sequence[Entry]) -> Outcome | None:
    known = queries.delivery_by_hash(db, file_sha256)
    if known:
        mine = known.account_id == account_id
        return Outcome(State.SKIPPED, Reason.ALREADY_LOADED) if mine else refused(Reason.OTHER_ACCOUNT)
    overlap = queries.days_known(db, account_id, {entry.on for entry in entries})
    return refused(Reason.OVERLAP, days=[day.isoformat() for day in overlap]) if overlap else None


def _take(
    db: Session, account_id: int, account_no: str, file_sha256: str, entries: Sequence[Entry], now: datetime
) -> Delivery:
    batch_id = _batch(db, file_sha256, entries[-1].on, now)
    own = {"batch_id": batch_id, "account_id": account_id}
    booking.book_unknown_securities(db, [_security(entry) for entry in entries if entry.code])
    booking.insert_all(db, "cash_flow", _opening(entries, own) + [_flow(entry, file_sha256, own) for entry in entries])
    booking.insert_all(db, "trade", [_trade(entry, own) for entry in entries if entry.biz_code in TRADES])
    booking.insert_all(db, "share_move", [_move(entry, file_sha256, own) for entry in entries if entry.shares])
    booking.insert_all(db, "cash_balance", _balances(entries, own))
    booking.insert_all(db, "position", _positions(entries, own))
    found = delivery_order.breaks(entries, account_no)
    booking.book_breaks(db, batch_id, found, {account_no: account_id})
    booking.book_account_days(db, batch_id, _faults(account_id, entries, found))
    return Delivery(
        State.LOADED,
        business_date=entries[-1].on,
        rows=len(entries),
        batch_id=batch_id,
        breaks=tuple(found),
        figures=delivery_order.figures(entries),
    )


def _batch(db: Session, file_sha256: str, last: date, now: datetime) -> int:
    batch = Batch(
        kind="delivery_order",
        business_date=last,
        sequence=1,
        manifest_sha256=file_sha256,
        previous_sha256="",
        is_current=True,
        loaded_at=now,
    )
    db.add(batch)
    db.flush()
    return batch.id


def _security(entry: Entry) -> dict[str, Any]:
    security = {"market": entry.market, "code": entry.code, "name": entry.name or entry.code}
    return security | {"security_type": type_of(entry.code)}


def _opening(entries: Sequence[Entry], own: dict[str, Any]) -> list[dict[str, Any]]:
    opening = delivery_order.opening(entries)
    if not opening:
        return []
    first = {"line": 0, "flow_no": "OPENING", "currency": entries[0].currency, "settle_on": entries[0].on}
    first |= {"biz_code": BizCode.OPENING.value, "biz_name": "", "amount": opening, "balance_after": opening}
    return [own | first | dict.fromkeys(("occurred_at", "market", "code", "trade_no", "remark"))]


def _flow(entry: Entry, file_sha256: str, own: dict[str, Any]) -> dict[str, Any]:
    return own | {
        "line": entry.row,
        "flow_no": f"{file_sha256[:12]}-{entry.row}",
        "currency": entry.currency,
        "settle_on": entry.on,
        "occurred_at": entry.at,
        "biz_code": entry.biz_code.value,
        "biz_name": entry.word,
        "market": entry.market if entry.code else None,
        "code": entry.code or None,
        "trade_no": entry.trade_no or None,
        "amount": entry.effect,
        "balance_after": entry.balance,
        "remark": f"{entry.biz_code.value} {entry.amount}" if entry.effect != entry.amount else None,
    }


def _trade(entry: Entry, own: dict[str, Any]) -> dict[str, Any]:
    fees = ("net_commission", "stamp", "transfer_fee", "handling_fee", "regulatory_fee", "other_fee")
    return own | {
        "line": entry.row,
        "trade_no": entry.trade_no,
        "order_no": "",
        "holder_no": entry.holder_no,
        "market": entry.market,
        "code": entry.code,
        "trade_on": entry.on,
        "settle_on": entry.on,
        "traded_at": entry.at,
        "side": TRADES[entry.biz_code],
        "price": entry.price,
        "qty": abs(entry.qty),
        "gross": abs(entry.gross),
        "commission": entry.net_commission + entry.handling_fee + entry.regulatory_fee,
        "net_amount": entry.amount,
        **{name: getattr(entry, name) for name in fees},
    }


def _move(entry: Entry, file_sha256: str, own: dict[str, Any]) -> dict[str, Any]:
    return own | {
        "line": entry.row,
        "move_no": f"{file_sha256[:12]}-{entry.row}",
        "holder_no": entry.holder_no,
        "market": entry.market,
        "code": entry.code,
        "move_on": entry.on,
        "biz_code": entry.biz_code.value,
        "qty": entry.shares,
        "ref_no": entry.trade_no or None,
    }


def _balances(entries: Sequence[Entry], own: dict[str, Any]) -> list[dict[str, Any]]:
    base = own | {"line": 0, "currency": entries[0].currency, "frozen": 0}
    return [
        base | {"on": on, "opening": opening, "net_flow": flow, "closing": closing}
        for on, opening, flow, closing in delivery_order.days(entries)
    ]


def _positions(entries: Sequence[Entry], own: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        own
        | {"line": 0, "on": entries[-1].on, "holder_no": holder_no, "market": market, "code": code}
        | {"qty_total": qty, "qty_available": qty, "qty_frozen": 0}
        for (holder_no, market, code), qty in delivery_order.reported_shares(entries).items()
    ]


def _faults(account_id: int, entries: Sequence[Entry], found: Sequence[Break]) -> dict[tuple[int, date], int]:
    count = Counter(date.fromisoformat(one.detail["on"]) for one in found)
    return {(account_id, on): count[on] for on in sorted({entry.on for entry in entries})}
