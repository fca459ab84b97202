"""The house as its source code shows it: which file belongs to which room, and who stands on which floor."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"


@cache
def floors() -> list[set[str]]:
    """Give the floors from the top, as import-linter's contract names them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers: list[str] = contracts[0]["layers"]
    return [{name.strip(" ()") for name in layer.split("|")} for layer in layers]


def floor_of(room: str) -> int:
    """Give a room's floor, counted from the top."""
    return next(number for number, rooms in enumerate(floors()) if room in rooms)


def rooms() -> list[str]:
    """Name the rooms: the folders of portal/ but for the kit."""
    return sorted(path.parent.name for path in PORTAL.glob("*/__init__.py") if path.parent.name != "kit")


def sources() -> Iterator[tuple[Path, str, ast.Module]]:
    """Give every source file with its room's name and its syntax tree."""
    for path in sorted(PORTAL.rglob("*.py")):
        inside = path.relative_to(PORTAL)
        room = inside.parts[0] if len(inside.parts) > 1 else inside.stem
        yield path, room, ast.parse(path.read_text(), str(path))


def imports(tree: ast.Module) -> Iterator[tuple[int, str, str | None]]:
    """Give every import as line, module and name; the name is None where the whole module is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, node.module, alias.name) for alias in node.names)


def at(path: Path, line: int) -> str:
    """Name a place in the source."""
    return f"{path.relative_to(ROOT)}:{line}"
