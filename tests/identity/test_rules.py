"""Decisions at the door."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.rules import (
    LIMITS,
    SESSION_LASTS,
    Bucket,
    Refusal,
    activation_code,
    drawn,
    is_alive,
    network_of,
    normal_code,
    password_refusal,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def refusal(password: str, *, second_factor: bool = False) -> Refusal | None:
    personal = ["王小满小", "6600010001", "xiaoman", "ab"]
    return password_refusal(
        password, second_factor=second_factor, common=frozenset({"correcthorsebatterystaple"}), personal=personal
    )


@pytest.mark.parametrize(
    ("password", "answer"),
    [
        ("a quiet river", Refusal.TOO_SHORT),
        ("a quiet river b", None),
        ("一条安静的河在这里拐了两个弯儿", None),  # 15 characters, not bytes
        ("x" * 7 + "y" * 8, None),
        ("CorrectHorseBatteryStaple", Refusal.TOO_COMMON),
        ("abcdefghijklmnop", Refusal.TOO_COMMON),
        ("ponmlkjihgfedcba", Refusal.TOO_COMMON),
        ("aaaaaaaaaaaaaaaa", Refusal.TOO_COMMON),
        ("12341234123412341", Refusal.TOO_COMMON),
        ("my number 6600010001", Refusal.HOLDS_NUMBERS),
        ("XiaoMan likes rivers", Refusal.HOLDS_NUMBERS),
        ("ab is too short to count", None),
        ("long " * 300, Refusal.TOO_LONG),
        ("河" * 200 + "流" * 200, Refusal.TOO_LONG),  # 1,200 bytes
    ],
)
def test_a_password_is_long_unknown_and_nobodys_number(password: str, answer: Refusal | None) -> None:
    assert refusal(password) == answer


def test_beside_a_second_factor_eight_characters_will_do() -> None:
    assert refusal("blue8cup", second_factor=True) is None
    assert refusal("blue8cu", second_factor=True) is Refusal.TOO_SHORT


def test_no_account_is_guessed_at_more_than_ten_times_in_any_five_minutes() -> None:
    bucket, window = LIMITS["account"], timedelta(minutes=5)
    assert bucket.size + window // bucket.refill <= 10


@given(st.lists(st.integers(-600, 600), max_size=60))
def test_a_bucket_never_gives_more_than_it_holds_and_what_flowed_in(steps: list[int]) -> None:
    bucket, at, tokens, updated, taken = Bucket(5, timedelta(minutes=1)), NOW, 5.0, NOW, 0
    for step in steps:
        at = at + step * SECOND
        left = drawn(bucket, tokens=tokens, updated_at=updated, now=at)
        if left is not None:
            taken, tokens, updated = taken + 1, left, max(at, updated)
    assert taken <= 5 + (updated - NOW) / bucket.refill + 1e-6


def test_a_clock_that_ran_back_fills_no_bucket() -> None:
    assert drawn(Bucket(5, SECOND), tokens=0.0, updated_at=NOW, now=NOW - timedelta(hours=2)) is None


def alive(*, created: timedelta, seen: timedelta, kind: str = "client", revoked: bool = False) -> bool:
    at = {"created_at": NOW - created, "seen_at": NOW - seen}
    return is_alive(**at, revoked_at=NOW if revoked else None, kind=kind, now=NOW)


def test_a_session_ends_after_half_an_hour_without_use_and_for_staff_after_a_quarter() -> None:
    day = timedelta(hours=2)
    assert alive(created=day, seen=timedelta(minutes=30) - SECOND)
    assert not alive(created=day, seen=timedelta(minutes=30))
    assert alive(created=day, seen=timedelta(minutes=15) - SECOND, kind="staff")
    assert not alive(created=day, seen=timedelta(minutes=15), kind="staff")


def test_a_session_ends_after_twelve_hours_however_much_it_is_used() -> None:
    assert alive(created=SESSION_LASTS - SECOND, seen=SECOND)
    assert not alive(created=SESSION_LASTS, seen=SECOND)


def test_a_revoked_session_opens_nothing() -> None:
    assert not alive(created=SECOND, seen=SECOND, revoked=True)


def test_a_code_that_is_read_aloud_is_understood() -> None:
    assert normal_code(" oil-7 abc de ") == "0117ABCDE"
    assert all(normal_code(code) == code and len(code) == 10 for code in (activation_code() for _ in range(50)))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:9::2", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_one_network_counts_as_one_visitor(address: str, network: str) -> None:
    assert network_of(address) == network
