"""What the pages of the dossier accept."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from portal.dossier.rules import Refusal
from portal.kit.forms import Form
from portal.kit.i18n import later

INCOMPLETE = later("这一页不完整，请重新打开再试。")
ALARM_GONE = later("这一条已经有人查过，或是关于您自己的。")
Key = Annotated[str, Meta(pattern=r"^[\w-]{16,64}$")]
REFUSALS: Mapping[Refusal, str] = {
    Refusal.NOT_YOURS: later("只有写的人可以更正。"),
    Refusal.CORRECTED_ALREADY: later("这一条已经更正过，请看新的。"),
    Refusal.WAITS_ALREADY: later("您要的资料正在准备，备好了会告诉您。"),
    Refusal.TOO_MANY: later("今天已经要过三次，请明天再来。"),
}


class NoteForm(Form):
    """A note and whom it is for; only a choice of one's own lets the client read it."""

    words: ClassVar[Mapping[str, str]] = {
        "note": later("请写下备注，最多 1000 字。"), "audience": later("请选择给谁看。"), "key": INCOMPLETE,
    }  # fmt: skip
    note: Annotated[str, Meta(min_length=1, max_length=1000)]
    audience: Literal["", "internal", "client"]  # nothing chosen is internal
    key: Key


class CorrectionForm(Form):
    """The new text of a note."""

    words: ClassVar[Mapping[str, str]] = {"note": NoteForm.words["note"], "key": INCOMPLETE}
    note: Annotated[str, Meta(min_length=1, max_length=1000)]
    key: Key


class AlarmForm(Form):
    """What came of looking into an alarm."""

    words: ClassVar[Mapping[str, str]] = {"note": later("请写明查清的结果，10 到 500 字。")}
    note: Annotated[str, Meta(min_length=10, max_length=500)]
