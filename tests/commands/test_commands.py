"""The command line as an operator meets it: what it prints, in which form, and its exit codes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.commands import main
from portal.demo import write_days
from tests.conftest import ROOT, lay_schema

COMMANDS = (
    "serve", "worker", "migrate", "demo", "demo code", "feed load", "feed delivery-order", "staff add",
    "points verify", "audit verify", "library verify", "holdings figures",
)  # fmt: skip
DAYS = [date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)]


@pytest.fixture
def environment(tmp_path) -> dict[str, str | None]:
    if not list((ROOT / "migrations/versions").glob("*.py")):
        lay_schema(f"sqlite:///{tmp_path / 'portal.sqlite'}")
    told = {name: None for name in os.environ if name.startswith("PORTAL_")}
    return told | {"PORTAL_HOME": str(tmp_path)}


@pytest.fixture
def portal(environment):
    def run(*words: object, **extra: str) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], env=environment | extra)

    return run


@pytest.fixture
def days(tmp_path) -> list[Path]:
    return write_days(tmp_path / "feed", DAYS, 20)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(portal, command):
    told = portal(*command.split(), "--help")
    assert told.exit_code == 0
    assert told.output.startswith("Usage:")


@pytest.mark.parametrize("setting", [{"PORTAL_PORT": "http"}, {"PORTAL_COLOUR": "red"}, {"PORTAL_SMPP": "127.0.0.1"}])
def test_a_bad_setting_is_one_sentence(portal, setting):
    told = portal("migrate", **setting)
    assert told.exit_code == 2
    assert next(iter(setting)) in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_a_folder_of_days_loads_and_loads_again_without_effect(portal, days):
    assert portal("migrate").exit_code == 0
    first = portal("feed", "load", days[0].parent, "--json")
    assert [day["state"] for day in json.loads(first.stdout)] == ["LOADED"] * 3
    again = portal("feed", "load", *days, "--json")
    assert {day["state"] for day in json.loads(again.stdout)} == {"SKIPPED"}


def test_a_tampered_day_is_refused_and_ends_the_run(portal, days):
    portal("migrate")
    trades = days[1] / "trade.csv"
    trades.write_bytes(trades.read_bytes().replace(b",B,", b",S,", 1))
    told = portal("feed", "load", *days, "--json")
    assert told.exit_code == 1
    assert [(day["state"], day["reason"]) for day in json.loads(told.stdout)] == [("LOADED", None), ("REFUSED", "HASH")]
    assert "hash differs" in portal("feed", "load", days[1]).stdout


def test_a_delivery_order_for_an_unknown_account_is_refused_with_the_reason(portal, tmp_path):
    portal("migrate")
    file = tmp_path / "order.csv"
    file.write_text("交收日期\t业务名称\t证券代码\n", encoding="gb18030")
    told = portal("feed", "delivery-order", file, "--account", "404")
    assert told.exit_code == 1
    assert "REFUSED" in told.stdout


def test_the_ledger_and_the_record_verify_after_a_load(portal, days):
    portal("migrate")
    portal("feed", "load", *days)
    for room in ("points", "audit", "library"):
        assert portal(room, "verify").exit_code == 0
        assert json.loads(portal(room, "verify", "--json").stdout) == []


def test_staff_are_entered_with_an_activation_code(portal):
    portal("migrate")
    told = json.loads(portal("staff", "add", "周新人", "--role", "reviewer", "--json").stdout)
    assert (told[0]["name"], len(told[0]["activation_code"])) == ("周新人", 10)


def test_the_demo_knows_no_code_of_a_stranger(portal):
    told = portal("demo", "code", "某人")
    assert (told.exit_code, len(told.stderr.splitlines())) == (2, 1)


def test_a_taken_port_is_one_sentence(portal):
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = portal("serve", PORTAL_PORT=str(other.getsockname()[1]))
    assert (told.exit_code, len(told.stderr.splitlines())) == (2, 1)


def test_serve_ends_itself_the_worker_and_the_message_centre(environment):
    port = _free_port()
    given = {name: value for name, value in environment.items() if value} | {"PORTAL_PORT": str(port)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    line = [sys.executable, "-m", "portal", "serve", "--worker", "--demo", "--demo-days", "7"]
    with subprocess.Popen(line, cwd=ROOT, env=kept | given, stderr=subprocess.PIPE, text=True) as server:
        told = [next(line for line in server.stderr if "worker.started" in line or "worker.ended" in line)]
        begun = time.monotonic()
        while not _answers(port) and server.poll() is None and time.monotonic() - begun < 20:
            time.sleep(0.1)
        server.send_signal(signal.SIGTERM)  # the journeys end theirs by Ctrl-C
        told += server.stderr.readlines()
        assert server.wait(30) == 0, "".join(told)
    assert any("worker.ended" in said for said in told)
    assert not _answers(port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_figures_of_an_account_are_printed_under_the_names_of_the_vectors(portal, days):
    assert portal("migrate").exit_code == 0
    assert portal("feed", "load", *days).exit_code == 0
    account = next(line for line in (days[0] / "account.csv").read_text().splitlines()[1:]).split(",")[0]
    told = portal("holdings", "figures", "--account", account, "--as-of", "2026-11-19", "--json")
    rows = json.loads(told.stdout)
    vectors = json.loads((ROOT / "tests/holdings/cost-vectors.json").read_text())["V02c"]
    assert set(vectors) | {"be_dil", "be_ma", "day_pnl", "known"} <= set(rows[0])
    assert {row["as_of"] for row in rows} == {"2026-11-19"}
    assert portal("holdings", "figures", "--account", "0").exit_code == 2
