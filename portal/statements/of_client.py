"""What this room knows of one client: money that came and went, and the days on which he traded."""

from typing import Any

from sqlalchemy import BigInteger, Select, func, literal, select, type_coerce

from portal.kit.i18n import later
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, close_of, moment
from portal.statements.models import Account, Batch, CashFlow, ShareMove, Trade
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


def _own_accounts(client_id: int) -> Any:
    of = Account
    told = select(of.account_no, of.account_type, of.currency, of.opened_on, of.status)
    return told.where(of.client_id == client_id).order_by(of.id)


def _own_trades(client_id: int) -> Any:
    of = Trade
    told = select(
        Account.account_no, of.trade_no, of.trade_on, of.settle_on, of.market, of.code, of.side, of.price, of.qty,
        of.gross, of.commission, of.stamp, of.transfer_fee, of.handling_fee, of.regulatory_fee, of.other_fee,
        of.net_amount,
    )  # fmt: skip
    found: Select[Any] = _current(told.select_from(of), of, client_id).order_by(of.trade_on, of.id)
    return found


def _own_flows(client_id: int) -> Any:
    of = CashFlow
    columns = (Account.account_no, of.flow_no, of.settle_on, of.biz_name, of.amount, of.balance_after, of.remark)
    found: Select[Any] = _current(select(*columns).select_from(of), of, client_id).order_by(of.settle_on, of.id)
    return found


def _own_moves(client_id: int) -> Any:
    of = ShareMove
    columns = (Account.account_no, of.move_no, of.move_on, of.market, of.code, of.biz_code, of.qty)
    found: Select[Any] = _current(select(*columns).select_from(of), of, client_id).order_by(of.move_on, of.id)
    return found


DATA = (
    Part("accounts", later("资金账号"), _own_accounts),
    Part("trades", later("交割单"), _own_trades),
    Part("cash_flows", later("资金流水"), _own_flows),
    Part("share_moves", later("股份变动"), _own_moves),
)
