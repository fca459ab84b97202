"""Reads of the ledger, in booking order: rows of current batches, and where the feed knows an account, only its own."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, extract, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.statements.models import (
    Account,
    AccountDay,
    Batch,
    CashBalance,
    CashFlow,
    CorpAction,
    Position,
    RateCard,
    Security,
    SecurityPrice,
    ShareMove,
    Trade,
)

Line = Row[*tuple[Any, ...]]
Rows = Sequence[Line]
Wanted = Select[*tuple[Any, ...]]
Key = tuple[str, str]
SEVEN_PLACES = Decimal("0.0000001")
Only = Sequence[ColumnElement[bool]]  # narrower conditions of whoever asks


@dataclass(frozen=True)
class Quote:
    """A security's price as a day knows it; `previous` is adjusted for ex-dates, in yuan."""

    on: date
    close: Decimal
    previous: Decimal


def accounts_of(db: Session, client_id: int) -> Rows:
    """List a client's accounts: id, account_no, account_type, currency, opened_on, status."""
    mine = Account.__table__.c
    wanted = select(mine.id, mine.account_no, mine.account_type, mine.currency, mine.opened_on, mine.status)
    return db.execute(wanted.where(Account.client_id == client_id).order_by(Account.account_no)).all()


def account_by_no(db: Session, account_no: str) -> Line | None:
    """Find an account by its number: id, client_id."""
    return db.execute(select(Account.id, Account.client_id).where(Account.account_no == account_no)).first()


def latest_day(db: Session, account_ids: Collection[int], until: date | None = None) -> date | None:
    """Give the last day (up to `until`) that the counter has reported for any of the accounts."""
    newest = select(func.max(CashBalance.on)).join(Batch, Batch.id == CashBalance.batch_id)
    mine = (CashBalance.account_id.in_(account_ids), CashBalance.on <= (until or date.max))
    return db.scalar(newest.where(*mine, Batch.is_current, _in_ledger(CashBalance.account_id)))


def batch_of(db: Session, account_ids: Collection[int], day: date) -> Line | None:
    """Give the batch that reported a day of the accounts: id, kind, business_date, loaded_at."""
    found = select(Batch.id, Batch.kind, Batch.business_date, Batch.loaded_at).join(
        CashBalance, CashBalance.batch_id == Batch.id
    )
    return db.execute(
        found.where(
            CashBalance.account_id.in_(account_ids),
            CashBalance.on == day,
            Batch.is_current,
            _in_ledger(CashBalance.account_id),
        )
    ).first()


def balances(db: Session, account_ids: Collection[int], first: date, last: date) -> Rows:
    """List the counter's balances by day: account_id, currency, on, opening, net_flow, closing, frozen."""
    columns = CashBalance.__table__.c
    wanted = select(
        columns.account_id,
        columns.currency,
        columns.on,
        columns.opening,
        columns.net_flow,
        columns.closing,
        columns.frozen,
    )
    return db.execute(_ledger(wanted, CashBalance.account_id, CashBalance.on, account_ids, last, first)).all()


def positions(db: Session, account_ids: Collection[int], day: date) -> Rows:
    """List what the counter says was held on a day: Position's columns, name and security_type."""
    wanted = select(*_own(Position), *_SECURITY).outerjoin(Security, _same_security(Position.market, Position.code))
    return db.execute(_ledger(wanted, Position.account_id, Position.on, account_ids, day, first=day)).all()


def held_by_all(db: Session) -> Rows:
    """List what every client holds on the last day of the feed: client_id, market, code, name, security_type."""
    last = select(func.max(Batch.business_date)).where(Batch.is_current, Batch.kind == "feed").scalar_subquery()
    columns = (Account.client_id, Position.market, Position.code, *_SECURITY)
    wanted = select(*columns).distinct().join(Account, Account.id == Position.account_id)
    wanted = wanted.join(Batch, Batch.id == Position.batch_id)
    wanted = wanted.outerjoin(Security, _same_security(Position.market, Position.code))
    here = (Position.on == last, Position.qty_total > 0, Batch.is_current)
    return db.execute(wanted.where(*here).order_by(Account.client_id, Position.code)).all()


