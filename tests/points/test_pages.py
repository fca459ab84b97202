"""The client's pages: what they say, in both languages, and that nobody sees another client's line."""

from decimal import Decimal

import pytest

from portal import calendar, points
from portal.identity.models import SessionRow, User
from portal.identity.rules import fingerprint
from portal.kit.clock import day_after
from tests.points.parts import DAY, give, new_client, take


@pytest.fixture
def client(database, clock):
    with database.writing() as db:
        calendar.seed(db)
        points.publish_rules(db, clock.at)
        return new_client(db)


@pytest.fixture
def signed_in(browser, database, client, clock):
    with database.writing() as db:
        user = User(kind="client", name="王小满", client_id=client, roles=[], personal=[], epoch=0, created_at=clock.at)
        db.add(user)
        db.flush()
        told = {"aal": 1, "network": "127.0.0.1", "agent": "test", "epoch": 0, "created_at": clock.at}
        db.add(SessionRow(id_hash=fingerprint("secret"), user_id=user.id, seen_at=clock.at, **told))
    browser.cookies.set("session", "secret")
    return browser


def earn_commission(db, client, now, yuan="86.32", tier="gold", days_ago=7):
    trade_on = (now - days_ago * DAY).date()
    return points.earn_commission(
        db, client_id=client, account_no="1", trade_on=trade_on, net_commission=Decimal(yuan), tier=tier, now=now
    )


def test_a_client_without_points_reads_how_to_earn_them(signed_in):
    page = signed_in.get("/points")
    assert page.status_code == 200
    assert "您还没有积分" in page.text


def test_the_page_shows_the_balance_what_lapses_and_the_ledger(signed_in, database, client, clock):
    with database.writing() as db:
        give(db, client, 2000, at=clock.at, expires_at=day_after((clock.at + 41 * DAY).date()))
        give(db, client, 5000, at=clock.at)
        take(db, client, 1200, at=clock.at)
        earn_commission(db, client, clock.at, days_ago=0)
    text = signed_in.get("/points").text
    assert '<p class="big">5,800</p>' in text
    assert "800 分最先到期，还有 41 天" in text
    assert "另占用 1,200" in text
    assert "2026-12-31" in text
    assert "长期有效" in text
    assert "兑换单 DH-1" in text
    assert "−1,200" in text
    assert "2026 年 11 月 24 日入账" in text


def test_a_commission_line_opens_into_inputs_rule_multiplier_carry_and_result(signed_in, database, client, clock):
    with database.writing() as db:
        earn_commission(db, client, clock.at, yuan="0.37", tier="normal", days_ago=8)
        earn_commission(db, client, clock.at)
        points.activate_due(db, clock.at)
    for number in (1, 2):
        text = signed_in.get(f"/points/lines/{number}").text
        for told in ("86.32", "1.5", "129.48", "0.37", "129", "0.85", "第 1 版「佣金转积分」", "effective_from"):
            assert told in text
        assert "2026 年 11 月 17 日" in text
    assert "Carried from last time" in signed_in.get("/points/lines/1?lang=en").text


def test_the_line_of_a_hold_says_which_points_went(signed_in, database, client, clock):
    with database.writing() as db:
        give(db, client, 5, at=clock.at, lapses_in=3)
        give(db, client, 5, at=clock.at)
        take(db, client, 8, at=clock.at)
    text = signed_in.get("/points/lines/3").text
    assert "2026 年 11 月 23 日到期的积分" in text
    assert "长期有效的积分" in text


def test_a_fragment_is_the_row_alone(signed_in, database, client, clock):
    with database.writing() as db:
        give(db, client, 5, at=clock.at)
    text = signed_in.get("/points/lines/1", headers={"HX-Request-Type": "partial"}).text
    assert text.strip().startswith('<tbody id="line-1">')
    assert text.strip().endswith("</tbody>")


def test_older_lines_stand_on_the_next_page(signed_in, database, client, clock):
    with database.writing() as db:
        for number in range(21):
            give(db, client, 1, at=clock.at, key=f"k{number}")
    first, second = signed_in.get("/points").text, signed_in.get("/points?before=2").text
    assert 'id="line-21"' in first
    assert 'id="line-1"' not in first
    assert "?before=2#s-led" in first
    assert 'id="line-1"' in second
    assert "这是最早的一笔" in second


def test_a_strange_place_to_continue_from_shows_the_newest(signed_in, database, client, clock):
    with database.writing() as db:
        give(db, client, 1, at=clock.at)
    for typed in ("x", "-1", "99999999999999999999", "²", ""):
        assert 'id="line-1"' in signed_in.get("/points", params={"before": typed}).text


def test_another_clients_line_does_not_exist(signed_in, database, clock):
    with database.writing() as db:
        give(db, new_client(db), 5, at=clock.at)
    for number in ("1", "0", "99999999999"):
        assert signed_in.get(f"/points/lines/{number}").status_code == 404


def test_nobody_comes_in_without_signing_in(browser):
    assert browser.get("/points").status_code == 303
