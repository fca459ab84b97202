"""What the cost prices and break-even prices are, in words."""

from portal.holdings.wording import Words
from portal.kit.i18n import later

WORDS = {
    "cost.ma": Words(
        later("移动加权成本价"),
        later("还在手里的每一股，平均花了您多少钱。"),
        later("移动加权成本 ÷ 持股数。买入时加上成交金额和费用，卖出时按比例转出，现金红利不改变它，送股只改变股数。"),
        later("判断手里的持仓是赚还是亏。"),
        later("与显示摊薄成本的软件对照：那种算法把卖出和红利也算进成本。"),
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
}
