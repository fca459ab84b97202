"""A month's statement over HTTP, on the sample days and on a delivery order."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import event

from portal import clients, identity, settings
from portal.app import create
from portal.feeds import load_delivery_order
from portal.identity import Seat
from portal.kit.db import Database
from tests.feeds.days import FIRST, NOW, SAMPLE, SECOND, edit, laid, load, sign


@pytest.fixture
def days(tmp_path: Path) -> Path:
    return laid(tmp_path / "days")


@pytest.fixture
def web(database: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The portal's pages over the test's database."""
    url = database.engine.url.render_as_string(hide_password=False)
    app = create(replace(settings.read({"PORTAL_HOME": str(tmp_path)}), database_url=url), now=lambda: NOW)
    with TestClient(app, base_url="http://127.0.0.1:8000") as browser:
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        yield browser
    app.state.house.database.engine.dispose()


def sign_in(database: Database, web: TestClient, client_no: str = "10000001") -> None:
    """Let a client in: an activation code, a password, the cookie."""
    with database.writing() as db:
        client = clients.client_by_no(db, client_no)
        user = identity.enter_client(db, client_id=client.id, name=client.name, personal=[], now=NOW)
        code = identity.give_activation(db, user_id=user.id, by="system", now=NOW)
    seat = Seat("127.0.0.1", "test", None)
    entry = identity.activate(
        database, code=code, user_name=f"client{client_no}", password="a quiet lantern by the river", seat=seat, now=NOW
    )
    web.cookies.set("session", entry.session)


def read(web: TestClient, path: str) -> str:
    answer = web.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_latest_month_is_led_to_and_carries_the_seal(database, web, days):
    load(database, days / FIRST)
    load(database, days / SECOND)
    sign_in(database, web)
    assert web.get("/statements", follow_redirects=False).headers["location"] == "/statements/2024-06"
    page = read(web, "/statements/2024-06?lang=zh")
    for figure in ("20,000.00", "7,691.07", "45.00", "27,646.07", "+7,691.07", "−45.00", "700 股 × 11.00"):
        assert figure in page
    for fee in ("净佣金 4.59", "经手费 0.26", "证管费 0.15", "印花税 3.85", "过户费 0.08"):
        assert fee in page
    assert 'class="seal"' in page
    assert "期初加 2 笔流水等于期末，一分不差。" in page
    assert "****0001" in page
    assert "2000000001" not in page


def test_the_same_page_speaks_english(database, web, days):
    load(database, days / FIRST)
    load(database, days / SECOND)
    sign_in(database, web)
    page = read(web, "/statements/2024-06?lang=en")
    assert "Statement for June 2024" in page
    assert "Opening plus 2 movements equals closing, to the cent." in page


def test_a_break_takes_the_seal_away_and_says_so(database, web, days):
    load(database, days / FIRST)
    edit(days / SECOND, "cash_balance.csv", "27646.07", "27656.07")
    sign(days / SECOND)
    load(database, days / SECOND)
    sign_in(database, web)
    page = read(web, "/statements/2024-06?lang=zh")
    assert 'class="seal"' not in page
    assert "核对中" in page
    assert "10.00" in page


def test_a_delivery_order_shows_every_row_marks_the_unknown_word_and_carries_no_seal(database, web, days):
    load(database, days / FIRST)
    load_delivery_order(database, SAMPLE / "delivery-order.xls", "2000000001", NOW)
    sign_in(database, web)
    page = read(web, "/statements/2024-01?lang=zh")
    assert page.count('class="gd r n" data-l="余额"') == 8
    assert '账户管理杂项</span> <span class="tag">待核实</span>' in page
    assert "本金 50,000.00 · 利息 2.74" in page
    assert "500 张 × 2.000%" in page
    assert 'class="seal"' not in page


@pytest.mark.parametrize(
    "path", ["/statements/2024-13", "/statements/june", "/statements/2024-07", "/statements/2024-06?account=99"]
)
def test_a_month_or_account_that_is_not_there_is_not_found(database, web, days, path):
    load(database, days / FIRST)
    sign_in(database, web)
    assert web.get(path).status_code == 404


def test_nobody_sees_another_clients_account(database, web, days):
    edit(days / FIRST, "client.csv", "10000001,", "10000002,乙测试,1,0101,20190105,0,C3,20260630\n10000001,")
    sign(days / FIRST)
    load(database, days / FIRST)
    sign_in(database, web, "10000002")
    assert "还没有账单" in read(web, "/statements?lang=zh")
    assert web.get("/statements/2024-06?account=1").status_code == 404


def test_several_accounts_are_chosen_between(database, web, days):
    edit(days / FIRST, "account.csv", "2000000001,", "2000000002,10000001,CASH,CNY,20200101,0\n2000000001,")
    edit(days / FIRST, "cash_balance.csv", "2000000001,", "2000000002,CNY,5.00,0.00,5.00,0.00\n2000000001,")
    sign(days / FIRST)
    load(database, days / FIRST)
    sign_in(database, web)
    first = read(web, "/statements")
    assert "****0001" in first
    assert "****0002" in first
    other = web.get("/statements?account=2", follow_redirects=False).headers["location"]
    assert other == "/statements/2024-06?account=2"


def test_a_month_costs_the_same_few_reads_however_many_rows(database, web, days):
    load(database, days / FIRST)
    load_delivery_order(database, SAMPLE / "delivery-order.xls", "2000000001", NOW)
    sign_in(database, web)
    reads: list[str] = []
    engine = web.app.state.house.database.engine
    event.listen(engine, "before_cursor_execute", lambda *told: reads.append(told[2]))
    read(web, "/statements/2024-06")
    few = len(reads)
    reads.clear()
    read(web, "/statements/2024-01")
    assert len(reads) == few <= 8
