"""What the staff's pages of the feed accept, and the words for everything that a load found."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from portal import queues
from portal.feeds.rules import BreakKind, Fault, Refusal, ReviewState, Verdict
from portal.kit.forms import Form
from portal.kit.i18n import later

FAULTS: Mapping[Fault, str] = {
    Fault.SHAPE: later("列数不对，读不出来"),
    Fault.REQUIRED: later("必填的一列是空的"),
    Fault.TYPE: later("有一列的格式不对"),
    Fault.RANGE: later("有一列超出范围"),
    Fault.DUPLICATE: later("同一个编号出现了两次"),
    Fault.OTHER_DAY: later("日期不是这一天"),
    Fault.NO_CLIENT: later("没有这个客户"),
    Fault.NO_ACCOUNT: later("没有这个账户"),
    Fault.WORD: later("有一个不认识的代码"),
    Fault.QUANTITY: later("数量不可能"),
    Fault.GROSS: later("价格乘数量不等于成交金额"),
    Fault.NET: later("成交金额减费用不等于清算金额"),
    Fault.COMMISSION: later("佣金不等于净佣金加规费"),
    Fault.STAMP_ON_BUY: later("买入收了印花税"),
    Fault.SETTLED_BEFORE_TRADE: later("交收日早于成交日"),
}
BREAKS: Mapping[BreakKind, str] = {
    BreakKind.CASH: later("期初加流水不等于期末"),
    BreakKind.OPENING: later("期初不等于上一日期末"),
    BreakKind.CHAIN: later("流水余额没有接上"),
    BreakKind.TRADE_CASH: later("成交净额不等于资金流水"),
    BreakKind.SHARES: later("累计股份不等于持仓"),
    BreakKind.SHARE_DELTA: later("股份变动不等于持仓变动"),
    BreakKind.COMMISSION: later("成交佣金不等于佣金文件"),
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.RELEASE: later("放行入账"),
    Verdict.REJECT: later("剔除"),
    Verdict.WAIT: later("等待柜台重发"),
}
STATES: Mapping[ReviewState, str] = {
    ReviewState.PROPOSED: later("已提出，待复核"),
    ReviewState.SETTLED: later("已定"),
    ReviewState.DECLINED: later("没有同意"),
}
REFUSALS: Mapping[Refusal, str] = {
    Refusal.NOT_BOOKABLE: later("这一行读不成一笔账，不能放行：请剔除，或等待柜台重发。"),
    Refusal.SUPERSEDED: later("这一天已经重发过，这一行不再有效。"),
    Refusal.NOT_PROPOSED: later("还没有人提出怎样处理。"),
    Refusal.CLOSED: later("这一行已经处理完了。"),
    Refusal.NO_GROUND: later("这一天没有可以重新衔接的数据。"),
    Refusal.ASKED_ALREADY: later("已经有人申请过，或者不需要。"),
}
WORDS: dict[StrEnum, str] = {key: words for table in (REFUSALS, queues.REFUSALS) for key, words in table.items()}
INCOMPLETE = later("这一页不完整，请重新打开再试。")


class ProposalForm(Form):
    """What should become of a row, and why, on which version of it."""

    words: ClassVar[Mapping[str, str]] = {
        "version": INCOMPLETE,
        "verdict": later("请选择怎样处理。"),
        "reason": later("请写明理由，最多 200 字。"),
    }
    version: Annotated[int, Meta(ge=0, le=2**31)]
    verdict: Verdict
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class DecisionForm(Form):
    """Which version of a row somebody decides on."""

    words: ClassVar[Mapping[str, str]] = {"version": INCOMPLETE}
    version: Annotated[int, Meta(ge=0, le=2**31)]


class RebaseForm(Form):
    """Why a day may stand upon a corrected one."""

    words: ClassVar[Mapping[str, str]] = {"reason": later("请写明理由，最多 200 字。")}
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
