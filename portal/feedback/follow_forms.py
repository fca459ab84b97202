"""What the pages of what follows from cases accept: improvements, adoptions, votes."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from portal.feedback.forms import CHOOSE, WHOLE
from portal.feedback.rules import Cause
from portal.kit.forms import Form
from portal.kit.i18n import later

NO_TASK = later("没有这件在办的改进。")
NOBODY = later("请选择一位员工。")


class PlanForm(Form):
    """What is to be improved, and until when."""

    words: ClassVar[Mapping[str, str]] = {
        "plan_cause": CHOOSE,
        "plan_title": later("请用 2 到 80 个字写要改进什么。"),
        "plan": later("请写 2 到 2,000 个字。"),
        "due_on": later("请写日期，如 2026-12-31。"),
        "owner": NOBODY,
    }
    plan_cause: Cause
    plan_title: Annotated[str, Meta(min_length=2, max_length=80)]
    plan: Annotated[str, Meta(min_length=2, max_length=2000)]
    due_on: date
    owner: Annotated[int, Meta(ge=0, le=2**53)]


class OwnerForm(Form):
    """Who sees to a task from now on."""

    words: ClassVar[Mapping[str, str]] = {"owner": NOBODY}
    owner: Annotated[int, Meta(ge=1, le=2**53)]


class JoinForm(Form):
    """The number of a task that this case joins."""

    words: ClassVar[Mapping[str, str]] = {"number": NO_TASK}
    number: Annotated[str, Meta(pattern=r"^GJ-\d{8}-\d{4,}$")]


class DoneForm(Form):
    """What has changed, in the words that who complained will read."""

    words: ClassVar[Mapping[str, str]] = {"told": later("请写 10 到 1,000 个字；提意见的客户会读到。")}
    told: Annotated[str, Meta(min_length=10, max_length=1000)]


class AdoptionForm(Form):
    """The grade of a suggestion, and what will be published."""

    words: ClassVar[Mapping[str, str]] = {
        "grade": CHOOSE,
        "summary": later("请用 5 到 200 个字写公开的内容，不写客户是谁。"),
    }
    grade: Literal["A", "B", "C"]
    summary: Annotated[str, Meta(min_length=5, max_length=200)]


class VoteForm(Form):
    """A score, and what somebody wants to add."""

    words: ClassVar[Mapping[str, str]] = {"score": CHOOSE, "comment": later("最多 1,000 个字。"), "page": WHOLE}
    score: Annotated[int, Meta(ge=0, le=10)]
    comment: Annotated[str, Meta(max_length=1000)]
