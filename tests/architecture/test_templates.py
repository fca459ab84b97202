"""What no template may hold: inline style and script, another host, a form without its token."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
BANNED = {
    r"\sstyle\s*=": "inline style",
    r"<style\b": "a style element",
    r"\son\w+\s*=": "an inline handler",
    r"<script\b(?![^>]*\ssrc=)": "an inline script",
    r"\shx-[a-z]": "hx- without data-",
    r"data-hx-on": "an inline handler of htmx",
    r"javascript:|[\"']js:": "script in an attribute",
    r"data-hx-trigger=\"[^\"]*\[": "a trigger filter, which needs eval",
    r"\|\s*safe\b": "|safe",
    r"autoescape\s+false": "escaping switched off",
    r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//": "another host",
    r"[\U0001F300-\U0001FAFF\u2600-\u26FF]": "an emoji",
}
POST_FORM = re.compile(r"<form\b[^>]*method=[\"']?post[^>]*>(.*?)</form>", re.S | re.I)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_that_our_policy_forbids(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    found = [why for pattern, why in BANNED.items() if re.search(pattern, text, re.I)]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_form_that_posts_carries_its_token(path: Path) -> None:
    bare = [
        form.strip()[:60]
        for form in POST_FORM.findall(path.read_text())
        if not re.search(r"\{\{-?\s*csrf\s*-?\}\}", form)
    ]
    assert bare == []
