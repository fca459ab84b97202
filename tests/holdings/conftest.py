"""The demo brokerage laid once for tests that look at every figure; on SQLite alone, since it is large."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal import calendar, clients, feeds, points, settings
from portal.demo.feed_days import write_days
from portal.demo.laying import SEED, trading_days
from portal.kit.clock import local_date
from portal.kit.db import Database, connect
from tests import keys
from tests.conftest import Clock, Databases
from tests.visitors import sign_in

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@dataclass
class Brokerage:
    """The demo's clients with all their days, and the application on their database."""

    app: Litestar
    database: Database
    clients: dict[str, int]

    def browser(self, client_no: str) -> TestClient[Litestar]:
        """Give a browser in which a client is signed in."""
        browser = TestClient(self.app, base_url="http://127.0.0.1:8000")
        browser.headers.update({"Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN"})
        browser.follow_redirects = False
        sign_in(browser, self.database, self.clients[client_no], client_no, NOW)
        return browser


@pytest.fixture(scope="session")
def brokerage(sqlite_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokerage]:
    """Lay the demo's market, clients and days; nobody's password is hashed but of whom a test signs in."""
    from portal.app import create

    url = sqlite_databases.make("brokerage")
    database, home = connect(url, keys.VAULT), tmp_path_factory.mktemp("brokerage")
    keys.lay(home)
    with database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, NOW)
    with database.reading() as db:
        days, following = trading_days(db, local_date(NOW))
    for folder in write_days(home / "feed", days, SEED, following):
        assert feeds.load_day(database, folder, NOW).state is not feeds.State.REFUSED
    with database.reading() as db:
        ids = clients.ids_by_no(db)
    app = create(settings.read({"PORTAL_HOME": str(home), "PORTAL_DATABASE_URL": url}), now=Clock(NOW))
    yield Brokerage(app, database, ids)
    app.state.house.database.engine.dispose()
    database.engine.dispose()
    sqlite_databases.remove("brokerage")
