"""What the pages of bookings accept, and the words of states, steps and every no."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.bookings.rules import Case, Channel, Item, Kind, Paper, PromiseKind, Refusal, State, Way, Why
from portal.kit.forms import Form
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
    "no_show": later("记为未到"),
    "remind": later("发出提醒"),
    "renew_link": later("重发链接"),
    "escalate": later("超过承诺时间，已升级"),
    "missing": later("行情和账户数据里还没有这个客户"),
    "activation": later("发出激活码"),
    "papers_differ": later("三方材料不一致，暂不生效"),
    "sheet": later("填好风险测评"),
    "line": later("登记关系台账"),
    "reassign": later("交接给同事"),
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
NAME = Annotated[str, Meta(pattern=r"^[^\d\s<>][^<>\n]{0,38}[^\s<>]$")]
MOBILE = Annotated[str, Meta(pattern=r"^1[3-9]\d{9}$")]


class VisitForm(Form):
    """Who comes, for what."""

    words: ClassVar[Mapping[str, str]] = {
        "name": later("姓名 2 到 40 个字，与证件一致。"),
        "phone": later("手机号是 1 开头的 11 位数字。"),
        "kind": later("请选择要办的事。"),
        "case": later("请选择办理人。"),
        "referrer": later("介绍人码最多 12 位字母或数字，没有就留空。"),
        "consent": later("请先同意我们为这次预约使用您的姓名和手机号。"),
    }
    kind: Kind
    case: Case
    name: NAME
    phone: MOBILE
    referrer: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{0,12}$")]
    consent: Annotated[str, Meta(pattern=r"^yes$")]


class DeskVisitForm(VisitForm):
    """The same, taken down by staff from a caller or a walk-in."""

    words: ClassVar[Mapping[str, str]] = {
        **VisitForm.words,
        "slot": later("请选择时间。"),
        "channel": later("请选择渠道。"),
        "language": later("请选择短信用哪种语言。"),
        "consent": later("请确认客户已当面或在电话里同意。"),
    }
    slot: Annotated[int, Meta(ge=1, le=2**53)]
    channel: Channel
    language: Annotated[str, Meta(pattern=r"^(zh|en)$")]


class PlaceForm(Form):
    """A time that is chosen."""

    words: ClassVar[Mapping[str, str]] = {"slot": later("请选择时间。")}
    slot: Annotated[int, Meta(ge=1, le=2**53)]


class ProofForm(Form):
    """The code from the SMS."""

    words: ClassVar[Mapping[str, str]] = {"code": later("验证码是 6 位数字。")}
    code: Annotated[str, Meta(pattern=r"^\d{6}$")]


class SignForm(Form):
    """A signature under the very text that was shown."""

    words: ClassVar[Mapping[str, str]] = {
        "name": later("请写下您的全名。"),
        "sha256": later("这一页不完整，请重新打开再试。"),
        "agree": later("请先勾选：已经阅读并且同意。"),
    }
    name: NAME
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    agree: Annotated[str, Meta(pattern=r"^yes$")]


class StepForm(Form):
    """A step that staff take on a version of the booking."""

    words: ClassVar[Mapping[str, str]] = {
        "version": later("这一页不完整，请重新打开再试。"),
        "note": later("说明最多 300 字。"),
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    note: Annotated[str, Meta(max_length=300)]


class PrecheckForm(StepForm):
    """What was found before the visit."""

    words: ClassVar[Mapping[str, str]] = {
        **StepForm.words,
        "id_number": later("证件号码 6 到 20 位字母或数字。"),
        "id_valid_to": later("日期写成 2030-12-31。"),
    }
    id_number: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{6,20}$")]
    id_valid_to: date


class WitnessForm(StepForm):
    """Who witnessed, and the number that the counter's system gave."""

    words: ClassVar[Mapping[str, str]] = {
        **StepForm.words,
        "witness": later("请选择见证人。"),
        "client_no": later("客户号是 6 到 12 位数字。"),
    }
    witness: Annotated[int, Meta(ge=1, le=2**53)]
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]


