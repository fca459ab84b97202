"""Changing what one signs in with: password, second factor, recovery codes, sessions and devices."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit, identity
from portal.identity import Attempt, Entry, Refusal, Visitor
from portal.identity import credentials as verbs
from portal.identity.models import Notice, Recovery, RecoveryCode
from tests.identity.people import PASSWORD, STEP, STRANGER, Person, token, typed

NEW = "eleven herons over the reeds"


def told(database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(Notice.what).order_by(Notice.id)))


def visitor_of(database, clock, entry: Entry) -> Visitor | None:
    with database.reading() as db:
        return identity.visitor_of(db, entry.session, clock.at)


def entered(database, vault, clock, who: Person, code: str | None = None) -> Entry:
    """Sign somebody in by the verbs."""
    opened = identity.sign_in(database, user_name=who.user_name, password=PASSWORD, seat=STRANGER, now=clock.at)
    if isinstance(opened, Attempt):
        with database.writing() as db:
            opened = identity.answer(
                db, vault, attempt=opened.secret, code=code or who.code(clock), seat=STRANGER, now=clock.at
            )
    assert isinstance(opened, Entry), opened
    return opened


def test_a_changed_password_ends_every_other_session_and_keeps_this_one(database, vault, clock, person):
    who = person()
    here, elsewhere = entered(database, vault, clock, who), entered(database, vault, clock, who)
    visitor = visitor_of(database, clock, here)
    assert verbs.change_password(database, visitor, old=PASSWORD, new=NEW, seat=STRANGER, now=clock.at) is None
    assert visitor_of(database, clock, here) is not None
    assert visitor_of(database, clock, elsewhere) is None
    old = identity.sign_in(database, user_name=who.user_name, password=PASSWORD, seat=STRANGER, now=clock.at)
    new = identity.sign_in(database, user_name=who.user_name, password=NEW, seat=STRANGER, now=clock.at)
    assert (old, isinstance(new, Entry)) == (Refusal.WRONG, True)
    assert told(database) == ["password_changed"]


def test_a_wrong_old_password_changes_nothing(database, vault, clock, person):
    visitor = visitor_of(database, clock, entered(database, vault, clock, person()))
    told_ = verbs.change_password(database, visitor, old="not the old one", new=NEW, seat=STRANGER, now=clock.at)
    assert told_ == ("old", Refusal.WRONG)
    short = verbs.change_password(database, visitor, old=PASSWORD, new="short", seat=STRANGER, now=clock.at)
    assert short == ("password", Refusal.TOO_SHORT)
    assert told(database) == []


def test_the_second_factor_goes_off_with_a_code_and_takes_the_recovery_codes_along(database, vault, clock, person):
    who = person(second_factor=True)
    here = entered(database, vault, clock, who)
    visitor = visitor_of(database, clock, here)
    with database.writing() as db:
        clock.at += STEP
        codes = verbs.make_recovery_codes(db, vault, visitor, code=who.code(clock), seat=STRANGER, now=clock.at)
        assert isinstance(codes, list)
        wrong = verbs.turn_off_second_factor(db, vault, visitor, code="000000", seat=STRANGER, now=clock.at)
        assert wrong is Refusal.WRONG
        clock.at += STEP
        code = who.code(clock)
        assert verbs.turn_off_second_factor(db, vault, visitor, code=code, seat=STRANGER, now=clock.at) is None
        assert db.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    left = visitor_of(database, clock, here)
    assert (left.aal, left.has_second_factor) == (1, False)
    assert told(database) == ["second_factor_on", "codes_made", "second_factor_off"]


def test_staff_can_renew_the_second_factor_but_never_be_without(database, vault, clock, person):
    who = person("staff", second_factor=True)
    visitor = visitor_of(database, clock, entered(database, vault, clock, who))
    clock.at += STEP
    with database.writing() as db:
        off = verbs.turn_off_second_factor(db, vault, visitor, code=who.code(clock), seat=STRANGER, now=clock.at)
        assert off is Refusal.NOT_FOR_STAFF
        begun = verbs.begin_renewal(db, vault, visitor, code=who.code(clock), seat=STRANGER, now=clock.at)
        assert begun is None
        seed = verbs.renewal_seed(db, vault, visitor, clock.at)
        wrong = verbs.finish_renewal(db, vault, visitor, code=who.code(clock, 1), now=clock.at)
        assert wrong is Refusal.WRONG
        code = pyotp.TOTP(seed).at(clock.at)
        assert verbs.finish_renewal(db, vault, visitor, code=code, now=clock.at) is None
        assert verbs.finish_renewal(db, vault, visitor, code=code, now=clock.at) is Refusal.LAPSED
    clock.at += STEP
    again = identity.sign_in(database, user_name=who.user_name, password=PASSWORD, seat=STRANGER, now=clock.at)
    with database.writing() as db:
        old = identity.answer(db, vault, attempt=again.secret, code=who.code(clock), seat=STRANGER, now=clock.at)
        new = pyotp.TOTP(seed).at(clock.at)
        assert old is Refusal.WRONG
        opened = identity.answer(db, vault, attempt=again.secret, code=new, seat=STRANGER, now=clock.at)
    assert isinstance(opened, Entry)
    assert told(database) == []


def test_ten_recovery_codes_of_130_bits_open_the_second_step_once_each(database, vault, clock, person):
    who = person(second_factor=True)
    visitor = visitor_of(database, clock, entered(database, vault, clock, who))
    clock.at += STEP
    with database.writing() as db:
        codes = verbs.make_recovery_codes(db, vault, visitor, code=who.code(clock), seat=STRANGER, now=clock.at)
        kept = set(db.scalars(select(RecoveryCode.code_hash)))
    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {26}
    assert not kept & set(codes)
    assert visitor_of(database, clock, entered(database, vault, clock, who, codes[0])).aal == 2
    attempt = identity.sign_in(database, user_name=who.user_name, password=PASSWORD, seat=STRANGER, now=clock.at)
    with database.writing() as db:
        again = identity.answer(db, vault, attempt=attempt.secret, code=codes[0], seat=STRANGER, now=clock.at)
        assert again is Refusal.WRONG
        assert isinstance(
            identity.answer(db, vault, attempt=attempt.secret, code=codes[1], seat=STRANGER, now=clock.at), Entry
        )
    assert told(database)[-2:] == ["code_used", "code_used"]


def test_another_persons_recovery_code_opens_nothing(database, vault, clock, person):
    one, other = person(second_factor=True), person(second_factor=True)
    visitor = visitor_of(database, clock, entered(database, vault, clock, one))
    clock.at += STEP
    with database.writing() as db:
        codes = verbs.make_recovery_codes(db, vault, visitor, code=one.code(clock), seat=STRANGER, now=clock.at)
    attempt = identity.sign_in(database, user_name=other.user_name, password=PASSWORD, seat=STRANGER, now=clock.at)
    with database.writing() as db:
        tried = identity.answer(db, vault, attempt=attempt.secret, code=codes[0], seat=STRANGER, now=clock.at)
    assert tried is Refusal.WRONG


def test_a_forgotten_device_ends_its_sessions_and_nobody_elses(database, vault, clock, person):
    from portal.identity import queries

    who, other = person(), person()
    here, there, theirs = (entered(database, vault, clock, each) for each in (who, who, other))
    visitor = visitor_of(database, clock, here)
    with database.writing() as db:
        mine = {place.key for place in queries.devices_of(db, visitor)}
        gone = identity.fingerprint(there.device)[: queries.KEY]
        assert gone in mine
        assert verbs.forget_device(db, visitor, identity.fingerprint(theirs.device)[: queries.KEY], clock.at) is False
        assert verbs.end_session(db, visitor, identity.fingerprint(theirs.session)[: queries.KEY], clock.at) is False
        assert verbs.forget_device(db, visitor, gone, clock.at)
    assert visitor_of(database, clock, there) is None
    assert visitor_of(database, clock, here) is not None
    assert visitor_of(database, clock, theirs) is not None


@pytest.fixture
def desk(database, clock, person) -> tuple[Visitor, Visitor]:
    """Two members of staff."""
    made = [person("staff") for _ in range(2)]
    return tuple(
        Visitor(each.user_id, "staff", "周经办", each.user_name, 0, (), 2, True, "", clock.at) for each in made
    )


def test_two_members_of_staff_and_a_day_lead_back_in(database, vault, clock, person, desk):
    who = person(second_factor=True)
    lost = entered(database, vault, clock, who)
    with database.writing() as db:
        opened = identity.open_recovery(db, user_id=who.user_id, record="回拨 138****0101", staff=desk[0], now=clock.at)
        twice = identity.open_recovery(db, user_id=who.user_id, record="再来", staff=desk[1], now=clock.at)
        assert twice is Refusal.OPEN_ALREADY
        assert identity.give_recovery_code(db, opened.id, staff=desk[0], now=clock.at) is Refusal.GONE
        assert identity.confirm_recovery(db, opened.id, staff=desk[0], now=clock.at) is Refusal.OWN_WORK
        assert identity.confirm_recovery(db, opened.id, staff=desk[1], now=clock.at) is None
        early = clock.at + timedelta(hours=23, minutes=59)
        assert identity.give_recovery_code(db, opened.id, staff=desk[0], now=early) is Refusal.TOO_EARLY
    clock.at += timedelta(hours=24)
    with database.writing() as db:
        code = identity.give_recovery_code(db, opened.id, staff=desk[0], now=clock.at)
    entry = identity.activate(database, code=code, user_name="found", password=NEW, seat=STRANGER, now=clock.at)
    assert isinstance(entry, Entry)
    assert visitor_of(database, clock, entry).has_second_factor is False
    assert visitor_of(database, clock, lost) is None
    steps = ["recovery_opened", "recovery_confirmed", "recovery_given", "recovered"]
    assert told(database)[1:] == steps
    with database.reading() as db:
        events = [event.event for event in audit.events_of(db, f"user:{who.user_id}")]
        assert [each for each in events if each.startswith("recovery.")] == [
            "recovery.opened", "recovery.confirmed", "recovery.given"
        ]  # fmt: skip


def test_the_database_itself_wants_two_for_a_recovery(database, clock, person, desk):
    with database.writing() as db:
        identity.open_recovery(db, user_id=person().user_id, record="回拨", staff=desk[0], now=clock.at)
    for alone in ({"state": "confirmed"}, {"confirmed_by": desk[0].user_id}):
        with pytest.raises(IntegrityError), database.writing() as db:
            db.execute(update(Recovery).values(**alone))


def test_a_client_calls_off_a_recovery_that_he_never_asked_for(database, clock, person, desk):
    who, other = person(), person()
    with database.writing() as db:
        opened = identity.open_recovery(db, user_id=who.user_id, record="回拨", staff=desk[0], now=clock.at)
        theirs = identity.cancel_recovery(db, opened.id, by="client", now=clock.at, user_id=other.user_id)
        mine = identity.cancel_recovery(db, opened.id, by="client", now=clock.at, user_id=who.user_id)
        assert (theirs, mine) == (False, True)
        assert identity.confirm_recovery(db, opened.id, staff=desk[1], now=clock.at) is Refusal.GONE


def test_a_client_changes_his_password_on_the_page(browser, person, sign_in):
    who = person()
    browser = sign_in(who)
    page = browser.get("/me/password").text
    fields = {"_csrf": token(page), "old": PASSWORD, "password": NEW, "repeated": NEW}
    assert "现在的密码不对" in browser.post("/me/password", data=fields | {"old": "x"}).text
    assert browser.post("/me/password", data=fields).headers["location"] == "/me"
    assert browser.get("/me").status_code == 200


def test_recovery_codes_are_shown_once_and_open_the_second_step(browser, clock, person, sign_in):
    who = person(second_factor=True)
    browser = sign_in(who)
    clock.at += STEP
    sent = {"_csrf": token(browser.get("/me/recovery-codes").text), "code": who.code(clock), "next": ""}
    shown = browser.post("/me/recovery-codes", data=sent).text
    code = shown.split('<code class="n">')[1].split("</code>")[0]
    assert code not in browser.get("/me/recovery-codes").text
    assert "还有 10 个" in browser.get("/me").text
    browser.cookies.delete("session")
    browser.post("/signin", data=typed(who))
    answer = browser.post("/signin/recovery", data={"code": f" {code.lower()} ", "next": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_new_authenticator_takes_the_place_of_the_old_one_on_the_pages(browser, clock, person, sign_in):
    who = person(second_factor=True)
    browser = sign_in(who)
    clock.at += STEP
    page = browser.get("/me/second-factor/renewal").text
    assert 'class="qr"' not in page
    sent = {"_csrf": token(page), "code": who.code(clock), "next": ""}
    assert browser.post("/me/second-factor/renewal", data=sent).status_code == 303
    page = browser.get("/me/second-factor/renewal").text
    seed = page.split('<code class="n">')[1].split("</code>")[0].replace(" ", "")
    sent = {"_csrf": token(page), "code": pyotp.TOTP(seed).at(clock.at), "next": ""}
    assert browser.post("/me/second-factor/renewal", data=sent).headers["location"] == "/me"


def test_the_list_of_sessions_ends_one_and_all_others(browser, database, vault, clock, person, sign_in):
    who = person()
    elsewhere = [entered(database, vault, clock, who) for _ in range(3)]
    browser = sign_in(who)
    page = browser.get("/me").text
    key = identity.fingerprint(elsewhere[0].session)[:32]
    ended = browser.post(f"/me/sessions/{key}/end", data={"_csrf": token(page)})
    assert ended.headers["location"] == "/me"
    assert [visitor_of(database, clock, each) is None for each in elsewhere] == [True, False, False]
    browser.post("/me/other-sessions/end", data={"_csrf": token(page)})
    assert [visitor_of(database, clock, each) is None for each in elsewhere] == [True, True, True]
    assert browser.get("/me").status_code == 200
    assert browser.post(f"/me/sessions/{'0' * 32}/end", data={"_csrf": token(page)}).status_code == 404
