"""What the pages of the client's voice accept."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.feedback.rules import (
    ANSWER_LIMIT,
    SHORT_LIMIT,
    TEXT_LIMIT,
    Area,
    Cause,
    Channel,
    Finding,
    Kind,
    Product,
    Severity,
)
from portal.kit.forms import Form
from portal.kit.i18n import later

CHOOSE = later("请选择一项。")
WHOLE = later("这一页不完整，请重新打开再试。")


def one_or_none(codes: type[StrEnum]) -> str:
    """Give the pattern of a field that holds one of the codes, or nothing."""
    return f"^({'|'.join(codes)})?$"


WORDS_NEEDED = later("请写 2 到 5,000 个字。")


class CaseForm(Form):
    """What a client brings, under the key of its page."""

    words: ClassVar[Mapping[str, str]] = {
        "kind": CHOOSE,
        "area": CHOOSE,
        "product": CHOOSE,
        "title": later("请用 2 到 80 个字写一个题目。"),
        "text": later("请写 10 到 5,000 个字。"),
        "remedy": later("最多 500 个字。"),
        "key": WHOLE,
    }
    kind: Kind
    area: Area
    product: Product
    title: Annotated[str, Meta(min_length=2, max_length=80)]
    text: Annotated[str, Meta(min_length=10, max_length=TEXT_LIMIT)]
    remedy: Annotated[str, Meta(max_length=SHORT_LIMIT)]
    key: Annotated[str, Meta(pattern=r"^[\w-]{16,64}$")]


class DeskCaseForm(CaseForm):
    """What staff write down for a client who called, came or wrote."""

    words: ClassVar[Mapping[str, str]] = {
        **CaseForm.words,
        "client_no": later("客户号是 6 到 12 位数字。"),
        "channel": CHOOSE,
        "external_no": later("转办编号最多 40 个字。"),
    }
    client_no: Annotated[str, Meta(pattern=r"^\d{6,12}$")]
    channel: Channel
    external_no: Annotated[str, Meta(max_length=40)]


class WordsForm(Form):
    """Something a client adds to his case."""

    words: ClassVar[Mapping[str, str]] = {"text": WORDS_NEEDED}
    text: Annotated[str, Meta(min_length=2, max_length=TEXT_LIMIT)]


class StepForm(Form):
    """A step of staff: the words for the client, or the note for staff alone, and what was assessed or found."""

    words: ClassVar[Mapping[str, str]] = {
        "version": WHOLE,
        "text": WORDS_NEEDED,
        "internal": WORDS_NEEDED,
        "mend": later("请写明要改什么，最多 500 个字。"),
        "severity": CHOOSE,
        "area": CHOOSE,
        "finding": CHOOSE,
        "cause": CHOOSE,
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    text: Annotated[str, Meta(max_length=ANSWER_LIMIT)]
    internal: Annotated[str, Meta(max_length=ANSWER_LIMIT)]
    mend: Annotated[str, Meta(max_length=SHORT_LIMIT)]
    severity: Annotated[str, Meta(pattern=one_or_none(Severity))]
    area: Annotated[str, Meta(pattern=one_or_none(Area))]
    finding: Annotated[str, Meta(pattern=one_or_none(Finding))]
    cause: Annotated[str, Meta(pattern=one_or_none(Cause))]

    def need(self, *names: str) -> None:
        """Say at each of these fields that it has to be filled for this step."""
        for name in names:
            if self.ok and not getattr(self, name):
                self.wrong(name, self.words[name])
