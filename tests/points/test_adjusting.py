"""Adjustments: one person up to a limit, two above it, never what is not there, and never twice."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal import identity, points
from portal.audit import Person
from portal.points import adjusting
from portal.points.adjusting import Outcome
from portal.points.lines import ledger

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def staff(db):
    people = [identity.add_staff(db, name=name, roles=[], by="system", now=NOW) for name in ("周经办", "吴复核")]
    return [Person(f"staff:{each.id}", each.name, each.id) for each in people]


def propose(db, client, who, amount, key="a"):
    return adjusting.propose(
        db, client_id=client, points=amount, reason="goodwill", public_text="为上次的等待致歉", staff_note="",
        key=f"adjustment:{client}:{key}", staff=who, now=NOW,
    )  # fmt: skip


def available(db, client):
    return points.balance(db, client, NOW).available


def test_up_to_the_limit_one_person_suffices_and_the_client_reads_why(db, client, staff):
    made = propose(db, client, staff[0], 100)
    assert (made.state, made.needs_two) == ("posted", False)
    assert propose(db, client, staff[0], 100).number == made.number  # sent twice: one adjustment
    assert available(db, client) == 100
    assert ledger(db, client).lines[0].public_text == "为上次的等待致歉"


def test_above_the_limit_nothing_happens_until_another_person_signs(db, client, staff):
    made = propose(db, client, staff[0], 101)
    assert (made.state, available(db, client)) == ("proposed", 0)
    assert adjusting.approve(db, made.number, staff=staff[0], now=NOW) is Outcome.SAME_PERSON
    assert adjusting.approve(db, made.number, staff=staff[1], now=NOW).state == "posted"
    assert adjusting.approve(db, made.number, staff=staff[1], now=NOW) is Outcome.DECIDED
    assert available(db, client) == 101


def test_many_small_ones_on_a_day_need_a_second_signature_too(db, client, staff):
    states = [propose(db, client, staff[0], 100, str(n)).state for n in range(6)]
    assert states == ["posted"] * 5 + ["proposed"]
    assert propose(db, client, staff[1], 100, "other").state == "posted"


def test_points_that_are_not_there_can_t_be_taken(db, client, staff):
    propose(db, client, staff[0], 100)
    assert propose(db, client, staff[1], -101, "b").state == "proposed"
    assert propose(db, client, staff[0], -60, "c").state == "posted"
    assert propose(db, client, staff[0], -41, "d") is Outcome.TOO_FEW_POINTS
    assert [row.points for row in adjusting.adjustments(db, is_open=False)][:2] == [-60, 100]
    assert available(db, client) == 40


def test_a_rejected_one_is_never_posted(db, client, staff):
    made = propose(db, client, staff[0], 5000)
    assert adjusting.reject(db, made.number, staff=staff[1], now=NOW)
    assert not adjusting.reject(db, made.number, staff=staff[1], now=NOW)
    assert adjusting.approve(db, made.number, staff=staff[1], now=NOW) is Outcome.DECIDED
    assert available(db, client) == 0


def test_an_adjustment_is_taken_back_once_and_an_undoing_is_not(db, client, staff):
    made = propose(db, client, staff[0], 100)
    back = adjusting.undo(db, made.number, staff=staff[1], now=NOW)
    assert (back.points, back.state, back.reason_code) == (-100, "posted", "undo")
    assert available(db, client) == 0
    assert adjusting.undo(db, made.number, staff=staff[0], now=NOW) is Outcome.UNDONE
    assert adjusting.undo(db, back.number, staff=staff[0], now=NOW) is Outcome.UNDONE
    assert adjusting.undo(db, "TZ-20261120-9999", staff=staff[0], now=NOW) is Outcome.DECIDED


def test_a_large_one_is_taken_back_by_two_and_what_was_spent_is_not(db, client, staff):
    made = propose(db, client, staff[0], 500)
    adjusting.approve(db, made.number, staff=staff[1], now=NOW)
    back = adjusting.undo(db, made.number, staff=staff[0], now=NOW)
    assert (back.state, available(db, client)) == ("proposed", 500)
    assert adjusting.approve(db, back.number, staff=staff[0], now=NOW) is Outcome.SAME_PERSON
    propose(db, client, staff[1], -10, "spent")
    assert adjusting.approve(db, back.number, staff=staff[1], now=NOW) is Outcome.TOO_FEW_POINTS
    assert available(db, client) == 490


def test_the_database_itself_refuses_one_person_for_both(db, client, staff):
    made = propose(db, client, staff[0], 5000)
    change = "UPDATE points_adjustment SET state = 'posted', decided_by = proposed_by WHERE number = :number"
    with pytest.raises(DBAPIError), db.begin_nested():
        db.execute(text(change), {"number": made.number})
