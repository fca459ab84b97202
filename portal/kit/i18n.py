"""Languages: the Chinese sentence is the msgid; English stands in locale/en/<room>.po."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LANGUAGES = ("zh", "en")
_language: ContextVar[str] = ContextVar("language", default="zh")
_CATALOGUES = Path(__file__).parents[2] / "locale"


def language() -> str:
    """Name the language that this request speaks."""
    return _language.get()


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak a language inside the block."""
    token = _language.set(tag if tag in LANGUAGES else "zh")
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str) -> str:
    """Put a Chinese sentence into the reader's language."""
    return message if language() == "zh" or not message else catalogue(language()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Put a sentence with a count into the reader's language; a Chinese one may say a single thing in its own way."""
    if language() == "zh":
        return one if count == 1 else many
    return catalogue(language()).ngettext(one, many, count)


def say(message: str, **values: object) -> str:
    """Put a sentence into the reader's language and fill in its values."""
    return gettext(message) % values if values else gettext(message)


def later(message: str) -> str:
    """Mark a sentence for translation where it is written; it is spoken where it is shown."""
    return message


@cache
def catalogue(tag: str) -> Translations:
    """Read every room's catalogue of a language into one; compiled in memory, so no stale file can lie about."""
    merged = Translations()
    for file in sorted((_CATALOGUES / tag).glob("*.po")):
        compiled = BytesIO()
        with file.open("rb") as text:
            write_mo(compiled, read_po(text, locale=tag))
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged
