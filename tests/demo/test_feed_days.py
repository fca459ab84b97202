"""The generated days are exact: they balance, add up and repeat byte for byte."""

import csv
import hashlib
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from portal.demo.brokerage import days
from portal.demo.cast import CLIENTS
from portal.demo.corporate import DIVIDENDS, RIGHTS
from portal.demo.feed_days import FIRST, deliveries, write_days
from portal.demo.market import SECURITIES, quotes
from portal.demo.mistakes import UNLUCKY

SEED = 20
DAYS = [day for day in (date(2026, 10, 26) + timedelta(n) for n in range(26)) if day.weekday() < 5]
YEAR = [day for day in (date(2025, 11, 24) + timedelta(n) for n in range(362)) if day.weekday() < 5]
Rows = list[dict[str, str]]


def written(folder: Path, some: list[date]) -> list[Path]:
    """Write days and give those that stand in the end."""
    return [day for day in write_days(folder, some, SEED) if day.parent.name != FIRST]


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> list[Path]:
    return written(tmp_path_factory.mktemp("feed"), DAYS)


@pytest.fixture(scope="module")
def year(tmp_path_factory) -> list[Path]:
    return written(tmp_path_factory.mktemp("year"), YEAR)


@cache
def rows(folder: Path, name: str) -> Rows:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(found: Rows, column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in found), Decimal(0))


def test_the_same_seed_and_days_give_the_same_bytes(folders, tmp_path):
    again = written(tmp_path, DAYS)
    for first, second in zip(folders, again, strict=True):
        assert {f.name: f.read_bytes() for f in first.iterdir()} == {f.name: f.read_bytes() for f in second.iterdir()}


def test_another_seed_gives_another_market():
    assert quotes(5, SEED) != quotes(5, SEED + 1)


def test_a_shorter_run_begins_as_a_longer_one_does(folders, tmp_path):
    for folder in write_days(tmp_path, DAYS[:3], SEED, following=DAYS[3:5]):
        assert (folder / "trade.csv").read_bytes() == (folders[0].parent / folder.name / "trade.csv").read_bytes()


def test_each_manifest_tells_its_files_and_names_the_one_before(folders):
    previous = ""
    for folder in folders:
        manifest = (folder / "manifest.json").read_bytes()
        told = json.loads(manifest)
        assert told["previous_manifest_sha256"] == previous
        previous = hashlib.sha256(manifest).hexdigest()
        assert (folder / "READY").read_text().strip() == previous
        assert {file.name for file in folder.glob("*.csv")} == set(told["files"])
        for name, figures in told["files"].items():
            content = (folder / name).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (figures["bytes"], figures["sha256"])
            assert len(rows(folder, name.removesuffix(".csv"))) == figures["rows"]


def test_every_account_balances_every_day(year):
    for folder in year:
        for balance in rows(folder, "cash_balance"):
            flows = [row for row in rows(folder, "cash_flow") if row["account_no"] == balance["account_no"]]
            running = Decimal(balance["opening"])
            for flow in flows:
                running += Decimal(flow["amount"])
                assert running == Decimal(flow["balance_after"])
            assert running == Decimal(balance["closing"])
            assert total(flows, "amount") == Decimal(balance["net_flow"])


def test_yesterdays_closing_is_todays_opening(year):
    for before, after in pairwise(year):
        closing = {row["account_no"]: row["closing"] for row in rows(before, "cash_balance")}
        assert closing == {row["account_no"]: row["opening"] for row in rows(after, "cash_balance")}


def test_share_moves_explain_every_change_of_a_position(year):
    def held(folder):
        return {
            (row["account_no"], row["security_code"]): Decimal(row["qty_total"]) for row in rows(folder, "position")
        }

    for before, after in pairwise(year):
        expected = held(before)
        for move in rows(after, "share_move"):
            key = (move["account_no"], move["security_code"])
            expected[key] = expected.get(key, Decimal(0)) + Decimal(move["qty"])
        assert {key: qty for key, qty in expected.items() if qty} == held(after)


