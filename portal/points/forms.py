"""What the desk's page of adjustments accepts, and the words of every no."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.points.adjusting import Outcome, Reason

WORDS: Mapping[Outcome, str] = {
    Outcome.SAME_PERSON: later("您提出的，须由他人签字。"),
    Outcome.DECIDED: later("已经有人办过，请看下面。"),
    Outcome.TOO_FEW_POINTS: later("客户的可用积分不够。"),
    Outcome.UNDONE: later("这一笔已经撤销过，或者它本身就是撤销。"),
}
REASONS: Mapping[Reason, str] = {
    Reason.CORRECTION: later("更正差错"),
    Reason.GOODWILL: later("表达歉意"),
    Reason.COMPLAINT: later("投诉处理结果"),
    Reason.CAMPAIGN: later("活动补发"),
    Reason.UNDO: later("撤销另一笔调整"),
}
STATES: Mapping[str, str] = {
    "proposed": later("等第二人签字"),
    "posted": later("已入账"),
    "rejected": later("未通过"),
}
WHOLE = later("请填写 -20000 到 20000 的整数，0 除外。")
BAD = later("这份规则不能用：%(what)s")
NOT_YOURS = later("您起草的须由他人公布；或者它已经有人办过。")
NOBODY = later("没有这个客户号。")


class AdjustmentForm(Form):
    """Points to give, or to take with a minus, for a client, and why."""

    words: ClassVar[Mapping[str, str]] = {
        "client_no": later("请填写客户号。"),
        "points": WHOLE,
        "reason": later("请选择理由。"),
        "public_text": later("请写一句客户会看到的说明，最多 200 字。"),
        "staff_note": later("内部说明最多 400 字。"),
        "key": later("这一页不完整，请重新打开再试。"),
    }
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]
    points: Annotated[int, Meta(ge=-20000, le=20000)]
    reason: Annotated[str, Meta(pattern=r"^(correction|goodwill|complaint|campaign)$")]
    public_text: Annotated[str, Meta(min_length=1, max_length=200)]
    staff_note: Annotated[str, Meta(max_length=400)]
    key: Annotated[str, Meta(pattern=r"^[\w-]{16,64}$")]

    def check(self) -> None:
        """Refuse an adjustment of nothing."""
        if self.points == 0:
            self.wrong("points", WHOLE)


class RulesForm(Form):
    """The text of new earning rules, taken as typed."""

    words: ClassVar[Mapping[str, str]] = {"toml": later("请贴上规则全文，最多 20000 字。")}
    verbatim: ClassVar[frozenset[str]] = frozenset({"toml"})
    toml: Annotated[str, Meta(min_length=1, max_length=20000)]

    @property
    def text(self) -> str:
        """Give the text with line ends as we keep them."""
        return self.toml.replace("\r\n", "\n")
