"""What asks for a new assessment, read from the definition: `profile.occupation changed`, `client reaches 65/70`."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from portal.suitability.rules import age_on


class Kind(StrEnum):
    """What happened to a client."""

    BANDS = "bands"  # a fact moved by so many bands
    CHANGED = "changed"
    EVENT = "event"
    FALL = "fall"  # his assets here fell by so much
    AGE = "age"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One line of the definition, read: `about` is a fact, an age or a matter."""

    kind: Kind
    about: str = ""
    count: int = 0
    days: int = 0

    @property
    def cause(self) -> str:
        """Name it, as it is kept beside an assessment."""
        return f"{self.kind}:{self.about}" if self.about else str(self.kind)


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that changed: what it was, what it became, when."""

    key: str
    old: str | None
    new: str
    at: datetime


_LINES = (
    (Kind.BANDS, r"profile\.(?P<about>\w+) changed by (?P<count>\d+) bands"),
    (Kind.CHANGED, r"profile\.(?P<about>\w+) changed"),
    (Kind.EVENT, r"profile\.(?P<about>\w+) event"),
    (Kind.FALL, r"assets down (?P<count>\d+)% in (?P<days>\d+) days \(core\)"),
    (Kind.AGE, r"client reaches (?P<about>\d+(?:/\d+)*)"),
    (Kind.COMPLAINT, r"complaint about (?P<about>\w+) opened"),
)
ASSETS = "total_assets"


def triggers_of(lines: Iterable[str]) -> tuple[Trigger, ...]:
    """Read the lines of a definition; raises ValueError at one that says nothing we know how to watch."""
    return tuple(trigger for line in lines for trigger in _read(line))


def is_known(line: str) -> bool:
    """Tell whether a line of a definition says something that we know how to watch."""
    return any(re.fullmatch(pattern, line) for _, pattern in _LINES)


def _read(line: str) -> list[Trigger]:
    for kind, pattern in _LINES:
        if found := re.fullmatch(pattern, line):
            told = found.groupdict()
            abouts = told.get("about", "").split("/")
            numbers = {name: int(told[name]) for name in ("count", "days") if name in told}
            return [Trigger(kind, about, **numbers) for about in abouts]
    raise ValueError(f"no trigger that we know: {line}")


def indicator(about: str, known: Collection[str]) -> str | None:
    """Give the indicator of the client record that a fact of the definition stands for, such as annual_income_band."""
    return next((key for key in (about, f"{about}_band", f"{about}_status") if key in known), None)


def has_changed(trigger: Trigger, changes: Sequence[Change], bands: Sequence[str]) -> bool:
    """Tell whether a fact is another one than at the assessment; the changes since then, the oldest first."""
    if not changes or changes[0].old in (None, changes[-1].new):  # first told, or back to what it was
        return False
    if trigger.kind is not Kind.BANDS:
        return True
    before, after = changes[0].old, changes[-1].new
    return before in bands and after in bands and abs(bands.index(before) - bands.index(after)) >= trigger.count


def has_fallen(trigger: Trigger, changes: Sequence[Change], since: datetime) -> bool:
    """Tell whether assets fell by the trigger's share of their highest in its days; the changes, the oldest first."""
    lately = [change for change in changes if change.at >= since]
    known = [_amount(text) for text in [*(change.old for change in lately[:1]), *(change.new for change in lately)]]
    amounts = [amount for amount in known if amount is not None]
    highest = max(amounts, default=Decimal(0))
    return highest > 0 and amounts[-1] * 100 <= highest * (100 - trigger.count)


def has_come_of_age(trigger: Trigger, born_on: date | None, assessed_on: date, today: date) -> bool:
    """Tell whether a client reached the trigger's age since he was assessed."""
    return born_on is not None and age_on(born_on, assessed_on) < int(trigger.about) <= age_on(born_on, today)


def _amount(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def bands_of(questions: Mapping[str, Any], about: str) -> list[str]:
    """Give the bands of a fact in their order: the options of the question that asks for it."""
    return list(questions[about].by_key) if about in questions else []
