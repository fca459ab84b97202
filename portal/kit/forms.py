"""Forms: bind every field at once, keep what was typed, say at each field what is wrong.

A form is a class; its annotations are the fields, each with a type and limits for msgspec, and `words` holds the one
sentence a field answers with when the value will not do.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar, Self, get_type_hints

import msgspec

from portal.kit.i18n import gettext, later

NEEDED = later("请填写这一项。")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
ALL_BUT_PUNCTUATION = re.compile(r"[^，：；！？（）～…]+")


class Form:
    """What a page accepts: typed values, or the typed text and one sentence a field."""

    words: ClassVar[Mapping[str, str]] = {}
    verbatim: ClassVar[frozenset[str]] = frozenset()  # fields whose text is taken as typed: passwords

    def __init__(self) -> None:
        """Start empty: no value typed and nothing wrong."""
        self.typed: dict[str, str] = {}
        self.errors: dict[str, str] = {}

    @classmethod
    def bind(cls, fields: Mapping[str, str]) -> Self:
        """Read all fields; whatever is wrong stands in `errors`, whatever was typed in `typed`."""
        form = cls()
        for name, kind in cls.fields().items():
            form.typed[name] = fields.get(name, "")
            form._take(name, kind)
        if form.ok:
            form.check()
        return form

    @classmethod
    def fields(cls) -> dict[str, Any]:
        """Name the form's fields with their types and limits."""
        hints = get_type_hints(cls, include_extras=True)
        return {name: kind for name, kind in hints.items() if name not in {"words", "verbatim", "typed", "errors"}}

    @property
    def ok(self) -> bool:
        """Tell whether every field may be used."""
        return not self.errors

    def check(self) -> None:
        """Check fields against each other; forms that need it say how."""

    def wrong(self, name: str, sentence: str, **values: object) -> None:
        """Say at a field what is wrong, in the reader's language."""
        self.errors[name] = gettext(sentence) % values if values else gettext(sentence)

    def _take(self, name: str, kind: Any) -> None:
        text = self.typed[name] if name in self.verbatim else plain(self.typed[name])
        try:
            setattr(self, name, msgspec.convert(text, kind, strict=False))
        except msgspec.ValidationError:
            self.wrong(name, self.words.get(name, NEEDED))


def plain(text: str) -> str:
    """Bring typed text to its plain form: full-width digits and letters narrowed, the ends trimmed.

    Beside Chinese characters, Chinese punctuation is right as it was typed: a sentence keeps its commas.
    """
    if not HAN.search(text):
        return narrow(text)
    return ALL_BUT_PUNCTUATION.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).strip()


def narrow(text: str) -> str:
    """Narrow every full-width character, punctuation too: for what is compared, not read."""
    return unicodedata.normalize("NFKC", text).strip()
