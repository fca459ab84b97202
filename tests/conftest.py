"""What every test may ask for by name.

`database`: a fresh one, the test runs on SQLite and on PostgreSQL; `databases.fresh()` makes more of the same kind.
`app`: the real application on that database; `clock.at` is its time. `browser`: an HTTP client of it, without scripts.
`chromium`: a real browser, and `house`: a real server with the demo, for the journeys (tests/journeys/conftest.py).
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal import settings
from portal.kit import migrations, vault
from portal.kit.db import Database, connect
from tests import keys, postgres, spares

ROOT = Path(__file__).parents[1]
SCHEMA_FOLDER = TemporaryDirectory(prefix="portal-schema-")  # goes with the process
SERVER = pytest.StashKey[postgres.Server]()


@dataclass
class Databases:
    """Makes fresh empty databases of one kind, and takes them away again."""

    make: Callable[[str], str]
    remove: Callable[[str], None]
    _made: dict[str, Database] = field(default_factory=dict)

    def fresh(self) -> Database:
        """Give a new database with the whole schema and nothing in it."""
        name = f"t{uuid4().hex}"
        self._made[name] = connect(self.make(name), keys.VAULT)
        return self._made[name]

    def close(self) -> None:
        """Take away all that were made."""
        while self._made:
            name, database = self._made.popitem()
            database.engine.dispose()
            self.remove(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Give a maker of fresh databases; the test runs once on SQLite and once on PostgreSQL."""
    source: Databases = request.getfixturevalue(f"{request.param}_databases")
    made = Databases(source.make, source.remove)
    yield made
    made.close()


@pytest.fixture
def database(databases: Databases) -> Database:
    """Give a fresh database; the test runs once on SQLite and once on PostgreSQL."""
    return databases.fresh()


@dataclass
class Clock:
    """A clock that stands still until a test sets it."""

    at: datetime

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Give the clock of `app`: a Friday morning, 10:00 in Shanghai."""
    return Clock(datetime(2026, 11, 20, 2, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def walls(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """Build the application once a process: its addresses and templates are the same for every test."""
    from portal.app import create

    return create(settings.read({"PORTAL_HOME": str(tmp_path_factory.mktemp("walls"))}))


@pytest.fixture
def app(walls: Litestar, database: Database, clock: Clock, tmp_path: Path) -> Iterator[Litestar]:
    """Give the real application on a fresh database."""
    url = database.engine.url.render_as_string(hide_password=False)
    yield furnished(walls, settings.read({"PORTAL_HOME": str(tmp_path), "PORTAL_DATABASE_URL": url}), clock)
    walls.state.house.database.engine.dispose()


def furnished(walls: Litestar, read: settings.Settings, now: Callable[[], datetime]) -> Litestar:
    """Put another house into an application that is built: these settings, their database and keys, this clock."""
    keys.lay(read.home)
    own = vault.open_vault(read.home)
    walls.state.house = replace(
        walls.state.house, settings=read, database=connect(read.database_url, own), vault=own, clock=now
    )
    return walls


@pytest.fixture
def browser(app: Litestar) -> Iterator[TestClient[Litestar]]:
    """Give an HTTP client of the application that sends what a browser sends; it follows no redirect by itself."""
    headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN"}
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        client.headers.update(headers)
        client.follow_redirects = False
        yield client


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Prepare one SQLite file; each fresh database is its copy."""
    folder = tmp_path_factory.mktemp("sqlite")
    lay_schema(f"sqlite:///{folder / 'template'}")

    def make(name: str) -> str:
        shutil.copyfile(folder / "template", folder / name)
        return f"sqlite:///{folder / name}"

    def remove(name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            (folder / f"{name}{suffix}").unlink(missing_ok=True)

    return Databases(make, remove)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_folder: str) -> Iterator[Databases]:
    """Prepare one PostgreSQL database; each fresh one is made from it, or is an emptied one."""
    template = f"template_{uuid4().hex}"
    with spares.connected(postgresql_folder, "postgres") as admin:
        admin.execute(f"CREATE DATABASE {template}")
        lay_schema(postgres.url(postgresql_folder, template))
        spares.note_changes(postgresql_folder, template)
        pool = spares.Spares(postgresql_folder, template, admin)
        yield Databases(pool.lend, pool.take_back)


@pytest.fixture(scope="session")
def postgresql_folder(request: pytest.FixtureRequest) -> str:
    """Name the folder of the run's PostgreSQL; it starts at the first need, under xdist before the workers."""
    if workerinput := getattr(request.config, "workerinput", None):
        if workerinput["postgresql_missing"]:
            pytest.fail(workerinput["postgresql_missing"], pytrace=False)
        return workerinput["postgresql_folder"]
    try:
        return str(_server(request.config).folder)
    except postgres.Missing as missing:
        pytest.fail(str(missing), pytrace=False)


def lay_schema(url: str) -> None:
    """Bring an empty database to the newest schema, by the same migrations as a firm's; on SQLite once a process."""
    if url.startswith("sqlite:///"):
        shutil.copyfile(sqlite_schema(), url.removeprefix("sqlite:///"))
    else:
        migrations.upgrade(url)


@cache
def sqlite_schema() -> Path:
    """Give a file with the newest schema and nothing in it."""
    file = Path(SCHEMA_FOLDER.name) / "schema"
    migrations.upgrade(f"sqlite:///{file}")
    return file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Under xdist: tests that share a running portal share a worker, and begin first, since they take longest."""
    from xdist.scheduler import LoadScopeScheduling

    class BySharedHouse(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if not nodeid.startswith("tests/journeys/"):
                return nodeid
            kind = re.search(r"\[.*?(sqlite|postgresql)", nodeid)
            return f"house on {kind[1]}" if kind else nodeid.split("::")[0]

    return BySharedHouse(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Under xdist: start PostgreSQL once, and tell each worker where it is."""
    node.workerinput["postgresql_missing"] = ""
    try:
        node.workerinput["postgresql_folder"] = str(_server(node.config).folder)
    except postgres.Missing as missing:
        node.workerinput["postgresql_missing"] = str(missing)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop PostgreSQL when the run ends, however it ends."""
    if SERVER in config.stash:
        config.stash[SERVER].stop()


def _server(config: pytest.Config) -> postgres.Server:
    if SERVER not in config.stash:
        config.stash[SERVER] = postgres.start()
    return config.stash[SERVER]
