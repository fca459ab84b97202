"""What commissions earn, in the ledger."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import calendar, points
from portal.kit.clock import at, day_after
from portal.points.earning import RULE_SETS
from portal.points.rules import Receipt, Refusal
from tests.points.parts import NOON, everything, new_client

THURSDAY = date(2026, 11, 19)
NIGHT = datetime(2026, 11, 19, 18, tzinfo=UTC)


@pytest.fixture
def client(db):
    calendar.seed(db)
    points.publish_rules(db, NOON)
    return new_client(db)


def earn(db, client, yuan="100.00", *, on=THURSDAY, account="A1", tier="normal"):
    return points.earn_commission(
        db, client_id=client, account_no=account, trade_on=on, net_commission=Decimal(yuan), tier=tier, now=NIGHT
    )


def test_commission_is_pending_until_the_second_trading_day_and_lasts_two_years_to_the_years_end(db, client):
    assert earn(db, client) == Receipt(1, 100)
    balance = points.balance(db, client, NIGHT)
    assert (balance.available, balance.pending, balance.pending_until) == (0, 100, at(date(2026, 11, 23)))
    [lapse] = points.lots(db, client, NIGHT)
    assert (lapse.at, lapse.on) == (day_after(date(2028, 12, 31)), date(2028, 12, 31))
    assert points.balance(db, client, at(date(2026, 11, 23))).available == 100


def test_the_same_day_of_the_same_account_earns_once(db, client):
    first = earn(db, client)
    before = everything(db)
    assert earn(db, client) == first
    assert earn(db, client, tier="gold") == first
    assert earn(db, client, "100.01") is Refusal.KEY_TAKEN
    assert everything(db) == before


def test_a_commission_below_one_point_is_carried_and_remembered(db, client):
    assert earn(db, client, "0.99") == Receipt(None, 0)
    assert earn(db, client, "0.99") == Receipt(None, 0)
    assert earn(db, client, "0.01", account="A2") == Receipt(1, 1)


@pytest.mark.parametrize("yuan", ["0.00", "-3.20"])
def test_no_commission_earns_nothing(db, client, yuan):
    assert earn(db, client, yuan) is Refusal.NOT_POSITIVE


def test_nothing_is_earned_before_the_first_rules(db, client):
    assert earn(db, client, on=date(2023, 12, 29)) is Refusal.NO_RULE
    assert earn(db, client, on=date(2026, 1, 5)) == Receipt(1, 100)


def test_the_year_is_capped_and_a_new_year_begins_anew(db, client):
    for month in (3, 4, 5):
        assert earn(db, client, "50000.00", on=date(2026, month, 10)).points == 50_000
    assert earn(db, client, "30000.00", on=date(2026, 6, 10), tier="silver").points == 36_000
    assert earn(db, client, "30000.00", on=date(2026, 7, 10)).points == 14_000
    assert earn(db, client, "30000.00", on=date(2026, 8, 10)) == Receipt(None, 0)
    assert points.earned_in_year(db, client, NIGHT, "commission") == 200_000


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(fen=st.lists(st.integers(1, 9999), min_size=1, max_size=8))
def test_the_ledger_loses_no_fen_however_the_day_is_cut(db, client, fen):
    with db.begin_nested() as undo:
        for number, amount in enumerate(fen):
            earn(db, client, str(Decimal(amount).scaleb(-2)), account=f"A{number}")
        assert points.balance(db, client, NIGHT).pending == sum(fen) // 100
        undo.rollback()


def test_published_rules_stay_and_changing_them_is_refused(db, client, tmp_path):
    assert points.publish_rules(db, NOON) == 0
    text = (RULE_SETS / "2024.toml").read_text("utf-8")
    (tmp_path / "2024.toml").write_text(text.replace("积分规则", "改过的"))
    with pytest.raises(points.BadRules, match="version 1 is published"):
        points.publish_rules(db, NOON, tmp_path)


def test_a_new_version_holds_from_its_day_and_late_events_use_the_old_one(db, client, tmp_path):
    rules, examples = (RULE_SETS / "2024.toml").read_text("utf-8").split("[[example]]", 1)
    for before, after in (
        ("version = 1", "version = 2"),
        ('"2024-01-01" ', '"2026-11-20" '),
        ("points = 1\n", "points = 2\n"),
    ):
        rules = rules.replace(before, after)
    for before, after in (("points = 129", "points = 259"), ("17/20", "33/100"), ("points = 0,", "points = 1,")):
        examples = examples.replace(before, after)
    new = rules + "[[example]]" + examples.replace("99/100", "49/50")
    (tmp_path / "2.toml").write_text(new)
    assert points.publish_rules(db, NOON, tmp_path) == 1
    assert earn(db, client, on=date(2026, 11, 20)).points == 200
    assert earn(db, client, on=THURSDAY).points == 100


def test_a_version_for_the_past_is_refused(db, client, tmp_path):
    text = (RULE_SETS / "2024.toml").read_text("utf-8")
    (tmp_path / "2.toml").write_text(text.replace("version = 1", "version = 2").replace('"2024-01-01"', '"2026-11-18"'))
    with pytest.raises(points.BadRules, match="must take effect after now"):
        points.publish_rules(db, NOON, tmp_path)
