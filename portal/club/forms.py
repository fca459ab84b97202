"""What the club's pages accept, and the words of every no."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from portal import queues
from portal.club.events import Plan
from portal.club.rules import Kind, Reason, Refusal, Seat, State, region
from portal.kit.clock import SHANGHAI, local_date
from portal.kit.forms import Form
from portal.kit.i18n import language, later

REFUSALS: Mapping[Refusal, str] = {
    Refusal.TIER_TOO_LOW: later("金卡客户可以用积分申请，白金卡客户可以加入。"),
    Refusal.TOO_FEW_POINTS: later("可用积分不够。"),
    Refusal.OPEN_ALREADY: later("您的申请正在审核。"),
    Refusal.MEMBER_ALREADY: later("您已经是会员。"),
    Refusal.TOO_EARLY: later("还没有到可以办理的日子。"),
    Refusal.NO_CALENDAR: later("下一年的工作日历还没有确认，暂时不能承诺时间，请过几天再来。"),
    Refusal.NO_REASON: later("请选择理由；选“其他”时请写明。"),
    Refusal.TOO_LATE: later("来不及了：已经到时限，或已经开始办理。"),
    Refusal.NOT_A_MEMBER: later("这一场只请会员。"),
    Refusal.NOT_INVITED: later("这一场请的是另一些客户：等级、风险等级或营业部不同。"),
    Refusal.EVENT_OVER: later("这一场已经开始或结束。"),
    Refusal.EVENT_CANCELLED: later("这一场已经取消。"),
    Refusal.WRONG_CODE: later("没有这个签到码，或没有席位。"),
    Refusal.IN_THE_PAST: later("开始时间须在现在之后。"),
    Refusal.NO_LENGTH: later("结束时间须在开始之后。"),
}
WORDS: dict[StrEnum, str] = {key: words for table in (REFUSALS, queues.REFUSALS) for key, words in table.items()}
STATES: Mapping[State, str] = {
    State.APPLIED: later("待初审"),
    State.REVIEWED: later("已初审，待复核"),
    State.GRANTED: later("已成为会员"),
    State.REJECTED: later("未通过"),
    State.WITHDRAWN: later("已撤回"),
    State.TIMED_OUT: later("超时，积分已退回"),
}
VERBS: Mapping[str, str] = {
    "apply": later("提交入会申请"),
    "review": later("初审支持"),
    "admit": later("复核通过，成为会员"),
    "reject": later("未通过，积分已退回"),
    "withdraw": later("客户撤回，积分已退回"),
    "time_out": later("超时未办，积分自动退回"),
}
REASONS: Mapping[Reason, str] = {
    Reason.CHECKED: later("核对无误"),
    Reason.DATA_WRONG: later("客户资料有误，请先更正"),
    Reason.NOT_FITTING: later("条件不符"),
    Reason.CLIENT_ASKED: later("应客户要求"),
    Reason.OTHER: later("其他"),
}
KINDS: Mapping[Kind, str] = {
    Kind.LECTURE: later("讲座"),
    Kind.TRAINING: later("培训"),
    Kind.STRATEGY: later("投资策略报告会"),
    Kind.VISIT: later("参观"),
    Kind.DIALOGUE: later("沟通会"),
}
SEATS: Mapping[Seat, str] = {
    Seat.REGISTERED: later("已报名"),
    Seat.WAITING: later("候补"),
    Seat.CANCELLED: later("已取消"),
    Seat.ATTENDED: later("已到场"),
}
INCOMPLETE = later("这一页不完整，请重新打开再试。")
LOCAL_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$"
TEXT = later("请填写，不要太长。")
BRANCHES = later("请填写营业部代码，最多 12 个，用逗号分开。")
NO_BRANCH = later("没有这些营业部：%(which)s。")


class ApplicationForm(Form):
    """An application under the key of its page."""

    words: ClassVar[Mapping[str, str]] = {"key": INCOMPLETE}
    key: Annotated[str, Meta(pattern=r"^[\w-]{16,64}$")]


class DecisionForm(Form):
    """What staff decided, on which version of the application."""

    words: ClassVar[Mapping[str, str]] = {"version": INCOMPLETE, "note": later("说明最多 500 字。")}
    version: Annotated[int, Meta(ge=1, le=2**31)]
    reason: Annotated[str, Meta(pattern=r"^(data_wrong|not_fitting|client_asked|other)?$")]
    note: Annotated[str, Meta(max_length=500)]


class CodeForm(Form):
    """The code that a guest shows at the door."""

    words: ClassVar[Mapping[str, str]] = {"code": later("签到码是 6 位数字。")}
    code: Annotated[str, Meta(pattern=r"^\d{6}$")]


class EventForm(Form):
    """An event that staff plan; times are Shanghai's."""

    words: ClassVar[Mapping[str, str]] = {
        "starts_at": later("请填写开始时间，如 2026-12-12T14:00。"),
        "ends_at": later("请填写结束时间，如 2026-12-12T16:00。"),
        "capacity": later("席位是 1 到 2000 的整数。"),
        "points": later("积分是 0 到 5000 的整数。"),
        **dict.fromkeys(("title_zh", "title_en", "aim_zh", "aim_en", "place_zh", "place_en"), TEXT),
        "kind": later("请选择一项。"),
        "min_tier": later("请选择一项。"),
        "branches": BRANCHES,
    }
    kind: Annotated[str, Meta(pattern=r"^(lecture|training|strategy|visit|dialogue)$")]
    title_zh: Annotated[str, Meta(min_length=1, max_length=60)]
    title_en: Annotated[str, Meta(min_length=1, max_length=120)]
    aim_zh: Annotated[str, Meta(min_length=1, max_length=300)]
    aim_en: Annotated[str, Meta(min_length=1, max_length=500)]
    place_zh: Annotated[str, Meta(min_length=1, max_length=80)]
    place_en: Annotated[str, Meta(min_length=1, max_length=120)]
    starts_at: Annotated[str, Meta(pattern=LOCAL_TIME)]
    ends_at: Annotated[str, Meta(pattern=LOCAL_TIME)]
    capacity: Annotated[int, Meta(ge=1, le=2000)]
    points: Annotated[int, Meta(ge=0, le=5000)]
    members_only: Annotated[str, Meta(pattern=r"^(yes)?$")]
    min_tier: Annotated[str, Meta(pattern=r"^(normal|silver|gold|platinum)$")]
    min_level: Annotated[str, Meta(pattern=r"^(C[1-5])?$")]
    branches: Annotated[str, Meta(pattern=r"^([0-9A-Za-z]{1,8}([\s,、]+[0-9A-Za-z]{1,8}){0,11})?$")]

    def check(self) -> None:
        """Read the times, which may look right and be none: the 31st of a short month."""
        for name in ("starts_at", "ends_at"):
            try:
                datetime.fromisoformat(self.typed[name])
            except ValueError:
                self.wrong(name, self.words[name])

    def plan(self) -> Plan:
        """Give the event as it was typed."""
        return Plan(
            kind=self.kind, title_zh=self.title_zh, title_en=self.title_en, aim_zh=self.aim_zh, aim_en=self.aim_en,
            place_zh=self.place_zh, place_en=self.place_en, starts_at=_instant(self.starts_at),
            ends_at=_instant(self.ends_at), capacity=self.capacity, members_only=self.members_only == "yes",
            min_tier=self.min_tier, min_level=self.min_level or None, branches=region(self.branches),
            points=self.points,
        )  # fmt: skip


def _instant(typed: str) -> datetime:
    return datetime.fromisoformat(typed).replace(tzinfo=SHANGHAI)


def worded(event: Any) -> dict[str, Any]:
    """Give an event with its title, aim and place in the reader's language."""
    row = dict(event._mapping)
    said = {name: row[f"{name}_{language()}"] for name in ("title", "aim", "place")}
    return row | said | {"day_of_month": local_date(row["starts_at"]).day}
