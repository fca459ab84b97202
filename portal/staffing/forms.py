"""What the pages of staffing accept, and the words that they say."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from portal.identity import Role
from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.staffing.rules import Kind, Refusal, State

KINDS: Mapping[str, str] = {Kind.ABSENCE: later("暂时不在"), Kind.LEAVING: later("离职")}
STATES: Mapping[str, str] = {
    State.ASKED: later("待批准"),
    State.APPROVED: later("已批准，到日办理"),
    State.AWAY: later("代管中"),
    State.DONE: later("已办结"),
    State.REFUSED: later("未批准"),
    State.WITHDRAWN: later("已撤回"),
}
ROLES: Mapping[str, str] = {
    Role.ADVISER: later("投顾"),
    Role.HANDLER: later("经办"),
    Role.REVIEWER: later("复核"),
    Role.COMPLIANCE: later("合规"),
    Role.MANAGER: later("主管"),
    Role.ADMINISTRATOR: later("系统管理"),
}
WORDS: Mapping[Refusal, str] = {
    Refusal.UNKNOWN: later("没有这位在岗的同事。"),
    Refusal.SAME_PERSON: later("不能交接给本人。"),
    Refusal.PAST: later("第一天不能早于今天。"),
    Refusal.NO_END: later("暂时不在要写最后一天，不早于第一天。"),
    Refusal.TOO_LONG: later("一次最多一年。"),
    Refusal.RUNS_ALREADY: later("这位同事已有同类的交接在办。"),
    Refusal.TAKER_AWAY: later("接手的同事这几天也不在。"),
    Refusal.TAKER_BUSY: later("接手的同事自己也在交接。"),
    Refusal.LACKS_ROLE: later("接手的同事岗位不够，办不了这些事。"),
    Refusal.OUT_OF_REACH: later("接手的同事看不到这位同事的营业部。"),
    Refusal.OWN_WORK: later("您自己提出的，须由他人决定。"),
    Refusal.NOT_ALONE: later("与您本人有关，须由他人决定。"),
    Refusal.DECIDED: later("这一件已经有人处理，请看下面的状态。"),
    Refusal.NO_REASON: later("请写明理由，4 到 300 字。"),
    Refusal.NO_CHANGE: later("没有要改的岗位。"),
    Refusal.NOT_MIXED: later("系统管理不办客户的事，不能兼其他岗位。"),
    Refusal.LAST_ONE: later("这是最后一位系统管理，先让另一位就任。"),
    Refusal.HAS_WORK: later("他手上还有在办的事，先交接。"),
    Refusal.NOBODY: later("没有这位同事。"),
}
CHANGES: Mapping[str, str] = {"invite": later("新同事"), "roles": later("岗位"), "unlock": later("解锁")}
CHANGE_STATES: Mapping[str, str] = {
    "asked": later("待另一人决定"),
    "done": later("已办"),
    "refused": later("未批准"),
}
SHUT: Mapping[str, str] = {"locked": later("已锁定"), "left": later("已离职")}
ID = Meta(ge=1, le=2**63 - 1)
A_DATE = later("请写成 2026-12-01 这样的日期。")


class PlanForm(Form):
    """Who hands over to whom, and for which days."""

    words: ClassVar[Mapping[str, str]] = {
        "kind": later("请选择。"),
        "giver": later("请选择同事。"),
        "taker": later("请选择接手的同事。"),
        "from_on": A_DATE,
        "to_on": A_DATE,
        "note": later("最多 500 字。"),
    }
    kind: Literal["absence", "leaving"]
    giver: Annotated[int, ID]
    taker: Annotated[int, ID]
    from_on: date
    to_on: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
    note: Annotated[str, Meta(max_length=500)]
    last_day: date | None

    @classmethod
    def fields(cls) -> dict[str, object]:
        """Leave out what is worked out."""
        return {name: kind for name, kind in super().fields().items() if name != "last_day"}

    def check(self) -> None:
        """Read the last day, which leaving for good has none of."""
        self.last_day = None
        if self.kind == "leaving" or not self.to_on:
            return
        try:
            self.last_day = date.fromisoformat(self.to_on)
        except ValueError:
            self.wrong("to_on", A_DATE)


class ReasonForm(Form):
    """Why somebody decides as he does."""

    words: ClassVar[Mapping[str, str]] = {"reason": later("请写明理由，4 到 300 字。")}
    reason: Annotated[str, Meta(min_length=4, max_length=300)]


class InviteForm(ReasonForm):
    """Who is to be let in, as what, and at which branch; empty for the whole firm."""

    words: ClassVar[Mapping[str, str]] = {
        **ReasonForm.words,
        "name": later("请填写姓名，2 到 60 字。"),
        "branch_no": later("营业部代码是 4 到 8 位数字；不填就是全公司。"),
    }
    name: Annotated[str, Meta(min_length=2, max_length=60)]
    branch_no: Annotated[str, Meta(pattern=r"^(\d{4,8})?$")]


# Where the sentence of a refusal stands.
AT_FIELD: Mapping[Refusal, str] = {
    Refusal.PAST: "from_on",
    Refusal.NO_END: "to_on",
    Refusal.TOO_LONG: "to_on",
    Refusal.UNKNOWN: "taker",
}
