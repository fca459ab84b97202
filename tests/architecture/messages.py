"""The sentences of the portal and their English: `python -m tests.architecture.messages` lists what is missing."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u3400-\u9fff]")
HOLES = re.compile(r"%\((\w+)\)")
KEYWORDS: dict[str, object] = {
    "_": None,
    "gettext": None,
    "say": None,
    "later": None,
    "ngettext": (1, 2),
    "wrong": (2,),
}


@cache
def spoken() -> dict[str, str]:
    """Give every sentence of the code and the templates, with the first place that says it."""
    found: dict[str, str] = {}
    for path in sorted([*(ROOT / "portal").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
        for line, said, *_ in extract_from_file(method, path, keywords=KEYWORDS, options=options):
            for sentence in [said] if isinstance(said, str) else said:
                if sentence:
                    found.setdefault(sentence, f"{path.relative_to(ROOT)}:{line}")
    return found


@cache
def catalogues(language: str = "en") -> dict[str, Catalog]:
    """Read every room's catalogue of a language."""
    files = sorted((ROOT / "locale" / language).glob("*.po"))
    return {str(file.relative_to(ROOT)): read_po(file.open("rb"), locale=language) for file in files}


@cache
def translated() -> dict[str, dict[str, list[str]]]:
    """Give for each sentence each English it has, with the catalogues that say so."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, catalogue in catalogues().items():
        for message in catalogue:
            many = isinstance(message.id, tuple)
            for sentence in message.id if many else [message.id]:
                texts = message.string if many else (message.string,)
                if sentence and all(texts):
                    found[sentence]["\n".join(texts)].append(name)
    return found


def untranslated() -> list[str]:
    """List the sentences without English, with their places."""
    return [f"{place}: {sentence}" for sentence, place in spoken().items() if sentence not in translated()]


def unspoken() -> Iterator[str]:
    """List the Chinese texts that are shown without being put into the reader's language."""
    for path in sorted((ROOT / "portal").rglob("*.py")):
        for text, line in _texts_of_code(path):
            if text not in spoken():
                yield f"{path.relative_to(ROOT)}:{line}: {text}"
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for text in _texts_of_template(path):
            if text not in spoken():
                yield f"{path.relative_to(ROOT)}: {text}"


def _texts_of_code(path: Path) -> Iterator[tuple[str, int]]:
    tree = ast.parse(path.read_text())
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
            continue
        if CHINESE.search(node.value):
            yield node.value, node.lineno


def _texts_of_template(path: Path) -> Iterator[str]:
    text = re.sub(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", path.read_text(), flags=re.S)
    for part in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, flags=re.S):
        for quoted in re.findall(r'"([^"]*)"|\'([^\']*)\'', part):
            if CHINESE.search("".join(quoted)):
                yield "".join(quoted)
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "\n", text, flags=re.S)
    yield from (line.strip() for line in bare.splitlines() if CHINESE.search(line))


if __name__ == "__main__":
    lacking = untranslated()
    print("\n".join(lacking) or f"All {len(spoken())} sentences have their English.")
    sys.exit(bool(lacking))
