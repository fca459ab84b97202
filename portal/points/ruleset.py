"""The earning rules: a TOML text that people can review, read strictly, and the exact award of one event under it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

TIERS = ("normal", "silver", "gold", "platinum")

# What a rule set may hold; a key that is not named here is an error, so that a typing mistake can't change an award.
FRACTION = "a fraction as text, such as 3/2"
SHAPE: Mapping[str, Any] = {
    "schema": int,
    "version": int,
    "effective_from": date,
    "notice": str,
    "timezone": ("Asia/Shanghai",),
    "defaults": {
        "rounding": ("floor_with_carry",),
        "activate": "T+n",
        "expire": {"months": int, "round_to": ("year_end",)},
        "on_reversal": ("claw_recorded",),
        "max_points_per_event": int,
    },
    "tiers": dict.fromkeys(TIERS, FRACTION),
    "rule": [
        {
            "id": ("commission",),
            "title": str,
            "event": ("commission.settled",),
            "base": ("net_commission_fen",),
            "per": int,
            "points": int,
            "tier_multiplier": bool,
            "cap": {"points": int, "period": ("year",)},
        }
    ],
    "example": [
        {
            "given": {"rule": str, "base": int, "tier": TIERS, "carry": FRACTION},
            "expect": {"points": int, "carry": FRACTION},
        }
    ],
}


class BadRules(ValueError):
    """A rule set that can't be published: the message names the place and what is wrong there."""


@dataclass(frozen=True)
class Rule:
    """One way of earning: `points` for each `per` of the base."""

    id: str
    title: str
    per: int
    points: int
    tier_multiplier: bool
    cap_points: int


@dataclass(frozen=True)
class RuleSet:
    """A whole set of rules, as it was read."""

    version: int
    effective_from: date
    notice: str
    activate_days: int
    expire_months: int
    max_points_per_event: int
    tiers: Mapping[str, Fraction]
    rules: Mapping[str, Rule]

    def lapses_after(self, earned_on: date) -> date:
        """Give the last day of points earned on a day: so many months on, then the end of that year."""
        months = earned_on.year * 12 + earned_on.month - 1 + self.expire_months
        return date(months // 12, 12, 31)


@dataclass(frozen=True)
class Award:
    """How an award was worked out: base and factors, the fraction carried in and out, and what a cap cut off."""

    base: int
    per: int
    rate: int
    multiplier: Fraction
    exact: Fraction
    carry_before: Fraction
    carry_after: Fraction
    cut: int
    points: int


def award(rules: RuleSet, rule: Rule, *, base: int, tier: str, carry: Fraction, earned_this_year: int = 0) -> Award:
    """Work out the points of one event exactly: base, tier, carry, then the caps; what a cap cuts is not carried."""
    multiplier = rules.tiers[tier] if rule.tier_multiplier else Fraction(1)
    exact = Fraction(base * rule.points, rule.per) * multiplier
    whole, fraction = divmod(exact + carry, 1)
    room = max(0, rule.cap_points - earned_this_year)
    points = min(whole, rules.max_points_per_event, room)
    return Award(base, rule.per, rule.points, multiplier, exact, carry, fraction, whole - points, points)


def read_rules(text: str) -> RuleSet:
    """Read a rule set strictly and try its examples; raises BadRules."""
    try:
        raw = tomllib.loads(text, parse_float=_no_float)
    except tomllib.TOMLDecodeError as mistake:
        raise BadRules(f"not TOML: {mistake}") from mistake
    if raw.get("schema") != 1:
        raise BadRules("schema: must be 1")
    checked = _check(raw, SHAPE, "")
    rules = _built(checked)
    for number, example in enumerate(checked["example"], 1):
        _try(rules, example, number)
    return rules


def _no_float(text: str) -> Any:
    raise BadRules(f"{text} is a float; write whole numbers, or a fraction as text")


def _check(value: Any, shape: Any, place: str) -> Any:
    if isinstance(shape, Mapping):
        return _check_table(value, shape, place)
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            raise BadRules(f"{place}: must be a list of tables")
        return [_check(item, shape[0], f"{place}[{number}]") for number, item in enumerate(value, 1)]
    if isinstance(shape, tuple):
        if value not in shape:
            raise BadRules(f"{place}: must be one of {', '.join(shape)}")
        return value
    return _check_value(value, shape, place)


def _check_table(value: Any, shape: Mapping[str, Any], place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRules(f"{place}: must be a table")
    if unknown := sorted(value.keys() - shape.keys()):
        raise BadRules(f"{place}.{unknown[0]}: unknown key".removeprefix("."))
    if missing := [key for key in shape if key not in value]:
        raise BadRules(f"{place}.{missing[0]}: missing".removeprefix("."))
    return {key: _check(value[key], inner, f"{place}.{key}".removeprefix(".")) for key, inner in shape.items()}


def _check_value(value: Any, shape: Any, place: str) -> Any:
    if shape is int and type(value) is int and value >= 0:
        return value
    if shape in (str, bool) and type(value) is shape:
        return value
    if isinstance(value, str):
        try:
            if shape is date:
                return date.fromisoformat(value)
            if shape == "T+n" and value.startswith("T+"):
                return int(value.removeprefix("T+"))
            if shape == FRACTION and (fraction := Fraction(value)) >= 0 and "." not in value:
                return fraction
        except (ValueError, ZeroDivisionError) as mistake:
            raise BadRules(f"{place}: {value!r} will not do") from mistake
    raise BadRules(f"{place}: {value!r} will not do")


def _built(raw: Mapping[str, Any]) -> RuleSet:
    defaults = raw["defaults"]
    rules = [
        Rule(rule["id"], rule["title"], rule["per"], rule["points"], rule["tier_multiplier"], rule["cap"]["points"])
        for rule in raw["rule"]
    ]
    if len({rule.id for rule in rules}) < len(rules) or any(not rule.per for rule in rules):
        raise BadRules("rule: each id stands once, and per is above zero")
    return RuleSet(
        raw["version"],
        raw["effective_from"],
        raw["notice"],
        defaults["activate"],
        defaults["expire"]["months"],
        defaults["max_points_per_event"],
        raw["tiers"],
        {rule.id: rule for rule in rules},
    )


def _try(rules: RuleSet, example: Mapping[str, Any], number: int) -> None:
    given, expect = example["given"], example["expect"]
    if given["rule"] not in rules.rules:
        raise BadRules(f"example[{number}]: no rule {given['rule']}")
    found = award(rules, rules.rules[given["rule"]], base=given["base"], tier=given["tier"], carry=given["carry"])
    if (found.points, found.carry_after) != (expect["points"], expect["carry"]):
        raise BadRules(f"example[{number}]: gives {found.points} and carries {found.carry_after}")
