"""Every sentence in both languages: the Chinese one is the msgid, its English stands in locale/en/<room>.po."""

import re

from tests.architecture import messages

# Texts that are data, not sentences: words of the exchange's and the core's files, and Chinese ways to write figures.
DATA = (
    "portal/demo/",
    "portal/clients/values.py",
    "portal/feeds/",
    "portal/library/occasions.py",
    "portal/statements/",
    "portal/kit/render.py",
    "portal/kit/charts.py",
    "portal/sms/rules.py",
    "portal/library/terms.py",
    "portal/library/occasions.py",
)
# Said in both languages at once, where nobody's language is known yet.
BOTH = ("portal/kit/browser.py", "portal/commands/")
# The same word in both languages.
SAME = {"IPO", "SMS", "CSV"}
# A language names itself in its own words, and a seal is a picture cut in single characters.
PICTURED = re.compile(r">(?:中文|[\u4e00-\u9fff])<")


def test_every_sentence_has_its_english() -> None:
    assert messages.untranslated() == []


def test_every_sentence_is_chinese_at_heart() -> None:
    foreign = [text for text in messages.spoken() if not messages.CHINESE.search(text)]
    assert sorted(set(foreign) - SAME) == []


def test_no_chinese_is_shown_untranslated() -> None:
    shown = [told for told in messages.unspoken() if not told.startswith((*DATA, *BOTH))]
    left = {told: PICTURED.sub("><", told.split(": ", 1)[1]) for told in shown}
    assert [told for told, rest in left.items() if messages.CHINESE.search(rest)] == []


def test_the_same_sentence_has_the_same_english_everywhere() -> None:
    assert {sentence: dict(english) for sentence, english in messages.translated().items() if len(english) > 1} == {}


def test_no_translation_is_a_guess() -> None:
    fuzzy = [
        f"{name}: {message.id}"
        for name, catalogue in messages.catalogues().items()
        for message in catalogue
        if message.fuzzy and message.id
    ]
    assert fuzzy == []


def test_a_translation_fills_the_same_holes() -> None:
    wrong = [
        f"{name}: {message.id}"
        for name, catalogue in messages.catalogues().items()
        for message in catalogue
        if message.id and _holes(message.id) != _holes(message.string)
    ]
    assert wrong == []


def _holes(texts: str | tuple[str, ...]) -> set[str]:
    return set(messages.HOLES.findall(texts if isinstance(texts, str) else " ".join(texts)))
