"""Migrations make one line, and every one that another stands on is in the repository."""

import re
import subprocess

from tests.architecture.house import ROOT

STEP = re.compile(r'^(revision|down_revision)(?:: .*)? = (?:"(.*)"|None)', re.M)


def test_migrations_make_one_line_of_files_that_everybody_has() -> None:
    listed = subprocess.run(["git", "ls-files", "migrations/versions"], cwd=ROOT, capture_output=True, check=True)
    files = [ROOT / name for name in listed.stdout.decode().split() if name.endswith(".py")]
    steps = [dict(STEP.findall(file.read_text())) for file in files]
    known, before = [step["revision"] for step in steps], [step["down_revision"] for step in steps]
    assert len(known) == len(set(known)), "two migrations of one name"
    assert len(before) == len(set(before)), "two migrations stand on the same one"
    assert set(before) - set(known) == {""}, "a migration stands on one that is not committed"
