"""What a figure is, in words, and its sum written out: the same object that the page shows, read line by line."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from portal.holdings.figures import Fig, Op, chain, rows
from portal.kit.i18n import later, say
from portal.kit.money import rounded
from portal.kit.render import MASK, hides_amounts, month_long, num, price, ratio, shares, sign


@dataclass(frozen=True)
class Words:
    """What a figure is called, what it tells, its formula, what it is good for and what not."""

    name: str
    what: str
    formula: str
    use: str
    limits: str


@dataclass(frozen=True)
class CalcLine:
    """One line of the sum: operator, what it is, its details, its value as shown; `mark` is sum or end."""

    op: str
    label: str
    value: str
    details: str = ""
    mark: str = ""


WORDS = {
    "cost.ma": Words(
        later("移动加权成本价"),
        later("还在手里的每一股，平均花了您多少钱。"),
        later("移动加权成本 ÷ 持股数。买入时加上成交金额和费用，卖出时按比例转出，现金红利不改变它，送股只改变股数。"),
        later("判断手里的持仓是赚还是亏。"),
        later("与显示摊薄成本的软件对照：那种算法把卖出和红利也算进成本。"),
    ),
    "pnl.float": Words(
        later("浮动盈亏"),
        later("按最近的收盘价，手里的持仓比成本多出或少了多少。"),
        later("市值 − 移动加权成本。盈亏率是它与成本之比。"),
        later("看还没有卖出的部分现在的结果。"),
        later("看整段持仓的结果：已卖出的部分和红利不在内，卖出时的费用也没有扣。"),
    ),
    "pnl.day": Words(
        later("当日盈亏"),
        later("这只证券今天一天给您带来的变化。"),
        later("今日市值 − 前一交易日市值 + 今日这只证券的现金收支。除权除息日的红利和送股会补上价格的缺口。"),
        later("看一天里发生了什么，分红送股的日子也不会显得像亏损。"),
        later("衡量长期结果，或预测明天。"),
    ),
    "mv": Words(
        later("证券市值"),
        later("按最近的收盘价，您的证券值多少钱。"),
        later("持股数 × 收盘价"),
        later("了解持仓的规模和比重。"),
        later("估计卖出能到手的钱：费用没有扣，成交价也会不同。"),
    ),
    "assets.total": Words(
        later("总资产"),
        later("收盘时，您的证券、现金和借出的资金一共值多少。"),
        later("证券市值 + 资金余额 + 逆回购本金。没有价格的证券不计入，并在页面上说明。"),
        later("了解全部资产的规模。"),
        later("衡量收益：转入和转出的钱也会改变它。"),
    ),
    "assets.securities": Words(
        later("证券市值"),
        later("收盘时，您全部证券值多少钱。"),
        later("各只证券的持股数 × 收盘价，再相加"),
        later("了解证券在总资产中的比重。"),
        later("估计卖出能到手的钱：费用没有扣，成交价也会不同。"),
    ),
    "assets.cash": Words(
        later("现金与逆回购"),
        later("账户里的现金，加上借出还没有到期的资金。"),
        later("资金余额 + 逆回购本金。未到期的利息不计入。"),
        later("了解没有投在证券上的钱有多少。"),
        later("判断现在能用多少：逆回购要到期才能用。"),
    ),
    "pnl.day.all": Words(
        later("当日盈亏"),
        later("您的全部证券今天一天的变化。"),
        later("各只证券的当日盈亏相加，今天卖完的也在内"),
        later("看一天里发生了什么。"),
        later("衡量长期结果；逆回购的利息不在内。"),
    ),
    "pnl.float.all": Words(
        later("浮动盈亏"),
        later("您手里的持仓一共比成本多出或少了多少。"),
        later("各只证券的浮动盈亏相加，成本未知的不计入"),
        later("看还没有卖出的部分现在的结果。"),
        later("看全部投资的结果：已卖出的部分和红利不在内。"),
    ),
    "cash.available": Words(
        later("可用资金"),
        later("现在可以买入或转出的现金。"),
        later("资金余额 − 冻结资金"),
        later("知道现在能用多少钱。"),
        later("知道一共有多少钱：证券和逆回购不在内。"),
    ),
    "cost.dil": Words(
        later("摊薄成本价"),
        later("这只证券目前还占用您多少自有资金，平摊到每一股。"),
        later("摊薄成本价 =（买入付出 − 卖出收回 − 红利净额）÷ 持股数"),
        later("看这段持仓从头到尾的结果，卖出和红利都算在内。"),
        later("卖得多时可能为负，这时不显示比例。"),
    ),
    "cost.fifo": Words(
        later("先进先出成本价"),
        later("还在手里的每一股，按最早买的先卖来算，平均花了您多少钱。"),
        later("剩下各批的成本 ÷ 持股数。卖出时最早买入的先走，送股按比例加到各批。"),
        later("看持有时间和红利税：税也按先进先出算。"),
        later("与显示移动加权或摊薄成本的软件对照。"),
    ),
    "cost.buy": Words(
        later("买入均价"),
        later("您在市场上平均花多少钱买一股，不含费用。"),
        later("买入成交金额 ÷ 买入股数。送股和拆分按比例调整股数。"),
        later("回想当时买的价位。"),
        later("判断盈亏：费用、卖出和红利都不在内。"),
    ),
    "pnl.ref": Words(
        later("参考盈亏"),
        later("这段持仓从头到尾的结果：手里的、卖出的和红利都算上。"),
        later("市值 − 摊薄成本 = 浮动盈亏 + 已实现盈亏 + 红利净额"),
        later("看整段持仓的结果；三种成本口径算出来相同。"),
        later("判断手里剩下的持仓：请看浮动盈亏。"),
    ),
    "pnl.fifo": Words(
        later("浮动盈亏（先进先出）"),
        later("按最近的收盘价，手里的持仓比先进先出成本多出或少了多少。"),
        later("市值 − 先进先出成本"),
        later("看剩下各批现在的结果。"),
        later("看整段持仓的结果：已卖出的部分和红利不在内。"),
    ),
    "realised.ma": Words(
        later("已实现盈亏"),
        later("已经卖出的部分，比它们的移动加权成本多收回或少收回多少。"),
        later("卖出收回 − 买入付出 + 还在手里的移动加权成本"),
        later("看卖出的部分赚了还是亏了。"),
        later("看手里的部分：请看浮动盈亏。"),
    ),
    "realised.fifo": Words(
        later("已实现盈亏（先进先出）"),
        later("已经卖出的部分，比最早买入的那几批的成本多收回或少收回多少。"),
        later("卖出收回 − 买入付出 + 还在手里的先进先出成本"),
        later("看卖出的部分赚了还是亏了。"),
        later("看手里的部分：请看浮动盈亏。"),
    ),
    "div.net": Words(
        later("红利净额"),
        later("这段持仓收到的红利，减去红利税。"),
        later("红利入账 − 红利税"),
        later("看红利带来了多少。"),
        later("估计以后的红利。"),
    ),
    "be.dil": Words(
        later("摊薄保本价"),
        later("全部卖出时，扣掉费用还能收回占用资金的最低价。"),
        later("最小的价位 p：p × 持股数 − 卖出费用 ≥ 摊薄成本。成本已收回时为 0。"),
        later("想知道整段持仓卖到什么价不亏。"),
        later("预测卖出能成交的价格。"),
    ),
    "be.ma": Words(
        later("买入保本价"),
        later("全部卖出时，扣掉费用还能收回手里这些股成本的最低价。"),
        later("最小的价位 p：p × 持股数 − 卖出费用 ≥ 移动加权成本"),
        later("想知道手里的持仓卖到什么价不亏。"),
        later("预测卖出能成交的价格。"),
    ),
    "pnl.closed": Words(
        later("清仓盈亏"),
        later("这段持仓从第一股到最后一股的结果，费用和红利都算在内。"),
        later("卖出收回 − 买入付出 + 红利净额"),
        later("看一段已经结束的持仓赚了还是亏了。"),
        later("看年化收益：没有算持有了多久。"),
    ),
    "dividend.due": Words(
        later("应收红利"),
        later("除权除息日已过，还没有到账的红利（税前）。"),
        later("登记日的持股数 × 每股红利"),
        later("说明除息之后价格的缺口去了哪里。"),
        later("当作可用的钱：到账之后才能用。"),
    ),
    "dividend.due.all": Words(
        later("应收红利"),
        later("除权除息日已过，还没有到账的红利（税前）。"),
        later("各只证券的应收红利相加"),
        later("说明除息之后价格的缺口去了哪里。"),
        later("当作可用的钱：到账之后才能用。"),
    ),
    "pnl.ref.all": Words(
        later("参考盈亏"),
        later("您手里各段持仓从头到尾的结果：手里的、卖出的和红利都算上。"),
        later("各只证券的参考盈亏相加，成本未知的不计入"),
        later("看手里各段持仓的总结果；三种成本口径算出来相同。"),
        later("看已经清仓的证券：它们在“已清仓”里。"),
    ),
    "pnl.fifo.all": Words(
        later("浮动盈亏（先进先出）"),
        later("您手里的持仓一共比先进先出成本多出或少了多少。"),
        later("各只证券的浮动盈亏（先进先出）相加，成本未知的不计入"),
        later("看还没有卖出的部分现在的结果。"),
        later("看全部投资的结果：已卖出的部分和红利不在内。"),
    ),
    "realised.ma.all": Words(
        later("已实现盈亏"),
        later("手里各段持仓中，已经卖出的部分的结果。"),
        later("各只证券的已实现盈亏相加，成本未知的不计入"),
        later("看卖出的部分赚了还是亏了。"),
        later("看已经清仓的证券：它们在“已清仓”里。"),
    ),
    "realised.fifo.all": Words(
        later("已实现盈亏（先进先出）"),
        later("手里各段持仓中，已经卖出的部分的结果。"),
        later("各只证券的已实现盈亏（先进先出）相加，成本未知的不计入"),
        later("看卖出的部分赚了还是亏了。"),
        later("看已经清仓的证券：它们在“已清仓”里。"),
    ),
    "div.net.all": Words(
        later("红利净额"),
        later("手里各段持仓收到的红利，减去红利税。"),
        later("各只证券的红利净额相加，成本未知的不计入"),
        later("看红利带来了多少。"),
        later("估计以后的红利。"),
    ),
    "pnl.year": Words(
        later("近一年盈亏"),
        later("最近一年里，您的账户一共赚了或亏了多少；转入转出的钱不算。"),
        later("期末总资产 − 期初总资产 − 净转入。净转入是银证转账和转托管的净额，首日接入的资产也算转入。"),
        later("看一年下来的结果，分红送股的日子也不会显得像亏损。"),
        later("与别人比较：本金多少不同，请看收益率。"),
    ),
    "pnl.month": Words(
        later("本月盈亏"),
        later("本月到现在，您的账户一共赚了或亏了多少；转入转出的钱不算。"),
        later("期末总资产 − 期初总资产 − 净转入"),
        later("看一个月的结果。"),
        later("预测下个月。"),
    ),
    "twr.year": Words(
        later("近一年收益率"),
        later("最近一年里，每一元钱涨了或跌了百分之几（时间加权）。"),
        later("每天的盈亏 ÷ 当天起作用的资金（前一日总资产 + 当日净转入），逐日连乘。净转出算到当天结束。"),
        later("与指数或其他账户比较：不受转入转出的时间影响。"),
        later("说明赚了多少钱：同样的比例，本金不同，金额也不同。"),
    ),
    "twr.month": Words(
        later("本月收益率"),
        later("本月到现在，每一元钱涨了或跌了百分之几（时间加权）。"),
        later("每天的盈亏 ÷ 当天起作用的资金（前一日总资产 + 当日净转入），逐日连乘。净转出算到当天结束。"),
        later("看一个月里涨跌了多少。"),
        later("预测下个月。"),
    ),
    "drawdown": Words(
        later("最大回撤"),
        later("最近一年里，收益率从高点到之后的低点，最多跌了百分之几。"),
        later("从高点的次日到低点，每天的收益率逐日连乘。用收益率计算，转出的钱不会显得像下跌。"),
        later("了解曾经最坏的一段时间有多深。"),
        later("预测以后最多会跌多少。"),
    ),
}
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
RESULTS = ("pnl.", "pct.", "twr.", "drawdown", "realised.", "div.net")
WRITERS = {"yuan": num, "yuan/share": price, "shares": shares, "%": price, "ratio": price}
UNITS = {
    "yuan": later("%(value)s 元"),
    "yuan/share": later("%(value)s 元"),
    "shares": "%(value)s",
    "%": "%(value)s%%",
    "ratio": "%(value)s",
}


def shown(fig: Fig, name: str = "") -> str:
    """Write a figure as the page does: results carry their sign."""
    if (name or fig.name).startswith(RESULTS):
        write = ratio if fig.unit == "%" else sign
    else:
        write = WRITERS[fig.unit]
    return write(fig.value, fig.rounding)


def with_unit(fig: Fig, name: str = "") -> str:
    """Write a figure with its unit."""
    return say(UNITS[fig.unit], value=shown(fig, name))


def why_unknown(code: str) -> str:
    """Say why a figure is unknown."""
    reason = UNKNOWN.get(code, UNKNOWN["UNKNOWN"])
    return say(reason)


def sum_of(fig: Fig) -> list[CalcLine]:
    """Write a figure's sum out, ending in the figure."""
    end = CalcLine("＝", say(_title(fig)), shown(fig), _rounding(fig), "end")
    return [*_lines(fig), end]


