"""Who holds securities above his risk level: his level fell, or he bought them before he was assessed."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal import statements, suitability
from portal.kit.clock import local_date
from portal.suitability import Standing

AT_ONCE = 500  # clients who are judged together


@dataclass(frozen=True, slots=True)
class HeldAbove:
    """A client with what he holds above his level: name, code and risk class of each."""

    client_id: int
    level: str
    securities: tuple[tuple[str, str, str], ...]


@cache
def risk_classes() -> Mapping[str, str]:
    """Give the risk class of each kind of security."""
    return tomllib.loads(Path(__file__).with_name("securities.toml").read_text("utf-8"))


def held_above(db: Session, now: datetime) -> list[HeldAbove]:
    """Give every client with a level in force who holds securities above it on the last day that was reported."""
    rows: dict[int, list[Any]] = {}
    for row in statements.held_by_all(db):
        rows.setdefault(row.client_id, []).append(row)
    holders, found, today = list(rows), [], local_date(now)
    for begin in range(0, len(holders), AT_ONCE):
        standings = suitability.standings(db, holders[begin : begin + AT_ONCE])
        found += [_above(id, each, rows[id]) for id, each in standings.items() if each.is_current(today)]
    return [each for each in found if each.securities]


def _above(client_id: int, standing: Standing, rows: Sequence[Any]) -> HeldAbove:
    known = risk_classes()
    named = {(row.name or row.code, row.code, known.get(row.security_type or "", "")) for row in rows}
    above = sorted(each for each in named if each[2] and each[2] not in standing.allowed)
    return HeldAbove(client_id, standing.level, tuple(above))
