"""Terms: what a text is found by. Chinese goes in as single characters and pairs of neighbours, Latin as whole words.

No dictionary: a text and a question are cut the same way on every database, and a word that nobody has listed is found.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

QUERY_LIMIT = 100  # characters of a question; what follows is left out, and the page says so
TERMS_LIMIT = 64
TERM_LENGTH = 40
FIELD_WEIGHTS = {"title": 8, "summary": 4, "body": 1}
OFTEN = 3  # a term counts at most so many times in one field
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
PART = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:[+&.'’-][^\W_{HAN}]+)*")
# Words of asking: they say nothing of what is asked for. The longer ones come first.
ASKING_ZH = re.compile(
    "是什么意思|什么意思|为什么|怎么样|是不是|有没有|能不能|可不可以|什么是|是什么|什么时候|怎么办|怎样|怎么|什么|如何|多少"
    "|哪些|哪里|请问|是否|可以|我想|知道|一下|我的|[吗呢吧了的]"
)
ASKING_EN = frozenset(
    "a an and are can do does for from how i in is it me mean my of on or please the to what when where which who why"
    " with you your".split()
)


def index(fields: Mapping[str, str]) -> dict[str, int]:
    """Give each term of a piece with its weight: a title counts most, and nothing counts without end."""
    found: Counter[str] = Counter()
    for field, text in fields.items():
        counted = Counter(_of_text(text))
        weight = FIELD_WEIGHTS[field.partition("_")[0]]
        found.update({term: weight * min(times, OFTEN) for term, times in counted.items()})
    return dict(found)


def question(text: str) -> list[str]:
    """Give the terms of a question, without the words of asking unless there are no others."""
    asked = folded(text)[:QUERY_LIMIT]
    words = [part for part in _parts(ASKING_ZH.sub(" ", asked)) if part not in ASKING_EN]
    terms = dict.fromkeys(term for part in words or _parts(asked) for term in _of_question(part))
    return list(terms)[:TERMS_LIMIT]


def weight(pieces: int, holding: int) -> int:
    """Say how much a term tells that so many of all pieces hold: the rarer, the more, by powers of two."""
    return (pieces // max(holding, 1) + 1).bit_length()


def folded(text: str) -> str:
    """Bring a text to the form in which it is compared: full width and capitals are no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def _of_text(text: str) -> Iterator[str]:
    for part in _parts(folded(text)):
        if _is_han(part):
            yield from part
            yield from _pairs(part)
        else:
            yield from _words(part)


def _of_question(part: str) -> Iterator[str]:
    if _is_han(part):
        yield from _pairs(part) if len(part) > 1 else part
    else:
        yield stem(part)[:TERM_LENGTH]


def _words(part: str) -> Iterator[str]:
    # A compound is found whole and by its parts: T+1, self-regulated.
    yield stem(part)[:TERM_LENGTH]
    pieces = re.split(r"[+&.'’-]", part)
    if len(pieces) > 1:
        yield from (stem(piece)[:TERM_LENGTH] for piece in pieces)


def stem(word: str) -> str:
    """Take an English plural to its singular (Harman's S stemmer, 1991); other words stay."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")) and len(word) > 3:
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss", "'s", "’s")) and len(word) > 3:
        return word[:-1]
    return word.removesuffix("'s").removesuffix("’s")


def _parts(text: str) -> list[str]:
    return PART.findall(text)


def _is_han(part: str) -> bool:
    return re.match(rf"[{HAN}]", part) is not None


def _pairs(part: str) -> Iterator[str]:
    return (part[at : at + 2] for at in range(len(part) - 1))
