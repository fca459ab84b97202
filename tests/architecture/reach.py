"""What a handler can reach: the functions and classes that its code names, and those that theirs name, through portal/.

Read from the code alone, as the rooms are written: a name is a local one, an import, or an attribute of an imported
room or file. What is handed over by name counts as reached: `_decide(…, changes.approve)`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.house import ROOT

Place = tuple[str, str]  # module, name


@cache
def modules() -> dict[str, ast.Module]:
    """Read every file of portal/ by its module's name."""
    found = {}
    for path in sorted((ROOT / "portal").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text())
    return found


@cache
def defined(module: str) -> dict[str, ast.AST]:
    """Give a module's own functions, classes and named values."""
    found: dict[str, ast.AST] = {}
    for node in modules()[module].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


@cache
def imported(module: str) -> dict[str, Place]:
    """Give what each name that a module imports stands for: a module (with no name) or a thing in one."""
    found: dict[str, Place] = {}
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal"):
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                is_module = whole in modules()
                found[each.asname or each.name] = (whole, "") if is_module else (node.module or "", each.name)
    return found


def home_of(place: Place) -> Place | None:
    """Follow front doors to where a thing is written."""
    module, name = place
    for _ in range(8):
        if module not in modules():
            return None
        if name in defined(module):
            return module, name
        if name not in imported(module):
            return None
        module, name = imported(module)[name]
    return None


def room_of(module: str, node: ast.AST) -> str | None:
    """Name the module that an expression stands for: `clients`, or `dossier.notes`."""
    if isinstance(node, ast.Name):
        target = imported(module).get(node.id)
    elif isinstance(node, ast.Attribute) and (outer := room_of(module, node.value)):
        target = imported(outer).get(node.attr)
    else:
        return None
    return target[0] if target and not target[1] else None


def code_of(node: ast.AST) -> list[ast.AST]:
    """Give what runs of a function, a class or a value: no annotations, no decorators."""
    if isinstance(node, ast.FunctionDef):
        return [*node.body]
    if isinstance(node, ast.ClassDef):
        return [part for each in node.body if isinstance(each, ast.FunctionDef) for part in each.body]
    return [node]


def named_in(module: str, node: ast.AST) -> Iterator[Place]:
    """Give the places of portal/ that a piece of code names."""
    for each in (part for piece in code_of(node) for part in ast.walk(piece)):
        if isinstance(each, ast.Name):
            if each.id in defined(module):
                yield module, each.id
            elif each.id in imported(module):
                yield imported(module)[each.id]
        elif isinstance(each, ast.Attribute) and (room := room_of(module, each.value)):
            yield room, each.attr
        if isinstance(each, ast.Attribute):
            yield "", each.attr  # a method, known by its name alone


@cache
def reached(module: str, name: str) -> frozenset[Place]:
    """Give all that a function can reach, itself included; methods under the module ''."""
    seen: set[Place] = set()
    waiting = [(module, name)]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here[0] and here[1] in defined(here[0]):
            for place in named_in(here[0], defined(here[0])[here[1]]):
                home = place if not place[0] else home_of(place)
                if home and home not in seen:
                    waiting.append(home)
    return frozenset(seen)


def source(path: Path) -> str:
    """Name the module of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)
