"""The verbs of the ledger, at their boundaries."""

from datetime import timedelta

import pytest

from portal import points
from portal.points.rules import Hold, Receipt, Refusal
from tests.points.parts import DAY, NOON, everything, give, new_client, profile, take

MOMENT = timedelta(microseconds=1)


def available(db, client, now=NOON):
    return points.balance(db, client, now).available


def test_earned_points_may_be_spent_at_once(db, client):
    assert give(db, client, 100) == Receipt(1, 100)
    assert available(db, client) == 100


def test_pending_points_may_be_spent_from_the_very_instant_of_their_activation(db, client):
    give(db, client, 100, activates_at=NOON + DAY)
    assert available(db, client, NOON + DAY - MOMENT) == 0
    assert available(db, client, NOON + DAY) == 100
    assert isinstance(take(db, client, 100, at=NOON + DAY), Hold)


def test_points_may_be_spent_until_the_last_instant_before_they_lapse(db, client):
    give(db, client, 100, lapses_in=1)
    assert available(db, client, NOON + DAY - MOMENT) == 100
    assert available(db, client, NOON + DAY) == 0
    assert take(db, client, 1, at=NOON + DAY) is Refusal.TOO_FEW_POINTS


def test_one_point_too_few_is_refused_and_changes_nothing(db, client):
    give(db, client, 99)
    before = everything(db)
    assert take(db, client, 100) is Refusal.TOO_FEW_POINTS
    assert everything(db) == before


def test_a_refused_request_stays_refused_when_it_comes_again_after_points_were_earned(db, client):
    assert take(db, client, 100) is Refusal.TOO_FEW_POINTS
    give(db, client, 100)
    assert take(db, client, 100) is Refusal.TOO_FEW_POINTS
    assert isinstance(take(db, client, 100, ref="DH-2"), Hold)


def test_a_repeated_request_gets_the_same_hold_and_writes_nothing(db, client):
    give(db, client, 100)
    first = take(db, client, 60)
    before = everything(db)
    assert take(db, client, 60) == first
    assert everything(db) == before


def test_the_same_key_for_another_request_is_refused(db, client):
    give(db, client, 100)
    take(db, client, 60)
    before = everything(db)
    assert take(db, client, 61) is Refusal.KEY_TAKEN
    assert give(db, client, 5, key="hold:DH-1") is Refusal.KEY_TAKEN
    assert everything(db) == before


def test_what_lapses_first_goes_first_and_what_never_lapses_goes_last(db, client):
    give(db, client, 10)
    give(db, client, 10, lapses_in=9)
    give(db, client, 10, lapses_in=3)
    used = points.lots_to_be_used(db, client, 25, NOON)
    assert [(lapse.at, lapse.available) for lapse in used] == [(NOON + 3 * DAY, 10), (NOON + 9 * DAY, 10), (None, 5)]
    take(db, client, 25)
    assert profile(db, client, NOON)[None] == (5, 5, 0)
    assert points.lots_to_be_used(db, client, 6, NOON) is None


def test_a_released_hold_leaves_every_lot_as_it_was(db, client):
    give(db, client, 10, lapses_in=3)
    give(db, client, 10)
    before = profile(db, client, NOON)
    held = take(db, client, 15)
    assert points.release(db, hold_id=held.id, now=NOON + DAY) == Receipt(4, 15)
    assert profile(db, client, NOON) == before


def test_a_part_captured_gives_the_rest_back(db, client):
    give(db, client, 10, lapses_in=3)
    give(db, client, 10)
    held = take(db, client, 15)
    assert points.capture(db, hold_id=held.id, points=12, now=NOON) == Receipt(4, 12)
    assert profile(db, client, NOON) == {None: (8, 0, 0)}


def test_a_hold_is_captured_or_released_but_never_both(db, client):
    give(db, client, 10)
    held = take(db, client, 10)
    done = points.capture(db, hold_id=held.id, now=NOON)
    assert points.release(db, hold_id=held.id, now=NOON) is Refusal.HOLD_CLOSED
    assert points.capture(db, hold_id=held.id, now=NOON) == done
    assert available(db, client) == 0


def test_more_than_held_is_not_captured(db, client):
    give(db, client, 20)
    held = take(db, client, 10)
    assert points.capture(db, hold_id=held.id, points=11, now=NOON) is Refusal.MORE_THAN_HELD
    assert points.capture(db, hold_id=held.id, points=0, now=NOON) is Refusal.NOT_POSITIVE
    assert points.capture(db, hold_id=held.id, points=10, now=NOON) == Receipt(3, 10)


@pytest.mark.parametrize("jobs_have_run", [True, False])
def test_a_hold_that_has_run_out_can_not_be_captured_whether_or_not_the_job_has_run(db, client, jobs_have_run):
    give(db, client, 10)
    held = take(db, client, 10, days=2)
    late = NOON + 2 * DAY
    assert available(db, client, late - MOMENT) == 0
    assert available(db, client, late) == 10
    if jobs_have_run:
        assert points.time_out_holds(db, late) == 1
        assert points.time_out_holds(db, late) == 0
    assert points.capture(db, hold_id=held.id, now=late) is Refusal.HOLD_CLOSED
    assert points.release(db, hold_id=held.id, now=late) is Refusal.HOLD_CLOSED
    assert isinstance(take(db, client, 10, ref="DH-2", at=late), Hold)


