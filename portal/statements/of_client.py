"""What this room knows of one client: money that came and went, and the days on which he traded."""

from typing import Any

from sqlalchemy import BigInteger, Select, func, literal, select, type_coerce

from portal.kit.i18n import later
from portal.kit.timeline import Piece, close_of, moment
from portal.statements.models import Account, Batch, CashFlow, Trade
from portal.statements.rules import BizCode

KIND = "money"
FLOWS = {
    BizCode.CASH_IN: later("银行转入"), BizCode.CASH_OUT: later("转出到银行"), BizCode.XFER_IN: later("转托管转入"),
    BizCode.XFER_OUT: later("转托管转出"), BizCode.DIV_CASH: later("红利入账"),
}  # fmt: skip


def _transfers(client_id: int) -> Select[Any]:
    of = CashFlow
    told = moment(close_of(of.settle_on), of.id, of.biz_code, note=Account.account_no, figure=of.amount)
    found: Select[Any] = _current(told, of, client_id).where(of.biz_code.in_(FLOWS))
    return found


def _trading_days(client_id: int) -> Select[Any]:
    fen = func.sum(type_coerce(Trade.gross, BigInteger)).label("fen")
    days = _current(
        select(Trade.trade_on, func.max(Trade.id).label("id"), func.count().label("n"), fen), Trade, client_id
    )
    day = days.group_by(Trade.trade_on).subquery()
    return moment(close_of(day.c.trade_on), day.c.id, literal("traded"), note=day.c.n, figure=day.c.fen)


def _current(found: Any, of: Any, client_id: int) -> Any:
    joined = found.join(Account, Account.id == of.account_id).join(Batch, Batch.id == of.batch_id)
    return joined.where(Account.client_id == client_id, Batch.is_current)


def _count(said: str) -> str:
    return f"× {said}"


def _tail(account_no: str) -> str:
    return f"****{account_no[-4:]}"


MOMENTS = (
    Piece("transfers", KIND, later("资金"), _transfers, FLOWS, unit="fen", say_note=_tail),
    Piece("trading_days", KIND, later("交易"), _trading_days, {"traded": later("成交")}, unit="fen", say_note=_count),
)
