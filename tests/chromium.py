"""A real Chromium: where systems keep it, and how it is started here."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PLACES = ("/usr/bin", "/usr/local/bin", "/usr/lib/chromium", "/opt/google/chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def find() -> str | None:
    """Give Chromium's path; Ubuntu's is a snap that can't be driven, and does not count."""
    for path in _candidates():
        if os.access(path, os.X_OK) and not _is_snap(path):
            return str(path)
    return None


def flags() -> list[str]:
    """Give the switches: no calls home, and as root no sandbox, which Chromium refuses there."""
    return [*QUIET, "--no-sandbox"] if os.getuid() == 0 else list(QUIET)


def _candidates() -> list[Path]:
    named = [Path(os.environ["CHROMIUM"])] if "CHROMIUM" in os.environ else []
    on_path = [Path(found) for name in NAMES if (found := shutil.which(name))]
    kept = [Path(place) / name for place in PLACES for name in (*NAMES, "chrome")]
    own = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"), reverse=True)
    return [*named, *on_path, *kept, *own]


def _is_snap(path: Path) -> bool:
    if "/snap/" in str(path.resolve()) or path.resolve().name == "snap":
        return True
    head = path.open("rb").read(2000)
    return head.startswith(b"#!") and b"/snap/bin" in head
