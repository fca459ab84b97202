"""Points for an adopted suggestion: by grade, by the rule in its file, by two persons, and once."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from portal.kit.clock import local_date
from portal.points.actions import earn
from portal.points.earning import lapses_at
from portal.points.rules import Receipt, Refusal
from portal.points.ruleset import BadRules

RULE = Path(__file__).parent / "awards" / "suggestion-1.toml"
SHAPE = {"schema", "version", "id", "title", "event", "points_by", "approve", "natural_key"}


@dataclass(frozen=True)
class SuggestionRule:
    """The rule as it was read; `sha256` is that of its file."""

    version: int
    points_by: Mapping[str, int]
    sha256: str


@cache
def suggestion_rule(file: Path = RULE) -> SuggestionRule:
    """Read the rule strictly; raises BadRules."""
    text = file.read_text("utf-8")
    told = tomllib.loads(text)
    by = told.get("points_by", {})
    if set(told) != SHAPE or told["schema"] != 1 or told["approve"] != "four_eyes":
        raise BadRules(f"{file.name}: must hold {', '.join(sorted(SHAPE))}, and be approved by four_eyes")
    if set(by) != {"A", "B", "C"} or any(type(points) is not int or points <= 0 for points in by.values()):
        raise BadRules(f"{file.name}: points_by must give whole points for A, B and C")
    return SuggestionRule(told["version"], by, hashlib.sha256(text.encode()).hexdigest())


def earn_suggestion(
    db: Session, *, client_id: int, number: str, grade: str, adopted_by: int, awarded_by: int, now: datetime
) -> Receipt | Refusal:
    """Award an adopted suggestion, once whoever asks again; who adopted it may not award it."""
    if adopted_by == awarded_by:
        return Refusal.SAME_PERSON
    rule = suggestion_rule()
    return earn(
        db, client_id=client_id, points=rule.points_by[grade], kind="suggestion", key=f"suggestion:{number}", now=now,
        expires_at=lapses_at(db, local_date(now)), actor=f"staff:{awarded_by}",
        explain={
            "rule": "suggestion", "rules_version": rule.version, "sha256": rule.sha256, "number": number,
            "grade": grade, "adopted_by": adopted_by, "awarded_by": awarded_by,
        },
    )  # fmt: skip
