"""By telephone: no record opens before the caller is proved, answers are kept nowhere, and the client may object."""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from portal import calendar, clients, queues
from portal.audit.models import AuditEvent
from portal.clients import calls, changes, proofs
from portal.clients.indicators import Held
from portal.clients.models import ClientCall, ClientChange, ClientView
from portal.clients.rules import CallState, Refusal, State, Way
from portal.inbox import InboxMessage
from portal.sms.models import SmsMessage
from tests import keys
from tests.clients.house import NOW, bring, furnish
from tests.clients.test_pages import send
from tests.visitors import sign_in, sign_in_staff

KNOWN = {
    key: Held(value, date(2026, 1, 1))
    for key, value in {
        "id_number": "11010519491231002X", "birth_date": "19491231", "open_date": "20190105",
        "email": "Z.W@example.com", "emergency_phone": "13900000009",
    }.items()
}  # fmt: skip
RIGHT = {"id_tail": "002x", "birth_date": "1949-12-31", "open_year": "２０１９", "email": "z.w@EXAMPLE.com",
         "emergency_tail": "0009"}  # fmt: skip


def test_two_facts_are_drawn_from_what_is_held_and_every_pair_comes_up():
    pairs = {tuple(sorted(proofs.draw(KNOWN, Random(seed)))) for seed in range(200)}
    assert len(pairs) == 10
    assert all(len(set(pair)) == 2 for pair in pairs)
    assert len(proofs.draw({"id_number": KNOWN["id_number"]})) == 1


@pytest.mark.parametrize("fact", list(proofs.FACTS))
def test_an_answer_counts_however_it_is_written_but_a_wrong_or_empty_one_never(fact):
    assert proofs.are_right([fact], RIGHT, KNOWN)
    for wrong in ("", " ", "0000", RIGHT[fact][:-1]):
        assert not proofs.are_right([fact], {fact: wrong}, KNOWN)
    assert not proofs.are_right([fact], RIGHT, {})


def test_both_answers_must_be_right_and_no_question_proves_nobody():
    assert proofs.are_right(["id_tail", "email"], RIGHT, KNOWN)
    assert not proofs.are_right(["id_tail", "email"], {**RIGHT, "email": "x@example.com"}, KNOWN)
    assert not proofs.are_right([], RIGHT, KNOWN)


@pytest.fixture
def house(database):
    made = furnish(database)
    with database.writing() as db:
        bring(db, birth_date="19491231")
    return made


def begun(house, way=Way.FACTS, now=NOW):
    with house.database.writing() as db:
        call = calls.begin(db, keys.VAULT, staff=house.handler, client_id=house.client_id, way=way, now=now)
        return call if isinstance(call, Refusal) else call.number


def tried(house, number, answers, staff=None, now=NOW):
    with house.database.writing() as db:
        call = calls.by_number(db, number)
        outcome = calls.prove(db, keys.VAULT, call, answers, staff=staff or house.handler, now=now)
        return outcome if isinstance(outcome, Refusal) else outcome.state


def requested(house, number, now=NOW, staff=None, **asked):
    told = {"key": "occupation", "value": "farmer", "why": "来电说换了工作"} | asked
    with house.database.writing() as db:
        made = calls.request(db, calls.by_number(db, number), staff=staff or house.handler, now=now, **told)
        return made if isinstance(made, Refusal) else made.number


def code_of(house):
    with house.database.reading() as db:
        found = select(SmsMessage.text).where(SmsMessage.ref_type == "client_call").order_by(SmsMessage.id.desc())
        return re.search(r"\d{6}", db.scalars(found).first())[0]


def test_a_caller_who_answers_two_facts_is_proved_and_what_he_answered_is_nowhere(house):
    number = begun(house)
    assert tried(house, number, RIGHT) == CallState.PROVED
    with house.database.reading() as db:
        events = db.scalars(select(AuditEvent.detail).where(AuditEvent.object == f"call:{number}")).all()
        asked = calls.by_number(db, number).asked
        assert all(event["asked"] == asked for event in events)
        rows = [str(tuple(row)) for row in db.execute(text("SELECT * FROM client_call"))]
        (view,) = db.execute(select(ClientView.what, ClientView.reason)).all()
    assert (len(asked), tuple(view)) == (2, ("call", number))
    for answer in ("002x", "002X", "1949-12-31", "19491231"):
        assert answer not in "".join([*map(str, events), *rows])