def test_every_trade_adds_up_and_has_its_cash_flow_but_for_the_one_mistake(year):
    mistakes = 0
    for folder in year:
        flows = {
            row["trade_no"]: row
            for row in rows(folder, "cash_flow")
            if row["trade_no"] and row["biz_code"] != "REPO_BACK"
        }
        trades = rows(folder, "trade")
        assert len(flows) == len(trades)
        for trade in trades:
            exact = {name: Decimal(value) for name, value in trade.items() if name in NUMBERS}
            fees = exact["commission"] + exact["stamp"] + exact["transfer_fee"] + exact["other_fee"]
            signed = -exact["gross"] if trade["side"] == "B" else exact["gross"]
            assert exact["net_amount"] == signed - fees == Decimal(flows[trade["trade_no"]]["amount"])
            levies = exact["handling_fee"] + exact["regulatory_fee"]
            if exact["commission"] != exact["net_commission"] + levies:
                assert trade["account_no"] == UNLUCKY.account_no
                mistakes += 1
            assert trade["side"] == "S" or not exact["stamp"]
            if SECURITIES[trade["security_code"]].kind != "REPO":
                assert exact["gross"] == exact["price"] * exact["qty"]
    assert mistakes == 1


def test_the_commission_file_is_the_sum_of_the_trades(year):
    for folder in year:
        trades = rows(folder, "trade")
        told = rows(folder, "commission")
        assert {row["account_no"] for row in told} == {row["account_no"] for row in trades}
        for row in told:
            mine = [trade for trade in trades if trade["account_no"] == row["account_no"]]
            assert Decimal(row["gross_commission"]) == total(mine, "commission")
            assert Decimal(row["net_commission"]) == total(mine, "net_commission") - wrong_by(mine)


def wrong_by(trades: Rows) -> Decimal:
    """Give what the mistyped row counts too much."""
    return sum(
        Decimal(row["net_commission"]) + Decimal(row["handling_fee"]) + Decimal(row["regulatory_fee"])
        - Decimal(row["commission"])
        for row in trades
    )  # fmt: skip


def test_prices_stand_on_the_tick_and_yesterdays_close_is_adjusted_on_ex_dates_only(year):
    actions = {(f"{YEAR[action.ex]:%Y%m%d}", action.code): action for action in (*DIVIDENDS, *RIGHTS)}
    adjusted = 0
    for before, after in pairwise(year):
        closes = {row["security_code"]: Decimal(row["close"]) for row in rows(before, "price")}
        for row in rows(after, "price"):
            security, previous = SECURITIES[row["security_code"]], Decimal(row["prev_close"])
            action, close = actions.get((after.name, security.code)), closes.get(security.code, security.first)
            adjusted += action is not None
            assert previous == (security.at_tick(action.adjusted(close)) if action else close)
            assert Decimal(row["close"]) % security.tick == 0
    assert adjusted == len(actions) == 13


def test_the_year_has_everything_that_an_account_can_meet(year):
    flows = Counter(row["biz_code"] for folder in year for row in rows(folder, "cash_flow"))
    assert flows.keys() == {
        "BUY", "SELL", "CASH_IN", "CASH_OUT", "DIV_CASH", "DIV_TAX", "REPO_LEND", "REPO_BACK", "IPO_LOT", "IPO_PAY",
        "RIGHTS_RIGHT", "RIGHTS_PAY", "INTEREST",
    }  # fmt: skip
    moves = {row["biz_code"] for folder in year for row in rows(folder, "share_move")}
    assert moves == {"BUY", "SELL", "BONUS", "RIGHTS_IN", "IPO_IN", "XFER_IN"}
    assert len(rows(year[-1], "security")) == 32


def test_a_new_listing_goes_from_the_draw_to_its_sale(year):
    told = [row for folder in year for row in rows(folder, "cash_flow") if row["security_code"] in {"732965", "603965"}]
    mine = [row for row in told if row["account_no"] == "660001000401"]
    assert [(row["biz_code"], row["amount"]) for row in mine[:2]] == [("IPO_LOT", "0.00"), ("IPO_PAY", "-12600.00")]
    assert [row["biz_code"] for row in mine[2:]] == ["SELL"]
    assert [row["biz_code"] for row in told if row["account_no"] == "660001000201"] == ["IPO_LOT"]
    sources = [row["source"] for folder in year for row in rows(folder, "price") if row["security_code"] == "603965"]
    assert sources[:8] == ["issue"] * 7 + ["close"]


