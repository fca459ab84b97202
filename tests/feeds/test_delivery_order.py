"""Delivery orders: a small invented 华西 export with one unknown word, one cash break and one share break."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal import statements
from portal.feeds import load_delivery_order, queries
from portal.feeds.delivery_order import Figures, breaks, figures, read
from portal.feeds.rules import Outcome, Reason, State
from portal.feeds.vocabulary import code_of, market_of, share_sign, type_of
from portal.kit.db import Database
from portal.statements import BizCode
from tests.feeds.days import FIRST, NOW, SAMPLE, digest, edit, laid, load, sign

FILE = SAMPLE / "delivery-order.xls"
ACCOUNT = "2000000001"


@pytest.fixture
def begun(database: Database, tmp_path: Path) -> Database:
    """A database in which the account exists: the feed takes it over in June 2024."""
    load(database, laid(tmp_path) / FIRST)
    return database


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = FILE.read_bytes().decode("gb18030")
    assert old in text
    copy = tmp_path / "edited.xls"
    copy.write_bytes(text.replace(old, new).encode("gb18030"))
    return copy


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("证券买入", BizCode.BUY),
        ("T1证券买入", BizCode.BUY),
        ("股息入帐", BizCode.DIV_CASH),
        ("股息入账", BizCode.DIV_CASH),
        ("新股入帐", BizCode.IPO_IN),
        ("交收资金冻结(取消)", BizCode.FREEZE),
        ("融券购回", BizCode.REPO_BACK),
        ("某个新业务", BizCode.UNKNOWN),
    ],
)
def test_a_counters_word_has_one_code_in_either_spelling(word, code):
    assert code_of(word) is code


def test_the_sign_of_a_quantity_follows_from_the_word():
    assert share_sign(BizCode.SELL, "证券卖出") == -1
    assert share_sign(BizCode.SPLIT, "ETF份额合并") == -1
    assert share_sign(BizCode.SPLIT, "开放基金拆分增股") == 1
    assert share_sign(BizCode.DIV_CASH, "红利入账") == 0


def test_a_code_tells_its_market_and_type():
    assert [(market_of(code, ""), type_of(code)) for code in ("600931", "002897", "510310", "159915", "204001")] == [
        ("SH", "STOCK"),
        ("SZ", "STOCK"),
        ("SH", "ETF"),
        ("SZ", "ETF"),
        ("SH", "REPO"),
    ]


def test_every_row_is_read_in_the_files_order_and_added_up_by_word():
    entries = read(FILE.read_bytes())
    assert [entry.row for entry in entries] == [1, 2, 3, 4, 5, 6, 7, 8]
    found = figures(entries)
    assert isinstance(found, Figures)
    assert found.sums["融券购回"] == Decimal("50002.74")
    assert (found.opening, found.net) == (Decimal("10000.00"), Decimal("44993.30"))
    assert (found.fees, found.closing, found.unexplained) == (Decimal("11.75"), Decimal("54000.00"), Decimal("-993.30"))
    assert found.unknown_rows == (6,)


def test_breaks_are_found_row_by_row_with_exact_amounts():
    found = [(one.kind, one.detail["row"], one.expected, one.reported) for one in breaks(read(FILE.read_bytes()), "1")]
    assert found == [("CASH", 8, Decimal("54993.30"), Decimal("54000.00")), ("SHARES", 7, 600, 700)]


def test_a_delivery_order_becomes_a_batch_that_reads_like_any_ledger(begun):
    outcome = load_delivery_order(begun, FILE, ACCOUNT, NOW)
    assert (outcome.state, outcome.rows, len(outcome.breaks)) == (State.LOADED, 8, 2)
    with begun.reading() as db:
        account = statements.account_by_no(db, ACCOUNT).id
        flows = statements.flows_between(db, account, date(2024, 1, 1), date(2024, 1, 31))
        assert [row.line for row in flows] == [0, 1, 2, 3, 4, 5, 6, 7, 8]
        assert (flows[6].biz_code, flows[6].biz_name, flows[6].amount) == ("UNKNOWN", "账户管理杂项", Decimal("-17.69"))
        listed = [(row.kind, row.difference) for row in queries.breaks(db, outcome.batch_id)]
        assert listed == [("CASH", Decimal("-993.30")), ("SHARES", Decimal("100"))]
        faults = statements.faults(db, account, date(2024, 1, 1), date(2024, 1, 31))
        assert [faults[day] for day in sorted(faults)] == [0, 0, 0, 2]


def test_where_the_feed_knows_an_account_a_file_is_history_and_counts_nothing_twice(begun):
    load_delivery_order(begun, FILE, ACCOUNT, NOW)
    with begun.reading() as db:
        account = statements.account_by_no(db, ACCOUNT).id
        moves = statements.moves(db, [account], date(2024, 6, 10))
    assert [(row.biz_code, row.qty) for row in moves] == [("OPENING", 1000)]


def test_where_only_the_file_knows_an_account_it_is_the_ledger(database, tmp_path):
    day = laid(tmp_path) / FIRST
    edit(day, "account.csv", "2000000001,", "2000000002,10000001,CASH,CNY,20200101,0\n2000000001,")
    sign(day)
    load(database, day)
    load_delivery_order(database, FILE, "2000000002", NOW)
    with database.reading() as db:
        account = statements.account_by_no(db, "2000000002").id
        last = statements.latest_day(db, [account])
        held = statements.positions(db, [account], last)
        moves = statements.moves(db, [account], last)
        [*_, balance] = statements.balances(db, [account], date(2024, 1, 1), last)
    assert [(row.code, row.qty_total, row.name) for row in held] == [("600931", 700, "青江水电")]
    assert [(row.biz_code, row.qty) for row in moves] == [("BUY", 1000), ("SELL", -400)]
    assert (last, balance.closing) == (date(2024, 1, 5), Decimal("54000.00"))


def test_the_same_file_again_changes_nothing(begun):
    load_delivery_order(begun, FILE, ACCOUNT, NOW)
    before = digest(begun)
    assert load_delivery_order(begun, FILE, ACCOUNT, NOW).state is State.SKIPPED
    assert digest(begun) == before


def test_a_file_over_days_that_are_known_is_refused(begun, tmp_path):
    load_delivery_order(begun, FILE, ACCOUNT, NOW)
    before = digest(begun)
    refusal = load_delivery_order(begun, edited(tmp_path, "90003", "90004"), ACCOUNT, NOW)
    assert (refusal.reason, refusal.detail["days"]) == (
        Reason.OVERLAP,
        ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"],
    )
    assert digest(begun) == before


def test_an_account_that_does_not_exist_is_refused(begun):
    assert load_delivery_order(begun, FILE, "404", NOW).reason is Reason.NO_ACCOUNT


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("资金本次余额", "余额", Reason.HEADER),
        ("51995.000", "51,995.000", Reason.MALFORMED),
        ("51995.000", "51995.001", Reason.MALFORMED),
        ("20240103", "20230103", Reason.MALFORMED),
        ("人民币", "贝壳", Reason.MALFORMED),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_by_line_and_column(tmp_path, old, new, reason):
    outcome = read(edited(tmp_path, old, new).read_bytes())
    assert isinstance(outcome, Outcome)
    assert outcome.reason is reason
    assert outcome.detail["line"] >= 1


def test_bytes_that_are_no_gb18030_are_refused():
    assert read(FILE.read_bytes() + b"\xff\xff").reason is Reason.ENCODING
