"""What the pages of conversations accept, and the words of every no."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.conversations.rules import Mark, Refusal
from portal.kit.forms import Form
from portal.kit.i18n import later

WORDS: Mapping[Refusal, str] = {
    Refusal.NO_TEAM: later("一对一团队为金卡和白金卡客户而设。以前的对话您仍然可以查看。"),
    Refusal.TOO_MANY: later("您已有 20 条消息在等待答复，请先等团队答复，或拨打直线电话。"),
    Refusal.NOTHING_WAITS: later("没有在等待答复的消息。"),
}
MARKS: Mapping[Mark, str] = {
    Mark.SENT: later("已送达"),
    Mark.READ: later("已读"),
    Mark.ANSWERED: later("已答复"),
}
OUTCOMES: Mapping[str, str] = {
    "asked": later("客户又写了一条"),
    "answered": later("已答复"),
    "settled": later("已标记为不需要答复"),
}
INCOMPLETE = later("这一页不完整，请重新打开再试。")
KEY = Meta(pattern=r"^[\w-]{16,64}$")


class MessageForm(Form):
    """A client's message under the key of its page."""

    words: ClassVar[Mapping[str, str]] = {"text": later("请写下要说的话，最多 2000 字。"), "key": INCOMPLETE}
    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    key: Annotated[str, KEY]


class SettleForm(Form):
    """Nothing needs an answer, as seen on one version of the conversation."""

    words: ClassVar[Mapping[str, str]] = {"key": INCOMPLETE, "version": INCOMPLETE}
    key: Annotated[str, KEY]
    version: Annotated[int, Meta(ge=0, le=2**31)]


class AnswerForm(SettleForm):
    """The team's message, on one version of the conversation."""

    words: ClassVar[Mapping[str, str]] = {**MessageForm.words, "version": INCOMPLETE}
    text: Annotated[str, Meta(min_length=1, max_length=2000)]