def test_one_wrong_answer_ends_the_call_and_no_second_try_helps(house):
    number = begun(house)
    assert tried(house, number, {**RIGHT, "id_tail": "0000", "birth_date": "1"}) == Refusal.NOT_THE_CALLER
    assert tried(house, number, RIGHT) == Refusal.LAPSED
    assert requested(house, number) == Refusal.LAPSED


def test_a_code_is_proved_in_three_tries_by_whoever_took_the_call_within_ten_minutes(house):
    number = begun(house, Way.CODE)
    code = code_of(house)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert tried(house, number, {"code": code}, staff=house.reviewer) == Refusal.LAPSED
    assert tried(house, number, {"code": code}, now=NOW + timedelta(minutes=10)) == Refusal.LAPSED
    assert tried(house, number, {"code": wrong}) == Refusal.NOT_THE_CALLER
    assert tried(house, number, {"code": wrong}) == Refusal.NOT_THE_CALLER
    assert tried(house, number, {"code": f"{code[:3]} {code[3:]}"}) == CallState.PROVED


def test_three_wrong_codes_end_the_call(house):
    number = begun(house, Way.CODE)
    wrong = {"code": f"{(int(code_of(house)) + 1) % 10**6:06d}"}
    assert [tried(house, number, wrong) for _ in range(4)] == [Refusal.NOT_THE_CALLER] * 3 + [Refusal.LAPSED]


def test_facts_tried_at_once_by_many_threads_have_one_try_together(house):
    number = begun(house)
    outcomes = []

    def go():
        outcomes.append(tried(house, number, {}))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted([Refusal.NOT_THE_CALLER] + [Refusal.LAPSED] * 3)


def test_a_fourth_call_for_one_client_within_twenty_minutes_is_refused(house):
    assert all(not isinstance(begun(house), Refusal) for _ in range(3))
    assert begun(house) == Refusal.TOO_MANY


def test_the_record_shuts_twenty_minutes_after_the_proof_and_when_the_call_ends(house):
    number = begun(house)
    tried(house, number, RIGHT)
    assert requested(house, number, staff=house.reviewer) == Refusal.LAPSED
    assert requested(house, number, now=NOW + timedelta(minutes=20)) == Refusal.LAPSED
    with house.database.writing() as db:
        calls.end(db, calls.by_number(db, number), staff=house.handler, now=NOW)
    assert requested(house, number) == Refusal.LAPSED


@pytest.mark.parametrize(
    "key", ["mobile", "email", "id_number", "actual_controller", "birth_date", "consent_marketing"]
)
def test_what_needs_a_proof_of_its_own_is_never_changed_by_telephone(house, key):
    number = begun(house)
    tried(house, number, RIGHT)
    assert requested(house, number, key=key, value="x") == Refusal.NOT_BY_PHONE


def test_a_request_by_telephone_says_so_is_told_to_the_client_and_is_decided_by_somebody_else(house):
    number = begun(house)
    tried(house, number, RIGHT)
    made = requested(house, number)
    with house.database.writing() as db:
        change = changes.by_number(db, made)
        assert (change.channel, change.entered_by) == ("phone", house.handler.user_id)
        for verb in (changes.approve, changes.endorse, changes.reject):
            assert verb(db, change, seen=1, staff=house.handler, note="x", now=NOW) == queues.Refusal.OWN_WORK
        assert changes.approve(db, change, seen=1, staff=house.reviewer, note="", now=NOW).state == State.EFFECTIVE
        assert clients.fact(db, house.client_id, "occupation") == "farmer"
        told = select(InboxMessage.title_zh, SmsMessage.to).join(SmsMessage).order_by(InboxMessage.id)
        letters = [tuple(row) for row in db.execute(told)]
    assert letters[0] == ("有人来电，以您的名义申请更改资料。", "13800000001")


