"""Two server processes on one database: a code opens once (S4), and a session that was ended stays ended (S5).

The database is asked, not the answers. `RACES=full` runs them at the size of the goal: 200 rounds of 100 posts for each
kind of code, 1,000 races with requests under way; `-s` prints the figures.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import pyotp
import pytest
from sqlalchemy import func, select, update

from portal import identity
from portal.identity import Attempt, Entry, Seat, credentials
from portal.identity import actions as verbs
from portal.identity.models import Device, Preference, RecoveryCode, SessionRow, Totp, User
from portal.identity.queries import KEY
from portal.identity.rules import fingerprint, fresh_secret
from portal.kit import csrf
from portal.kit.db import Database
from tests.conftest import Databases
from tests.identity.people import PASSWORD, STEP, invite
from tests.journeys.workers import request as written
from tests.journeys.workers import served, volley
from tests.keys import VAULT

FULL = os.environ.get("RACES") == "full"
ROUNDS, POSTS = (200, 100) if FULL else (2, 25)
RACES = 1000 if FULL else 12
NEW = "eleven herons over the reeds"
WAYS = ("signed out", "session ended", "others ended", "browser forgotten", "password changed", "second factor off")
numbers = count(1)


@dataclass
class At:
    """An instant that the makers of people take for now."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Somebody:
    """A client with two browsers, as he knows himself."""

    user_id: int
    seat: Seat
    mine: Entry
    seed: str = ""

    def code(self, steps: int = 0) -> str:
        """Read the code off the authenticator, some steps before or after the present one."""
        return pyotp.TOTP(self.seed).at(datetime.now(UTC) + steps * STEP)


