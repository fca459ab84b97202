"""What a client may ask for, which step follows which, and when it is too late."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.redemptions.rules import OPEN, STEPS, Refusal, State, Verb, after, is_too_late, needs_two, request_refusal

WELL = {
    "available": 300,
    "price": 300,
    "tier_suffices": True,
    "unsuited": None,
    "running": 0,
    "limit": 1,
    "has_mobile": True,
}
THEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_exactly_enough_points_suffice():
    assert request_refusal(**WELL) is None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"available": 299}, Refusal.TOO_FEW_POINTS),
        ({"tier_suffices": False}, Refusal.TIER_TOO_LOW),
        ({"unsuited": Refusal.ABOVE_LEVEL}, Refusal.ABOVE_LEVEL),
        ({"running": 1}, Refusal.AT_LIMIT),
        ({"has_mobile": False}, Refusal.NO_MOBILE),
    ],
)
def test_each_thing_that_is_missing_is_named(change, refusal):
    assert request_refusal(**WELL | change) is refusal


def test_what_the_client_cannot_change_is_said_before_what_he_can():
    everything = {
        "available": 0,
        "tier_suffices": False,
        "unsuited": Refusal.NEEDS_ASSESSMENT,
        "running": 9,
        "has_mobile": False,
    }
    assert request_refusal(**WELL | everything) is Refusal.NEEDS_ASSESSMENT


def test_1500_points_are_decided_by_one_and_1501_by_two():
    assert (needs_two(1500), needs_two(1501)) == (False, True)


def test_an_ended_redemption_takes_no_step_but_what_began_may_end_well_or_badly():
    begun = {verb for (state, verb) in STEPS if state is State.APPROVED}
    assert begun == {Verb.FULFIL, Verb.FAIL}
    ended = set(State) - set(OPEN) - {State.APPROVED}
    left = {(state, verb) for state in ended for verb in Verb if after(state, verb) is not None}
    assert left == {(State.FULFILLED, Verb.STOP)}  # what runs may be stopped early; it stays fulfilled


def test_at_the_very_instant_of_the_time_out_only_the_time_out_is_left():
    second = timedelta(seconds=1)
    assert not is_too_late(Verb.APPROVE, State.REQUESTED, THEN, THEN - second)
    assert is_too_late(Verb.APPROVE, State.REQUESTED, THEN, THEN)
    assert not is_too_late(Verb.TIME_OUT, State.REQUESTED, THEN, THEN)
    assert not is_too_late(Verb.FULFIL, State.APPROVED, THEN, THEN)
