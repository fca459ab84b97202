"""What the pages of call-backs accept, and the words of kinds, states and every no."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.callbacks.rules import Kind, Means, Occasion, Outcome, Refusal, State, Target
from portal.kit.forms import Form
from portal.kit.i18n import later

REFUSALS: Mapping[StrEnum, str] = {
    Refusal.OWN_WORK: later("经办、见证和复核的人不能回访，须由第三个人打。"),
    Refusal.QUIET_TIME: later("中午 12 点到 2 点、晚上 9 点到早上 8 点不打电话。"),
    Refusal.TOO_SOON: later("离上一次不到 2 小时；三次要在不同的时间打。"),
    Refusal.INCOMPLETE: later("请逐题记下回答。"),
    Refusal.NO_REFERENCE: later("请填写录音或书面材料的编号。"),
    Refusal.NOT_OF_THE_TWO: later("这个专项由指定的两个人回访。"),
    Refusal.OUT_OF_PERIOD: later("不在这个专项的期间里。"),
    Refusal.SAME_PERSON: later("请选两个不同的人。"),
    Refusal.BAD_PERIOD: later("结束日不能早于开始日，也不能早于今天。"),
    Refusal.NOBODY: later("没有符合条件的客户。"),
    Refusal.TOO_MANY_QUESTIONS: later("请写 1 到 8 个问题，一行一个。"),
    Refusal.UNKNOWN_CLIENT: later("名单里有不认识的客户号。"),
}
KINDS: Mapping[str, str] = {
    Kind.OPENING: later("开户回访"),
    Kind.FIRST_MONTH: later("新客户 30 天内回访"),
    Kind.CORE_CLIENT: later("核心客户半年回访"),
    Kind.YEARLY: later("年度抽样回访"),
    Kind.SPECIAL: later("专项回访"),
    Kind.SPOT_CHECK: later("总部抽查"),
    Kind.FOLLOW_UP: later("未办完的预约"),
    Kind.QUESTIONNAIRE: later("测评核实"),
    Kind.OVER_LEVEL: later("高于等级的服务，核实意愿"),
    Kind.RECOVERY: later("评价不好，了解和补救"),
}
STATES: Mapping[str, str] = {
    State.OPEN: later("待回访"),
    State.PASSED: later("回访通过"),
    State.DENIED: later("客户否认"),
    State.UNREACHED: later("三次未接通"),
    State.WITHDRAWN: later("不再需要"),
}
OUTCOMES: Mapping[str, str] = {
    Outcome.ANSWERED: later("接通，已逐题回答"),
    Outcome.NO_ANSWER: later("没有接通"),
    Outcome.ASKED_LATER: later("请我们改时间再打"),
    Outcome.WRONG_PERSON: later("接听的不是本人"),
}
MEANS: Mapping[str, str] = {
    Means.TELEPHONE: later("电话"),
    Means.VISIT: later("上门"),
    Means.TALK: later("面谈"),
    Means.LETTER: later("信函"),
}


OCCASIONS: Mapping[str, str] = {
    Occasion.FESTIVAL: later("节日"),
    Occasion.EXCHANGE: later("交易所通知"),
    Occasion.PRODUCT: later("新产品"),
    Occasion.OTHER: later("其他"),
}
TARGETS: Mapping[str, str] = {
    Target.ALL: later("全部客户"),
    Target.NEW: later("90 天内的新客户"),
    Target.LISTED: later("名单上的客户"),
}


class TryForm(Form):
    """One try, as the caller writes it down; the answers stand in fields of their own, one a question."""

    words: ClassVar[Mapping[str, str]] = {
        "version": later("这一页不完整，请重新打开再试。"),
        "outcome": later("请选择结果。"),
        "means": later("请选择方式。"),
        "recording": later("编号最多 80 字。"),
        "note": later("说明最多 300 字。"),
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    outcome: Outcome
    means: Means
    recording: Annotated[str, Meta(max_length=80)]
    note: Annotated[str, Meta(max_length=300)]