@dataclass(frozen=True)
class Served:
    """The database, and where two processes serve it."""

    database: Database
    port: int


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give the two processes; they take seconds to start, so all tests of one kind of database share them."""
    source = request.getfixturevalue(f"{request.param}_databases")
    databases = Databases(source.make, source.remove)
    database = databases.fresh()
    url = database.engine.url.render_as_string(hide_password=False)
    with served(url, tmp_path_factory.mktemp("two")) as port:
        yield Served(database, port)
    databases.close()


def somebody(database: Database, *, second_factor: bool) -> Somebody:
    """Make a client of a network of his own, so that the limits of strangers are out of the way."""
    number = next(numbers)
    seat = Seat(f"10.{number // 250}.{number % 250}.0/24", "test", None)
    code, user_id = invite(database, At(), number=number)
    entry = identity.activate(
        database, code=code, user_name=f"person{number}", password=PASSWORD, seat=seat, now=datetime.now(UTC)
    )
    assert isinstance(entry, Entry), entry
    made = Somebody(user_id, Seat(seat.network, "test", entry.device), entry)
    if second_factor:
        _enrol(database, made)
    return made


def _enrol(database: Database, who: Somebody) -> None:
    # Four steps ago: of the codes that are good now, none is spent.
    then = datetime.now(UTC) - 4 * STEP
    with database.writing() as db:
        me = identity.visitor_of(db, who.mine.session, datetime.now(UTC))
        who.seed = identity.prepare_second_factor(db, VAULT, who.user_id)
        code = pyotp.TOTP(who.seed).at(then)
        entry = identity.confirm_second_factor(db, VAULT, me, code=code, seat=who.seat, now=then)
        assert isinstance(entry, Entry), entry
        who.mine = entry


def attempts(database: Database, who: Somebody, many: int) -> list[dict[str, str]]:
    """Give the cookies of so many browsers that have said the right password and wait for the code."""
    made, now = [], datetime.now(UTC)
    with database.writing() as db:
        for _ in range(many):
            secret, device = fresh_secret(), fresh_secret()
            verbs.challenge(db, secret, "sign_in", who.user_id, {}, now + timedelta(minutes=5))
            db.add(Device(id_hash=fingerprint(device), user_id=who.user_id, first_seen_at=now, seen_at=now))
            made.append({"attempt": secret, "device": device})
    return made


def sessions(database: Database, user_id: int) -> int:
    with database.reading() as db:
        mine = select(func.count()).select_from(SessionRow).where(SessionRow.user_id == user_id)
        return db.scalars(mine).one()


def room_in_the_step() -> None:
    """Wait for the next step where this one is nearly over: within a round, the clock stays out of it."""
    if (left := 30 - time.time() % 30) < 5:
        time.sleep(left)


def test_of_all_that_post_one_time_code_one_comes_in_and_an_older_code_does_not(house):
    """S4, one-time codes."""
    began = time.monotonic()
    for _ in range(ROUNDS):
        room_in_the_step()
        who = somebody(house.database, second_factor=True)
        before, code, older = sessions(house.database, who.user_id), who.code(), who.code(-1)
        fields = {"code": code, "next": "", "_csrf": ""}
        posts = attempts(house.database, who, POSTS)
        volley(house.port, [written(house.port, "POST", "/signin/code", cookies=c, fields=fields) for c in posts])
        assert sessions(house.database, who.user_id) - before == 1

        again = attempts(house.database, who, 1)[0]  # a code of the window, never used, but older than the last one
        fields = {"code": older, "next": "", "_csrf": ""}
        volley(house.port, [written(house.port, "POST", "/signin/code", cookies=again, fields=fields)])
        assert sessions(house.database, who.user_id) - before == 1
        with house.database.reading() as db:
            kept = db.scalars(select(Totp.last_counter).where(Totp.user_id == who.user_id)).one()
        assert pyotp.TOTP(who.seed).generate_otp(kept) == code
    print(f"\nS4 one-time codes, {house.database.dialect}: {ROUNDS} rounds x {POSTS} posts, 1 in each came in,"
          f" {ROUNDS} older codes refused; {time.monotonic() - began:.0f} s")  # fmt: skip


def test_of_all_that_post_one_recovery_code_one_comes_in(house):
    """S4, recovery codes."""
    began = time.monotonic()
    for _ in range(ROUNDS):
        who = somebody(house.database, second_factor=True)
        then = datetime.now(UTC) - STEP
        with house.database.writing() as db:
            me = identity.visitor_of(db, who.mine.session, datetime.now(UTC))
            code, *others = credentials.make_recovery_codes(db, VAULT, me, code=who.code(-1), seat=who.seat, now=then)
        before = sessions(house.database, who.user_id)
        fields = {"code": code, "next": "", "_csrf": ""}
        posts = attempts(house.database, who, POSTS)
        volley(house.port, [written(house.port, "POST", "/signin/recovery", cookies=c, fields=fields) for c in posts])
        assert sessions(house.database, who.user_id) - before == 1
        with house.database.reading() as db:
            left = db.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.user_id == who.user_id)).all()
        assert set(left) == {fingerprint(each) for each in others}
    print(f"\nS4 recovery codes, {house.database.dialect}: {ROUNDS} rounds x {POSTS} posts, 1 in each came in;"
          f" {time.monotonic() - began:.0f} s")  # fmt: skip


def test_no_request_under_way_brings_an_ended_session_back_and_no_write_is_lost(house):
    """S5."""
    began, outcomes = time.monotonic(), Counter()
    for number in range(RACES):
        way = WAYS[number % len(WAYS)]
        who = somebody(house.database, second_factor=way == "second factor off")
        theirs = other_browser(house.database, who)
        race(house, who, theirs, number, outcomes)
    print(f"\nS5, {house.database.dialect}: {RACES} races, 0 sessions came back, 0 writes lost;"
          f" requests under way {dict(outcomes)}; {time.monotonic() - began:.0f} s")  # fmt: skip


def other_browser(database: Database, who: Somebody) -> Entry:
    """Sign the same client in from a second browser: its session is the one that will end."""
    elsewhere, now = Seat(who.seat.network, "elsewhere", None), datetime.now(UTC)
    user_name = f"person{who.user_id}"
    with database.reading() as db:
        user_name = db.get_one(User, who.user_id).user_name
    made = identity.sign_in(database, user_name=user_name, password=PASSWORD, seat=elsewhere, now=now)
    if isinstance(made, Attempt):
        with database.writing() as db:
            then = now - STEP
            made = identity.answer(db, VAULT, attempt=made.secret, code=who.code(-1), seat=elsewhere, now=then)
    assert isinstance(made, Entry), made
    return made


def race(house: Served, who: Somebody, theirs: Entry, number: int, outcomes: Counter[str]) -> None:
    """End one session while both are in use, then ask the database and the door."""
    way = WAYS[number % len(WAYS)]
    began = datetime.now(UTC)
    with house.database.writing() as db:  # long enough ago that every use is noted: a write of the session's row
        mine = update(SessionRow).where(SessionRow.user_id == who.user_id)
        db.execute(mine.values(seen_at=began - timedelta(minutes=2)))
    here, there = cookies(who.mine), cookies(theirs)
    hide = {"hide": "1", "_csrf": csrf.token(theirs.session)}
    under_way = [
        written(house.port, "GET", "/me", cookies=there),
        written(house.port, "POST", "/me/amounts", cookies=there, fields=hide),
        written(house.port, "GET", "/me", cookies=there),
        written(house.port, "POST", "/me/amounts", cookies=there, fields=hide),
        written(house.port, "GET", "/me", cookies=here),
        written(house.port, "GET", "/holdings?cost=fifo", cookies=here),
    ]
    place = Random(number).randrange(len(under_way) + 1)
    answers = volley(house.port, [*under_way[:place], end(house.port, who, theirs, way), *under_way[place:]])
    assert is_let_in(answers.pop(place)), f"{way}: it did not end"
    ended = [is_let_in(each) for each in answers[:4]]
    assert [is_let_in(each) for each in answers[4:]] == [True, True], way
    outcomes.update("in time" if each else "too late" for each in ended)

    late = volley(house.port, [written(house.port, "GET", "/me", cookies=there)])[0]
    assert not is_let_in(late), f"{way}: {late}"
    with house.database.reading() as db:
        assert identity.visitor_of(db, theirs.session, datetime.now(UTC)) is None, way
        kept = db.get_one(Preference, who.user_id)
        wrote = (kept.hides_amounts, kept.cost_method)
        seen = db.scalars(select(SessionRow.seen_at).where(SessionRow.id_hash == fingerprint(who.mine.session))).one()
    assert wrote == (ended[1] or ended[3], "fifo"), way
    assert seen >= began, f"{way}: that the session was in use was lost"


def end(port: int, who: Somebody, theirs: Entry, way: str) -> bytes:
    """Write the request that ends the second browser's session."""
    whose = theirs if way == "signed out" else who.mine
    path, fields = {
        "signed out": ("/signout", {}),
        "session ended": (f"/me/sessions/{fingerprint(theirs.session)[:KEY]}/end", {}),
        "others ended": ("/me/other-sessions/end", {}),
        "browser forgotten": (f"/me/devices/{fingerprint(theirs.device)[:KEY]}/removal", {}),
        "password changed": ("/me/password", {"old": PASSWORD, "password": NEW, "repeated": NEW}),
        "second factor off": ("/me/second-factor/off", {"code": who.code() if who.seed else ""}),
    }[way]
    typed = fields | {"_csrf": csrf.token(whose.session)}
    return written(port, "POST", path, cookies=cookies(whose), fields=typed)


def cookies(entry: Entry) -> dict[str, str]:
    """Give what a browser sends of a session."""
    return {"session": entry.session, "device": entry.device}


def is_let_in(head: str) -> bool:
    """Tell an answer of the page from the way to the sign-in; anything else fails."""
    status = head.split(" ", 2)[1]
    place = next((line for line in head.split("\r\n") if line.lower().startswith("location:")), "")
    if status == "303" and "/signin" in place and "clear-site-data" not in head.lower():
        return False
    assert status in {"200", "303"}, head
    return True