def moves(db: Session, account_ids: Collection[int], last: date, *, first: date = date.min, only: Only = ()) -> Rows:
    """List every share move up to a day, OPENING first: ShareMove's columns, name and security_type."""
    wanted = select(*_own(ShareMove), *_SECURITY).outerjoin(Security, _same_security(ShareMove.market, ShareMove.code))
    return db.execute(
        _ledger(wanted, ShareMove.account_id, ShareMove.move_on, account_ids, last, first).where(*only)
    ).all()


def trades(db: Session, account_ids: Collection[int], last: date, *, first: date = date.min, only: Only = ()) -> Rows:
    """List every trade up to a day: Trade's columns, name and security_type."""
    wanted = select(*_own(Trade), *_SECURITY).outerjoin(Security, _same_security(Trade.market, Trade.code))
    return db.execute(_ledger(wanted, Trade.account_id, Trade.trade_on, account_ids, last, first).where(*only)).all()


def flows(db: Session, account_ids: Collection[int], last: date, *, first: date = date.min, only: Only = ()) -> Rows:
    """List every cash flow up to a day, OPENING first: CashFlow's columns, name and security_type."""
    wanted = select(*_own(CashFlow), *_SECURITY).outerjoin(Security, _same_security(CashFlow.market, CashFlow.code))
    return db.execute(
        _ledger(wanted, CashFlow.account_id, CashFlow.settle_on, account_ids, last, first).where(*only)
    ).all()


def flows_between(db: Session, account_id: int, first: date, last: date) -> Rows:
    """List an account's cash flows of some days: CashFlow's columns, name and security_type."""
    wanted = select(*_own(CashFlow), *_SECURITY).outerjoin(Security, _same_security(CashFlow.market, CashFlow.code))
    return db.execute(_between(wanted, CashFlow.account_id, CashFlow.settle_on, [account_id], first, last)).all()


def trades_between(db: Session, account_id: int, first: date, last: date) -> Rows:
    """List an account's trades of some days: Trade's columns, name and security_type."""
    wanted = select(*_own(Trade), *_SECURITY).outerjoin(Security, _same_security(Trade.market, Trade.code))
    return db.execute(_between(wanted, Trade.account_id, Trade.trade_on, [account_id], first, last)).all()


def prices(db: Session, keys: Collection[Key], day: date) -> dict[Key, Quote]:
    """Give each security's newest price on or before a day, by (market, code); one without a price is left out."""
    price, codes = SecurityPrice.__table__.c, {code for _, code in keys}
    known = (price.on <= day, price.code.in_(codes), Batch.is_current)
    newest = (
        select(price.market, price.code, func.max(price.on).label("on"))
        .join(Batch, Batch.id == price.batch_id)
        .where(*known)
        .group_by(price.market, price.code)
        .subquery()
    )
    same = and_(price.market == newest.c.market, price.code == newest.c.code, price.on == newest.c.on)
    wanted = (
        select(price.market, price.code, price.on, price.close, price.previous)
        .join(newest, same)
        .join(Batch, Batch.id == price.batch_id)
        .where(Batch.is_current)
        .order_by(Batch.business_date)  # a suspended security's old price comes again each day: the last word counts
    )
    found = {(row.market, row.code): Quote(row.on, row.close, row.previous) for row in db.execute(wanted)}
    return {key: quote for key, quote in found.items() if key in set(keys)}


def dividends_on_the_way(db: Session, first: date, last: date) -> Rows:
    """List cash dividends that on some of these days were past their ex-date and not yet paid: CorpAction's columns."""
    columns = CorpAction.__table__.c
    wanted = select(*columns).join(Batch, Batch.id == columns.batch_id).order_by(columns.ex_on, columns.action_id)
    found = db.execute(
        wanted.where(Batch.is_current, columns.ex_on <= last, columns.pay_on > first, columns.cash_per_10 > 0)
    )
    return list({row.action_id: row for row in found}.values())


def rate_card_at(db: Session, rate: str, day: date) -> Line | None:
    """Give the newest rate card of a rate (as the core writes it) that is valid on a day: RateCard's columns."""
    with suppress(InvalidOperation):
        columns, wanted = RateCard.__table__.c, Decimal(rate).quantize(SEVEN_PLACES)
        cards = select(*columns).join(Batch, Batch.id == columns.batch_id).order_by(columns.valid_from.desc())
        known = db.execute(cards.where(Batch.is_current, columns.valid_from <= day, columns.rate == wanted).limit(1))
        return known.first()
    return None