def row_text(row: Fig) -> str:
    """Say what a row of the ledger is: 买入付出 1,000 × 10.00."""
    source, label = row.source, say(LABELS.get(row.name, row.name))
    if source and source.qty and source.price:
        return f"{label} {shares(source.qty)} × {price(source.price, 3)}"
    return f"{label} {shown(row)}" if row.value is not None else label


def rows_used(fig: Fig) -> list[Fig]:
    """List the rows that a figure rests on."""
    return rows(fig)


def _title(fig: Fig) -> str:
    return WORDS[fig.name].name if fig.name in WORDS else LABELS.get(fig.name, fig.name)


def _term(fig: Fig) -> str:
    return LABELS.get(fig.name) or _title(fig)


def _rounding(fig: Fig) -> str:
    if fig.value is None or fig.value == rounded(fig.value, fig.rounding):
        return ""
    exact = MASK if fig.unit in {"yuan", "shares"} and hides_amounts() else price(fig.value, 6)
    return say(later("%(exact)s，四舍五入到 %(places)s 位小数"), exact=exact, places=fig.rounding)


def _lines(fig: Fig) -> list[CalcLine]:
    if fig.op is Op.QUOTIENT:
        above, below = fig.inputs
        whole = CalcLine("＝", say(_title(above)), shown(above), mark="sum")
        return [*_lines(above), whole, CalcLine("÷", say(_title(below)), shown(below))]
    if fig.op is Op.BREAK_EVEN:
        return _sale(fig)
    if fig.op is Op.PRODUCT:
        signs = ["", *["×"] * (len(fig.inputs) - 1)]
        return [CalcLine(op, say(_title(part)), shown(part)) for op, part in zip(signs, fig.inputs, strict=True)]
    if fig.op is Op.CHAIN:
        return [_month_line(list(days)) for _, days in groupby(fig.inputs, key=_month_of)]
    if fig.op is Op.POOL:
        signed = [(-1 if step.op is Op.SHARE else 1, step) for step in fig.inputs]
        return _grouped(signed)
    return _grouped(list(zip(fig.signs, fig.inputs, strict=True)))


