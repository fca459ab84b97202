"""The list of indicators: what is held of a client, whence, who may change it, and how complete it is. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("indicators.json")
DOCUMENT = frozenset({"id_type", "id_number", "id_valid_from", "id_valid_to", "id_issuer", "id_address"})
ACTED_ON_BY_TEST = frozenset({"risk_level"})  # the one questionnaire indicator that this room holds
FOR_EVER = date(9999, 12, 31)
STEPS = 3


class Edit(StrEnum):
    """What the client himself may do with an indicator."""

    YES = "yes"  # at once
    REVIEW = "review"  # after staff have looked
    NO = "no"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the list, under the list's own key."""

    key: str
    zh: str
    en: str
    group: str
    kind: str
    source: str
    edit: Edit
    weight: int
    mask: str | None
    options: tuple[str, ...]
    stale_months: int | None
    applies_if: str | None
    is_hidden: bool
    is_collected: bool
    is_optional: bool
    is_sealed: bool
    evidence: str | None
    is_found_by: bool

    @property
    def needs_papers(self) -> bool:
        """Tell whether a change needs a picture or a PDF: the identity document itself."""
        return self.evidence == "id_card"

    @property
    def needs_word(self) -> bool:
        """Tell whether the client must declare that it is true."""
        return self.evidence in {"declaration", "self_declaration"}

    @property
    def is_core(self) -> bool:
        """Tell whether the core system keeps it: what is approved here must go back to the counter."""
        return self.source == "core"

    @property
    def is_for_client(self) -> bool:
        """Tell whether the client may see it at all."""
        return self.is_collected and not self.is_hidden

    @property
    def is_acted_on(self) -> bool:
        """Tell whether the client can do something about it here, so that it counts in his score."""
        if not self.is_for_client or not self.weight or self.kind == "file":
            return False
        return self.edit is not Edit.NO or self.key in ACTED_ON_BY_TEST


@dataclass(frozen=True, slots=True)
class Held:
    """What is held under a key, and since when it is known to be so."""

    value: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Counted:
    """One indicator's part in the score; `freshness` is 1, a half when old, 0 when missing or expired."""

    indicator: Indicator
    freshness: Fraction

    @property
    def gain(self) -> Fraction:
        """Give the weight that is still to be had."""
        return self.indicator.weight * (1 - self.freshness)

    @property
    def gain_shown(self) -> Decimal:
        """Give it as a decimal: halves are all there is."""
        return Decimal(int(2 * self.gain)) / 2


@dataclass(frozen=True, slots=True)
class Completeness:
    """A client's own score with its parts: the sum, what it is a part of, and every indicator that counts."""

    counted: tuple[Counted, ...]

    @property
    def reached(self) -> Fraction:
        """Give the weight reached."""
        return sum((each.indicator.weight * each.freshness for each in self.counted), Fraction(0))

    @property
    def reached_shown(self) -> Decimal:
        """Give it as a decimal: halves are all there is."""
        return Decimal(int(2 * self.reached)) / 2

    @property
    def possible(self) -> int:
        """Give the weight that could be reached."""
        return sum(each.indicator.weight for each in self.counted)

    @property
    def percent(self) -> int:
        """Give the score from 0 to 100, rounded down: 100 says that nothing is missing."""
        return int(100 * self.reached / self.possible) if self.possible else 0

    @property
    def steps(self) -> tuple[Counted, ...]:
        """Give the three best next steps: the most to be had first, then the order of the list."""
        open_ = [each for each in self.counted if each.gain]
        return tuple(sorted(open_, key=lambda each: -each.gain)[:STEPS])


@cache
def every() -> tuple[Indicator, ...]:
    """Read the list."""
    return tuple(_indicator(row) for row in _told()["indicators"])


@cache
def by_key() -> Mapping[str, Indicator]:
    """Give the list by key."""
    return {each.key: each for each in every()}


@cache
def groups() -> Mapping[str, tuple[str, str]]:
    """Give the groups in order, with their Chinese and English names."""
    return {key: (told["zh"], told["en"]) for key, told in _told()["groups"].items()}


def completeness(held: Mapping[str, Held], today: date, born_on: date | None = None) -> Completeness:
    """Make the client's own score: 100 × Σ(weight × freshness) / Σ(weight) over what he can act on."""
    expires = _day(held["id_valid_to"].value) if "id_valid_to" in held else None
    expired = expires is not None and expires < today
    ours = [each for each in every() if each.is_acted_on and applies(each, held, today, born_on)]
    return Completeness(tuple(Counted(each, freshness(each, held.get(each.key), today, expired)) for each in ours))


def freshness(indicator: Indicator, held: Held | None, today: date, document_expired: bool = False) -> Fraction:
    """Say how much of its weight an indicator brings: 1, a half when stale, 0 when missing or expired."""
    if held is None or not held.value or (document_expired and indicator.key in DOCUMENT):
        return Fraction(0)
    return Fraction(1, 2) if is_stale(indicator, held.as_of, today) else Fraction(1)


def is_stale(indicator: Indicator, as_of: date, today: date) -> bool:
    """Tell whether a value is older than the list allows; on the very day it is not yet."""
    return indicator.stale_months is not None and months_after(as_of, indicator.stale_months) < today


def months_after(day: date, months: int) -> date:
    """Give the day so many months later; where that month is too short, its last day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def applies(indicator: Indicator, held: Mapping[str, Held], today: date, born_on: date | None) -> bool:
    """Tell whether an indicator concerns this client: two of the list depend on another value."""
    match indicator.applies_if:
        case None:
            return True
        case "tax_residency!=china_only":
            return "tax_residency" in held and held["tax_residency"].value != "china_only"
        case "age>=65":
            return born_on is not None and months_after(born_on, 65 * 12) <= today
    raise ValueError(f"nobody has said what {indicator.applies_if} means")


def weight_of(indicators: Iterable[Indicator]) -> int:
    """Add weights up."""
    return sum(each.weight for each in indicators)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@cache
def _told() -> Any:
    return json.loads(LIST.read_text())


def _indicator(row: Mapping[str, Any]) -> Indicator:
    return Indicator(
        key=row["key"], zh=row["zh"], en=row["en"], group=row["group"], kind=row["type"], source=row["source"],
        edit=Edit(row["client_editable"]), weight=row["weight"], mask=row.get("mask"),
        options=tuple(row.get("enum", ())), stale_months=row.get("stale_months"), applies_if=row.get("applies_if"),
        is_hidden=row.get("hidden_from_client", False), is_collected=row.get("collect", True),
        is_optional=row.get("optional", False), is_sealed=row.get("enc", False),
        evidence=row.get("evidence"), is_found_by=row.get("blind_index", False),
    )  # fmt: skip
