"""The generated days are exact: they balance, add up and repeat byte for byte."""

import csv
import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from portal.demo.cast import CLIENTS
from portal.demo.feed_days import write_days
from portal.demo.market import SECURITIES, quotes

SEED = 20
DAYS = [day for day in (date(2026, 10, 26) + timedelta(n) for n in range(26)) if day.weekday() < 5]
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> list[Path]:
    return write_days(tmp_path_factory.mktemp("feed"), DAYS, SEED)


def rows(folder: Path, name: str) -> Rows:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(found: Rows, column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in found), Decimal(0))


def test_the_same_seed_and_days_give_the_same_bytes(folders, tmp_path):
    again = write_days(tmp_path, DAYS, SEED)
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


def test_every_account_balances_every_day(folders):
    for folder in folders:
        for balance in rows(folder, "cash_balance"):
            flows = [row for row in rows(folder, "cash_flow") if row["account_no"] == balance["account_no"]]
            running = Decimal(balance["opening"])
            for flow in flows:
                running += Decimal(flow["amount"])
                assert running == Decimal(flow["balance_after"])
            assert running == Decimal(balance["closing"])
            assert total(flows, "amount") == Decimal(balance["net_flow"])


def test_yesterdays_closing_is_todays_opening(folders):
    for before, after in pairwise(folders):
        closing = {row["account_no"]: row["closing"] for row in rows(before, "cash_balance")}
        assert closing == {row["account_no"]: row["opening"] for row in rows(after, "cash_balance")}


def test_share_moves_explain_every_change_of_a_position(folders):
    def held(folder):
        return {
            (row["account_no"], row["security_code"]): Decimal(row["qty_total"]) for row in rows(folder, "position")
        }

    for before, after in pairwise(folders):
        expected = held(before)
        for move in rows(after, "share_move"):
            key = (move["account_no"], move["security_code"])
            expected[key] = expected.get(key, Decimal(0)) + Decimal(move["qty"])
        assert {key: qty for key, qty in expected.items() if qty} == held(after)


def test_every_trade_adds_up_and_has_its_cash_flow(folders):
    for folder in folders:
        flows = {row["trade_no"]: row for row in rows(folder, "cash_flow") if row["trade_no"]}
        trades = rows(folder, "trade")
        assert len(flows) == len(trades)
        for trade in trades:
            exact = {name: Decimal(value) for name, value in trade.items() if name in NUMBERS}
            fees = exact["commission"] + exact["stamp"] + exact["transfer_fee"] + exact["other_fee"]
            signed = -exact["gross"] if trade["side"] == "B" else exact["gross"]
            assert exact["net_amount"] == signed - fees == Decimal(flows[trade["trade_no"]]["amount"])
            levies = exact["handling_fee"] + exact["regulatory_fee"]
            assert exact["commission"] == exact["net_commission"] + levies
            assert trade["side"] == "S" or not exact["stamp"]
            if SECURITIES[trade["security_code"]].kind != "REPO":
                assert exact["gross"] == exact["price"] * exact["qty"]


def test_the_commission_file_is_the_sum_of_the_trades(folders):
    for folder in folders:
        trades = rows(folder, "trade")
        told = rows(folder, "commission")
        assert {row["account_no"] for row in told} == {row["account_no"] for row in trades}
        for row in told:
            mine = [trade for trade in trades if trade["account_no"] == row["account_no"]]
            assert Decimal(row["gross_commission"]) == total(mine, "commission")
            assert Decimal(row["net_commission"]) == total(mine, "net_commission")


def test_prices_stand_on_the_tick_and_yesterdays_close_is_adjusted_on_ex_dates_only(folders):
    ex_days = {(f"{DAYS[11]:%Y%m%d}", "600931"): Decimal("0.2"), (f"{DAYS[16]:%Y%m%d}", "510397"): Decimal("0.052")}
    for before, after in pairwise(folders):
        closes = {row["security_code"]: Decimal(row["close"]) for row in rows(before, "price")}
        for row in rows(after, "price"):
            cut = ex_days.get((after.name, row["security_code"]), Decimal(0))
            assert Decimal(row["prev_close"]) == closes[row["security_code"]] - cut
            assert Decimal(row["close"]) % SECURITIES[row["security_code"]].tick == 0


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
