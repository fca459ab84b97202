"""The words of bookings: every no, states, steps, kinds, papers and the heads of the ledger's files."""

from collections.abc import Mapping
from enum import StrEnum

from portal.bookings.terms import Case, Channel, Item, Kind, Paper, PromiseKind, Refusal, State, Way, Why
from portal.kit.i18n import later

REFUSALS: Mapping[StrEnum, str] = {
    Refusal.FULL: later("这个时间刚刚约满，请另选一个。"),
    Refusal.TOO_LATE: later("来不及了：离约定的时间太近，或已经过了。"),
    Refusal.TOO_SOON: later("约定的时间过后一小时，才能记为未到。"),
    Refusal.NOT_BOOKABLE: later("这个时间不能预约，请另选一个。"),
    Refusal.ALREADY_BOOKED: later("这个手机号已有一个没办完的预约；可用短信里的链接查看、改期或取消。"),
    Refusal.NO_CALENDAR: later("这些日子的工作日历还没有确认，请过几天再来。"),
    Refusal.NO_STAFF: later("这家营业部现在没有可以接待的人员，请另选一家。"),
    Refusal.TOO_MANY: later("次数太多，请稍后再试。"),
    Refusal.WRONG_CODE: later("验证码不对，请再看一下短信。"),
    Refusal.CODE_LAPSED: later("验证码已失效，请重新填写并再取一次。"),
    Refusal.MOVED_TWICE: later("已经改期两次，不能再改；可以取消后重新预约。"),
    Refusal.SAME_SLOT: later("这就是您现在的时间。"),
    Refusal.NO_REASON: later("请写明原因。"),
    Refusal.PAPERS_MISSING: later("材料不齐。"),
    Refusal.ID_LAPSES: later("证件有效期须在 30 天以上。"),
    Refusal.DUPLICATE: later("这个证件已经有账户或有别的预约。"),
    Refusal.NO_QUESTIONNAIRE: later("风险测评须在来访之前由本人填好。"),
    Refusal.OWN_WITNESS: later("见证人须是本营业部的另一个人。"),
    Refusal.MARKETING_WITNESS: later("营销人员不能见证。"),
    Refusal.OWN_WORK: later("经办人和见证人不能复核自己的件。"),
    Refusal.ALREADY_WAITING: later("这个手机号已在这一天的候补名单上。"),
    Refusal.OFFER_LAPSED: later("这个名额已经给了下一位，或已过了保留的时间。"),
    Refusal.HAS_SIGN_IN: later("您已经有登录了，请直接登录。"),
    Refusal.STALE: later("刚才有人动过这一天，请再看一下。"),
    Refusal.ALL_DONE: later("这一天已经交接完毕。"),
    Refusal.LINES_MISSING: later("这一天签署的关系还有没登记的，登记完才能收口。"),
    Refusal.NOT_DIRECTOR: later("这一步由主管签字。"),
    Refusal.NOT_HANDLER: later("台账由经办人本人登记。"),
    Refusal.NOT_SIGNED_YET: later("客户签署确认书以后、生效以前才能登记。"),
    Refusal.NOT_OPEN_YET: later("账户生效以后才有可领的。"),
    Refusal.HANDED_ALREADY: later("已经交接过了。"),
    Refusal.NOT_HANDED: later("还没有交给您，收到以后再签。"),
    Refusal.BAD_DAY: later("请写明地址，并选明天以后的一个工作日。"),
    Refusal.NOT_SIGNED: later("签名须与预约的姓名一致，并且是您看到的这一版。"),
}


STATES: Mapping[str, str] = {
    State.BOOKED: later("已预约，待预审"),
    State.PRECHECKED: later("预审通过，等您来访"),
    State.IN_REVIEW: later("已到访，复核中"),
    State.RETURNED: later("复核退回，待补正"),
    State.APPROVED: later("复核通过，待签确认书"),
    State.CALLING: later("已签署，待回访"),
    State.UNREACHED: later("三次回访未接通"),
    State.CONFIRMED: later("回访通过，待生效"),
    State.EFFECTIVE: later("已生效"),
    State.TAKEN_IN: later("已收件，工作日办理"),
    State.DONE: later("已办结"),
    State.CANCELLED: later("已取消"),
    State.NO_SHOW: later("未到"),
    State.DENIED: later("回访否认，关系终止"),
}