def test_the_database_refuses_a_decision_by_who_entered_it(house):
    number = begun(house)
    tried(house, number, RIGHT)
    requested(house, number)
    with house.database.writing() as db, pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(ClientChange).values(decided_by=house.handler.user_id))
    row = {"number": "LD-1", "client_id": house.client_id, "staff_id": house.handler.user_id, "staff_name": "x"}
    row |= {"asked": [], "tries": 0, "state": "open", "opened_at": NOW, "lapses_at": NOW, "way": "code"}
    with house.database.writing() as db, pytest.raises(IntegrityError), db.begin_nested():
        db.execute(insert(ClientCall).values(**row))  # a code without its hash proves everybody


def test_the_client_objects_an_open_request_ends_and_a_done_one_becomes_a_report(house):
    first, told = begun(house), {"client": house.client, "why": "我没有打过电话", "now": NOW}
    tried(house, first, RIGHT)
    open_one, done = requested(house, first), requested(house, first, key="education", value="college")
    with house.database.writing() as db:
        assert changes.object_to(db, changes.by_number(db, open_one), **told).state == State.WITHDRAWN
        change = changes.by_number(db, done)
        changes.approve(db, change, seen=1, staff=house.reviewer, note="", now=NOW)
        report = changes.object_to(db, change, **told)
        assert (report.kind, report.key, report.state) == ("report", "education", State.REQUESTED)
        assert done in report.why
        assert changes.events(db, change.id)[-1].verb == "object"
        own = changes.ask(db, who=house.client, client_id=house.client_id, key="job_title", value="x", why="x", now=NOW)
        assert isinstance(changes.object_to(db, own, **told), queues.Stale)


def test_a_call_over_the_pages_from_the_telephone_to_the_objection(browser, database, clock):
    with database.writing() as db:
        calendar.seed(db)
        client_id = bring(db, now=clock.at, birth_date="19491231")
    sign_in_staff(browser, database, name="周经办", now=clock.at)
    assert send(browser, "/desk/calls", who="99999999", way="facts").status_code == 422
    begun = send(browser, "/desk/calls", who="138 0000 0001".replace(" ", ""), way="facts")
    here = begun.headers["location"]
    page = browser.get(here).text
    assert "王" not in page.split("<main")[1]
    assert "138****0001" not in page
    asked = [fact for fact in RIGHT if f'name="{fact}"' in page]
    assert len(asked) == 2
    proved = send(browser, f"{here}/proof", page=here, **{fact: RIGHT[fact] for fact in asked})
    assert proved.status_code == 303
    page = browser.get(f"{here}?key=occupation").text
    assert "138****0001" in page
    assert "13800000001" not in page
    wrong = send(browser, f"{here}/requests", page=here, key="occupation", value="", why="换工作")
    assert (wrong.status_code, "换工作" in wrong.text) == (422, True)
    assert send(browser, f"{here}/requests", page=here, key="id_number", value="x", why="x").status_code == 422
    made = send(browser, f"{here}/requests", page=here, key="occupation", value="farmer", why="换工作")
    number = made.headers["location"].rpartition("/")[2]
    assert send(browser, f"{here}/end", page=here).status_code == 303
    assert "138****0001" not in browser.get(here).text
    sign_in_staff(browser, database, name="吴复核", now=clock.at)
    assert browser.get(here).status_code == 404
    assert "客服电话" in browser.get(f"/desk/changes/{number}").text
    sign_in(browser, database, client_id, "王小满", clock.at)
    mine = f"/me/changes/{number}"
    assert send(browser, f"{mine}/objection", page=mine, objection=" ").status_code == 422
    assert send(browser, f"{mine}/objection", page=mine, objection="我没有打过电话").status_code == 303
    assert "客户说不是他申请的" in browser.get(mine).text
    assert "在电话中核对您的身份后查看了资料" in browser.get("/me/seen").text


def test_a_clients_page_never_opens_the_desk_of_calls(browser, database, clock):
    with database.writing() as db:
        client_id = bring(db, now=datetime(2026, 11, 20, tzinfo=UTC))
    sign_in(browser, database, client_id, "王小满", clock.at)
    assert browser.get("/desk/calls").status_code == 404