def test_a_kept_hold_runs_out_later(db, client):
    give(db, client, 10)
    held = take(db, client, 10, days=2)
    assert points.keep(db, hold_id=held.id, until=NOON + 9 * DAY, now=NOON) == held
    assert points.capture(db, hold_id=held.id, now=NOON + 8 * DAY) == Receipt(3, 10)
    assert points.keep(db, hold_id=held.id, until=NOON + 9 * DAY, now=NOON) is Refusal.HOLD_CLOSED


def test_slow_staff_never_cost_points_they_come_back_with_fifteen_days_of_grace(db, client):
    give(db, client, 10, lapses_in=1)
    held = take(db, client, 10, days=9)
    points.expire_due(db, NOON + DAY)
    answered = NOON + 5 * DAY
    points.release(db, hold_id=held.id, now=answered)
    assert profile(db, client, answered) == {answered + 15 * DAY: (10, 0, 0)}
    assert available(db, client, answered + 15 * DAY - MOMENT) == 10
    assert available(db, client, answered + 15 * DAY) == 0


def test_the_grace_of_a_hold_that_ran_out_counts_from_its_time_out_not_from_the_job(db, client):
    give(db, client, 10, lapses_in=1)
    take(db, client, 10, days=2)
    much_later = NOON + 10 * DAY
    without_job = profile(db, client, much_later)
    points.time_out_holds(db, much_later)
    assert profile(db, client, much_later) == without_job == {NOON + 17 * DAY: (10, 0, 0)}


def test_a_refund_returns_the_points_that_were_taken_last(db, client):
    give(db, client, 10, lapses_in=3)
    give(db, client, 10)
    held = take(db, client, 15)
    points.capture(db, hold_id=held.id, now=NOON)
    assert points.refund(db, hold_id=held.id, points=4, key="r1", now=NOON) == Receipt(5, 4)
    assert points.refund(db, hold_id=held.id, points=4, key="r2", now=NOON) == Receipt(6, 4)
    assert profile(db, client, NOON) == {None: (10, 0, 0), NOON + 3 * DAY: (3, 0, 0)}
    assert points.refund(db, hold_id=held.id, points=8, key="r3", now=NOON) is Refusal.MORE_THAN_SPENT
    assert points.refund(db, hold_id=held.id, points=4, key="r2", now=NOON) == Receipt(6, 4)


def test_nothing_can_be_refunded_of_an_open_hold(db, client):
    give(db, client, 10)
    held = take(db, client, 10)
    assert points.refund(db, hold_id=held.id, points=1, key="r", now=NOON) is Refusal.MORE_THAN_SPENT


@pytest.mark.parametrize("amount", [0, -1])
def test_no_verb_takes_nothing_or_less(db, client, amount):
    assert give(db, client, amount) is Refusal.NOT_POSITIVE
    assert take(db, client, amount) is Refusal.NOT_POSITIVE


def test_the_next_lapse_and_the_next_activation_are_named(db, client):
    give(db, client, 10, lapses_in=3)
    give(db, client, 7, activates_at=NOON + DAY)
    balance = points.balance(db, client, NOON)
    assert (balance.available, balance.held, balance.pending) == (10, 0, 7)
    assert balance.next_lapse.at == NOON + 3 * DAY
    assert balance.pending_until == NOON + DAY


def test_the_running_balance_of_every_line_adds_up(db, client):
    give(db, client, 10, lapses_in=3)
    give(db, client, 7, activates_at=NOON + DAY)
    held = take(db, client, 12, at=NOON + DAY)
    points.capture(db, hold_id=held.id, points=11, now=NOON + DAY)
    points.expire_due(db, NOON + 4 * DAY)
    lines = points.ledger(db, client).lines
    assert [(line.kind, line.change, line.available_after) for line in reversed(lines)] == [
        ("earn", 10, 10),
        ("earn", 0, 10),
        ("activate", 7, 17),
        ("hold", -12, 5),
        ("capture", 1, 6),
    ]


def test_the_ledger_is_read_page_by_page_and_misses_no_line(db, client):
    for number in range(5):
        give(db, client, 1, key=f"k{number}")
    first = points.ledger(db, client, limit=2)
    second = points.ledger(db, client, before=first.before, limit=2)
    third = points.ledger(db, client, before=second.before, limit=2)
    assert [line.number for page in (first, second, third) for line in page.lines] == [5, 4, 3, 2, 1]
    assert third.before is None


def test_another_client_has_no_such_line(db, client):
    give(db, client, 1)
    assert points.line(db, new_client(db), 1) is None
    assert points.line(db, client, 1).line.points == 1


def test_a_hold_remembers_which_points_it_took(db, client):
    give(db, client, 10, lapses_in=3)
    give(db, client, 10)
    held = take(db, client, 15)
    assert points.held_for(db, "redemption", "DH-1") == held
    points.capture(db, hold_id=held.id, now=NOON)
    assert [(lapse.at, lapse.points) for lapse in points.lots_of_hold(db, held.id)] == [(NOON + 3 * DAY, 10), (None, 5)]


def test_points_that_come_back_at_the_very_instant_of_their_lapse_get_the_grace_too(db, client):
    give(db, client, 10, lapses_in=1)
    held = take(db, client, 10, days=9)
    points.release(db, hold_id=held.id, now=NOON + DAY)
    assert profile(db, client, NOON + DAY) == {NOON + 16 * DAY: (10, 0, 0)}


def test_points_that_come_back_just_before_their_lapse_keep_their_date(db, client):
    give(db, client, 10, lapses_in=1)
    held = take(db, client, 10, days=9)
    points.release(db, hold_id=held.id, now=NOON + DAY - MOMENT)
    assert profile(db, client, NOON + DAY - MOMENT) == {NOON + DAY: (10, 0, 0)}
