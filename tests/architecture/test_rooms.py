"""What import-linter can't see of the house: front doors, foreign keys, and who may read the clock."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Float, Numeric

from portal.kit.db import Base, Scaled
from tests.architecture import house

PAGES = {"pages", "staff_pages"}
READS_THE_CLOCK = ("__main__.py", "commands/", "app.py", "doors.py", "worker.py", "kit/clock.py", "demo/smsc.py")
# A chart's geometry and a limiter's tokens are no figures of a client.
MAY_FLOAT = {"kit/charts.py", "holdings/charts.py", "identity/limits.py", "identity/rules.py"}
MAY_FLOAT_COLUMNS = {"identity_limit.tokens"}
DECLARES_ROUTES = {"doors.py", "kit/static.py"}


def test_a_room_is_entered_by_its_front_door() -> None:
    wrong = []
    for path, room, tree in house.sources():
        for line, module, name in house.imports(tree):
            parts = module.split(".")
            if parts[0] != "portal" or len(parts) < 2 or parts[1] in {room, "kit"}:
                continue
            inner = parts[2] if len(parts) > 2 else _submodule(parts[1], name)
            if inner and not (room == "rooms" and inner in PAGES):
                wrong.append(f"{house.at(path, line)} reaches into portal.{parts[1]}.{inner}")
    assert wrong == []


def test_what_is_taken_at_a_front_door_stands_in_its_all() -> None:
    wrong = []
    for path, room, tree in house.sources():
        for line, module, name in house.imports(tree):
            target = module.removeprefix("portal.")
            if target not in house.rooms() or target == room or not name or _submodule(target, name):
                continue
            if name not in getattr(import_module(module), "__all__", []):
                wrong.append(f"{house.at(path, line)}: {name} is not in {module}.__all__")
    assert wrong == []


@pytest.mark.parametrize("room", house.rooms())
def test_a_room_says_what_it_is_in_chinese_first(room: str) -> None:
    told = ast.get_docstring(ast.parse((house.PORTAL / room / "__init__.py").read_text())) or ""
    assert re.match(r"[\u4e00-\u9fff]+[:：]", told) or room == "demo", (
        f"portal/{room}/__init__.py starts with {told[:30]!r}"
    )


def test_a_foreign_key_points_to_its_own_floor_or_below() -> None:
    for models in house.PORTAL.glob("*/models.py"):
        import_module(f"portal.{models.parent.name}.models")
    room_of = {mapper.local_table.name: mapper.class_.__module__.split(".")[1] for mapper in Base.registry.mappers}
    wrong = [
        f"{table.name} ({room_of[table.name]}) points up to {key.column.table.name} ({room_of[key.column.table.name]})"
        for table in Base.metadata.tables.values()
        if table.name in room_of
        for key in table.foreign_keys
        if house.floor_of(room_of[key.column.table.name]) < house.floor_of(room_of[table.name])
    ]
    assert wrong == []


def test_no_column_holds_a_float() -> None:
    inexact = [
        str(column)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Float | Numeric) and not isinstance(column.type, Scaled)
    ]
    assert [column for column in inexact if column not in MAY_FLOAT_COLUMNS] == []


def test_pages_are_declared_through_the_doors() -> None:
    banned = {"get", "post", "put", "patch", "delete", "route", "Controller", "websocket", "asgi"}
    wrong = [
        f"{house.at(path, line)} takes litestar's own {name}"
        for path, _, tree in house.sources()
        if _inside(path) not in DECLARES_ROUTES
        for line, module, name in house.imports(tree)
        if module in {"litestar", "litestar.handlers"} and name in banned
    ]
    assert wrong == []


def test_no_answer_is_kept_in_the_framework_s_cache() -> None:
    # Its key does not know the user: another client would get this one's page.
    wrong = [
        house.at(path, node.lineno)
        for path, _, tree in house.sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and any(keyword.arg == "cache" for keyword in node.keywords)
    ]
    assert wrong == []


def test_only_doors_worker_and_command_line_read_the_clock() -> None:
    reads = {("datetime", "now"), ("datetime", "today"), ("date", "today"), ("time", "time"), ("clock", "now")}
    wrong = [
        house.at(path, node.lineno)
        for path, _, tree in house.sources()
        if not _inside(path).startswith(READS_THE_CLOCK)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
        if (node.func.value.id, node.func.attr) in reads
    ]
    assert wrong == []


def test_no_figure_becomes_a_float() -> None:
    wrong = [
        house.at(path, node.lineno)
        for path, _, tree in house.sources()
        if _inside(path) not in MAY_FLOAT
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert wrong == []


def test_code_inside_never_commits() -> None:
    wrong = [
        house.at(path, node.lineno)
        for path, room, tree in house.sources()
        if room in house.rooms()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"commit", "rollback"}
    ]
    assert wrong == []


def test_markup_is_never_built_from_a_filled_string() -> None:
    # Markup(f"…{name}…") would let a client's name be HTML; Markup("…{}…").format(name) escapes it.
    wrong = [
        house.at(path, node.lineno)
        for path, _, tree in house.sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup" and node.args
        if isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert wrong == []


def _submodule(room: str, name: str | None) -> str | None:
    return name if name and (house.PORTAL / room / f"{name}.py").exists() else None


def _inside(path: Path) -> str:
    return str(path.relative_to(house.PORTAL))
