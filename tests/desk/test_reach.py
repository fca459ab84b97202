"""Who sees which client: an adviser his own, staff of a branch the branch's, managers and compliance all."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from portal import audit, calendar, clients, conversations, identity, tiers
from portal.feedback import queries as voices
from portal.feedback.models import Case
from portal.feedback.queries import PAGE
from portal.kit.db import Base
from tests.clients.house import bring
from tests.visitors import post, sign_in_staff

MINE, OTHERS = "10000001", "10000002"


@pytest.fixture
def two(database, clock) -> dict[str, int]:
    """Two clients of two branches."""
    with database.writing() as db:
        mine, other = bring(db), bring(db, client_no=OTHERS, mobile="13800000002")
        rows = Base.metadata.tables["client"]
        db.execute(update(rows).where(rows.c.id == other).values(branch_no="0102"))
    return {MINE: mine, OTHERS: other}


def place(database, user_id: int, branch_no: str) -> None:
    rows = Base.metadata.tables["identity_user"]
    with database.writing() as db:
        db.execute(update(rows).where(rows.c.id == user_id).values(branch_no=branch_no))


def test_an_adviser_sees_his_own_clients_alone(browser, database, clock, two) -> None:
    me = sign_in_staff(browser, database, "沈投顾", clock.at)
    assert browser.get(f"/desk/clients/{MINE}").status_code == 404
    with database.writing() as db:
        tiers.appoint_adviser(db, user_id=me, branch_no="0101", direct_line="000-0000-0003", by="system", now=clock.at)
        tiers.assign_adviser(db, two[MINE], reason="waited", now=clock.at)
    assert browser.get(f"/desk/clients/{MINE}").status_code == 200
    assert browser.get(f"/desk/clients/{OTHERS}").status_code == 404
    assert post(browser, "/desk/clients", "/desk/clients", wanted=OTHERS).status_code == 422
    assert "更多" in browser.get("/desk/clients").text
    assert "/desk/redemptions" not in browser.get("/desk/clients").text
    assert browser.get("/desk").headers["location"] == "/desk/mine"


@pytest.mark.parametrize(("name", "status"), [("周经办", 404), ("吴复核", 404), ("韩主管", 200), ("严合规", 200)])
def test_another_branch_s_record_is_not_there(browser, database, clock, two, name: str, status: int) -> None:
    place(database, sign_in_staff(browser, database, name, clock.at), "0101")
    with database.writing() as db:
        numbers = {no: change(db, id, clock.at) for no, id in two.items()}
    assert browser.get(f"/desk/clients/{MINE}").status_code == 200
    assert browser.get(f"/desk/changes/{numbers[MINE]}").status_code == 200
    queue = browser.get("/desk/changes").text
    assert (numbers[MINE] in queue, numbers[OTHERS] in queue) == (True, status == 200)
    for path in (
        f"/desk/clients/{OTHERS}",
        f"/desk/changes/{numbers[OTHERS]}",
        f"/desk/questionnaires/clients/{OTHERS}",
        f"/desk/conversations/{OTHERS}",
    ):
        assert browser.get(path).status_code == status, path
    search = post(browser, "/desk/clients", "/desk/clients", wanted="13800000002")
    assert search.status_code == (303 if status == 200 else 422)


def test_a_verb_on_another_branch_s_record_does_nothing(browser, database, clock, two) -> None:
    place(database, sign_in_staff(browser, database, "吴复核", clock.at), "0101")
    with database.writing() as db:
        number = change(db, two[OTHERS], clock.at)
    for verb in ("claim", "endorsement", "approval", "rejection"):
        answer = post(browser, "/desk/changes", f"/desk/changes/{number}/{verb}", version="1", note="因为")
        assert answer.status_code == 404, verb


def test_an_adviser_works_on_the_conversations_of_his_own_clients_alone(browser, database, clock, two) -> None:
    me = sign_in_staff(browser, database, "沈投顾", clock.at)
    with database.writing() as db:
        tiers.appoint_adviser(db, user_id=me, branch_no="0101", direct_line="000-0000-0003", by="system", now=clock.at)
        tiers.assign_adviser(db, two[MINE], reason="waited", now=clock.at)
        calendar.seed(db)
        tiers.seed_terms(db, clock.at)
        for client_no, client_id in two.items():
            tiers.grant(
                db, client_id=client_id, tier="gold", valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1), basis={},
                decided_by="system", reason="test", now=clock.at,
            )  # fmt: skip
            speaks = audit.Person(f"client:{client_id}", "客户")
            conversations.write(
                db, client=speaks, client_id=client_id, text="能谈谈吗？", key=client_no * 2, now=clock.at
            )  # fmt: skip
    queue = browser.get("/desk/conversations").text
    assert (f"/desk/conversations/{MINE}" in queue, f"/desk/conversations/{OTHERS}" in queue) == (True, False)
    assert browser.get(f"/desk/conversations/{MINE}").status_code == 200
    assert browser.get(f"/desk/conversations/{OTHERS}").status_code == 404
    assert post(browser, f"/desk/conversations/{MINE}", f"/desk/conversations/{MINE}/claim").status_code == 303
    assert post(browser, f"/desk/conversations/{MINE}", f"/desk/conversations/{OTHERS}/claim").status_code == 404


def test_a_queue_counts_what_its_reader_may_see_and_the_rest_takes_no_room_on_the_page(database, clock, two) -> None:
    with database.writing() as db:
        for n in range(PAGE + 1):  # the other branch's are older: they stood before his
            brought(db, two[OTHERS], n, clock.at - timedelta(days=1))
        brought(db, two[MINE], PAGE + 1, clock.at)
        user = identity.add_staff(db, name="周经办", roles=["handler"], by="system", now=clock.at, branch_no="0101")
        told = {"kind": "staff", "name": "周经办", "user_name": "", "client_id": 0, "roles": ("handler",), "aal": 2}
        told |= {"has_second_factor": True, "session_hash": "", "seen_at": clock.at, "branch_no": "0101"}
        within = clients.reach(identity.Visitor(user_id=user.id, **told), Case.client_id)
        rows = voices.queue(db, "open", [], clock.at, within)
        mine, all_ = voices.counts(db, clock.at, within), voices.counts(db, clock.at)
    assert [row.number for row in rows] == [f"TS-{PAGE + 1}"]
    assert (mine.open, all_.open) == (1, PAGE + 2)


def brought(db, client_id: int, n: int, at) -> None:
    """Let a client have brought something."""
    told = {"kind": "enquiry", "area": "fees", "product": "none", "channel": "web", "title": "问", "text": "问"}
    told |= {"branch_no": "", "text_hash": str(n), "severity": "normal", "state": "received", "version": 1}
    told |= {"ack_minutes": 60, "answer_minutes": 60, "extended_minutes": 0, "received_at": at}
    db.execute(insert(Case).values(number=f"TS-{n}", request_key=f"key-{n}", client_id=client_id, **told))


def change(db, client_id: int, now) -> str:
    """Let a client report an error; give the request's number."""
    person = clients.Person("client:1", "王小满", 1, "web")
    made = clients.ask(db, client_id=client_id, key="name", value=None, why="写错了", who=person, now=now)
    return made.number
