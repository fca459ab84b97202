"""What the pages of the library accept, and the words of its kinds, steps and every no."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from portal import queues
from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.library import quiz
from portal.library.rules import Kind, Occasion, Refusal, State, Text, Topic, Verb

KINDS: Mapping[str, str] = {
    Kind.ANNOUNCEMENT: later("公告"),
    Kind.FAQ: later("常见问题"),
    Kind.ARTICLE: later("投教文章"),
    Kind.NEWS: later("资讯"),
    Kind.REPORT: later("研报"),
    Kind.NOTE: later("会员笔记"),
    Kind.CARE: later("关怀"),
}
TOPICS: Mapping[str, str] = {
    Topic.ACCOUNT: later("账户"),
    Topic.TRADING: later("交易"),
    Topic.COSTS: later("成本与盈亏"),
    Topic.STATEMENTS: later("账单"),
    Topic.RISK: later("风险与适当性"),
    Topic.FRAUD: later("防范诈骗"),
    Topic.POINTS: later("积分与等级"),
    Topic.MARKET: later("市场"),
    Topic.SERVICE: later("服务"),
}
OCCASIONS: Mapping[str, str] = {
    Occasion.ID_EXPIRES: later("证件将要到期"),
    Occasion.BIRTHDAY: later("生日"),
    Occasion.ANNIVERSARY: later("开户周年"),
    Occasion.SPRING_FESTIVAL: later("春节"),
    Occasion.MID_AUTUMN: later("中秋"),
    Occasion.NEW_YEAR: later("元旦"),
}
STATES: Mapping[str, str] = {State.DRAFT: later("草稿"), State.REVIEW: later("待审核")}
VERBS: Mapping[str, str] = {
    Verb.BEGIN: later("起草"),
    Verb.WRITE: later("修改"),
    Verb.SUBMIT: later("交审"),
    Verb.SEND_BACK: later("退回修改"),
    Verb.DISCARD: later("放弃草稿"),
    Verb.PUBLISH: later("发布"),
    Verb.WITHDRAW: later("撤下"),
}
NO: Mapping[Refusal, str] = {
    Refusal.NOT_WHOLE: later("还缺内容，草稿已保存，没有交审。"),
    Refusal.NOT_IN_REVIEW: later("这一篇不在审核中。"),
    Refusal.IN_REVIEW: later("审核中的稿件不能改，请先退回。"),
    Refusal.WROTE_IT: later("您写过这一稿，须由没有写过的人发布。"),
    Refusal.NO_REASON: later("请写明原因。"),
    Refusal.NOT_LIVE: later("这一篇现在没有发布。"),
    Refusal.DRAFT_OPEN: later("这一篇已有一份草稿。"),
    Refusal.TOO_MANY_TRIES: later("今天已经答了 5 次，明天再试。"),
    Refusal.NO_CHECK: later("这一篇没有小测。"),
    Refusal.UNANSWERED: later("每一题都要选一个答案。"),
}
WORDS: dict[StrEnum, str] = {key: words for table in (NO, queues.REFUSALS) for key, words in table.items()}
LACKING: Mapping[str, str] = {
    "missing": later("请填写这一项。"),
    "past": later("有效期至少到今天。"),
    "too_far": later("有效期太长：资讯最长 92 天，公告和研报一年，其他三年。"),
    "future": later("日期不能在今天之后。"),
    "no_check": later("没有小测题，就不能给积分。"),
    "care_long": later("关怀短信中文最多 120 字，英文最多 300 个字符，不分段。"),
    "care_sells": later("关怀里不能有产品、价格、链接或任何推荐的话。"),
    "care_hole": later("花括号里只能写 {years}（开户周年）或 {day}（证件到期）。"),
    "links": later("正文里有不能打开的链接：只能链接本站的页面，以及监管机构和交易所的网站。"),
}
QUIZ: Mapping[str, str] = {
    "unread": later("第 %(line)s 行看不懂：? 开头是题目，* 是对的答案，- 是其他答案，! 是解释，每行最多 200 字。"),
    "too_many": later("第 %(line)s 行：最多 5 题。"),
    "two_right": later("第 %(line)s 行：一题只能有一个对的答案。"),
    "none_right": later("第 %(line)s 行的题目没有对的答案。"),
    "options": later("第 %(line)s 行的题目要有 2 到 5 个答案。"),
    "unlike": later("中英文的题数、答案数和对的答案要一致。"),
}
# Characters that no text needs, and those that turn the direction of writing around: what is read is what is there.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
DAY = r"^(\d{4}-\d{2}-\d{2})?$"


def tidy(text: str) -> str:
    """Bring what was written to its plain form; full-width punctuation stays, it is Chinese."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class BeginForm(Form):
    """Which kind of piece is begun."""

    words: ClassVar[Mapping[str, str]] = {"kind": later("请选择种类。")}
    kind: Kind


