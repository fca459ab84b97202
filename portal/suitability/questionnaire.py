"""The questionnaire as data: a definition read from JSON, and whether a sheet of answers fits it.

Nothing about a question, a band, a cap or a rule stands here: all of it comes from the definition.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

Answer = str | Sequence[str]
Answers = Mapping[str, Answer]


class Fault(StrEnum):
    """Why an answer does not fit its question."""

    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_OPTION = "unknown_option"
    EXCLUSIVE = "exclusive"  # "none of these" chosen beside another one
    MISSING = "missing"


@dataclass(frozen=True)
class Option:
    """One answer that may be chosen; `given` is all that the definition says about it."""

    key: str
    score: int
    given: Mapping[str, Any]

    def text(self, language: str) -> str:
        """Give its words."""
        return words(self.given, language)


@dataclass(frozen=True)
class Question:
    """One question with its options, in the definition's order."""

    id: str
    no: int
    dimension: str
    is_multi: bool
    options: tuple[Option, ...]
    given: Mapping[str, Any]

    @cached_property
    def by_key(self) -> dict[str, Option]:
        """Find an option by its key."""
        return {option.key: option for option in self.options}

    def text(self, language: str) -> str:
        """Give its words."""
        return words(self.given, language)

    def chosen(self, answer: Answer) -> list[Option]:
        """Give the options of an answer, in the definition's order."""
        keys = {answer} if isinstance(answer, str) else set(answer)
        return [option for option in self.options if option.key in keys]

    def score(self, answer: Answer) -> int:
        """Give the points of an answer: of several chosen, the highest."""
        return max(option.score for option in self.chosen(answer))

    def is_wrong(self, answer: Answer) -> bool:
        """Tell whether a question of fact was answered wrong."""
        return not all(option.given.get("correct") for option in self.chosen(answer))

    def fault(self, answer: Answer) -> Fault | None:
        """Say why an answer does not fit, or None."""
        keys = [answer] if isinstance(answer, str) else list(answer)
        if not keys:
            return Fault.MISSING
        if isinstance(answer, str) == self.is_multi or len(set(keys)) < len(keys) or set(keys) - set(self.by_key):
            return Fault.UNKNOWN_OPTION
        alone = any(option.given.get("exclusive") for option in self.chosen(answer))
        return Fault.EXCLUSIVE if alone and len(keys) > 1 else None


@dataclass(frozen=True)
class Definition:
    """One version of a questionnaire; `body` is the whole of it, as it is hashed."""

    body: Mapping[str, Any]
    questions: tuple[Question, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read the questions once."""
        object.__setattr__(self, "questions", tuple(_question(given) for given in self.body["questions"]))

    @property
    def code(self) -> str:
        """Name the questionnaire, whatever its version."""
        return str(self.body["id"])

    @property
    def version(self) -> str:
        """Name the version."""
        return str(self.body["version"])

    @cached_property
    def sha256(self) -> str:
        """Give the hash of the canonical text."""
        return hashlib.sha256(canonical(self.body).encode()).hexdigest()

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Find a question by its id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def dimensions(self) -> Mapping[str, Any]:
        """Give the dimensions with their words and highest points, in the order of their questions."""
        return {name: self.body["dimensions"][name] for name in dict.fromkeys(q.dimension for q in self.questions)}

    @cached_property
    def levels(self) -> list[str]:
        """Give the levels from the lowest."""
        return [str(band["level"]) for band in self.body["scoring"]["levels"]]

    @property
    def rules(self) -> Mapping[str, Any]:
        """Give validity, attempts and the other rules of the house."""
        found: Mapping[str, Any] = self.body["rules"]
        return found

    def allowed(self, level: str, *, lowest_class: bool) -> list[str]:
        """Give the risk classes of products that a level matches."""
        if lowest_class:
            return list(self.body["scoring"]["lowest_class"]["matches"])
        return list(self.body["matching"]["matrix"][level])

    def of_dimension(self, dimension: str) -> list[Question]:
        """Give the questions of a dimension in order."""
        return [question for question in self.questions if question.dimension == dimension]

    def band(self, points: int) -> str:
        """Give the level of so many points of a hundred."""
        for band in self.body["scoring"]["levels"]:
            if band["min"] <= points <= band["max"]:
                return str(band["level"])
        raise ValueError(f"no band holds {points} points")

    def level_text(self, level: str, language: str) -> str:
        """Give the words of a level."""
        return next(words(band, language) for band in self.body["scoring"]["levels"] if band["level"] == level)

    def ordered(self, answers: Answers) -> dict[str, Answer]:
        """Bring a sheet that fits into one form: questions and chosen keys in the definition's order."""
        return {q.id: _keys(q, answers[q.id]) for q in self.questions if q.id in answers}

    def faults(self, answers: Answers) -> dict[str, Fault]:
        """Say of every question that has no answer or one that does not fit why; an empty dict is a whole sheet."""
        found = {id: Fault.UNKNOWN_QUESTION for id in answers if id not in self.by_id}
        for question in self.questions:
            if question.id not in answers:
                found[question.id] = Fault.MISSING
            elif fault := question.fault(answers[question.id]):
                found[question.id] = fault
        return found

    def missing_declarations(self, given: Mapping[str, Any]) -> list[str]:
        """Name the declarations that nobody may leave out and that were not made."""
        needed = [each["key"] for each in self.body["declarations"] if each.get("must")]
        return [key for key in needed if given.get(key) is not True]

    def said(self, answers: Answers, what: str) -> Any:
        """Give what a chosen option says under a name, such as how long the money may stay; None where none says it."""
        for question in self.questions:
            for option in question.chosen(answers.get(question.id, ())):
                if what in option.given:
                    return option.given[what]
        return None


def words(given: Mapping[str, Any], language: str) -> str:
    """Give the words of a part of the definition in a language, Chinese where there are no others."""
    return str(given.get(language) or given["zh"])


def canonical(value: Any) -> str:
    """Write plain data in the one form that is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def same_place_run(definition: Definition, answers: Answers, orders: Mapping[str, Sequence[str]]) -> int:
    """Give the longest run of answers that stood in the same place of their lists, as they were shown."""
    longest, run, last = 0, 0, -1
    for question in definition.questions:
        shown = list(orders.get(question.id) or question.by_key)
        chosen = question.chosen(answers[question.id])
        place = shown.index(chosen[0].key) if len(chosen) == 1 else -1
        run = run + 1 if place == last and place >= 0 else 1
        longest, last = max(longest, run), place
    return longest


def _question(given: Mapping[str, Any]) -> Question:
    options = tuple(Option(each["key"], each["score"], each) for each in given["options"])
    return Question(given["id"], given["no"], given["dimension"], given["kind"] == "multi", options, given)


def _keys(question: Question, answer: Answer) -> Answer:
    return [option.key for option in question.chosen(answer)] if question.is_multi else answer
