"""What the addresses of the statements may say: which view, which rows of it, and any range of days."""

import re
from decimal import Decimal

from portal.kit.forms import Form
from portal.kit.i18n import later
from portal.statements.rules import BizCode, Period, period_between

AMOUNT = re.compile(r"\d{1,13}(\.\d{1,2})?")
VIEWS = ("statement", "cash", "trades")
FILTERS = ("kind", "security", "least", "most", "q")
NOT_AN_AMOUNT = later("金额请写成数字，最多两位小数。")
TOO_LONG = later("最多写 40 个字。")
LONGEST_WORDS = 40


class Asked(Form):
    """Which view of a period's ledger is asked for, and which of its rows."""

    # Any text is read, so that whatever else is wrong the view is known: the page shows it, with the sentence.
    view: str
    kind: str
    security: str
    least: str
    most: str
    q: str

    def check(self) -> None:
        """Take what no link of ours says for the plain statement; say at an amount that it is none."""
        for name in ("security", "q"):
            if len(getattr(self, name)) > LONGEST_WORDS:
                self.wrong(name, TOO_LONG)
        self.amounts = {name: self._amount(name) for name in ("least", "most")}
        if self.kind not in BizCode.__members__:
            self.kind = self.typed["kind"] = ""
        if self.view not in VIEWS:
            self.view = "statement"
        if self.view == "statement" and self.is_filtered:
            self.view = "cash"  # a statement is whole or it is none

    @property
    def is_filtered(self) -> bool:
        """Tell whether only some rows are asked for."""
        return any(self.typed[name].strip() for name in FILTERS)

    def address(self) -> dict[str, str | None]:
        """Give what the address says of all this; None is left out of it."""
        said = {name: self.typed[name].strip() or None for name in FILTERS}
        return {"view": None if self.view == "statement" else self.view, **said}

    def _amount(self, name: str) -> Decimal | None:
        text = str(getattr(self, name)).replace(",", "")
        if not text:
            return None
        if AMOUNT.fullmatch(text):
            return Decimal(text)
        self.wrong(name, NOT_AN_AMOUNT)
        return None


class Days(Form):
    """Any range of days, both ends included."""

    first: str
    last: str
    period: Period

    @classmethod
    def fields(cls) -> dict[str, type]:
        """Name the two days."""
        return {"first": str, "last": str}

    def check(self) -> None:
        """Say when the days are none, or too many."""
        period = period_between(self.first, self.last)
        if period is None:
            self.wrong("last", later("请选两个日期，先起后止，最多 366 天。"))
        else:
            self.period = period