class MoveForm(StepForm):
    """A new time, with the reason."""

    words: ClassVar[Mapping[str, str]] = {**StepForm.words, "slot": later("请选择时间。")}
    slot: Annotated[int, Meta(ge=1, le=2**53)]


class LineForm(Form):
    """A line of the relation ledger, from the papers before the handler."""

    words: ClassVar[Mapping[str, str]] = {
        "name": later("姓名 2 到 40 个字，与证件一致。"),
        "phone": later("手机号是 1 开头的 11 位数字。"),
        "client_no": later("客户号是 6 到 12 位数字。"),
        "referrer": later("介绍人码最多 12 位字母或数字，没有就留空。"),
        "note": later("说明最多 300 字。"),
    }
    name: NAME
    phone: MOBILE
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]
    referrer: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{0,12}$")]
    note: Annotated[str, Meta(max_length=300)]


NO_SLOT = later("请选择时间。")


class HandoverForm(Form):
    """How the client wants to have what belongs to his account."""

    words: ClassVar[Mapping[str, str]] = {
        "way": later("请选择怎么领取。"),
        "slot": later("请选择时间。"),
        "address": later("地址最多 120 字。"),
        "bring_on": later("日期写成 2030-12-31。"),
    }
    way: Way
    slot: Annotated[str, Meta(pattern=r"^\d{0,15}$")]
    address: Annotated[str, Meta(max_length=120)]
    bring_on: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]

    def check(self) -> None:
        """See that what the chosen way needs is there."""
        if self.way is Way.COLLECT and not self.slot:
            self.wrong("slot", NO_SLOT)
        if self.way is Way.BRING and not (self.address and self.bring_on):
            self.wrong("address", REFUSALS[Refusal.BAD_DAY])


class BranchForm(Form):
    """A branch that is to be opened for visits."""

    words: ClassVar[Mapping[str, str]] = {
        "code": later("代码 2 到 8 位字母或数字。"),
        "name": later("名称 2 到 40 个字。"),
        "name_en": later("英文名称 2 到 60 个字。"),
        "address": later("地址 2 到 80 个字。"),
        "address_en": later("英文地址 2 到 120 个字。"),
        "capacity": later("窗口数是 1 到 50。"),
    }
    code: Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{2,8}$")]
    name: Annotated[str, Meta(min_length=2, max_length=40)]
    name_en: Annotated[str, Meta(min_length=2, max_length=60)]
    address: Annotated[str, Meta(min_length=2, max_length=80)]
    address_en: Annotated[str, Meta(min_length=2, max_length=120)]
    capacity: Annotated[int, Meta(ge=1, le=50)]


class ClerkForm(Form):
    """A member of staff who is to work at a branch."""

    words: ClassVar[Mapping[str, str]] = {"user_name": later("没有这个登录名的员工。")}
    user_name: Annotated[str, Meta(min_length=1, max_length=60)]
    handles: Annotated[str, Meta(pattern=r"^(yes)?$")]
    sells: Annotated[str, Meta(pattern=r"^(yes)?$")]


class ClosureForm(Form):
    """A day on which a branch receives nobody."""

    words: ClassVar[Mapping[str, str]] = {
        "day": later("日期写成 2030-12-31。"),
        "reason": later("原因 2 到 60 个字，来访的人看得到。"),
    }
    day: date
    reason: Annotated[str, Meta(min_length=2, max_length=60)]


class CountersForm(Form):
    """How many a branch receives at a time, and its weekend day."""

    words: ClassVar[Mapping[str, str]] = {
        "capacity": later("窗口数是 1 到 50。"),
        "weekday": later("请选择周六或周日。"),
    }
    capacity: Annotated[int, Meta(ge=1, le=50)]
    weekday: Annotated[int, Meta(ge=5, le=6)]
