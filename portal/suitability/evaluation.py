"""What a whole sheet of answers comes to, worked out from a definition and the facts at hand, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.suitability.questionnaire import Answers, Definition, Question

Context = Mapping[str, Mapping[str, Any]]


class Status(StrEnum):
    """What a sheet leads to; of several the first in this order."""

    STOPPED = "stopped"  # not online: at the counter
    BLOCKED = "blocked"  # two answers exclude each other: one must change
    HELD_FOR_REVIEW = "held_for_review"  # staff look before it takes effect
    NEEDS_CONFIRMATION = "needs_confirmation"  # the client is asked whether he means it
    EFFECTIVE = "effective"


@dataclass(frozen=True)
class Result:
    """What a sheet comes to; `adjustments` maps questions to the points they were lowered to."""

    status: Status
    total: int
    dimensions: Mapping[str, int]
    scores: Mapping[str, int]
    score_levels: Mapping[str, str]
    raw_level: str
    level: str
    lowest_class: bool
    stop_online: bool
    hard_rules: Sequence[str]
    contradictions: Sequence[Mapping[str, str]]
    adjustments: Mapping[str, int]

    def figures(self) -> dict[str, Any]:
        """Give the result as plain data, the form that `score` prints and evidence keeps."""
        own: dict[str, Any] = {"status": self.status.value, "total": self.total, "dimensions": dict(self.dimensions)}
        for name, points in self.scores.items():
            own |= {f"{name}_score": points, f"{name}_level": self.score_levels[name]}
        return own | {
            "raw_level": self.raw_level,
            "level": self.level,
            "lowest_class": self.lowest_class,
            "stop_online": self.stop_online,
            "hard_rules": list(self.hard_rules),
            "contradictions": [dict(each) for each in self.contradictions],
        }


def evaluate(definition: Definition, answers: Answers, context: Context) -> Result:
    """Evaluate a whole sheet; raises ValueError for one that does not fit the definition."""
    if faults := definition.faults(answers):
        raise ValueError(", ".join(f"{id}: {fault}" for id, fault in faults.items()))
    sheet = Sheet(definition, definition.ordered(answers), context)
    contradictions = [rule for rule in definition.body["contradictions"] if sheet.meets(rule)]
    points, lowered = _points(definition, sheet.answers, contradictions)
    dimensions = {name: _sum(definition, points, [name]) for name in definition.dimensions}
    scores = {name: _scaled(definition, points, parts) for name, parts in definition.body["scoring"]["scores"].items()}
    score_levels = {name: definition.band(score) for name, score in scores.items()}
    total = sum(points.values())
    raw = definition.band(total)
    level, hit = _limited(definition, sheet, raw, score_levels)
    effects = [rule for rule in definition.body["hard_rules"] if rule["id"] in hit]
    lowest = any(rule["effect"] == "lowest_class" for rule in effects)
    stop_online = any(rule.get("stop_online") for rule in effects)
    stopped = stop_online or any(rule["effect"] == "stop" for rule in effects)
    return Result(
        status=_status(definition, contradictions, context, stopped=stopped), total=total, dimensions=dimensions,
        scores=scores, score_levels=score_levels, raw_level=raw, level=definition.levels[0] if lowest else level,
        lowest_class=lowest, stop_online=stop_online, hard_rules=hit, adjustments=lowered,
        contradictions=[{"id": rule["id"], "severity": rule["severity"]} for rule in contradictions],
    )  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A sheet with the facts beside it: what the definition's conditions ask."""

    definition: Definition
    answers: Answers
    context: Context

    def meets(self, rule: Mapping[str, Any]) -> bool:
        """Tell whether a rule's conditions hold: all of `all`, one of `any`; a rule without any never does."""
        parts = [name for name in ("all", "any") if name in rule]
        held = {"all": all, "any": any}
        return bool(parts) and all(held[name](self._holds(each) for each in rule[name]) for name in parts)

    def _holds(self, condition: Mapping[str, Any]) -> bool:
        group, _, name = condition["field"].partition(".")
        value = self.answers.get(name) if group == "a" else self.context.get(group, {}).get(name)
        if value is None:
            return False
        if condition["op"] == "wrong":
            return bool(self.definition.by_id[name].is_wrong(value) == condition["value"])
        return _compares(condition["op"], value, condition["value"])


def _compares(op: str, value: Any, wanted: Any) -> bool:
    match op:
        case "in":
            return bool(value in wanted)
        case "not_in":
            return bool(value not in wanted)
        case "eq":
            return bool(value == wanted)
        case "lt":
            return bool(value < wanted)
        case "gte":
            return bool(value >= wanted)
        case "any_of":
            return bool(set(value) & set(wanted))
    raise ValueError(f"the definition asks for an unknown comparison: {op}")


def _points(
    definition: Definition, answers: Answers, contradictions: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, int], dict[str, int]]:
    points = {question.id: question.score(answers[question.id]) for question in definition.questions}
    lowered: dict[str, int] = {}
    for rule in contradictions:
        if adjust := rule.get("adjust"):
            lowered[adjust["question"]] = min(points[adjust["question"]], adjust["score"])
    return points | lowered, lowered


def _parts(definition: Definition, parts: Sequence[str]) -> list[Question]:
    """Give the questions of parts: a whole dimension by its name, one question as dimension.question."""
    found: list[Question] = []
    for part in parts:
        dimension, _, only = part.partition(".")
        found += [question for question in definition.of_dimension(dimension) if only in ("", question.id)]
    return found


def _sum(definition: Definition, points: Mapping[str, int], parts: Sequence[str]) -> int:
    return sum(points[question.id] for question in _parts(definition, parts))


def _scaled(definition: Definition, points: Mapping[str, int], parts: Sequence[str]) -> int:
    most = sum(int(question.given["max_score"]) for question in _parts(definition, parts))
    return _sum(definition, points, parts) * 100 // most


def _limited(definition: Definition, sheet: Sheet, raw: str, score_levels: Mapping[str, str]) -> tuple[str, list[str]]:
    """Apply the hard rules in their order: a cap is named whenever it holds, a ceiling only when it lowers."""
    levels = definition.levels
    level, hit = levels.index(raw), []
    for rule in definition.body["hard_rules"]:
        if "of" in rule:
            limit = levels.index(score_levels[rule["of"]]) + int(rule["above"])
            holds = limit < level
        else:
            holds = sheet.meets(rule)
            limit = levels.index(rule["cap"]) if "cap" in rule else level
        if holds:
            level = min(level, limit)
            hit.append(str(rule["id"]))
    return levels[level], hit


def _status(
    definition: Definition, contradictions: Sequence[Mapping[str, Any]], context: Context, *, stopped: bool
) -> Status:
    found = {str(rule["severity"]) for rule in contradictions}
    said = context.get("d", {})
    found |= {each["on_false"] for each in definition.body["declarations"] if _denied(each, said)}
    leads = {"block": Status.BLOCKED, "review": Status.HELD_FOR_REVIEW, "confirm": Status.NEEDS_CONFIRMATION}
    if stopped:
        return Status.STOPPED
    return next((status for severity, status in leads.items() if severity in found), Status.EFFECTIVE)


def _denied(declaration: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return "on_false" in declaration and said.get(declaration["key"]) is False
