"""What the page of special call-backs accepts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.callbacks import Occasion, Refusal, Target
from portal.kit.forms import Form
from portal.kit.i18n import later

FIELDS = {
    Refusal.SAME_PERSON: "second", Refusal.BAD_PERIOD: "ends_on", Refusal.TOO_MANY_QUESTIONS: "questions",
    Refusal.UNKNOWN_CLIENT: "client_nos",
}  # fmt: skip
LEVELS = ("C1", "C2", "C3", "C4", "C5")


class CampaignForm(Form):
    """A special call-back, as it is planned."""

    words: ClassVar[Mapping[str, str]] = {
        "occasion": later("请选择缘由。"),
        "title": later("名称 2 到 60 个字。"),
        "target": later("请选择对象。"),
        "client_nos": later("客户号用空格或换行隔开，最多 2000 个。"),
        "questions": later("请写 1 到 8 个问题，一行一个。"),
        "begins_on": later("日期写成 2030-12-31。"),
        "ends_on": later("日期写成 2030-12-31。"),
        "first": later("请选择第一个人。"),
        "second": later("请选择第二个人。"),
    }
    occasion: Occasion
    title: Annotated[str, Meta(min_length=2, max_length=60)]
    target: Target
    client_nos: Annotated[str, Meta(pattern=r"^[0-9\s,，]{0,30000}$")]
    questions: Annotated[str, Meta(min_length=2, max_length=4000)]
    begins_on: date
    ends_on: date
    first: Annotated[int, Meta(ge=1, le=2**53)]
    second: Annotated[int, Meta(ge=1, le=2**53)]

    def chosen(self, name: str, of: Iterable[str]) -> list[str]:
        """Give the boxes of a name that were ticked."""
        return [each for each in of if self.typed.get(f"{name}_{each}") == "yes"]

    def lines(self) -> list[tuple[str, str, str]]:
        """Give the questions: one a line, its English behind a bar; one marked with ! hopes for a no."""
        found = []
        for line in filter(None, map(str.strip, self.questions.splitlines())):
            zh, _, en = line.removeprefix("!").partition("|")
            found.append((zh.strip(), en.strip(), "no" if line.startswith("!") else "yes"))
        return found
