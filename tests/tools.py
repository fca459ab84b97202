"""What the suite needs of the machine: `python -m tests.tools` installs it where it may, else names the command."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import chromium, postgres


@dataclass(frozen=True)
class Tool:
    """One thing of the system's, how to see that it is there, and Debian's package of it."""

    name: str
    package: str
    is_there: Callable[[], bool]


def main() -> int:
    """Install what is missing as root on Debian; else say in one line each what to run."""
    lacking = missing()
    if lacking and _may_install():
        _install(" ".join(tool.package for tool in lacking).split())
        lacking = missing()
    for tool in lacking:
        print(f"{tool.name} is missing. Run: {command(tool)}", file=sys.stderr)
    return 1 if lacking else 0


def missing() -> list[Tool]:
    """List what is not there."""
    return [tool for tool in TOOLS if not tool.is_there()]


def command(tool: Tool) -> str:
    """Give the one command that brings a tool."""
    if tool.package == "chromium" and _system() == "ubuntu":
        return "sudo .venv/bin/playwright install --with-deps chromium (Ubuntu's own package is a snap)"
    return f"sudo apt-get install {tool.package}"


def need(name: str) -> None:
    """Raise with one clear line when a tool is missing."""
    for tool in missing():
        if tool.name == name:
            raise postgres.Missing(f"{tool.name} is missing. Run: {command(tool)}")


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _has_postgresql() -> bool:
    try:
        return bool(postgres.binaries())
    except postgres.Missing:
        return False


def _system() -> str:
    release = Path("/etc/os-release")
    lines = release.read_text().splitlines() if release.exists() else []
    return next((line[3:].strip('"') for line in lines if line.startswith("ID=")), "")


def _may_install() -> bool:
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def _install(packages: list[str]) -> None:
    if _system() == "ubuntu":
        packages = [package for package in packages if package != "chromium"]
    if not packages:
        return
    print(f"Installing with apt-get: {' '.join(packages)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            print(done.stdout + done.stderr, file=sys.stderr)


TOOLS = (
    Tool("Chromium", "chromium", lambda: chromium.find() is not None),
    Tool("A Chinese font", "fontconfig fonts-wqy-zenhei", _has_chinese_font),
    Tool("PostgreSQL", "postgresql", _has_postgresql),
)

if __name__ == "__main__":
    sys.exit(main())
