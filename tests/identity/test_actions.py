"""The verbs of the door: what is spent is spent once, what is refused is refused alike, what ends stays ended."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import pyotp
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import NoResultFound

from portal import identity
from portal.identity import Attempt, Entry, Refusal, Seat, passwords
from portal.identity.models import Device, SessionRow, Totp, User
from portal.identity.rules import fingerprint
from tests.identity.people import PASSWORD, STEP, STRANGER, Person, enrol, invite

Outcome = TypeVar("Outcome")
ROUNDS, THREADS = 1, 100


def try_password(database, clock, who: Person, password: str = PASSWORD, seat: Seat = STRANGER):
    return identity.sign_in(database, user_name=who.user_name, password=password, seat=seat, now=clock.at)


def try_code(database, vault, clock, attempt: Attempt, code: str, seat: Seat = STRANGER):
    with database.writing() as db:
        return identity.answer(db, vault, attempt=attempt.secret, code=code, seat=seat, now=clock.at)


def visitor(database, clock, entry: Entry):
    with database.reading() as db:
        return identity.visitor_of(db, entry.session, clock.at)


def together(count: int, work: Callable[[int], Outcome]) -> list[Outcome]:
    start = threading.Barrier(count)

    def run(number: int) -> Outcome:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@contextmanager
def full(queue) -> Iterator[None]:
    taken = 0
    while queue.acquire(blocking=False):
        taken += 1
    try:
        yield
    finally:
        for _ in range(taken):
            queue.release()


def test_the_right_password_opens_the_door(database, clock, person) -> None:
    entry = try_password(database, clock, person())
    assert isinstance(entry, Entry)
    assert visitor(database, clock, entry).aal == 1


def test_the_user_name_may_be_typed_in_capitals(database, clock, person) -> None:
    who = person()
    who.user_name = who.user_name.upper()
    assert isinstance(try_password(database, clock, who), Entry)


def test_who_has_no_password_yet_is_refused_like_everybody(database, clock, person) -> None:
    invite(database, clock, number=7)
    nobody = Person(0, "", None, "")
    assert try_password(database, clock, nobody) is Refusal.WRONG


def test_the_database_holds_hashes_alone(database, clock, person) -> None:
    who = person(second_factor=True)
    code, _ = invite(database, clock, number=99)
    attempt = try_password(database, clock, who)
    entry = try_password(database, clock, person())
    secrets = [PASSWORD, code, attempt.secret, entry.session, entry.device, who.seed]
    with database.reading() as db:
        tables = ("user", "session", "device", "totp", "challenge", "limit")
        held = " ".join(str(row) for t in tables for row in db.execute(text(f"SELECT * FROM identity_{t}")))
    assert fingerprint(entry.session) in held
    assert [secret for secret in secrets if secret in held] == []


def test_the_sixth_guess_of_strangers_in_a_minute_is_refused_and_a_known_device_still_comes_in(
    database, clock, person
) -> None:
    who = person()
    seats = [Seat(f"198.51.{n}.0/24", "guesser", None) for n in range(12)]
    answers = [try_password(database, clock, who, "wrong password, surely", seat) for seat in seats]
    assert answers == [Refusal.WRONG] * 5 + [Refusal.TOO_MANY] * 7
    assert try_password(database, clock, who, seat=STRANGER) is Refusal.TOO_MANY
    assert isinstance(try_password(database, clock, who, seat=Seat("198.51.0.0/24", "own", who.device)), Entry)
    clock.at += timedelta(minutes=1)
    assert isinstance(try_password(database, clock, who, seat=STRANGER), Entry)


def test_a_name_that_nobody_has_is_limited_just_the_same(database, clock) -> None:
    nobody = Person(0, "nobody", None, "")
    answers = [try_password(database, clock, nobody, "wrong password, surely") for _ in range(6)]
    assert answers == [Refusal.WRONG] * 5 + [Refusal.TOO_MANY]


def test_after_a_hundred_wrong_guesses_in_a_row_only_a_known_device_comes_in(database, clock, person) -> None:
    who, wrong = person(), passwords.Busy
    with full(passwords.STRANGERS):  # a refusal without the work of a hash counts as a guess too
        for _ in range(100):
            clock.at += timedelta(minutes=1)
            wrong = try_password(database, clock, who, "wrong password, surely")
    assert wrong is Refusal.BUSY
    clock.at += timedelta(days=30)
    assert try_password(database, clock, who) is Refusal.TOO_MANY
    known = Seat("198.51.0.0/24", "own", who.device)
    assert isinstance(try_password(database, clock, who, seat=known), Entry)
    assert isinstance(try_password(database, clock, who), Entry), "the right password fills the bucket again"


def test_a_device_that_somebody_planted_is_not_taken_up(database, clock, person) -> None:
    who, planted = person(), Seat("203.0.113.0/24", "test", "planted-by-somebody")
    entry = try_password(database, clock, who, seat=planted)
    assert entry.device != planted.device
    with database.reading() as db:
        assert db.get(Device, (fingerprint("planted-by-somebody"), who.user_id)) is None


def test_two_people_may_share_a_device(database, clock, person) -> None:
    first, second = person(), person()
    entry = try_password(database, clock, second, seat=Seat("203.0.113.0/24", "shared", first.device))
    assert entry.device == first.device


def test_signing_in_again_ends_the_session_of_before(database, clock, person) -> None:
    who = person()
    first = try_password(database, clock, who)
    second = try_password(database, clock, who, seat=Seat("203.0.113.0/24", "t", first.device, first.session))
    assert visitor(database, clock, first) is None
    assert visitor(database, clock, second) is not None


def test_when_the_queue_of_strangers_is_full_they_hear_so_and_a_known_device_does_not(database, clock, person) -> None:
    who = person()
    with full(passwords.STRANGERS):
        assert try_password(database, clock, who) is Refusal.BUSY
        assert isinstance(try_password(database, clock, who, seat=Seat("n", "own", who.device)), Entry)
        code, _ = invite(database, clock, number=50)
        assert activation(database, clock, code) is Refusal.BUSY
    assert isinstance(activation(database, clock, code), Entry), "the code is not spent by a full queue"


def test_a_place_in_the_queue_is_kept_until_the_work_is_done() -> None:
    going, queue = threading.Event(), threading.BoundedSemaphore(2)
    workers = [threading.Thread(target=passwords._queued, args=(queue, lambda: going.wait(10))) for _ in range(2)]
    for worker in workers:
        worker.start()
    while queue._value:
        time.sleep(0.001)
    with pytest.raises(passwords.Busy):
        passwords._queued(queue, str)
    going.set()
    for worker in workers:
        worker.join()
    assert passwords._queued(queue, str) == ""


def test_a_password_of_more_bytes_than_we_take_is_never_hashed(database, clock, person) -> None:
    began = time.perf_counter()
    assert try_password(database, clock, person(), "x" * 50_000_000) is Refusal.WRONG
    assert time.perf_counter() - began < 5


def test_a_second_factor_is_asked_for_and_its_code_opens(database, vault, clock, person) -> None:
    who = person(second_factor=True)
    attempt = try_password(database, clock, who)
    assert isinstance(attempt, Attempt)
    entry = try_code(database, vault, clock, attempt, who.code(clock))
    assert visitor(database, clock, entry).aal == 2


def test_a_code_is_good_once_and_an_older_one_never_again(database, vault, clock, person) -> None:
    who = person(second_factor=True)
    first, second, third = (try_password(database, clock, who) for _ in range(3))
    assert isinstance(try_code(database, vault, clock, first, who.code(clock)), Entry)
    assert try_code(database, vault, clock, second, who.code(clock)) is Refusal.WRONG
    assert try_code(database, vault, clock, third, who.code(clock, -1)) is Refusal.WRONG
    clock.at += STEP
    assert isinstance(try_code(database, vault, clock, second, who.code(clock)), Entry)


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_a_code_of_another_time_is_refused(database, vault, clock, person, steps: int) -> None:
    who = person(second_factor=True)
    clock.at += 10 * STEP
    attempt = try_password(database, clock, who)
    assert try_code(database, vault, clock, attempt, who.code(clock, steps)) is Refusal.WRONG


def test_a_hundred_threads_with_one_code_have_one_success(database, vault, clock, person) -> None:
    for _ in range(ROUNDS):
        who = person(second_factor=True)
        known = Seat("203.0.113.0/24", "own", who.device)
        attempts = [try_password(database, clock, who, seat=known) for _ in range(10)]
        clock.at += timedelta(minutes=3)
        code = who.code(clock)

        def post(number: int, attempts=attempts, code=code, known=known):
            return try_code(database, vault, clock, attempts[number % 10], code, known)

        outcomes = together(THREADS, post)
        assert sum(isinstance(outcome, Entry) for outcome in outcomes) == 1
        with database.reading() as db:
            strong = select(func.count()).where(SessionRow.user_id == who.user_id, SessionRow.created_at == clock.at)
            assert db.scalar(strong) == 1
        clock.at += timedelta(minutes=3)


def test_five_wrong_codes_or_five_minutes_and_the_sign_in_starts_anew(database, vault, clock, person) -> None:
    who = person(second_factor=True)
    attempt = try_password(database, clock, who)
    answers = [try_code(database, vault, clock, attempt, "000000") for _ in range(5)]
    assert answers == [Refusal.WRONG] * 4 + [Refusal.LAPSED]
    clock.at += timedelta(minutes=5)
    assert try_code(database, vault, clock, attempt, who.code(clock)) is Refusal.LAPSED
    late = try_password(database, clock, who)
    clock.at += timedelta(minutes=5)
    assert try_code(database, vault, clock, late, who.code(clock)) is Refusal.LAPSED


def test_who_knows_the_password_cannot_guess_codes_without_end(database, vault, clock, person) -> None:
    who = person(second_factor=True)
    attempts = [try_password(database, clock, who) for _ in range(3)]
    answers = [try_code(database, vault, clock, attempts[n % 3], "000000") for n in range(6)]
    assert answers == [Refusal.WRONG] * 5 + [Refusal.TOO_MANY]
    own = Seat("203.0.113.0/24", "own", who.device)
    assert isinstance(try_code(database, vault, clock, attempts[0], who.code(clock), own), Entry)


def activation(database, clock, code: str, user_name: str = "newcomer", password: str = PASSWORD):
    return identity.activate(database, code=code, user_name=user_name, password=password, seat=STRANGER, now=clock.at)


def test_an_activation_code_is_good_once_and_for_ten_minutes(database, clock) -> None:
    code, user_id = invite(database, clock)
    clock.at += timedelta(minutes=10) - timedelta(seconds=1)
    assert isinstance(activation(database, clock, code), Entry)
    assert activation(database, clock, code, "again") is Refusal.WRONG
    with database.writing() as db:
        late = identity.give_activation(db, user_id=user_id, by="system", now=clock.at)
    clock.at += timedelta(minutes=10)
    assert activation(database, clock, late) is Refusal.WRONG


def test_a_new_activation_code_voids_the_one_before(database, clock) -> None:
    first, user_id = invite(database, clock)
    with database.writing() as db:
        second = identity.give_activation(db, user_id=user_id, by="system", now=clock.at)
    assert activation(database, clock, first) is Refusal.WRONG
    assert isinstance(activation(database, clock, second), Entry)


def test_two_who_post_one_activation_code_together_are_one(database, clock) -> None:
    for number in range(5):
        code, _ = invite(database, clock, number=number)
        outcomes = together(2, lambda n, c=code, k=number: activation(database, clock, c, f"name{k}{n}"))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Entry", "Refusal"]
        clock.at += timedelta(minutes=2)


def test_two_who_choose_one_name_together_are_told_apart(database, clock) -> None:
    codes = [invite(database, clock, number=n)[0] for n in range(2)]
    outcomes = together(2, lambda n: activation(database, clock, codes[n], "thesame"))
    assert sorted(str(getattr(outcome, "value", "in")) for outcome in outcomes) == ["in", "name_taken"]
    loser = outcomes.index(Refusal.NAME_TAKEN)
    assert isinstance(activation(database, clock, codes[loser], "another"), Entry), "the code is not spent by a name"


def test_an_activation_code_survives_a_password_that_will_not_do(database, clock) -> None:
    code, _ = invite(database, clock, number=3)
    assert activation(database, clock, code, password="my card 6600000003 is it") is Refusal.HOLDS_NUMBERS
    assert activation(database, clock, code, password=f"hidden {code} inside") is Refusal.HOLDS_NUMBERS
    assert isinstance(activation(database, clock, code), Entry)


def test_guessing_activation_codes_is_slowed(database, clock) -> None:
    answers = [activation(database, clock, f"{n:010}") for n in range(11)]
    assert answers == [Refusal.WRONG] * 10 + [Refusal.TOO_MANY]


def test_a_new_password_ends_every_session_and_every_sign_in_under_way(database, vault, clock, person) -> None:
    who = person(second_factor=True)
    session = try_code(database, vault, clock, try_password(database, clock, who), who.code(clock))
    begun = try_password(database, clock, who)
    with database.writing() as db:
        code = identity.give_activation(db, user_id=who.user_id, by="staff:1", now=clock.at)
    activation(database, clock, code, who.user_name, "another quiet river bends")
    assert visitor(database, clock, session) is None
    clock.at += STEP
    assert try_code(database, vault, clock, begun, who.code(clock)) is Refusal.LAPSED


def test_an_activation_code_does_not_pass_by_the_second_factor(database, vault, clock, person) -> None:
    who = person(second_factor=True)
    with database.writing() as db:
        code = identity.give_activation(db, user_id=who.user_id, by="staff:1", now=clock.at)
    attempt = activation(database, clock, code, who.user_name)
    assert isinstance(attempt, Attempt)
    assert isinstance(try_code(database, vault, clock, attempt, who.code(clock)), Entry)


def test_turning_the_second_factor_on_ends_every_weaker_session(database, vault, clock, person) -> None:
    who = person()
    here, elsewhere = (try_password(database, clock, who) for _ in range(2))
    enrol(database, vault, clock, here)
    assert visitor(database, clock, here) is None
    assert visitor(database, clock, elsewhere) is None


def test_the_seed_of_a_second_factor_in_force_is_told_to_nobody(database, vault, person) -> None:
    who = person(second_factor=True)
    with database.writing() as db, pytest.raises(NoResultFound):
        identity.prepare_second_factor(db, vault, who.user_id)


def test_a_seed_that_waits_stays_the_same_and_its_code_proves_it(database, vault, clock, person) -> None:
    who = person()
    entry = try_password(database, clock, who)
    at_once = together(5, lambda _: prepared(database, vault, who.user_id))
    assert len(set(at_once)) == 1
    with database.writing() as db:
        known = identity.visitor_of(db, entry.session, clock.at)
        wrong = identity.confirm_second_factor(db, vault, known, code="000000", seat=STRANGER, now=clock.at)
        assert wrong is Refusal.WRONG
        assert db.get_one(Totp, who.user_id).confirmed_at is None
        right = pyotp.TOTP(at_once[0]).at(clock.at)
        assert isinstance(
            identity.confirm_second_factor(db, vault, known, code=right, seat=STRANGER, now=clock.at), Entry
        )


def prepared(database, vault, user_id: int) -> str:
    with database.writing() as db:
        return identity.prepare_second_factor(db, vault, user_id)


def test_an_unknown_session_id_is_never_taken_up(database, clock, person) -> None:
    entry = try_password(database, clock, person(), seat=Seat("n", "t", None, "attacker-chosen-id"))
    assert entry.session != "attacker-chosen-id"
    with database.reading() as db:
        assert identity.visitor_of(db, "attacker-chosen-id", clock.at) is None


def test_a_signed_out_session_is_not_brought_back_by_a_request_under_way(database, clock, person) -> None:
    who = person()
    for _ in range(8):
        clock.at += timedelta(minutes=2)
        entry = try_password(database, clock, who)
        known = visitor(database, clock, entry)

        def use_or_leave(number: int, known=known) -> None:
            with database.writing() as db:
                if number:
                    identity.sign_out(db, known, clock.at)
                else:
                    identity.touch(db, known, clock.at)

        together(2, use_or_leave)
        assert visitor(database, clock, entry) is None


def test_using_a_session_keeps_it_alive_and_notes_no_more_than_that(database, clock, person) -> None:
    entry = try_password(database, clock, person())
    for _ in range(4):
        clock.at += timedelta(minutes=20)
        with database.writing() as db:
            identity.touch(db, identity.visitor_of(db, entry.session, clock.at), clock.at)
    clock.at += timedelta(minutes=30)
    assert visitor(database, clock, entry) is None


def test_each_step_at_the_door_is_in_the_record(database, vault, clock, person) -> None:
    who = person(second_factor=True)
    try_password(database, clock, who, "wrong password, surely")
    attempt = try_password(database, clock, who)
    try_code(database, vault, clock, attempt, "000000")
    entry = try_code(database, vault, clock, attempt, who.code(clock))
    with database.writing() as db:
        identity.sign_out(db, identity.visitor_of(db, entry.session, clock.at), clock.at)
    with database.reading() as db:
        events = db.execute(text("SELECT event FROM audit_event ORDER BY id")).scalars().all()
        assert db.scalar(select(User.user_name).where(User.id == who.user_id)) == who.user_name
    assert events == [
        "activation.given", "activated", "signed_in", "second_factor.on", "signed_in",
        "sign_in.refused", "code.refused", "signed_in", "signed_out",
    ]  # fmt: skip