def test_bonus_shares_come_with_their_dividend_and_rights_are_paid_before_they_arrive(year):
    moves = [row for folder in year for row in rows(folder, "share_move")]
    bonus = {(row["account_no"], row["qty"]) for row in moves if row["biz_code"] == "BONUS"}
    assert bonus >= {("660001000201", "270"), ("660001000401", "2280")}
    rights = [(row["account_no"], row["qty"]) for row in moves if row["biz_code"] == "RIGHTS_IN"]
    assert rights == [("660001000201", "300"), ("660001000401", "1500")]
    paid = [row["amount"] for folder in year for row in rows(folder, "cash_flow") if row["biz_code"] == "RIGHTS_PAY"]
    assert paid == ["-2550.00", "-12750.00"]


def test_one_day_is_sent_twice_first_with_a_wrong_price(tmp_path):
    sent = write_days(tmp_path, DAYS, SEED)
    assert sent == deliveries(tmp_path)
    wrong, right = sent[-4:-2]
    assert (wrong.parent.name, wrong.name) == (FIRST, right.name)
    manifests = [json.loads((day / "manifest.json").read_text()) for day in (wrong, right)]
    assert [told["sequence"] for told in manifests] == [1, 2]
    differing = [
        (before["close"], after["close"])
        for before, after in zip(rows(wrong, "price"), rows(right, "price"), strict=True)
        if before != after
    ]
    assert [Decimal(before) == 10 * Decimal(after) for before, after in differing] == [True]


@pytest.mark.parametrize("first", [date(2025, 7, 1), date(2026, 3, 2), date(2026, 6, 24)])
def test_the_plan_can_be_paid_whenever_the_year_begins(first):
    some = [day for day in (first + timedelta(n) for n in range(366)) if day.weekday() < 5]
    assert sum(1 for _ in days(some, SEED)) == len(some)


def test_a_dividend_is_paid_to_its_holders_and_taxed_when_they_sell_within_a_month(folders):
    flows = [row for folder in folders for row in rows(folder, "cash_flow")]
    paid = {row["remark"]: Decimal(row["amount"]) for row in flows if row["biz_code"] == "DIV_CASH"}
    assert paid["20000股"] == Decimal("4000.00")
    taxed = [row for row in flows if row["biz_code"] == "DIV_TAX"]
    assert {row["remark"]: Decimal(row["amount"]) for row in taxed} == {
        "8000股": Decimal("-320.00"),
        "200股": Decimal("-8.00"),
    }


def test_money_lent_over_a_weekend_earns_the_actual_days_of_the_funds(folders):
    flows = [row for folder in folders for row in rows(folder, "cash_flow") if row["security_code"] == "204001"]
    lent, back = ([row for row in flows if row["biz_code"] == code] for code in ("REPO_LEND", "REPO_BACK"))
    assert len(lent) == len(back) + 1  # the last day's loan is still out
    thursday = next(row for row in lent if row["settle_date"] == "20261119")
    friday = next(row for row in back if row["settle_date"] == "20261120")
    rate = next(row["price"] for row in rows(folders[-2], "trade") if row["trade_no"] == thursday["trade_no"])
    exact = Decimal(200000) * Decimal(rate) / 100 * 3 / 365
    assert Decimal(friday["amount"]) == 200000 + round(exact, 2)


def test_everybody_has_an_invented_mobile_number_and_the_assets_of_the_tier(folders):
    last = folders[-1]
    price = {row["security_code"]: Decimal(row["close"]) for row in rows(last, "price")}
    mobiles = {row["client_no"]: row["value"] for row in rows(last, "client_info") if row["key"] == "mobile"}
    for client in CLIENTS:
        assert mobiles[client.client_no].startswith("13800000")
        positions = [row for row in rows(last, "position") if row["account_no"] == client.account_no]
        held = sum(Decimal(row["qty_total"]) * price[row["security_code"]] for row in positions)
        cash = next(row for row in rows(last, "cash_balance") if row["account_no"] == client.account_no)
        assert held + Decimal(cash["closing"]) > LEAST[client.tier]


FEES = {"commission", "net_commission", "stamp", "transfer_fee", "handling_fee", "regulatory_fee", "other_fee"}
NUMBERS = FEES | {"price", "qty", "gross", "net_amount"}
LEAST = {"normal": 50000, "silver": 100000, "gold": 500000, "platinum": 1800000}