VERBS: Mapping[str, str] = {
    "book": later("预约"),
    "contact": later("首次联系"),
    "precheck": later("预审通过"),
    "witness": later("到访并见证"),
    "return": later("复核退回"),
    "approve": later("复核通过"),
    "sign": later("签署确认书"),
    "confirm": later("回访通过"),
    "deny": later("回访否认"),
    "miss": later("回访未接通"),
    "call_again": later("安排再次回访"),
    "take_effect": later("生效"),
    "take_in": later("周末收件"),
    "finish": later("办结"),
    "move": later("改期"),
    "cancel": later("取消"),
    "reassign": later("交接给同事"),
    "no_show": later("记为未到"),
    "remind": later("发出提醒"),
    "renew_link": later("重发链接"),
    "escalate": later("超过承诺时间，已升级"),
    "missing": later("行情和账户数据里还没有这个客户"),
    "activation": later("发出激活码"),
    "papers_differ": later("三方材料不一致，暂不生效"),
    "sheet": later("填好风险测评"),
    "line": later("登记关系台账"),
    "reward": later("介绍人积分已发"),
    "claw_back": later("介绍人积分已收回"),
    "choose_handover": later("选定领取方式"),
    "hand_over": later("交付资料"),
    "receipt": later("签收"),
}


KINDS: Mapping[str, str] = {
    Kind.NEW: later("新开户"),
    Kind.TRANSFER_IN: later("转入（从别家转托管）"),
    Kind.ID_UPDATE: later("更新证件"),
    Kind.CUSTODY: later("变更三方存管银行"),
    Kind.OTHER: later("其他柜台业务"),
}


CASES: Mapping[str, str] = {
    Case.ADULT: later("本人，满 18 岁"),
    Case.MINOR: later("本人，16 至 18 岁"),
    Case.AGENT: later("代理人办理"),
    Case.COMPANY: later("机构"),
}


CHANNELS: Mapping[str, str] = {
    Channel.WEB: later("网上"),
    Channel.PHONE: later("电话"),
    Channel.BRANCH: later("临柜"),
    Channel.STAFF: later("工作人员"),
    Channel.REFERRAL: later("客户介绍"),
}


PAPERS: Mapping[str, str] = {
    Paper.ID: later("身份证件，有效期 30 天以上"),
    Paper.BANK_CARD: later("本人银行卡"),
    Paper.TAX: later("税收居民身份声明（现场填写）"),
    Paper.INCOME: later("收入证明"),
    Paper.GUARDIAN: later("监护人证件和同意书"),
    Paper.POWER: later("经公证的授权委托书"),
    Paper.AGENT_ID: later("代理人身份证件"),
    Paper.LICENCE: later("营业执照"),
    Paper.CONTROLLER: later("实际控制人和受益所有人资料"),
    Paper.TRANSFER: later("转出证券公司的股东账户信息"),
    Paper.RISK: later("机构风险测评（盖章）"),
}


WHYS: Mapping[str, str] = {
    Why.UNCONFIRMED: later("日历待确认"),
    Why.HOLIDAY: later("节假日"),
    Why.WEEKEND: later("周末不办理"),
    Why.FULL: later("已约满"),
    Why.OVER: later("今天已过"),
    Why.CLOSED: later("当天不接待"),
}


HOLIDAYS = (
    later("元旦"), later("春节"), later("清明节"), later("劳动节"), later("端午节"), later("中秋节"), later("国庆节"),
)  # fmt: skip


PROMISES: Mapping[str, str] = {
    PromiseKind.ANSWER: later("首次答复"),
    PromiseKind.REVIEW: later("第二人复核"),
    PromiseKind.CALL: later("回访"),
}


WAYS: Mapping[str, str] = {Way.COLLECT: later("到营业部领取"), Way.BRING: later("请工作人员送来")}


ITEMS: Mapping[str, str] = {Item.CARD: later("股东账户卡"), Item.CUSTODY: later("三方存管协议")}


FIELDS: Mapping[str, str] = {
    "number": later("预约编号"),
    "name": later("姓名"),
    "phone": later("手机"),
    "branch_id": later("营业部"),
    "handler_id": later("经办"),
    "referrer": later("介绍人"),
    "client_no": later("客户号"),
}


TRACKS: Mapping[bool, tuple[str, ...]] = {
    True: (
        later("预约"), later("预审"), later("到访见证"), later("第二人复核"), later("签署确认书"), later("回访"),
        later("生效"),
    ),
    False: (later("预约"), later("办理"), later("办结")),
}  # fmt: skip


HEADS = (
    later("预约编号"), later("状态"), later("要办的事"), later("渠道"), later("营业部"), later("到访时间"),
    later("姓名"), later("手机"), later("经办"), later("承诺"), later("首次答复"), later("时限"), later("收件"),
    later("办结"),
)  # fmt: skip


LINE_HEADS = (
    later("预约编号"), later("时间"), later("办了什么"), later("办理人"), later("渠道"), later("之前"), later("之后"),
    later("原因"),
)  # fmt: skip
