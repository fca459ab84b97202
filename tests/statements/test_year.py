"""The demo's year: every month closes on the next one's opening, and a year's rows come page by page."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal import identity, points, settings, statements
from portal.app import create
from portal.demo import CLIENTS, PASSWORD, Client, code_of, lay
from portal.demo.mistakes import UNLUCKY
from portal.kit.db import Database
from portal.kit.vault import open_vault
from tests.conftest import Databases

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SUM = re.compile(r'<dt>([^<]+)</dt><dd class="n">([^<]+)</dd>')
MONTH = re.compile(r'href="(/statements/\d{4}-\d{2})"')
ROW = re.compile(r'data-l="余额">([^<]+)</td>')
SESSIONS: dict[str, str] = {}
SEAL = 'class="seal"'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("year")


@pytest.fixture(scope="module")
def year(sqlite_databases: Databases, home: Path) -> Iterator[Database]:
    """The demo's year, laid once."""
    databases = Databases(sqlite_databases.make, sqlite_databases.remove)
    database = databases.fresh()
    assert lay(database, home, NOW)
    yield database
    databases.close()


@pytest.fixture(scope="module")
def web(year: Database, home: Path) -> Iterator[TestClient[Litestar]]:
    url = year.engine.url.render_as_string(hide_password=False)
    app = create(settings.read({"PORTAL_HOME": str(home), "PORTAL_DATABASE_URL": url}), now=lambda: NOW)
    with TestClient(app, base_url="http://127.0.0.1:8000") as browser:
        browser.headers.update({"Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN"})
        yield browser
    app.state.house.database.engine.dispose()


def enter(web: TestClient[Litestar], database: Database, home: Path, who: Client) -> None:
    if who.name not in SESSIONS:  # a code is good once
        SESSIONS[who.name] = _session(database, home, who)
    web.cookies.set("session", SESSIONS[who.name])


def _session(database: Database, home: Path, who: Client) -> str:
    seat = identity.Seat("127.0.0.0/24", "test", None)
    entry = identity.sign_in(database, user_name=who.user_name, password=PASSWORD, seat=seat, now=NOW)
    if isinstance(entry, identity.Attempt):
        code = code_of(database, home, who.name, NOW)
        with database.writing() as db:
            entry = identity.answer(db, open_vault(home), attempt=entry.secret, code=code, seat=seat, now=NOW)
    assert isinstance(entry, identity.Entry)
    return entry.session


def read(web: TestClient[Litestar], path: str) -> str:
    answer = web.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def sums(page: str) -> dict[str, Decimal]:
    return {name: Decimal(figure.replace(",", "").replace("−", "-")) for name, figure in SUM.findall(page)}


def test_every_month_of_every_client_closes_on_the_next_ones_opening(web, year, home):
    unsealed = []
    for who in CLIENTS:
        enter(web, year, home, who)
        months = sorted(set(MONTH.findall(read(web, "/statements"))))
        assert [month[-7:] for month in months] == [f"2025-{n}" for n in (11, 12)] + [
            f"2026-{n:02}" for n in range(1, 12)
        ]
        pages = [read(web, month) for month in months]
        told = [sums(page) for page in pages]
        for each in told:
            assert each["期初"] + each["流入"] - each["流出"] == each["期末"]
        assert all(before["期末"] == after["期初"] for before, after in pairwise(told))
        unsealed += [(who.name, month) for month, page in zip(months, pages, strict=True) if SEAL not in page]
        whole = sums(read(web, "/statements/2025-11-21..2026-11-20"))
        assert (whole["期初"], whole["期末"]) == (told[0]["期初"], told[-1]["期末"])
        assert whole["流入"] == sum(each["流入"] for each in told)
    assert unsealed == [(UNLUCKY.name, "/statements/2026-11")]


def test_a_years_rows_come_page_by_page_each_of_them_once(web, year, home):
    enter(web, year, home, CLIENTS[3])
    path, balances, pages = "/statements/2025-11-21..2026-11-20?view=cash", [], 0
    whole = read(web, path.replace("view=cash", ""))
    count = int(re.search(r"期初加 (\d+) 笔流水", whole)[1])
    while path:
        page = read(web, path)
        balances += ROW.findall(page)
        pages += 1
        more = re.search(r'href="([^"#]*)#s-rows">加载更多', page)
        path = unescape(more[1]) if more else ""
    assert len(balances) == count > 300
    assert "本金 200,000.00 · 利息" in page
    assert pages == -(-count // 50)
    file = web.get("/statements/2025-11-21..2026-11-20/rows.csv?view=cash").text.splitlines()
    assert [line.rpartition(",")[2] for line in file[1:]] == [balance.replace(",", "") for balance in balances]


def test_the_unlucky_client_alone_is_being_checked_and_the_points_of_all_add_up(year):
    with year.reading() as db:
        found = {}
        for who in CLIENTS:
            account = statements.account_by_no(db, who.account_no)
            found[who.name] = statements.faults(db, account.id, date(2025, 1, 1), date(2026, 12, 31))
        assert points.verify(db) == []
    assert all(len(faults) == 242 for faults in found.values())
    assert [name for name, faults in found.items() if any(faults.values())] == [UNLUCKY.name]
