"""What the pages of redemptions accept, and the words of every no."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from portal import queues, suitability
from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.redemptions.rules import Reason, Refusal, State

REFUSALS: Mapping[Refusal, str] = {
    Refusal.TOO_FEW_POINTS: later("可用积分不够。"),
    Refusal.TIER_TOO_LOW: later("您的等级还不能兑换这一项。"),
    **{
        Refusal(code.value): words
        for code, words in suitability.VERDICTS.items()
        if code is not suitability.Code.MATCHED
    },
    Refusal.NOT_ON_OFFER: later("这一项已经下架或改了价格，请重新选择。"),
    Refusal.AT_LIMIT: later("已经在用，或正在审核。"),
    Refusal.HAS_TIER: later("您已经在这一级或更高一级。"),
    Refusal.NO_MOBILE: later("我们没有您的手机号，请先到营业部登记。"),
    Refusal.NO_REASON: later("请选择理由；选“其他”时请写明。"),
    Refusal.NO_CALENDAR: later("下一年的工作日历还没有确认，暂时不能承诺时间，请过几天再来。"),
    Refusal.TOO_LATE: later("来不及了：已经到时限，或已经开始办理。"),
}
WORDS: dict[StrEnum, str] = {key: words for table in (REFUSALS, queues.REFUSALS) for key, words in table.items()}
STATES: Mapping[State, str] = {
    State.REQUESTED: later("审核中"),
    State.ENDORSED: later("已初审，待复核"),
    State.APPROVED: later("已批准，正在开通"),
    State.FULFILLED: later("已完成"),
    State.REJECTED: later("未通过"),
    State.CANCELLED: later("已撤回"),
    State.TIMED_OUT: later("超时，积分已退回"),
    State.FAILED: later("未能开通，积分已退回"),
}
REASONS: Mapping[Reason, str] = {
    Reason.CHECKED: later("核对无误"),
    Reason.DUPLICATE: later("重复申请"),
    Reason.DATA_WRONG: later("客户资料有误，请先更正"),
    Reason.CLIENT_ASKED: later("应客户要求"),
    Reason.OTHER: later("其他"),
}
VERBS: Mapping[str, str] = {
    "request": later("提交申请，积分占用"),
    "endorse": later("初审支持"),
    "approve": later("批准"),
    "take_back": later("收回批准"),
    "reject": later("退回，积分已退回"),
    "cancel": later("客户撤回，积分已退回"),
    "time_out": later("超时未办，积分自动退回"),
    "fulfil": later("短信网关已接收首条短信，扣除积分"),
    "fail": later("未能开通，积分已退回"),
    "stop": later("提前停用，未用的整月退还积分"),
}


# What fulfilment is called where it is no SMS: by the kind of the product.
VERBS_OF_KIND: Mapping[str, Mapping[str, str]] = {
    "tier_upgrade": {"fulfil": later("已授予等级，扣除积分"), "fail": later("未能授予，积分已退回")},
    "talk": {"fulfil": later("面谈已进行，扣除积分"), "fail": later("没有谈成，积分已退回")},
}


def verbs_of(kind: str) -> Mapping[str, str]:
    """Give the words of every step of a redemption of this kind of product."""
    return {**VERBS, **VERBS_OF_KIND.get(kind, {})}


class RedemptionForm(Form):
    """Which offer, under which key."""

    words: ClassVar[Mapping[str, str]] = {
        "offer": later("请选择要兑换的一项。"),
        "key": later("这一页不完整，请重新打开再试。"),
    }
    offer: Annotated[int, Meta(ge=1, le=2**53)]
    key: Annotated[str, Meta(pattern=r"^[\w-]{16,64}$")]


class DecisionForm(Form):
    """What staff decided, on which version of the request."""

    words: ClassVar[Mapping[str, str]] = {
        "version": later("这一页不完整，请重新打开再试。"),
        "note": later("说明最多 500 字。"),
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    reason: Annotated[str, Meta(pattern=r"^(checked|duplicate|data_wrong|client_asked|other)?$")]
    note: Annotated[str, Meta(max_length=500)]
