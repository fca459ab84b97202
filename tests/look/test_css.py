"""The look: contrast of every pair of colours that we use, and CSS that Chrome 88 and Safari 14 understand."""

import gzip
import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static/css"
FILES = sorted(CSS.glob("*.css"))
TOKENS = (CSS / "tokens.css").read_text()
DARK_BY_SYSTEM = "@media (prefers-color-scheme"
DARK_BY_CHOICE = ':root[data-theme="dark"]'
FORBIDDEN = (
    "light-dark(", "oklch", "oklab", "color-mix", "@layer", ":has(", "@container", "inset:", "aspect-ratio", "@import",
    "url(", "padding-inline:", "margin-inline:", "@property", "@scope", " lch(", "lab(", "dvh", "svh",
    "text-wrap-style", "animation-timeline",
)  # fmt: skip
TEXT = [(ink, paper) for ink in ("ink", "ink-2", "ink-3", "red", "green", "alert") for paper in ("paper", "wash")] + [
    ("ink", "wash-2"), ("ink-2", "wash-2"), ("paper", "ink"), ("paper", "ink-2"), ("ink", "red-wash"),
    ("ink", "green-wash"), ("red", "red-wash"), ("green", "green-wash"), ("ink", "alert-wash"), ("ink-2", "alert-wash"),
    ("alert", "alert-wash"), ("on-seal", "seal"), ("seal", "paper"),
]  # fmt: skip
SHAPES = [(f"{kind}-{n}", "paper") for kind, last in (("tier", 4),) for n in range(1, last + 1)] + [
    *((f"p{n}", "paper") for n in range(1, 7)),
    ("line", "paper"),
    ("line", "wash"),
    ("seal", "paper"),
]
BYTES = 12 * 1024  # of all style sheets together, as sent


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})", block))


LIGHT = colours(TOKENS[: TOKENS.index(DARK_BY_SYSTEM)])
BY_SYSTEM = LIGHT | colours(TOKENS[TOKENS.index(DARK_BY_SYSTEM) : TOKENS.index(DARK_BY_CHOICE)])
BY_CHOICE = LIGHT | colours(TOKENS[TOKENS.index(DARK_BY_CHOICE) :])


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)


def test_dark_by_choice_is_dark_by_system() -> None:
    assert BY_SYSTEM == BY_CHOICE


@pytest.mark.parametrize("palette", [LIGHT, BY_CHOICE], ids=["light", "dark"])
@pytest.mark.parametrize(("need", "pairs"), [(4.5, TEXT), (3.0, SHAPES)], ids=["text", "shapes"])
def test_every_pair_of_colours_can_be_told_apart(
    palette: dict[str, str], need: float, pairs: list[tuple[str, str]]
) -> None:
    low = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < need} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_style_sheet_uses_only_what_old_browsers_know(path: Path) -> None:
    text = without_comments(path)
    assert [word for word in FORBIDDEN if word in text] == []
    assert not re.search(r"\{[^{}@]*\{", re.sub(r"@[^{]+\{", "", text)), "nesting"
    assert not re.search(r"display:\s*(inline-)?flex[^}]*[^-]gap:", text), "gap in a flex box: Safari 14.0 lacks it"
    assert not re.search(r"@media[^{]*[<>]", text), "a range media query"


def test_the_style_sheets_stay_small() -> None:
    assert len(gzip.compress("".join(map(without_comments, FILES)).encode(), 9)) <= BYTES
