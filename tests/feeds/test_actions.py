"""What a loader must show, on both databases."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal import clients, statements
from portal.feeds import approve_rebase, ask_rebase, queries
from portal.feeds.rules import BreakKind, Fault, Reason, State
from portal.kit.db import Database
from portal.statements import Batch, CashFlow, ShareMove
from tests.feeds.days import FIRST, NOW, SECOND, digest, edit, hash_of, laid, load, sign


@pytest.fixture
def days(tmp_path: Path) -> Path:
    return laid(tmp_path)


@pytest.fixture
def begun(database: Database, days: Path) -> Database:
    """A database in which the first day stands."""
    assert load(database, days / FIRST).state is State.LOADED
    return database


def outcome_of(breaks):
    return [(one.kind, one.difference) for one in breaks]


def test_the_sample_ends_with_its_cash_and_shares_and_no_break(begun, days):
    second = load(begun, days / SECOND)
    assert (second.state, second.quarantined, second.breaks, second.rows) == (State.LOADED, (), (), 14)
    with begun.reading() as db:
        assert db.scalar(select(func.sum(CashFlow.amount))) == Decimal("27646.07")
        assert db.scalar(select(func.sum(ShareMove.qty))) == 300
        assert set(db.scalars(select(ShareMove.cost_amount))) == {None}
        assert clients.mobile(db, clients.client_by_no(db, "10000001").id) == "13800000001"


def test_a_new_account_is_taken_over_as_it_stands(begun):
    with begun.reading() as db:
        account = statements.account_by_no(db, "2000000001")
        [cash] = statements.flows(db, [account.id], statements.latest_day(db, [account.id]))
        [shares] = statements.moves(db, [account.id], statements.latest_day(db, [account.id]))
    assert (cash.biz_code, cash.amount, cash.balance_after) == ("OPENING", 20000, 20000)
    assert (shares.biz_code, shares.qty, shares.acquired_on, shares.cost_amount) == ("OPENING", 1000, None, None)


def test_the_same_day_again_changes_nothing(begun, days):
    before = digest(begun)
    assert load(begun, days / FIRST).state is State.SKIPPED
    assert digest(begun) == before


def test_one_edited_amount_refuses_the_whole_day(begun, days):
    edit(days / SECOND, "cash_flow.csv", "7691.07", "7691.08")
    before = digest(begun)
    refusal = load(begun, days / SECOND)
    assert (refusal.state, refusal.reason, refusal.detail["file"]) == (State.REFUSED, Reason.HASH, "cash_flow.csv")
    assert digest(begun) == before


def test_a_zeroed_stamp_puts_one_row_into_quarantine_as_it_stood(begun, days):
    edit(days / SECOND, "trade.csv", ",3.85,", ",0.00,")
    sign(days / SECOND)
    [row] = load(begun, days / SECOND).quarantined
    assert (row.file, row.line, row.fault, row.account_no) == ("trade.csv", 2, Fault.NET, "2000000001")
    assert row.verbatim == (days / SECOND / "trade.csv").read_text().splitlines()[1]
    with begun.reading() as db:
        account = statements.account_by_no(db, "2000000001").id
        day = statements.latest_day(db, [account])
        assert statements.faults(db, account, day, day)[day] > 0
        batch = statements.batch_of(db, [account], day)
        assert [tuple(one)[:3] for one in queries.quarantined(db, batch.id)] == [("trade.csv", 2, "NET")]


def test_a_changed_closing_is_a_cash_break_of_exactly_that_sum(begun, days):
    edit(days / SECOND, "cash_balance.csv", "27646.07", "27656.07")
    sign(days / SECOND)
    assert outcome_of(load(begun, days / SECOND).breaks) == [(BreakKind.CASH, Decimal("10.00"))]


def test_a_changed_opening_is_a_cash_break_and_an_opening_break(begun, days):
    edit(days / SECOND, "cash_balance.csv", "CNY,20000.00", "CNY,20001.00")
    sign(days / SECOND)
    expected = [(BreakKind.CASH, Decimal("-1.00")), (BreakKind.OPENING, Decimal("1.00"))]
    assert outcome_of(load(begun, days / SECOND).breaks) == expected


def test_breaks_are_listed_with_what_was_expected_and_reported(begun, days):
    edit(days / SECOND, "position.csv", "600000,300,300", "600000,400,400")
    sign(days / SECOND)
    load(begun, days / SECOND)
    with begun.reading() as db:
        batch = queries.batch_before(db, NOW.date().replace(day=30))
        rows = [(row.kind, row.expected, row.reported, row.difference) for row in queries.breaks(db, batch.id)]
    assert rows == [("SHARES", 300, 400, 100), ("SHARE_DELTA", 300, 400, 100)]


def test_a_commission_that_differs_from_the_trades_is_a_break(begun, days):
    edit(days / SECOND, "commission.csv", "5.00,4.59", "6.00,4.59")
    sign(days / SECOND)
    assert outcome_of(load(begun, days / SECOND).breaks) == [(BreakKind.COMMISSION, Decimal("1.00"))]


def test_a_corrected_first_day_leaves_the_second_without_ground_until_two_staff_rebase(begun, days):
    load(begun, days / SECOND)
    old = hash_of(days / FIRST)
    sign(days / FIRST, sequence=2)
    assert load(begun, days / FIRST).state is State.LOADED
    refusal = load(begun, days / SECOND)
    assert (refusal.state, refusal.reason) == (State.REFUSED, Reason.CHAIN_BROKEN)
    with begun.writing() as db:
        asked = ask_rebase(db, old, hash_of(days / FIRST), reason="更正首日", staff_id=1, now=NOW)
        assert not approve_rebase(db, asked.id, staff_id=1, now=NOW)
    assert load(begun, days / SECOND).reason is Reason.CHAIN_BROKEN
    with begun.writing() as db:
        assert approve_rebase(db, asked.id, staff_id=2, now=NOW)
    assert load(begun, days / SECOND).state is State.LOADED


def test_the_last_day_can_be_resent_with_a_higher_sequence(begun, days):
    load(begun, days / SECOND)
    edit(days / SECOND, "cash_flow.csv", "500股@10%+200股@20%", "更正")
    sign(days / SECOND, sequence=2)
    assert load(begun, days / SECOND).state is State.LOADED
    with begun.reading() as db:
        batches = db.execute(select(Batch.sequence, Batch.is_current).order_by(Batch.id)).all()
        account = statements.account_by_no(db, "2000000001").id
        flows = statements.flows(db, [account], statements.latest_day(db, [account]))
    assert [tuple(one) for one in batches] == [(1, True), (1, False), (2, True)]
    assert [one.amount for one in flows] == [Decimal("20000.00"), Decimal("7691.07"), Decimal("-45.00")]
    assert flows[-1].remark == "更正"


def test_a_resent_day_needs_a_higher_sequence(begun, days):
    load(begun, days / SECOND)
    edit(days / SECOND, "cash_flow.csv", "500股@10%+200股@20%", "更正")
    sign(days / SECOND)
    assert load(begun, days / SECOND).reason is Reason.OLDER_SEQUENCE


def test_a_superseded_manifest_does_not_come_back(begun, days, tmp_path):
    old = laid(tmp_path / "old") / FIRST
    sign(days / FIRST, sequence=2)
    load(begun, days / FIRST)
    assert load(begun, old).reason is Reason.OLDER_SEQUENCE


def test_the_second_day_without_the_first_is_refused(database, days):
    before = digest(database)
    assert load(database, days / SECOND).reason is Reason.CHAIN_BROKEN
    assert digest(database) == before


def test_a_day_without_its_ready_waits(database, days):
    (days / FIRST / "READY").unlink()
    assert load(database, days / FIRST).state is State.WAITING


def test_a_wrong_control_sum_is_refused_by_file_and_column(database, days):
    told = json.loads((days / FIRST / "manifest.json").read_text())
    told["files"]["cash_balance.csv"]["sum_closing"] = "20000.01"
    (days / FIRST / "manifest.json").write_text(json.dumps(told))
    (days / FIRST / "READY").write_text(hash_of(days / FIRST))
    refusal = load(database, days / FIRST)
    assert refusal.reason is Reason.SUM
    assert refusal.detail == {
        "file": "cash_balance.csv",
        "column": "closing",
        "expected": "20000.01",
        "found": "20000.00",
    }


def test_a_missing_file_is_refused_by_name(database, days):
    (days / FIRST / "price.csv").unlink()
    assert load(database, days / FIRST).detail == {"file": "price.csv"}


def test_an_unknown_word_is_kept_as_unknown_and_counted(begun, days):
    edit(days / SECOND, "cash_flow.csv", "DIV_TAX", "SURPRISE")
    sign(days / SECOND)
    assert load(begun, days / SECOND).breaks == ()
    with begun.reading() as db:
        assert db.scalar(select(CashFlow.biz_name).where(CashFlow.biz_code == "UNKNOWN")) == "股息红利税补缴"


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("trade.csv", "11.0000,700,7700.00", "11.0000,-700,7700.00", Fault.QUANTITY),
        ("trade.csv", "11.0000,700,", "11.1000,700,", Fault.GROSS),
        ("trade.csv", "S,11.0000", "B,11.0000", Fault.STAMP_ON_BUY),
        ("trade.csv", "20240612", "20240610", Fault.SETTLED_BEFORE_TRADE),
        ("trade.csv", "5.00,4.59", "5.00,4.58", Fault.COMMISSION),
        ("trade.csv", "T20240611001,O", "T20240611001,", None),
        ("trade.csv", "2000000001", "2000000009", Fault.NO_ACCOUNT),
        ("cash_flow.csv", "-45.00", "-45.001", Fault.TYPE),
        ("cash_flow.csv", "-45.00", "NaN", Fault.TYPE),
        ("cash_flow.csv", "-45.00", "", Fault.REQUIRED),
        ("cash_flow.csv", "-45.00", "-99999999999999", Fault.RANGE),
        ("cash_flow.csv", "CNY,20240611,000000", "CNY,20240610,000000", Fault.OTHER_DAY),
        ("cash_flow.csv", "20240611000002", "20240611000001", Fault.DUPLICATE),
        ("cash_flow.csv", "-45.00,", "-45.00,1,2,", Fault.SHAPE),
        ("client_info.csv", "id_address", "favourite_dish", Fault.WORD),
        ("client_info.csv", "20190105", "20190231", Fault.RANGE),
    ],
)
def test_a_bad_row_goes_into_quarantine_with_its_reason(begun, days, file, old, new, fault):
    edit(days / SECOND, file, old, new)
    sign(days / SECOND)
    outcome = load(begun, days / SECOND)
    assert outcome.state is State.LOADED
    assert [row.fault for row in outcome.quarantined][:1] == ([fault] if fault else [])
