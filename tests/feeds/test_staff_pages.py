"""The staff's pages of the feed: two persons at two screens, from the quarantined row to the client's figures."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portal import clients, statements
from portal.feeds.models import FeedQuarantine
from tests.feeds.days import FIRST, SECOND, edit, laid, load, sign
from tests.visitors import post, sign_in, sign_in_staff


@pytest.fixture
def row(database, tmp_path: Path) -> int:
    """A day with one trade in quarantine; gives the row's id."""
    days = laid(tmp_path / "days")
    load(database, days / FIRST)
    edit(days / SECOND, "trade.csv", ",3.85,", ",0.00,")
    sign(days / SECOND)
    load(database, days / SECOND)
    with database.reading() as db:
        return db.scalars(select(FeedQuarantine.id)).one()


def test_two_persons_release_a_row_and_the_client_sees_figures_again(browser, database, row, clock):
    with database.reading() as db:
        client_id = clients.client_by_no(db, "10000001").id
    sign_in(browser, database, client_id, "王小满", clock.at)
    assert "正在核对" in browser.get("/").text

    sign_in_staff(browser, database, "周经办", clock.at, roles=["handler", "reviewer"])
    assert "2024-06-11" in browser.get("/desk/feeds").text
    page = browser.get("/desk/feeds/2024-06-11").text
    assert "trade.csv 第 2 行：成交金额减费用不等于清算金额" in page
    assert "****0001" in page
    assert "2000000001" not in page
    told = {"version": "0", "verdict": "release", "reason": "柜台确认免印花税"}
    where = "/desk/feeds/2024-06-11"
    assert post(browser, where, f"/desk/feeds/rows/{row}/proposal", **told).status_code == 303
    own = post(browser, where, f"/desk/feeds/rows/{row}/decision", version="1")
    assert own.status_code == 422
    assert "须由他人复核" in own.text

    sign_in_staff(browser, database, "吴复核", clock.at)
    stale = post(browser, where, f"/desk/feeds/rows/{row}/proposal", **told)
    assert stale.status_code == 422
    assert "周经办 已于" in stale.text
    assert post(browser, where, f"/desk/feeds/rows/{row}/decision", version="1").status_code == 303
    assert "没有要核对的" in browser.get("/desk/feeds").text

    with database.reading() as db:
        account = statements.account_by_no(db, "2000000001").id
        assert not any(statements.faults(db, account, *[statements.latest_day(db, [account])] * 2).values())


def test_a_proposal_without_a_reason_says_so(browser, database, row, clock):
    sign_in_staff(browser, database, "周经办", clock.at, roles=["handler", "reviewer"])
    told = {"version": "0", "verdict": "release", "reason": ""}
    answer = post(browser, "/desk/feeds/2024-06-11", f"/desk/feeds/rows/{row}/proposal", **told)
    assert answer.status_code == 422
    assert "请写明理由" in answer.text


def test_a_corrected_day_shows_the_next_one_without_ground_and_two_rebase_it(browser, database, tmp_path, clock):
    days = laid(tmp_path / "days")
    load(database, days / FIRST)
    load(database, days / SECOND)
    sign(days / FIRST, sequence=2)
    load(database, days / FIRST)
    sign_in_staff(browser, database, "周经办", clock.at, roles=["handler", "reviewer"])
    where = "/desk/feeds/2024-06-11"
    assert "失去依据" in browser.get(where).text
    assert post(browser, where, f"{where}/rebase", reason="第一天已更正").status_code == 303
    assert post(browser, "/desk/feeds", "/desk/feeds/rebases/1/approval").status_code == 422
    sign_in_staff(browser, database, "吴复核", clock.at)
    assert post(browser, "/desk/feeds", "/desk/feeds/rebases/1/approval").status_code == 303
    assert "吴复核" in browser.get("/desk/feeds").text


@pytest.mark.parametrize("path", ["/desk/feeds/2024-06-31", "/desk/feeds/1999-01-01", "/desk/feeds?before=x"])
def test_a_day_that_is_none_is_not_there(browser, database, clock, path):
    sign_in_staff(browser, database, "周经办", clock.at, roles=["handler", "reviewer"])
    assert browser.get(path).status_code == 404