def subscriptions(db: Session) -> dict[Key, str]:
    """Lead from a subscription's (market, code) to the code under which its shares arrive."""
    wanted = select(Security.market, Security.code, Security.subscription_of).where(
        Security.subscription_of.is_not(None)
    )
    return {(row.market, row.code): row.subscription_of for row in db.execute(wanted)}


def faults(db: Session, account_id: int, first: date, last: date) -> dict[date, int]:
    """Count, day by day, what the loads of an account found wrong; a day without a load isn't in it."""
    wanted = select(AccountDay.on, AccountDay.faults)
    found: dict[date, int] = {}
    for row in db.execute(_between(wanted, AccountDay.account_id, AccountDay.on, [account_id], first, last)):
        found[row.on] = found.get(row.on, 0) + row.faults
    return found


def day_ends(db: Session, account_id: int, first: date, last: date) -> Rows:
    """List an account's days with what each load found wrong: on, opening, closing, kind of batch, faults (or None)."""
    own = (AccountDay.batch_id == CashBalance.batch_id, AccountDay.account_id == CashBalance.account_id)
    wanted = select(CashBalance.on, CashBalance.opening, CashBalance.closing, Batch.kind, AccountDay.faults)
    wanted = wanted.outerjoin(AccountDay, and_(*own, AccountDay.on == CashBalance.on))
    return db.execute(_between(wanted, CashBalance.account_id, CashBalance.on, [account_id], first, last)).all()


def reported_after(db: Session, account_id: int, day: date) -> bool:
    """Say whether the counter has reported an account after a day."""
    wanted = select(CashBalance.id).join(Batch, Batch.id == CashBalance.batch_id)
    later = wanted.where(CashBalance.account_id == account_id, CashBalance.on > day, Batch.is_current)
    return db.scalar(later.limit(1)) is not None


def months(db: Session, account_id: int) -> list[date]:
    """List the months in which the counter has reported an account, each as its first day."""
    year, month = extract("year", CashBalance.on), extract("month", CashBalance.on)
    wanted = select(year, month).join(Batch, Batch.id == CashBalance.batch_id).distinct().order_by(year, month)
    rows = db.execute(wanted.where(CashBalance.account_id == account_id, Batch.is_current))
    return [date(int(y), int(m), 1) for y, m in rows]


_SECURITY = (Security.name, Security.security_type)


def _own(table: type[Position | ShareMove | Trade | CashFlow]) -> list[ColumnElement[Any]]:
    return [*table.__table__.c, Batch.kind.label("batch_kind")]


def _same_security(market: Any, code: Any) -> ColumnElement[bool]:
    return and_(Security.market == market, Security.code == code)


def _ledger(
    wanted: Wanted,
    account: InstrumentedAttribute[int],
    on: InstrumentedAttribute[date],
    account_ids: Collection[int],
    last: date,
    first: date = date.min,
) -> Wanted:
    return _between(wanted, account, on, account_ids, first, last).where(_in_ledger(account))


def _between(
    wanted: Wanted,
    account: InstrumentedAttribute[int],
    on: InstrumentedAttribute[date],
    account_ids: Collection[int],
    first: date,
    last: date,
) -> Wanted:
    line = account.class_.line
    return (
        wanted.join(Batch, Batch.id == account.class_.batch_id)
        .where(Batch.is_current, account.in_(account_ids), on >= first, on <= last)
        .order_by(on, Batch.business_date, line)
    )


# Built once: it is part of every read, and the same each time.
_FED_BATCH = Batch.__table__.alias("fed")
_FED_ACCOUNTS = (
    select(CashBalance.account_id)
    .join(_FED_BATCH, _FED_BATCH.c.id == CashBalance.batch_id)
    .where(_FED_BATCH.c.is_current, _FED_BATCH.c.kind == "feed")
)


def _in_ledger(account: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    # Where the feed knows an account, its word is the ledger and a delivery order only history: nothing counts twice.
    return or_(Batch.kind == "feed", account.not_in(_FED_ACCOUNTS))
