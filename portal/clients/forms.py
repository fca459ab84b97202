"""What the pages of the client record accept."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from msgspec import Meta

from portal.clients import values
from portal.clients.indicators import Held, Indicator
from portal.clients.queries import born_on
from portal.clients.values import Fault
from portal.clients.words import FAULTS, NO_PAPERS, NO_WHY, NO_WORD
from portal.kit.forms import Form, plain
from portal.kit.i18n import later

LONGEST = 500


class ChangeForm(Form):
    """A new value of one indicator and, where staff look first, why."""

    value: str
    why: str

    @classmethod
    def of(
        cls, indicator: Indicator, typed: Mapping[str, str], held: Mapping[str, Held], today: date, *, asks_why: bool,
        papers: int = 0,
    ) -> "ChangeForm":  # fmt: skip
        """Read what was typed for an indicator; `asks_why` where staff look first, with so many papers sent."""
        form = cls()
        form.typed = {
            "value": _chosen(indicator, typed), "why": plain(typed.get("why", "")),
            "declared": typed.get("declared", ""),
        }  # fmt: skip
        form.why = form.typed["why"]
        found = values.read(indicator, form.typed["value"])
        if not isinstance(found, Fault):
            form.value = found
            found = values.cross_fault(indicator.key, found, held, today, born_on(held)) or found
        if isinstance(found, Fault):
            form.wrong("value", FAULTS[found])
        if asks_why and not 0 < len(form.why) <= LONGEST:
            form.wrong("why", NO_WHY)
        if asks_why and indicator.needs_papers and not papers:
            form.wrong("evidence", NO_PAPERS)
        if asks_why and indicator.needs_word and typed.get("declared") != "1":
            form.wrong("declared", NO_WORD)
        return form


def _chosen(indicator: Indicator, typed: Mapping[str, str]) -> str:
    if indicator.kind == "multi_enum":
        return ",".join(each for each in indicator.options if typed.get(f"value_{each}"))
    return typed.get("value", "")


class ReportForm(Form):
    """What is wrong with a value that the client can't change here."""

    words: ClassVar[Mapping[str, str]] = {"why": NO_WHY}
    why: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


class DecisionForm(Form):
    """What staff decided, on which version of the request."""

    words: ClassVar[Mapping[str, str]] = {
        "version": later("这一页不完整，请重新打开再试。"),
        "note": later("说明最多 500 字。"),
    }
    version: Annotated[int, Meta(ge=1, le=2**31)]
    note: Annotated[str, Meta(max_length=LONGEST)]


class PhoneForm(Form):
    """The codes that the old and the new number have received."""

    words: ClassVar[Mapping[str, str]] = {
        "old_code": later("验证码是六位数字。"),
        "new_code": later("验证码是六位数字。"),
    }
    old_code: Annotated[str, Meta(pattern=r"^(\d{3}\s?\d{3})?$")]
    new_code: Annotated[str, Meta(pattern=r"^\d{3}\s?\d{3}$")]


class CallForm(Form):
    """Of whom somebody on the telephone says that he is it, and how he is to be proved."""

    words: ClassVar[Mapping[str, str]] = {
        "who": later("请填写客户号，或登记的手机号。"),
        "way": later("请选择怎样核实。"),
    }
    who: Annotated[str, Meta(pattern=r"^\d{6,12}$")]
    way: Annotated[str, Meta(pattern="^(code|facts)$")]


class ObjectionForm(Form):
    """Why a request in the client's name is not his."""

    words: ClassVar[Mapping[str, str]] = {"objection": later("请写一句，最多 200 字。")}
    objection: Annotated[str, Meta(min_length=1, max_length=200)]


class ConsentForm(Form):
    """Whether a consent is given or withdrawn."""

    given: Annotated[str, Meta(pattern="^[01]$")]
