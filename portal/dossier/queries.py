"""Where a client stands, gathered from the rooms that know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal import clients, holdings, points, suitability, tiers
from portal.dossier import rules
from portal.dossier.timeline import May, names_in, waiting_for
from portal.kit.clock import local_date
from portal.kit.timeline import Piece
from portal.statements import Account, Batch, BizCode, CashFlow, Trade

OUT, IN = (BizCode.CASH_OUT, BizCode.XFER_OUT), (BizCode.CASH_IN, BizCode.XFER_IN)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """What stands beside a client's days."""

    book: holdings.Portfolio | None
    level: suitability.Standing | None
    tier: tiers.TierPeriod | None
    balance: points.Balance
    placed: rules.Placed
    warnings: Sequence[tuple[rules.Warn, dict[str, int]]]
    waiting: Sequence[tuple[Piece, Any]]
    names: dict[str, str]
    consents: Sequence[tuple[str, Any]]

    @property
    def tier_until(self) -> date | None:
        """Give the last day of the client's tier."""
        return self.tier.valid_to - timedelta(days=1) if self.tier else None


def standing_of(db: Session, client: Any, held: dict[str, Any], *, may: May, now: datetime) -> Standing:
    """Gather where a client stands; `client` is his row, `held` what we hold of him by key."""
    today, book = local_date(now), holdings.portfolio_of(db, client.id)
    level, waiting = suitability.standing(db, client.id), waiting_for(db, client.id, may=may)
    did = activity(db, client, book, today)
    return Standing(
        book=book, level=level, tier=tiers.current(db, client.id, today), balance=points.balance(db, client.id, now),
        placed=rules.place(did, today, rules.rule_on(today)), waiting=waiting,
        names=names_in(db, [row for _, row in waiting]),
        warnings=rules.warnings(_known(held, level, book, waiting, now), today),
        consents=[(kind, held[kind]) for kind in clients.CONSENTS if kind in held],
    )  # fmt: skip


def activity(db: Session, client: Any, book: holdings.Portfolio | None, today: date) -> rules.Activity:
    """Add up what a client has done, in two statements."""
    days = timedelta(days=rules.rule_on(today).window_days)
    first, before = today - days, today - days - days
    traded = db.execute(
        _of(select(
            func.max(Trade.trade_on).label("last"), _sum(Trade.gross, Trade.trade_on > first).label("now"),
            _sum(Trade.gross, Trade.trade_on.between(before + timedelta(days=1), first)).label("then"),
        ).select_from(Trade), Trade, client.id)
    ).one()  # fmt: skip
    moved = db.execute(
        _of(select(
            func.count().label("n"),
            _sum(CashFlow.amount, CashFlow.settle_on > first, CashFlow.biz_code.in_(OUT + IN)).label("net"),
        ).select_from(CashFlow), CashFlow, client.id)
    ).one()  # fmt: skip
    assets = book["assets.total"].value if book else None
    return rules.Activity(
        is_open=client.status == "0", opened_on=client.opened_on, has_money=moved.n > 0, last_trade_on=traded.last,
        turnover=traded.now or NOTHING, turnover_before=traded.then or NOTHING,
        money_out=max(-(moved.net or NOTHING), NOTHING), assets=max(assets or NOTHING, NOTHING),
    )  # fmt: skip


def _known(
    held: dict[str, Any], level: Any, book: Any, waiting: Sequence[tuple[Piece, Any]], now: datetime
) -> rules.Known:
    value = {key: known.value for key, known in held.items()}
    return rules.Known(
        wants_no_calls=value.get("do_not_call") == "1", has_mobile=bool(value.get("mobile")),
        id_valid_to=rules.day_of(value.get("id_valid_to")), has_level=level is not None,
        level_valid_to=level.valid_to if level else None, is_checked=bool(book and book.checking),
        overdue=sum(row.due is not None and row.due < now for _, row in waiting),
    )  # fmt: skip


def _of(found: Any, table: Any, client_id: int) -> Any:
    joined = found.join(Account, Account.id == table.account_id).join(Batch, Batch.id == table.batch_id)
    return joined.where(Account.client_id == client_id, Batch.is_current)


def _sum(column: Any, *where: ColumnElement[bool]) -> Any:
    return func.sum(case((and_(*where), column), else_=None), type_=column.type)
