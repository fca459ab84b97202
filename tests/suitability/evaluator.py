"""Evaluate a sheet a second time, by another program that shares no code with the room.

It reads the definition's prose where the room reads its numbers: the two ceilings by their formulas ("... + 1"), the
two scores by the denominators that are written down for them. Levels are places in a list, comparisons a table.
"""

import random
import re
from typing import Any

CAPACITY_MOST, TOLERANCE_MOST = 39, 24  # finances and horizon; preference
Sheet = dict[str, Any]
Facts = dict[str, dict[str, Any]]
COMPARES = {
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
    "eq": lambda value, wanted: value == wanted,
    "lt": lambda value, wanted: value < wanted,
    "gte": lambda value, wanted: value >= wanted,
    "any_of": lambda value, wanted: not set(value).isdisjoint(wanted),
}
LEADS = (("block", "blocked"), ("review", "held_for_review"), ("confirm", "needs_confirmation"))


class Second:
    """One definition, read anew."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self.questions = {question["id"]: question for question in body["questions"]}
        self.bands = body["scoring"]["levels"]

    def place(self, points: int) -> int:
        return next(at for at, band in enumerate(self.bands) if band["min"] <= points <= band["max"])

    def name(self, place: int) -> str:
        return self.bands[place]["level"]

    def holds(self, rule: dict[str, Any], sheet: Sheet, facts: Facts) -> bool:
        every = all(self.true(each, sheet, facts) for each in rule.get("all", []))
        return every and ("any" not in rule or any(self.true(each, sheet, facts) for each in rule["any"]))

    def true(self, condition: dict[str, Any], sheet: Sheet, facts: Facts) -> bool:
        where, name = condition["field"].split(".", 1)
        value = sheet.get(name) if where == "a" else facts.get(where, {}).get(name)
        if value is None:
            return False
        if condition["op"] == "wrong":
            right = {option["key"] for option in self.questions[name]["options"] if option.get("correct")}
            return (value not in right) == condition["value"]
        return COMPARES[condition["op"]](value, condition["value"])

    def points(self, id: str, answer: Any) -> int:
        by_key = {option["key"]: option["score"] for option in self.questions[id]["options"]}
        return max(by_key[key] for key in (answer if isinstance(answer, list) else [answer]))

    def expected(self, sheet: Sheet, facts: Facts) -> dict[str, Any]:
        odd = [rule for rule in self.body["contradictions"] if self.holds(rule, sheet, facts)]
        points = {id: self.points(id, answer) for id, answer in sheet.items()}
        for rule in odd:
            if rule["severity"] == "adjust":
                points[rule["adjust"]["question"]] = rule["adjust"]["score"]
        of = dict.fromkeys(self.body["dimensions"], 0)
        for id, score in points.items():
            of[self.questions[id]["dimension"]] += score
        capacity = (of["finance"] + points["horizon"]) * 100 // CAPACITY_MOST
        tolerance = of["preference"] * 100 // TOLERANCE_MOST
        raw = self.place(sum(points.values()))
        level, hit, effects = self.limited(raw, capacity, tolerance, sheet, facts)
        return {
            "status": self.status(odd, effects, facts.get("d", {})), "total": sum(points.values()), "dimensions": of,
            "capacity_score": capacity, "capacity_level": self.name(self.place(capacity)),
            "tolerance_score": tolerance, "tolerance_level": self.name(self.place(tolerance)),
            "raw_level": self.name(raw), "level": self.name(level),
            "lowest_class": "lowest_class" in effects, "stop_online": "stop_online" in effects, "hard_rules": hit,
            "contradictions": [{"id": rule["id"], "severity": rule["severity"]} for rule in odd],
        }  # fmt: skip

    def limited(
        self, level: int, capacity: int, tolerance: int, sheet: Sheet, facts: Facts
    ) -> tuple[int, list[str], set[str]]:
        hit, effects = [], set()
        for rule in self.body["hard_rules"]:
            if rule["effect"].startswith("ceiling"):
                above = int(re.search(r"_level \+ (\d)", rule["formula"])[1])
                most = self.place(tolerance if "tolerance" in rule["effect"] else capacity) + above
                holds = most < level
            else:
                most = int(rule["cap"][1:]) - 1 if rule["effect"] == "cap" else level
                holds = self.holds(rule, sheet, facts)
            if holds:
                hit.append(rule["id"])
                level = min(level, most)
                effects |= {rule["effect"]} | ({"stop_online"} if rule.get("stop_online") else set())
        return 0 if "lowest_class" in effects else level, hit, effects

    def status(self, odd: list[dict[str, Any]], effects: set[str], said: dict[str, bool]) -> str:
        asked = {rule["severity"] for rule in odd}
        for each in self.body["declarations"]:
            if "on_false" in each and said.get(each["key"]) is False:
                asked.add(each["on_false"])
        if effects & {"stop", "stop_online"}:
            return "stopped"
        return next((status for severity, status in LEADS if severity in asked), "effective")


def any_sheet(body: dict[str, Any], chance: random.Random) -> tuple[Sheet, Facts]:
    """Draw a whole sheet, and facts of which each may be missing."""
    sheet: Sheet = {}
    for question in body["questions"]:
        keys = [option["key"] for option in question["options"] if not option.get("exclusive")]
        alone = [option["key"] for option in question["options"] if option.get("exclusive")]
        some = chance.sample(keys, chance.randint(0, len(keys))) or alone
        sheet[question["id"]] = some if question["kind"] == "multi" else chance.choice(keys)
    drawn = {
        "d": {each["key"]: chance.random() < 0.9 for each in body["declarations"]},
        "profile": {
            "age": chance.choice((17, 18, 25, 26, 40, 40, 64, 65, 70)), "guardian_required": chance.random() < 0.1,
            "occupation": chance.choice(("retired", "student", "unemployed", "office")),
        },
        "core": {"first_trade_years": chance.randint(0, 4), "assets_band_gap": chance.randint(0, 4)},
        "meta": {
            "seconds_total": chance.choice((59, 60, 300)), "same_position_run": chance.choice((3, 11, 12)),
            "level_jump": chance.randint(-2, 3), "days_since_last": chance.choice((10, 89, 90)),
            "blocked_product_hours": chance.choice((1, 23, 24)),
        },
    }  # fmt: skip
    kept = {part: {name: it for name, it in told.items() if chance.random() < 0.6} for part, told in drawn.items()}
    return sheet, kept
