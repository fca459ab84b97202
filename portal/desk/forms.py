"""What the pages of the desk accept."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from portal import sms
from portal.calendar import Fault
from portal.desk.rules import Reason
from portal.identity import Refusal
from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.queues import Side

NOBODY = later("没有找到这位客户。")

RECOVERY_STATES: Mapping[str, str] = {
    "opened": later("已开启，待另一人确认"),
    "confirmed": later("已确认，满 24 小时后可给激活码"),
    "given": later("激活码已给出"),
    "used": later("客户已重新设置"),
    "cancelled": later("已取消"),
}
RECOVERY_WORDS: Mapping[Refusal, str] = {
    Refusal.OPEN_ALREADY: later("这位客户已有一次找回在办。"),
    Refusal.OWN_WORK: later("这是您自己提交的，须由他人决定。"),
    Refusal.TOO_EARLY: later("确认后满 24 小时才能给出激活码。"),
    Refusal.GONE: later("这次找回已经变了，请看下面的状态。"),
}

SETTLEMENTS: Mapping[sms.State, str] = {
    sms.State.QUEUED: later("再发一次"),
    sms.State.SUBMITTED: later("已经发出"),
    sms.State.UNDELIVERABLE: later("放弃，不再发"),
}
REASONS: Mapping[str, str] = {
    Reason.TIER: later("等级"),
    Reason.ASSETS: later("资产居前"),
    Reason.TRADES: later("交易居前"),
}
CALENDAR_FAULTS: Mapping[Fault, str] = {
    Fault.COLUMNS: later("文件须有这几列：%(columns)s；日期写成 2027-01-31，标志写 0 或 1。"),
    Fault.OUT_OF_ORDER: later("第 %(line)s 行：这里应当是 %(day)s；一年的每一天都要有，按先后排。"),
    Fault.TRADES_AT_REST: later("第 %(line)s 行：%(day)s 不上班却交易。"),
    Fault.NOT_CONFIRMED: later("第 %(line)s 行：%(day)s 还没有标为已确认。"),
    Fault.UNFINISHED: later("文件到 %(day)s 为止，没有写完一年。"),
    Fault.CONTRADICTS: later("第 %(line)s 行：%(day)s 已经确认过，与这里写的不同。"),
}
NOTICE_WORDS: Mapping[str, str] = {
    "no_file": later("请选择一个文件。"),
    "waiting": later("这一年已有一份在等确认。"),
    "no_change": later("这一年的每一天都已经确认过，没有要改的。"),
    "gone": later("这一份刚才已经有人办过。"),
    "own_work": later("这是您自己提交的，须由他人决定。"),
}
NOTICE_STATES: Mapping[str, str] = {
    "proposed": later("待他人确认"),
    "confirmed": later("已确认"),
    "refused": later("没有采用"),
}
LATE_TABS = ("waiting", "all")
SIDES: Mapping[str, str] = {Side.RESPONSIBLE: later("负责人"), Side.MANAGER: later("主管")}
NOTED_ALREADY = later("刚才已经有人代表这一方记下了。")
SETTLED_ALREADY = later("这条短信已经有人处理过。")


class ClientForm(Form):
    """A client number to look for."""

    words: ClassVar[Mapping[str, str]] = {"client_no": later("客户号是 6 到 12 位数字。")}
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]


class SearchForm(Form):
    """What somebody is known by: a client number, a telephone, an ID number or a whole name."""

    words: ClassVar[Mapping[str, str]] = {"wanted": later("请填写客户号、手机号码、证件号码或完整姓名，2 到 60 字。")}
    wanted: Annotated[str, Meta(min_length=2, max_length=60)]


class RevealForm(Form):
    """Which value staff want to see in full, and why."""

    words: ClassVar[Mapping[str, str]] = {
        "key": later("请选择一项。"),
        "reason": later("请写明理由，4 到 200 字；客户会看到。"),
    }
    key: Annotated[str, Meta(pattern=r"^[a-z0-9_]{2,40}$")]
    reason: Annotated[str, Meta(min_length=4, max_length=200)]


class RecordForm(Form):
    """Whom staff called back on which number, and what they checked."""

    words: ClassVar[Mapping[str, str]] = {"record": later("请写明回拨的号码、时间和核对的内容，10 到 500 字。")}
    record: Annotated[str, Meta(min_length=10, max_length=500)]


class SettlementForm(Form):
    """What became of a parked message, and how staff know."""

    words: ClassVar[Mapping[str, str]] = {
        "outcome": later("请选择怎样处理。"),
        "reason": later("请写明理由，最多 200 字。"),
    }
    outcome: Literal["queued", "submitted", "undeliverable"]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class NoteForm(Form):
    """That somebody has taken note of a missed promise, and what is done about it."""

    words: ClassVar[Mapping[str, str]] = {"note": later("请用 2 到 200 个字写明怎么办。")}
    note: Annotated[str, Meta(min_length=2, max_length=200)]
