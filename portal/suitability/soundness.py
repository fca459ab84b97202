"""Whether a definition can be published: every name that it uses it also has, and its bands leave no gap."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.suitability.evaluation import evaluate
from portal.suitability.questionnaire import Definition
from portal.suitability.triggers import is_known

OPS = {"in", "not_in", "eq", "lt", "gte", "any_of", "wrong"}
EFFECTS = {"cap", "ceiling", "ceiling_tolerance", "lowest_class", "stop"}
SEVERITIES = {"block", "confirm", "review", "adjust"}
FACTS = {"profile", "core", "meta"}


class Why(StrEnum):
    """What is wrong with a part of a definition."""

    SHAPE = "shape"  # something that every definition has is missing, or of another kind
    TWICE = "twice"  # one id stands for two things
    BANDS = "bands"  # a number of points has no level, or two
    POINTS = "points"  # the highest points that are promised are not those that can be had
    UNKNOWN = "unknown"  # a rule names what the definition does not have
    WORDS = "words"  # a text in one of the two languages is missing
    VALIDITY = "validity"
    PERSONA = "persona"  # an example does not come out as the definition itself says


@dataclass(frozen=True)
class Unsound:
    """One thing that stands against publishing: why, and where in the definition."""

    why: Why
    where: str


def unsound(body: Mapping[str, Any]) -> list[Unsound]:
    """Name everything that stands against publishing a definition; an empty list is a sound one."""
    try:
        definition = Definition(body)
        found = [each for check in _CHECKS for each in check(definition)]
        return found or list(_personas(definition))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as missing:
        return [Unsound(Why.SHAPE, str(missing)[:80])]


def differences(before: Any, after: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Name every place in which two definitions differ, with what stood there and what stands there now."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = list(dict.fromkeys([*before, *after]))
        parts = [(f"{path}.{name}".strip("."), before.get(name), after.get(name)) for name in names]
    elif isinstance(before, list) and isinstance(after, list):
        count = max(len(before), len(after))
        whole = [[*each, *[None] * (count - len(each))] for each in (before, after)]
        parts = [(f"{path}.{_name(was, now, at)}", was, now) for at, (was, now) in enumerate(zip(*whole, strict=True))]
    else:
        return [] if before == after else [(path, before, after)]
    return [found for name, was, now in parts for found in differences(was, now, name)]


def _name(was: Any, now: Any, at: int) -> str:
    """Name an entry of a list as people do: by its id, its key or its level, else by its place."""
    given = now or was
    names = [given[name] for name in ("id", "key", "level") if name in given] if isinstance(given, dict) else []
    return str(names[0]) if names else str(at + 1)


def _once(definition: Definition) -> Iterator[Unsound]:
    body = definition.body
    lists = [[q.id for q in definition.questions], definition.levels]
    lists += [[option.key for option in question.options] for question in definition.questions]
    lists += [[each["id"] for each in (*body["hard_rules"], *body["contradictions"])]]
    lists += [[each["key"] for each in body["declarations"]]]
    yield from (Unsound(Why.TWICE, name) for names in lists for name in set(names) if names.count(name) > 1)
    yield from (Unsound(Why.SHAPE, q.id) for q in definition.questions if not q.options)


def _bands(definition: Definition) -> Iterator[Unsound]:
    bands = definition.body["scoring"]["levels"]
    reached = [point for band in bands for point in range(band["min"], band["max"] + 1)]
    if reached != list(range(definition.body["scoring"]["total_max"] + 1)):
        yield Unsound(Why.BANDS, "scoring.levels")
    matrix = definition.body["matching"]["matrix"]
    yield from (Unsound(Why.UNKNOWN, f"matching.matrix.{level}") for level in definition.levels if level not in matrix)


def _points(definition: Definition) -> Iterator[Unsound]:
    body, most = definition.body, {q.id: max(option.score for option in q.options) for q in definition.questions}
    yield from (Unsound(Why.POINTS, q.id) for q in definition.questions if q.given["max_score"] != most[q.id])
    for name, given in definition.dimensions.items():
        if given["max"] != sum(most[question.id] for question in definition.of_dimension(name)):
            yield Unsound(Why.POINTS, f"dimensions.{name}")
    if body["scoring"]["total_max"] != sum(most.values()):
        yield Unsound(Why.POINTS, "scoring.total_max")


def _names(definition: Definition) -> Iterator[Unsound]:
    body = definition.body
    for rule in body["hard_rules"]:
        named = rule["effect"] in EFFECTS and rule.get("cap", definition.levels[0]) in definition.levels
        if not named or rule.get("of", next(iter(body["scoring"]["scores"]))) not in body["scoring"]["scores"]:
            yield Unsound(Why.UNKNOWN, rule["id"])
    for rule in body["contradictions"]:
        adjusted = rule.get("adjust", {}).get("question", definition.questions[0].id)
        if rule["severity"] not in SEVERITIES or adjusted not in definition.by_id:
            yield Unsound(Why.UNKNOWN, rule["id"])
    for rule in (*body["hard_rules"], *body["contradictions"]):
        conditions = [*rule.get("all", ()), *rule.get("any", ())]
        if not all(_is_known(definition, each) for each in conditions) or not (conditions or "of" in rule):
            yield Unsound(Why.UNKNOWN, rule["id"])


def _is_known(definition: Definition, condition: Mapping[str, Any]) -> bool:
    group, _, name = condition["field"].partition(".")
    if condition["op"] not in OPS:
        return False
    if group != "a":
        return group in FACTS or (group == "d" and name in {each["key"] for each in definition.body["declarations"]})
    question, wanted = definition.by_id.get(name), condition["value"]
    return question is not None and (not isinstance(wanted, list) or set(wanted) <= set(question.by_key))


def _worded(definition: Definition) -> Iterator[Unsound]:
    body = definition.body
    texts: list[tuple[str, Mapping[str, Any]]] = [(q.id, q.given) for q in definition.questions]
    texts += [(f"{q.id}.{option.key}", option.given) for q in definition.questions for option in q.options]
    texts += [(each["id"], each) for each in (*body["hard_rules"], *body["contradictions"])]
    texts += [(each["key"], each) for each in body["declarations"]]
    over = body["matching"]["over_level"]
    texts += [(name, body[name]) for name in ("title", "notice", "label")]
    texts += [(name, over[name]) for name in ("warning", "phrase")]
    yield from (Unsound(Why.WORDS, where) for where, given in texts if not (given.get("zh") and given.get("en")))


def _valid(definition: Definition) -> Iterator[Unsound]:
    rules = definition.rules
    if not rules["validity_min"] <= rules["validity_months"] <= rules["validity_max"]:
        yield Unsound(Why.VALIDITY, "rules.validity_months")
    counts = ("max_attempts_per_day", "max_attempts_per_rolling_12_months", "draft_ttl_hours")
    yield from (Unsound(Why.VALIDITY, f"rules.{name}") for name in counts if rules[name] < 1)
    if not all(isinstance(day, int) and day > 0 for day in rules["remind_days_before"]):
        yield Unsound(Why.VALIDITY, "rules.remind_days_before")


def _personas(definition: Definition) -> Iterator[Unsound]:
    """Evaluate the examples that a definition brings along: each has to come out as it says itself."""
    personas: Sequence[Mapping[str, Any]] = definition.body.get("personas", ())
    for persona in personas:
        if evaluate(definition, persona["answers"], persona["context"]).figures() != persona["expected"]:
            yield Unsound(Why.PERSONA, persona["id"])


def _watched(definition: Definition) -> Iterator[Unsound]:
    for line in definition.rules["reassess_triggers"]:
        if not is_known(line):
            yield Unsound(Why.UNKNOWN, f"rules.reassess_triggers: {line}"[:80])


_CHECKS = (_once, _bands, _points, _names, _worded, _valid, _watched)
