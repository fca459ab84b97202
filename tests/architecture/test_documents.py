"""What the documents promise to hold: every setting, every command, every room; and what no file may name."""

import re
import subprocess

import pytest

from portal import settings
from tests.architecture import house

OPERATIONS = (house.ROOT / "docs/operations.md").read_text()
MACHINE = "/" + "work/"  # written in two, or this file would name it itself


@pytest.mark.parametrize("name", settings.KNOWN)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in OPERATIONS


def test_every_command_is_documented() -> None:
    from portal.commands import main

    assert [path for path in _commands(main, ()) if f"`portal {path}" not in OPERATIONS] == []


@pytest.mark.parametrize("room", house.rooms())
def test_every_room_is_on_the_plan(room: str) -> None:
    assert re.search(rf"^\| `{room}/?` \|", (house.ROOT / "docs/rooms.md").read_text(), re.M)


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    assert [name for name, text in _texts() if MACHINE in text] == []


def test_what_is_installed_is_locked_by_hash_and_names_no_address() -> None:
    locks = [*house.ROOT.glob("requirements*.lock"), house.ROOT / "tests/html/package-lock.json"]
    assert len(locks) == 4
    assert [path.name for path in locks if re.search(r"https?://|file:|\"resolved\"", path.read_text())] == []
    pinned = [line for path in locks[:3] for line in path.read_text().splitlines() if re.match(r"\w", line)]
    assert [line for line in pinned if "==" not in line or not line.endswith("\\")] == []


def _commands(group: object, path: tuple[str, ...]) -> list[str]:
    inner = getattr(group, "commands", {})
    own = [" ".join(path)] if path and getattr(group, "callback", None) and not inner else []
    return own + [found for name, command in inner.items() for found in _commands(command, (*path, name))]


def _texts() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files"], cwd=house.ROOT, capture_output=True, text=True, check=True).stdout
    paths = [house.ROOT / name for name in listed.splitlines()]
    kinds = {".py", ".md", ".html", ".toml", ".css", ".js", ".txt", ".in", ".lock", ".json", ".po", ".csv", ""}
    return [(p.name, p.read_text(errors="replace")) for p in paths if p.is_file() and p.suffix in kinds]
