"""A month's statement over HTTP, on the sample days and on a delivery order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import event

from portal import clients, identity, settings
from portal.feeds import load_delivery_order
from portal.identity import Seat
from portal.kit.db import Database
from tests.conftest import furnished
from tests.feeds.days import FIRST, NOW, SAMPLE, SECOND, edit, laid, load, sign


@pytest.fixture
def days(tmp_path: Path) -> Path:
    return laid(tmp_path / "days")


@pytest.fixture
def web(walls: Litestar, database: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The portal's pages over the test's database."""
    url = database.engine.url.render_as_string(hide_password=False)
    app = furnished(walls, settings.read({"PORTAL_HOME": str(tmp_path), "PORTAL_DATABASE_URL": url}), lambda: NOW)
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
    trades = read(web, "/statements/2024-06?view=trades&lang=zh")
    for fee in ("净佣金 4.59", "经手费 0.26", "证管费 0.15", "印花税 3.85", "过户费 0.08"):
        assert fee in trades
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
    assert max(len(reads), few) <= 9


@pytest.fixture
def july(database, web, days) -> TestClient:
    """A client signed in whose ledger holds the two days and a delivery order."""
    load(database, days / FIRST)
    load(database, days / SECOND)
    sign_in(database, web)
    return web


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("view=cash", ["+7,691.07", "−45.00"], []),
        ("view=cash&kind=DIV_TAX", ["−45.00"], ["+7,691.07"]),
        ("view=cash&least=1,000", ["+7,691.07"], ["−45.00"]),
        ("view=cash&most=45", ["−45.00"], ["+7,691.07"]),
        ("view=cash&q=证券卖", ["+7,691.07"], ["−45.00"]),
        ("view=cash&security=6005", [], ["+7,691.07", "−45.00"]),
        ("kind=SELL", ["+7,691.07"], ["−45.00"]),
        ("view=trades&kind=SELL", ["净佣金 4.59"], []),
        ("view=trades&kind=BUY", [], ["净佣金 4.59"]),
        ("view=trades&q=%25", [], ["净佣金 4.59"]),
    ],
)
def test_rows_are_sifted_by_kind_amount_text_and_security(july, asked, shown, hidden):
    page = read(july, f"/statements/2024-06?lang=zh&{asked}")
    rows = page[page.index('id="s-rows"') :]
    for figure in shown:
        assert figure in rows
    for figure in hidden:
        assert figure not in rows
    is_part = asked not in {"view=cash"}
    assert ("它不证明账平" in page) is is_part
    assert ('class="seal"' in page) is not is_part


def test_an_amount_that_is_none_is_said_at_its_field(july):
    page = read(july, "/statements/2024-06?view=cash&least=viel&lang=zh")
    assert 'id="e-least"' in page
    assert "+7,691.07" not in page[page.index('id="s-rows"') :]


@pytest.mark.parametrize("asked", ["least=" + "9" * 50, "most=x" * 50, "security=" + "6" * 50, "q=" + "字" * 50])
def test_whatever_is_asked_for_is_answered_in_a_sentence(july, asked):
    name = asked.partition("=")[0]
    page = read(july, f"/statements/2024-06?{asked}&lang=zh")
    assert f'id="e-{name}"' in page
    assert read(july, f"/statements/2024-06?view=trades&{asked}")


def test_a_month_at_the_end_of_all_days_is_not_there(july):
    for month in ("9999-12", "0001-01", "9999-01-01..9999-12-31"):
        assert july.get(f"/statements/{month}").status_code == 404


def test_any_days_up_to_a_year_are_a_statement_of_their_own(july):
    sent = july.get("/statements?first=2024-06-01&last=2024-06-11&view=cash", follow_redirects=False)
    assert sent.headers["location"] == "/statements/2024-06-01..2024-06-11?view=cash"
    assert 'class="seal"' in read(july, sent.headers["location"])
    for days in ("first=2024-06-11&last=2024-06-01", "first=2023-01-01&last=2024-06-01", "first=x", "last=2024-02-30"):
        answer = july.get(f"/statements?{days}&lang=zh", follow_redirects=False)
        assert answer.status_code == 422
        assert "最多 366 天" in answer.text


def test_the_file_holds_exactly_the_rows_that_are_shown(july):
    whole = july.get("/statements/2024-06/rows.csv?lang=zh")
    assert whole.headers["content-type"] == "text/csv; charset=utf-8"
    assert whole.headers["content-disposition"] == 'attachment; filename="statement-2024-06.csv"'
    assert whole.content.startswith(b"\xef\xbb\xbf")
    assert whole.content.count(b"\r\n") == whole.content.count(b"\n") == 5
    assert whole.text.splitlines()[1].endswith("期初余额,,,,20000.00")
    sold = july.get("/statements/2024-06/rows.csv?view=trades&lang=en").text.splitlines()
    assert len(sold) == 2
    assert sold[1].endswith("7700.00,4.59,0.26,0.15,3.85,0.08,0.00,7691.07")
    tax = july.get("/statements/2024-06/rows.csv?view=cash&kind=DIV_TAX&lang=zh").text.splitlines()
    assert [line.split(",")[1] for line in tax[1:]] == ["红利税"]


@pytest.mark.parametrize("path", ["/statements/2024-06?after=99999", "/statements/2024-06?after=x"])
def test_a_page_after_a_row_that_is_not_there_is_not_found(july, path):
    assert july.get(path).status_code == 404