class DraftForm(Form):
    """All that a draft holds; what its kind does not have is not sent."""

    verbatim: ClassVar[frozenset[str]] = frozenset(
        """
        title_zh title_en summary_zh summary_en body_zh body_en author conflicts_zh conflicts_en questions_zh
        questions_en
        """.split()
    )
    words: ClassVar[Mapping[str, str]] = {
        "version": later("这一页不完整，请重新打开再试。"),
        "title_zh": later("最多 80 字。"),
        "title_en": later("最多 160 个字符。"),
        "summary_zh": later("最多 300 字。"),
        "summary_en": later("最多 600 个字符。"),
        "body_zh": later("最多 4,000 字。"),
        "body_en": later("最多 10,000 个字符。"),
        "expires_on": later("请写日期，如 2027-01-31。"),
        "authored_on": later("请写日期，如 2027-01-31。"),
        "author": later("最多 60 字。"),
        "risk_class": later("请选择风险级别。"),
        "horizon_months": later("请填月数，0 到 360。"),
        "conflicts_zh": later("最多 300 字。"),
        "conflicts_en": later("最多 600 个字符。"),
        "questions_zh": later("最多 2,000 字。"),
        "questions_en": later("最多 4,000 个字符。"),
        "points": later("请填 0 到 50 的整数。"),
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    topic: Topic
    title_zh: Annotated[str, Meta(max_length=80)]
    title_en: Annotated[str, Meta(max_length=160)]
    summary_zh: Annotated[str, Meta(max_length=300)]
    summary_en: Annotated[str, Meta(max_length=600)]
    body_zh: Annotated[str, Meta(max_length=4000)]
    body_en: Annotated[str, Meta(max_length=10000)]
    expires_on: Annotated[str, Meta(pattern=DAY)]
    author: Annotated[str, Meta(max_length=60)]
    authored_on: Annotated[str, Meta(pattern=DAY)]
    risk_class: Annotated[str, Meta(pattern=r"^(R[1-5])?$")]
    horizon_months: Annotated[str, Meta(pattern=r"^([12]?\d{1,2}|3[0-5]\d|360)?$")]
    conflicts_zh: Annotated[str, Meta(max_length=300)]
    conflicts_en: Annotated[str, Meta(max_length=600)]
    questions_zh: Annotated[str, Meta(max_length=2000)]
    questions_en: Annotated[str, Meta(max_length=4000)]
    points: Annotated[str, Meta(pattern=r"^([1-4]?\d|50)?$")]
    occasion: Annotated[str, Meta(pattern=f"^({'|'.join(Occasion)})?$")]

    def check(self) -> None:
        """Read the days and the questions."""
        for name in ("expires_on", "authored_on"):
            try:
                _day(getattr(self, name))
            except ValueError:
                self.wrong(name, self.words[name])
        try:
            quiz.read_both(tidy(self.questions_zh), tidy(self.questions_en))
        except quiz.BadQuestions as bad:
            self.wrong(self._questions(), QUIZ[bad.why], line=bad.line)

    def text(self) -> Text:
        """Give what was written."""
        told = {name: tidy(getattr(self, name)) for name in self.verbatim}
        return Text(
            **told, topic=self.topic, expires_on=_day(self.expires_on), authored_on=_day(self.authored_on),
            risk_class=self.risk_class, horizon_months=int(self.horizon_months) if self.horizon_months else None,
            points=int(self.points or 0), occasion=self.occasion,
        )  # fmt: skip

    def _questions(self) -> str:
        try:
            quiz.read(tidy(self.questions_zh))
        except quiz.BadQuestions:
            return "questions_zh"
        return "questions_en"


class StepForm(Form):
    """A step on a version of a draft, with what is to be said about it."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"note"})
    words: ClassVar[Mapping[str, str]] = {
        "version": later("这一页不完整，请重新打开再试。"),
        "note": later("最多 500 字。"),
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    note: Annotated[str, Meta(max_length=500)]


class WithdrawalForm(Form):
    """Why a piece is taken away from its readers."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"reason"})
    words: ClassVar[Mapping[str, str]] = {"reason": later("请写明原因，最多 500 字。")}
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


def typed_of(text: Text, version: int) -> dict[str, str]:
    """Give a text as a form's fields."""
    told = {name: "" if value is None else str(value) for name, value in vars(text).items()}
    return told | {"version": str(version)}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
