"""A real server with the demo laid, and a real Chromium to look at it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from portal.demo.cast import BY_NAME, PASSWORD, STAFF
from tests import chromium as chromium_of_the_system
from tests import postgres

ROOT = Path(__file__).parents[2]
CSRF = re.compile(r'name="_csrf" value="(\w*)"')
READY_WITHIN, ENDED_WITHIN = 180, 60  # seconds, on a machine that is busy with other tests


@dataclass
class House:
    """A running portal with the demo, as a person outside meets it: by its address and its command line."""

    home: Path
    database_url: str
    port: int
    _codes: dict[str, str] = field(default_factory=dict)
    _sessions: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Give the address that browsers use."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment that the portal runs in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        own = {"PORTAL_HOME": str(self.home), "PORTAL_DATABASE_URL": self.database_url, "PORTAL_PORT": str(self.port)}
        return kept | own

    def portal(self, *words: str) -> str:
        """Run a command of the portal's and give what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "portal", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"portal {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def user_name(self, name: str) -> str:
        """Give what somebody of the cast signs in with."""
        return BY_NAME[name].user_name if name in BY_NAME else next(p.user_name for p in STAFF if p.name == name)

    def code(self, name: str) -> str:
        """Give somebody's one-time code; a code that was given before is spent, so wait for the next."""
        for _ in range(40):
            code = re.findall(r"\b\d{6}\b", self.portal("demo", "code", name))[0]
            if self._codes.get(name) != code:
                self._codes[name] = code
                return code
            time.sleep(1)
        raise AssertionError(f"no new code for {name}")

    def session(self, name: str) -> str:
        """Sign somebody in without a browser, once, and give the session's cookie."""
        if name not in self._sessions:
            self._sessions[name] = self._sign_in(name)
        return self._sessions[name]

    def log(self) -> str:
        """Give the end of what the server and the worker wrote."""
        return (self.home / "serve.log").read_text(errors="replace")[-3000:]

    def _sign_in(self, name: str) -> str:
        with httpx.Client(base_url=self.address, headers={"Sec-Fetch-Site": "same-origin"}) as web:
            fields = {"user_name": self.user_name(name), "password": PASSWORD, "next": "", "_csrf": ""}
            answer = web.post("/signin", data=fields)
            if "session" not in web.cookies:
                assert answer.status_code == 303, f"{name} was not let in ({answer.status_code}): {self.log()}"
                web.post(answer.headers["location"], data={"code": self.code(name), "next": "", "_csrf": ""})
            assert "session" in web.cookies, f"{name} has no session after the second factor"
            return web.cookies["session"]


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a running portal on SQLite."""
    home = tmp_path_factory.mktemp("house")
    yield from open_house(House(home, f"sqlite:///{home / 'portal.sqlite'}", free_port()))


@pytest.fixture(scope="session")
def postgresql_house(postgresql_folder: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a running portal on PostgreSQL."""
    name = f"house_{uuid4().hex}"
    with psycopg.connect(host=postgresql_folder, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    yield from open_house(House(tmp_path_factory.mktemp("house"), postgres.url(postgresql_folder, name), free_port()))


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest) -> House:
    """Give a running portal with the demo; the journey is made once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_house")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give a real Chromium."""
    # Not for the whole run: while it lives, its event loop runs in this thread and other tests could start none.
    path = chromium_of_the_system.find()
    if path is None:
        pytest.fail("Chromium is missing. Run: sudo apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium_of_the_system.flags())
        yield browser
        browser.close()


def open_house(house: House) -> Iterator[House]:
    """Lay the demo, serve, and end cleanly."""
    house.portal("demo", "--days", "20")
    log = (house.home / "serve.log").open("wb")
    serve = [sys.executable, "-m", "portal", "serve", "--worker", "--demo"]
    process = subprocess.Popen(
        serve, cwd=ROOT, env=house.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        _wait(house, process)
        yield house
    finally:
        _end(process)


def _wait(house: House, process: subprocess.Popen[bytes]) -> None:
    for _ in range(READY_WITHIN * 10):
        if process.poll() is not None:
            break
        with suppress(httpx.TransportError):
            if httpx.get(f"{house.address}/signin").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the portal does not serve: {house.log()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(ENDED_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError(f"the portal did not end within {ENDED_WITHIN} s of Ctrl-C") from None


def free_port() -> int:
    """Find a port of the loopback address that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
