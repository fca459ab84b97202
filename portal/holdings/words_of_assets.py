"""What the figures of assets are, in words."""

from portal.holdings.wording import Words
from portal.kit.i18n import later

WORDS = {
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
    "cash.available": Words(
        later("可用资金"),
        later("现在可以买入或转出的现金。"),
        later("资金余额 − 冻结资金"),
        later("知道现在能用多少钱。"),
        later("知道一共有多少钱：证券和逆回购不在内。"),
    ),
}
