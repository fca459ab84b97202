"""Where a client stands in his life with the firm, by a rule with a version, and what staff must be warned of. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

VERSIONS = Path(__file__).with_name("lifecycle.json")
SOON_DAYS = 60  # before its last day, a level or a document is spoken of
ENDS_NEVER = "99991231"


class Stage(StrEnum):
    """Where a client stands; the first that holds counts, in this order."""

    LEFT = "left"
    POTENTIAL = "potential"
    LEAVING = "leaving"
    NEW = "new"
    ACTIVE = "active"
    DORMANT = "dormant"
    QUIET = "quiet"


class Reason(StrEnum):
    """Why he stands there; each is said with its figures."""

    CLOSED = "closed"
    NOTHING_YET = "nothing_yet"
    TURNOVER_DOWN = "turnover_down"
    MONEY_OUT = "money_out"
    OPENED = "opened"
    TRADED = "traded"
    NOT_TRADED = "not_traded"


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of the rule; percentages are whole."""

    version: str
    valid_from: date
    new_days: int
    window_days: int
    dormant_days: int
    turnover_down_percent: int
    outflow_percent: int


@dataclass(frozen=True, slots=True)
class Activity:
    """What a client has done: money in yuan, in the rule's window and in the one before it."""

    is_open: bool
    opened_on: date
    has_money: bool
    last_trade_on: date | None
    turnover: Decimal
    turnover_before: Decimal
    money_out: Decimal
    assets: Decimal


@dataclass(frozen=True, slots=True)
class Placed:
    """A stage with its reasons, each with its figures, and the version that says so."""

    stage: Stage
    reasons: tuple[tuple[Reason, dict[str, int]], ...]
    version: str


@cache
def versions() -> tuple[Rule, ...]:
    """Read every version, oldest first."""
    told = json.loads(VERSIONS.read_text())["versions"]
    found = (Rule(**row | {"valid_from": date.fromisoformat(row["valid_from"])}) for row in told)
    return tuple(sorted(found, key=lambda each: each.valid_from))


def rule_on(day: date) -> Rule:
    """Give the version in force on a day; before the first one, the first."""
    return next((each for each in reversed(versions()) if each.valid_from <= day), versions()[0])


def place(did: Activity, today: date, rule: Rule) -> Placed:
    """Say where a client stands, and why."""
    stage, reasons = _place(did, today, rule)
    return Placed(stage, tuple(reasons), rule.version)


def _place(did: Activity, today: date, rule: Rule) -> tuple[Stage, Sequence[tuple[Reason, dict[str, int]]]]:
    if not did.is_open:
        return Stage.LEFT, [(Reason.CLOSED, {})]
    if did.last_trade_on is None and not did.has_money:
        return Stage.POTENTIAL, [(Reason.NOTHING_YET, {})]
    if len(going := _going(did, rule)) == 2:
        return Stage.LEAVING, going
    if (today - did.opened_on).days < rule.new_days:
        return Stage.NEW, [(Reason.OPENED, {"days": (today - did.opened_on).days})]
    return _by_last_trade(today - (did.last_trade_on or did.opened_on), rule)


def _by_last_trade(since: timedelta, rule: Rule) -> tuple[Stage, Sequence[tuple[Reason, dict[str, int]]]]:
    told = {"days": since.days}
    if since.days < rule.window_days:
        return Stage.ACTIVE, [(Reason.TRADED, told)]
    return Stage.DORMANT if since.days >= rule.dormant_days else Stage.QUIET, [(Reason.NOT_TRADED, told)]


def _going(did: Activity, rule: Rule) -> list[tuple[Reason, dict[str, int]]]:
    """Name the signs that somebody is on his way out: he trades less, and his money leaves."""
    found = []
    fallen = _percent(did.turnover_before - did.turnover, did.turnover_before)
    if fallen >= rule.turnover_down_percent:
        found.append((Reason.TURNOVER_DOWN, {"percent": fallen, "days": rule.window_days}))
    gone = _percent(did.money_out, did.money_out + did.assets)
    if gone >= rule.outflow_percent:
        found.append((Reason.MONEY_OUT, {"percent": gone, "days": rule.window_days}))
    return found


def _percent(part: Decimal, whole: Decimal) -> int:
    return int((100 * part / whole).to_integral_value(ROUND_HALF_UP)) if whole > 0 else 0


class Audience(StrEnum):
    """For whom a note is."""

    INTERNAL = "internal"
    CLIENT = "client"


class Refusal(StrEnum):
    """Why it can't be done."""

    NOT_YOURS = "not_yours"
    CORRECTED_ALREADY = "corrected_already"
    WAITS_ALREADY = "waits_already"
    TOO_MANY = "too_many"


class Warn(StrEnum):
    """What whoever speaks with the client must know first."""

    DO_NOT_CALL = "do_not_call"
    NO_MOBILE = "no_mobile"
    ID_EXPIRED = "id_expired"
    ID_ENDS = "id_ends"
    NO_LEVEL = "no_level"
    LEVEL_EXPIRED = "level_expired"
    LEVEL_ENDS = "level_ends"
    FIGURES_CHECKED = "figures_checked"
    OVERDUE_WORK = "overdue_work"


@dataclass(frozen=True, slots=True)
class Known:
    """What warnings rest on; dates are last days, None where there is none."""

    wants_no_calls: bool
    has_mobile: bool
    id_valid_to: date | None
    has_level: bool
    level_valid_to: date | None
    is_checked: bool
    overdue: int


def warnings(known: Known, today: date) -> list[tuple[Warn, dict[str, int]]]:
    """List the warnings with their figures, the gravest first."""
    found: list[tuple[Warn, dict[str, int]]] = []
    if known.wants_no_calls:
        found.append((Warn.DO_NOT_CALL, {}))
    if known.overdue:
        found.append((Warn.OVERDUE_WORK, {"n": known.overdue}))
    found += _ending(known.id_valid_to, today, Warn.ID_EXPIRED, Warn.ID_ENDS)
    found += _ending(known.level_valid_to, today, Warn.LEVEL_EXPIRED, Warn.LEVEL_ENDS)
    if not known.has_level:
        found.append((Warn.NO_LEVEL, {}))
    if not known.has_mobile:
        found.append((Warn.NO_MOBILE, {}))
    if known.is_checked:
        found.append((Warn.FIGURES_CHECKED, {}))
    return found


def _ending(last: date | None, today: date, over: Warn, soon: Warn) -> list[tuple[Warn, dict[str, int]]]:
    if last is None or (last - today).days > SOON_DAYS:
        return []
    return [(over, {})] if last < today else [(soon, {"days": (last - today).days})]


def day_of(value: str | None) -> date | None:
    """Read a last day as the core keeps it; one for ever, or one that can't be read, is none."""
    if not value or value == ENDS_NEVER:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
