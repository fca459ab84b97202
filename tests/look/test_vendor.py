"""Vendored files are byte for byte what their list says."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static/vendor"


def test_every_vendored_file_is_the_one_that_was_reviewed() -> None:
    listed = dict(re.findall(r"^\| ([\w.-]+) \|.*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.M))
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir() if path.suffix != ".md"
    }
    assert files == listed
