"""Words for one thing: the variants of a question, so that whoever asks for the fee finds the commission. Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from portal.library.terms import QUERY_LIMIT, folded

FILE = Path(__file__).with_name("synonyms.toml")
VARIANTS_LIMIT = 6  # of one question: each is two reads


class BadSynonyms(ValueError):
    """A file that says of one word that it belongs to two groups, or of a group that it has one word."""


@cache
def groups(file: Path = FILE) -> tuple[tuple[str, ...], ...]:
    """Read the groups of words for one thing; raises BadSynonyms."""
    read = tuple(
        tuple(folded(word) for word in each["words"]) for each in tomllib.loads(file.read_text("utf-8"))["group"]
    )
    words = [word for group in read for word in group]
    if len(words) != len(set(words)) or any(len(group) < 2 for group in read):
        raise BadSynonyms(file.name)
    return read


def variants(question: str, known: Sequence[Sequence[str]] | None = None) -> list[str]:
    """Give a question as it was asked, then with each other word for the first thing in it that has several."""
    asked = folded(question)[:QUERY_LIMIT]
    found = _first_word(asked, groups() if known is None else known)
    if found is None:
        return [asked]
    word, group = found
    others = [asked.replace(word, other) for other in group if other != word]
    return [asked, *dict.fromkeys(others)][:VARIANTS_LIMIT]


def others(question: str) -> list[str]:
    """Name the other words that a question is asked with, for whoever asked to read."""
    found = _first_word(folded(question)[:QUERY_LIMIT], groups())
    return [word for word in found[1] if word != found[0]] if found else []


def _first_word(asked: str, known: Sequence[Sequence[str]]) -> tuple[str, Sequence[str]] | None:
    # The longest word wins: 红利税 is one thing, 红利 another.
    group_of: Mapping[str, Sequence[str]] = {word: group for group in known for word in group}
    for word in sorted(group_of, key=len, reverse=True):
        if re.search(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word), asked):
            return word, group_of[word]
    return None