def _sale(fig: Fig) -> list[CalcLine]:
    """Write a sale at the break-even price out: what it brings, its fees, and what is left against the cost."""
    cost, qty, *fees = fig.inputs
    gross = (fig.value or Decimal(0)) * (qty.value or Decimal(0))
    left = gross - sum((fee.value or Decimal(0) for fee in fees), Decimal(0))
    deal = CalcLine("", say(later("按保本价卖出")), num(gross, 2), f"{shown(qty)} × {shown(fig)}")
    paid = [CalcLine("−", say(_title(fee)), shown(fee)) for fee in fees]
    net = CalcLine("＝", say(later("卖出到手")), num(left, 2), mark="sum")
    return [deal, *paid, net, CalcLine("≥", say(_title(cost)), shown(cost))]


def _month_of(day: Fig) -> tuple[int, int]:
    return (day.on.year, day.on.month) if day.on else (0, 0)


def _month_line(days: list[Fig]) -> CalcLine:
    month = chain("return.month/1", days)
    label = month_long(days[0].on) if days[0].on else ""
    return CalcLine("×", label, f"{ratio(month.value)}%", say(later("%(n)s 个交易日"), n=len(days)))


def _grouped(terms: list[tuple[int, Fig]]) -> list[CalcLine]:
    """Write terms as lines: rows of one kind are one line with their number; a security keeps its own."""
    kinds = [(fig.about or fig.name, sign_ < 0) for sign_, fig in terms]
    ordered = sorted(terms, key=lambda term: kinds.index((term[1].about or term[1].name, term[0] < 0)))
    groups = [list(group) for _, group in groupby(ordered, key=lambda t: (t[1].about or t[1].name, t[0] < 0))]
    return [_group(group, is_first=number == 0) for number, group in enumerate(groups)]


def _group(group: list[tuple[int, Fig]], *, is_first: bool) -> CalcLine:
    value = sum((sign_ * (fig.value or Decimal(0)) for sign_, fig in group), Decimal(0))
    first = group[0][1]
    op = "−" if value < 0 else "" if is_first else "+"
    label = first.about or say(LEAVING if first.op is Op.SHARE else _term(first))
    return CalcLine(op, label, num(abs(value), 2), _details(group))


def _details(group: list[tuple[int, Fig]]) -> str:
    first = group[0][1]
    if first.op is Op.PRODUCT:
        return " × ".join(shown(part) for part in first.inputs)
    if first.op is Op.SHARE:
        return say(later("%(n)s 笔，按卖出的比例"), n=len(group))
    if first.name in {"row.buy", "row.sell"}:
        return say(later("%(n)s 笔，含费用"), n=len(group))
    return say(later("%(n)s 笔"), n=len(group)) if len(group) > 1 else ""
