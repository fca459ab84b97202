"""Reads of one account's ledger for its pages: the rows of a period, sifted, so many at a time, and its proof."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.kit.db import Money
from portal.statements.models import Batch, CashFlow, Security, Trade
from portal.statements.queries import Line, Rows
from portal.statements.rules import BizCode, Entry, Period

Wanted = Select[*tuple[Any, ...]]
UNNAMED = (BizCode.ADJ.value, BizCode.ADMIN.value, BizCode.UNKNOWN.value)
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class Sieve:
    """Which rows are wanted; `said` are the codes whose shown words hold the text."""

    kind: str = ""
    security: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    text: str = ""
    said: Collection[str] = ()


@dataclass(frozen=True)
class Total:
    """How many rows there are, and what they add up to: what came in and what went out, in yuan."""

    count: int
    inflow: Decimal
    outflow: Decimal


class Ledger:
    """One account's rows of one kind: cash flows or trades."""

    def __init__(self, db: Session, account_id: int, table: type[CashFlow] | type[Trade]) -> None:
        """Open the account's ledger; nothing is read yet."""
        self.db, self.account_id = db, account_id
        self.table: Any = table
        is_cash = table is CashFlow
        self.on: InstrumentedAttribute[Any] = CashFlow.settle_on if is_cash else Trade.trade_on
        self.amount: InstrumentedAttribute[Any] = CashFlow.amount if is_cash else Trade.net_amount
        self.place = (self.on, Batch.business_date, table.line, table.id)

    def rows(self, period: Period, sieve: Sieve, *, after: int | None = None, limit: int | None = None) -> Rows | None:
        """List rows in booking order, those after a row when one is named; None where there is no such row."""
        columns = (*self.table.__table__.c, Batch.kind.label("batch_kind"), Security.name, Security.security_type)
        wanted = self._of(select(*columns), period, sieve).order_by(*self.place).limit(limit)
        if after is None:
            return self.db.execute(wanted).all()
        here = select(*self.place).join(Batch, Batch.id == self.table.batch_id)
        mine = (self.table.id == after, self.table.account_id == self.account_id)
        place = self.db.execute(here.where(*mine)).first()
        return self.db.execute(wanted.where(tuple_(*self.place) > tuple_(*place))).all() if place else None

    def total(self, period: Period, sieve: Sieve) -> Total:
        """Count rows and add up their amounts."""
        came, went = (
            func.coalesce(func.sum(case((sign, self.amount), else_=0), type_=Money), 0, type_=Money)
            for sign in (self.amount > 0, self.amount < 0)
        )
        row = self.db.execute(self._of(select(func.count(), came, went), period, sieve)).one()
        return Total(row[0], row[1], -row[2])

    def _of(self, wanted: Wanted, period: Period, sieve: Sieve) -> Wanted:
        table = self.table
        same = and_(Security.market == table.market, Security.code == table.code)
        wanted = wanted.select_from(table).join(Batch, Batch.id == table.batch_id).outerjoin(Security, same)
        mine = (Batch.is_current, table.account_id == self.account_id, self.on.between(period.first, period.last))
        return wanted.where(*mine, *self._sifted(sieve))

    def _sifted(self, sieve: Sieve) -> Conditions:
        size = func.abs(self.amount, type_=Money)
        found: Conditions = [CashFlow.biz_code != BizCode.OPENING.value] if self.table is CashFlow else []
        if sieve.kind:
            found.append(self._is(sieve.kind))
        if sieve.least is not None:
            found.append(size >= sieve.least)
        if sieve.most is not None:
            found.append(size <= sieve.most)
        if sieve.security:
            found.append(or_(*self._about(sieve.security)))
        if sieve.text:
            said = [self._is(code) for code in sieve.said]
            found.append(or_(*self._about(sieve.text), *self._written(sieve.text), *said))
        return found

    def _is(self, kind: str) -> ColumnElement[bool]:
        if self.table is CashFlow:
            return CashFlow.biz_code == kind
        is_repo = func.coalesce(Security.security_type, "") == "REPO"
        sides = {"BUY": and_(Trade.side == "B", ~is_repo), "SELL": and_(Trade.side == "S", ~is_repo)}
        return sides.get(kind, is_repo if kind == "REPO_LEND" else false())

    def _about(self, word: str) -> Conditions:
        return [column.icontains(word, autoescape=True) for column in (Security.name, self.table.code)]

    def _written(self, word: str) -> Conditions:
        # The counter's word is shown only where we have none of our own.
        if self.table is Trade:
            return []
        return [and_(CashFlow.biz_name.icontains(word, autoescape=True), CashFlow.biz_code.in_(UNNAMED))]


def entries(db: Session, account_id: int, period: Period) -> list[Entry]:
    """Give every booking of a period as its proof needs it, in booking order."""
    place = (CashFlow.settle_on, Batch.business_date, CashFlow.line, CashFlow.id)
    wanted = select(CashFlow.amount, CashFlow.balance_after).join(Batch, Batch.id == CashFlow.batch_id)
    mine = (CashFlow.account_id == account_id, CashFlow.settle_on.between(period.first, period.last))
    rows = db.execute(wanted.where(Batch.is_current, *mine, CashFlow.biz_code != BizCode.OPENING).order_by(*place))
    return [Entry(row.amount, row.balance_after) for row in rows]


def trades_of(db: Session, account_id: int, flows: Sequence[Line]) -> Rows:
    """Give the trades behind some cash flows; that of a repo's return is of an earlier day."""
    numbers = {row.trade_no for row in flows if row.trade_no}
    if not numbers:
        return []
    columns = (*Trade.__table__.c, Batch.kind.label("batch_kind"), Security.name, Security.security_type)
    same = and_(Security.market == Trade.market, Security.code == Trade.code)
    wanted = select(*columns).join(Batch, Batch.id == Trade.batch_id).outerjoin(Security, same)
    return db.execute(wanted.where(Batch.is_current, Trade.account_id == account_id, Trade.trade_no.in_(numbers))).all()
