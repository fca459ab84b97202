"""What the pages of the client's voice say."""

from collections.abc import Mapping
from enum import StrEnum

from portal import queues
from portal.feedback.formulas import Survey
from portal.feedback.rules import Area, Cause, Channel, Finding, Kind, Product, Refusal, Severity, State, Verb
from portal.kit.i18n import later

KINDS: Mapping[Kind, str] = {
    Kind.COMPLAINT: later("投诉"),
    Kind.ENQUIRY: later("咨询"),
    Kind.SUGGESTION: later("建议"),
    Kind.REPORT: later("举报"),
}
KIND_HINTS: Mapping[Kind, str] = {
    Kind.COMPLAINT: later("对服务、产品或收费不满意，想要一个说法"),
    Kind.ENQUIRY: later("有业务问题想问清楚，要书面答复"),
    Kind.SUGGESTION: later("有改进的主意；采纳的会奖励积分并公开致谢"),
    Kind.REPORT: later("发现员工或机构违规"),
}
AREAS: Mapping[Area, str] = {
    Area.TRADING: later("交易"),
    Area.ACCOUNT: later("账户"),
    Area.FEES: later("费用"),
    Area.SUITABILITY: later("适当性"),
    Area.CONDUCT: later("员工行为"),
    Area.SERVICE: later("服务"),
    Area.SYSTEM: later("系统"),
    Area.POINTS: later("积分和等级"),
    Area.OTHER: later("其他"),
}
PRODUCTS: Mapping[Product, str] = {
    Product.NONE: later("不涉及产品"),
    Product.STOCKS: later("股票"),
    Product.FUNDS: later("基金"),
    Product.BONDS: later("债券"),
    Product.MARGIN: later("融资融券"),
    Product.ADVICE: later("投资顾问"),
    Product.SMS: later("短信服务"),
    Product.PORTAL: later("客户服务网站"),
}
CHANNELS: Mapping[Channel, str] = {
    Channel.WEB: later("网站"),
    Channel.PHONE: later("电话"),
    Channel.COUNTER: later("柜台"),
    Channel.LETTER: later("信函"),
    Channel.HOTLINE: later("12386 转来"),
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.LOW: later("轻微"),
    Severity.NORMAL: later("一般"),
    Severity.HIGH: later("较重"),
    Severity.CRITICAL: later("重大"),
}
FINDINGS: Mapping[Finding, str] = {
    Finding.FOUNDED: later("属实"),
    Finding.PARTLY: later("部分属实"),
    Finding.UNFOUNDED: later("不属实"),
}
CAUSES: Mapping[Cause, str] = {
    Cause.PROCESS: later("流程"),
    Cause.SYSTEM: later("系统"),
    Cause.STAFF: later("人员"),
    Cause.INFORMATION: later("信息不清"),
    Cause.PRODUCT: later("产品设计"),
    Cause.THIRD_PARTY: later("第三方"),
    Cause.MISUNDERSTANDING: later("误解"),
    Cause.OTHER: later("其他"),
}
# The client's map of states: no state of ours is without a name of his.
STATES: Mapping[State, str] = {
    State.RECEIVED: later("已收到，待受理"),
    State.IN_WORK: later("处理中"),
    State.WAITING: later("待您补充"),
    State.ANSWERED: later("已答复，待您确认"),
    State.CLOSED: later("已办结"),
    State.WITHDRAWN: later("已撤回"),
}
VERBS: Mapping[Verb, str] = {
    Verb.RECEIVE: later("提交"),
    Verb.ACKNOWLEDGE: later("受理"),
    Verb.ASSESS: later("评估"),
    Verb.NOTE: later("内部备注"),
    Verb.TELL: later("告知进展"),
    Verb.ASK: later("请客户补充，时限暂停"),
    Verb.REPLY: later("客户补充"),
    Verb.EXTEND: later("延长答复时限"),
    Verb.ANSWER: later("书面答复"),
    Verb.ACCEPT: later("客户确认"),
    Verb.OBJECT: later("客户不满意，重新处理"),
    Verb.LAPSE: later("十个工作日无异议，办结"),
    Verb.WITHDRAW: later("客户撤回"),
    Verb.ESCALATE: later("上报"),
}
WHYS: Mapping[str, str] = {
    "near": later("用去八成时限"),
    "late": later("已超时"),
    "critical": later("重大"),
    "objected": later("客户不满意"),
    "proposed": later("答复待他人复核"),
    "sent_back": later("答复退回修改"),
}
SURVEYS: Mapping[Survey, str] = {
    Survey.CSAT: later("办结满意度"),
    Survey.NPS: later("推荐意愿"),
    Survey.CES: later("办理难易"),
    Survey.EVENT: later("活动满意度"),
}
QUESTIONS: Mapping[Survey, str] = {
    Survey.CSAT: later("这件事的处理，您满意吗"),
    Survey.NPS: later("您愿意向朋友推荐我们吗"),
    Survey.CES: later("这次办理，对您来说容易吗"),
    Survey.EVENT: later("您参加的这场活动，满意吗"),
}
ENDS: Mapping[Survey, tuple[str, str]] = {
    Survey.CSAT: (later("很不满意"), later("很满意")),
    Survey.NPS: (later("绝不会"), later("一定会")),
    Survey.CES: (later("很难"), later("很容易")),
    Survey.EVENT: (later("很不满意"), later("很满意")),
}
TASK_STATES: Mapping[str, str] = {"open": later("在办"), "done": later("已完成"), "dropped": later("已放弃")}
REFUSALS: Mapping[Refusal, str] = {
    Refusal.SAME_AGAIN: later("您已经提过同样的内容。"),
    Refusal.TOO_MANY: later("您提得太密了，请过一会儿再来。"),
    Refusal.NOT_ACKNOWLEDGED: later("请先受理，再答复。"),
    Refusal.NO_FINDING: later("请选择是否属实。"),
    Refusal.EXTENDED_ALREADY: later("已经延长过一次。"),
    Refusal.NOT_EXTENDABLE: later("只有投诉和举报可以延长。"),
    Refusal.OFF_SCALE: later("请选择一项。"),
    Refusal.SURVEY_OVER: later("这次调查已经结束。"),
    Refusal.VOTED: later("您已经评过，先评的一次有效。"),
    Refusal.NO_SUGGESTION: later("只有建议可以采纳。"),
    Refusal.ADOPTED_ALREADY: later("已经有人办过这一步。"),
    Refusal.SAME_PERSON: later("您采纳的，须由他人奖励。"),
    Refusal.ENDED_ALREADY: later("这件改进已经结束。"),
    Refusal.NOTHING_PROPOSED: later("没有等您复核的答复。"),
    Refusal.NO_REASON: later("请写明要改什么。"),
    Refusal.NOBODY: later("请选择一位员工。"),
}
WORDS: dict[StrEnum, str] = {key: words for table in (REFUSALS, queues.REFUSALS) for key, words in table.items()}
