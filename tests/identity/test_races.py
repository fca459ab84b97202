"""Real threads at the door: a code opens once (S4), and a session that was ended stays ended (S5)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from portal import identity
from portal.identity import Attempt, Entry
from portal.identity import credentials as verbs
from portal.identity.models import SessionRow
from tests.identity.people import PASSWORD, STEP

ROUNDS = 5
AT_ONCE = 8
NEW = "eleven herons over the reeds"


def together(*work: Callable[[], object]) -> list[object]:
    """Do things in as many threads, all let go at once."""
    gate = Barrier(len(work))

    def go(one: Callable[[], object]) -> object:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as threads:
        return list(threads.map(go, work))


def attempt_of(database, clock, who) -> Attempt:
    made = identity.sign_in(database, user_name=who.user_name, password=PASSWORD, seat=known(who), now=clock.at)
    assert isinstance(made, Attempt), made
    return made


def known(who) -> identity.Seat:
    """A browser that draws from its own bucket, so that the limits of strangers are out of the way."""
    return identity.Seat("203.0.113.0/24", "test", who.device)


@pytest.mark.parametrize("which", ["one-time code", "recovery code"])
def test_of_many_who_send_one_code_at_once_one_comes_in(database, vault, clock, person, which):
    who = person(second_factor=True)
    for _ in range(ROUNDS):
        clock.at += STEP * 10
        code = who.code(clock)
        if which == "recovery code":
            with database.writing() as db:
                visitor = identity.Visitor(who.user_id, "client", "", "", 1, (), 2, True, "", clock.at)
                made = verbs.make_recovery_codes(db, vault, visitor, code=code, seat=known(who), now=clock.at)
                assert isinstance(made, list), made
                code = made[0]
        attempts = [attempt_of(database, clock, who) for _ in range(AT_ONCE)]

        def answer(attempt: Attempt, code: str = code) -> object:
            with database.writing() as db:
                return identity.answer(db, vault, attempt=attempt.secret, code=code, seat=known(who), now=clock.at)

        outcomes = together(*[lambda each=each: answer(each) for each in attempts])
        assert sum(isinstance(each, Entry) for each in outcomes) == 1, outcomes


@pytest.mark.parametrize("how", ["signed out", "password changed", "all others ended"])
def test_requests_under_way_never_bring_an_ended_session_back(database, vault, clock, person, how):
    who, password = person(), PASSWORD
    for number in range(ROUNDS):
        clock.at += STEP * 10
        mine, other = (
            identity.sign_in(database, user_name=who.user_name, password=password, seat=known(who), now=clock.at)
            for _ in range(2)
        )
        with database.reading() as db:
            me, them = (identity.visitor_of(db, each.session, clock.at) for each in (mine, other))
        fresh = f"{NEW} {number}"

        def end(me=me, them=them, password=password, fresh=fresh) -> None:
            if how == "password changed":
                assert verbs.change_password(
                    database, me, old=password, new=fresh, seat=known(who), now=clock.at
                ) is None  # fmt: skip
                return
            with database.writing() as db:
                if how == "signed out":
                    identity.sign_out(db, them, clock.at)
                else:
                    verbs.end_other_sessions(db, me, clock.at)

        def in_use(them=them) -> None:
            with database.writing() as db:
                identity.touch(db, them, clock.at)

        def come_in(password=password) -> object:
            return identity.sign_in(database, user_name=who.user_name, password=password, seat=known(who), now=clock.at)

        outcomes = together(end, *[in_use] * (AT_ONCE - 2), come_in)
        with database.reading() as db:
            assert identity.visitor_of(db, other.session, clock.at) is None
            assert identity.visitor_of(db, mine.session, clock.at) is not None
            late = outcomes[-1]
            if how == "password changed" and isinstance(late, Entry):
                # Whoever came in with the old password has a session of the old epoch: it opens nothing.
                assert identity.visitor_of(db, late.session, clock.at) is None
            kept = db.scalars(select(SessionRow.revoked_at).where(SessionRow.id_hash == them.session_hash)).one()
        assert kept is not None
        password = fresh if how == "password changed" else password
