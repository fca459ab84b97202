"""The reading check: questions as staff write them, and what an answer comes to. Pure.

    ? What is settled on T+1?
    * Cash
    - Shares
    ! The shares are there at once, the cash a day later.

`?` asks, `*` is the right answer, `-` are the others, `!` explains. Chinese and English have the same shape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

QUESTIONS_LIMIT, OPTIONS_LIMIT = 5, 5
TEXT_LIMIT = 200


class BadQuestions(ValueError):
    """Questions that can't be read: `line` names the place, `why` is a code."""

    def __init__(self, why: str, line: int = 0) -> None:
        """Keep the reason and the line, from 1; 0 where it is the whole."""
        super().__init__(f"{why} in line {line}")
        self.why, self.line = why, line


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its options, which of them is right, and why."""

    text: str
    options: tuple[str, ...]
    right: int
    because: str


@dataclass
class _Draft:
    text: str
    line: int
    options: list[str]
    right: int | None = None
    because: str = ""


def read(text: str) -> tuple[Question, ...]:
    """Read questions as they were written; raises BadQuestions."""
    drafts: list[_Draft] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            _take(drafts, line.strip(), number)
    if len(drafts) > QUESTIONS_LIMIT:
        raise BadQuestions("too_many", drafts[QUESTIONS_LIMIT].line)
    return tuple(_whole(draft) for draft in drafts)


def read_both(zh: str, en: str) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Read both languages; raises BadQuestions where they do not ask the same."""
    both = read(zh), read(en)
    shapes = [[(len(question.options), question.right) for question in questions] for questions in both]
    if shapes[0] != shapes[1]:
        raise BadQuestions("unlike")
    return both


def marked(questions: Sequence[Question], answers: Mapping[int, int]) -> list[bool]:
    """Say of each question whether it was answered rightly."""
    return [answers.get(number) == question.right for number, question in enumerate(questions)]


def _take(drafts: list[_Draft], line: str, number: int) -> None:
    sign, said = line[0], line[1:].strip()
    if sign not in "?？*-!！" or not said or len(said) > TEXT_LIMIT or (sign not in "?？" and not drafts):
        raise BadQuestions("unread", number)
    if sign in "?？":
        drafts.append(_Draft(said, number, []))
        return
    now = drafts[-1]
    if sign in "!！":
        now.because = said
        return
    if sign == "*":
        if now.right is not None:
            raise BadQuestions("two_right", number)
        now.right = len(now.options)
    now.options.append(said)


def _whole(draft: _Draft) -> Question:
    if draft.right is None:
        raise BadQuestions("none_right", draft.line)
    if not 2 <= len(draft.options) <= OPTIONS_LIMIT:
        raise BadQuestions("options", draft.line)
    return Question(draft.text, tuple(draft.options), draft.right, draft.because)
