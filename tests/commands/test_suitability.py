import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.suitability.sheets import PERSONAS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    portal(folder, "migrate")
    return folder


def portal(home, *words, text=""):
    command = [sys.executable, "-m", "portal", *words]
    environment = {"PATH": "/usr/bin:/bin", "PORTAL_HOME": str(home)}
    return subprocess.run(command, cwd=ROOT, env=environment, input=text, capture_output=True, text=True)


def test_migrate_alone_leaves_the_sample_questionnaire_published_and_score_works(home):
    persona = PERSONAS[-1]
    sheet = json.dumps({"answers": persona["answers"], "context": persona["context"]})
    done = portal(home, "suitability", "score", "-", "--json", text=sheet)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == persona["expected"]


@pytest.mark.parametrize(
    "text", ["[", "{}", '{"answers": {"income_source": "A"}}', '{"answers": {"x": 1}}', '{"answers": null}']
)
def test_a_sheet_that_does_not_fit_is_one_sentence(home, text):
    done = portal(home, "suitability", "score", "-", "--json", text=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_evidence_of_nothing_is_unbroken_and_an_unknown_client_has_no_file(home):
    assert portal(home, "suitability", "verify").returncode == 0
    missing = portal(home, "suitability", "export", "1")
    assert (missing.returncode, missing.stderr.strip()) == (2, "There is no client 1.")
