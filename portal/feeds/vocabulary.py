"""The words that counters and terminals write, as data: business words, file layouts, what a code tells of itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.statements import BizCode

# 帐 and 账 are both met everywhere; words are kept and looked up with 账.
WORDS = {
    BizCode.BUY: "证券买入 买入 买 担保品买入",
    BizCode.SELL: "证券卖出 卖出 卖 担保品卖出",
    BizCode.DIV_CASH: "股息入账 红利入账 红利 红股派息 除权除息",
    BizCode.DIV_TAX: "股息红利税补缴 股息红利差异扣税 红利差异税扣税 股息个税征收 红利税补扣 红利补税",
    BizCode.BONUS: "红股入账 送股入账",
    BizCode.RIGHTS_RIGHT: "配股权证 权证入账",
    BizCode.RIGHTS_PAY: "配股缴款",
    BizCode.RIGHTS_IN: "配股入账 上市流通",
    BizCode.IPO_LOT: "申购配号",
    BizCode.IPO_PAY: "新股申购确认缴款 中签缴款 市值申购中签扣款 新股中签资金扣款",
    BizCode.IPO_BACK: "申购还款 市值申购中签扣款回冲",
    BizCode.IPO_IN: "新股入账 新增证券",
    BizCode.REPO_LEND: "融券回购 质押回购拆出 报价回购拆出",
    BizCode.REPO_BACK: "融券购回 拆出质押购回 拆出购回",
    BizCode.CASH_IN: "银行转存 银行转证券 银证转入 资管转让资金上账",
    BizCode.CASH_OUT: "银行转取 证券转银行 银证转出 柜台取出",
    BizCode.INTEREST: "利息归本",
    BizCode.INTEREST_TAX: "利息税代扣",
    BizCode.XFER_IN: "转托管入 转托转入 托管转入 证券转入",
    BizCode.XFER_OUT: "转托管出 转托转出 股份转出",
    BizCode.SPLIT: "ETF份额合并 开放基金拆分增股 开放基金拆分减股",
    BizCode.FREEZE: "资金冻结 交收资金冻结 交收资金冻结取消 证券冻结",
    BizCode.ADJ: "资金蓝补 资金红冲 资产修正存 资产修正取 手续费多退少补",
    BizCode.ADMIN: "指定交易 撤销指定 投票确认",
}
_CODES = {word: code for code, words in WORDS.items() for word in words.split()}

# The sign of 成交数量 differs between brokers, so it follows from the code.
SHARE_SIGNS = {
    BizCode.BUY: 1,
    BizCode.BONUS: 1,
    BizCode.RIGHTS_RIGHT: 1,
    BizCode.RIGHTS_IN: 1,
    BizCode.IPO_IN: 1,
    BizCode.XFER_IN: 1,
    BizCode.SELL: -1,
    BizCode.XFER_OUT: -1,
}


@dataclass(frozen=True)
class Layout:
    """How one terminal exports: our field by the header it writes; several headers are summed."""

    name: str
    fields: Mapping[str, tuple[str, ...]]


LAYOUTS = (
    Layout(
        "华西",
        {
            "on": ("交收日期",),
            "at": ("成交时间",),
            "word": ("业务名称",),
            "code": ("证券代码",),
            "name": ("证券名称",),
            "price": ("成交价格",),
            "qty": ("成交数量",),
            "left": ("剩余数量",),
            "gross": ("成交金额",),
            "fees": ("总费用",),
            "amount": ("清算金额",),
            "balance": ("资金本次余额",),
            "net_commission": ("净佣金",),
            "stamp": ("印花税",),
            "transfer_fee": ("过户费",),
            "handling_fee": ("经手费",),
            "regulatory_fee": ("证管费", "交易规费"),
            "other_fee": ("清算费", "财汇局征费", "其他费"),
            "currency": ("币种",),
            "trade_no": ("成交编号",),
            "holder_no": ("股东代码",),
            "account_no": ("资金账号",),
        },
    ),
)
CURRENCIES = {"人民币": "CNY", "港币": "HKD", "美元": "USD"}
# What a code alone tells when the feed has never named the security: first match wins.
TYPES = (
    ("204 1318", "REPO"),
    ("51 52 53 55 56 58 159", "ETF"),
    ("50 16", "LOF"),
    ("110 111 113 118 123 127 128", "CB"),
    ("01 10 12 13 14", "BOND"),
    ("7", "IPO"),
)
SHANGHAI = ("5", "6", "7", "9", "204", "110", "113", "118", "01")
BEIJING = ("4", "8", "92")


def one_spelling(text: str) -> str:
    """Write 账 for 帐 and drop brackets, so that each word has one spelling."""
    return re.sub(r"[()（）]", "", text.replace("帐", "账")).strip()


def code_of(word: str) -> BizCode:
    """Give our code for a counter's word; T1证券买入 is a 证券买入; an unmet word is UNKNOWN, never dropped."""
    known = one_spelling(word)
    return _CODES.get(known) or _CODES.get(re.sub(r"^T[0-9n]", "", known), BizCode.UNKNOWN)


def share_sign(code: BizCode, word: str) -> int:
    """Say whether a row brings shares (1), takes them (-1) or does neither (0)."""
    if code is BizCode.SPLIT:
        return 1 if "增" in word else -1  # a merge writes the number of shares that went
    return SHARE_SIGNS.get(code, 0)


def market_of(code: str, holder_no: str) -> str:
    """Tell the market from the shareholder account, else from the code."""
    if holder_no[:1] in ("A", "B", "E"):
        return "SH"
    if code.startswith(BEIJING):
        return "BJ"
    return "SH" if not holder_no and code.startswith(SHANGHAI) else "SZ"


def type_of(code: str) -> str:
    """Tell a security's type from its code alone."""
    return next((kind for prefixes, kind in TYPES if code.startswith(tuple(prefixes.split()))), "STOCK")
