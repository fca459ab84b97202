"""The words of figures: what an explanation says, the labels of its parts, and why a figure is unknown."""

from dataclasses import dataclass

from portal.kit.i18n import later


@dataclass(frozen=True)
class Words:
    """What a figure is called, what it tells, its formula, what it is good for and what not."""

    name: str
    what: str
    formula: str
    use: str
    limits: str


LABELS = {
    "row.commission": later("佣金"),
    "row.levies": later("其他税费"),
    "row.bonus": later("送股"),
    "row.split": later("拆分或合并"),
    "row.lot": later("一批的成本"),
    "amount.bought": later("买入成交金额"),
    "amount.dil": later("还占用的资金"),
    "amount.fifo": later("先进先出成本"),
    "row.assets": later("期末总资产"),
    "row.assets.before": later("期初总资产"),
    "row.flow": later("净转入"),
    "row.due": later("应收红利"),
    "row.per_share": later("每股红利"),
    "dividend.due": later("应收红利"),
    "dividend.due.all": later("应收红利"),
    "row.opening": later("期初"),
    "row.buy": later("买入付出"),
    "row.sell": later("卖出收回"),
    "row.rights": later("配股缴款"),
    "row.ipo": later("新股缴款"),
    "row.transfer_in": later("转入"),
    "row.transfer_out": later("转出"),
    "row.dividend": later("红利入账"),
    "row.dividend_tax": later("红利税"),
    "row.qty": later("持股数"),
    "row.price": later("收盘价"),
    "row.price.before": later("前一交易日收盘价"),
    "row.balance": later("资金余额"),
    "row.frozen": later("冻结资金"),
    "row.repo": later("逆回购本金"),
    "mv": later("今日市值"),
    "mv.before": later("前一交易日市值"),
    "amount.ma": later("移动加权成本"),
    "assets.securities": later("证券市值"),
    "assets.cash": later("现金与逆回购"),
}
LEAVING = later("卖出转出的成本")
UNKNOWN = {
    "OPENING": later("这些持仓在接入本系统前就有，成本没有记录。"),
    "TRANSFER": later("转入时没有带来成本。"),
    "UNPAID": later("有一笔买入或缴款没有找到对应的付款记录。"),
    "SHORT": later("卖出的数量多于记录里的持仓，之前的买入不在记录里。"),
    "QUANTITY": later("记录里的数量与柜台的持仓不同，成本不完整。"),
    "BRIDGE": later("几种算法的结果没有对上，我们正在核对。"),
    "CHECKING": later("这个账户的数据正在核对，核对完之前不显示计算的数字。"),
    "UNCOVERED": later("这类证券或账户的算法不同，本系统还不能计算，所以只显示数量。"),
    "RATE_CARD": later("还不知道您的佣金费率，或这类证券的费率，所以不估算卖出费用。"),
    "PRICE": later("还没有这只证券的收盘价。"),
    "PRICE_BEFORE": later("缺少前一交易日的收盘价。"),
    "EMPTY": later("没有持仓。"),
    "RECOVERED": later("成本已收回，没有比例。"),
    "UNKNOWN": later("缺少计算需要的记录。"),
}
