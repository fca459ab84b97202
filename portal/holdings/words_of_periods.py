"""What the figures of a year and a month are, in words."""

from portal.holdings.wording import Words
from portal.kit.i18n import later

WORDS = {
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
