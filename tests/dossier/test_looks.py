"""Whatever page shows staff a client's record, the client reads that they looked: at what, when, under which number."""

import pytest
from sqlalchemy import select, text

from portal import feedback
from portal.clients.models import ClientView
from portal.feedback import Brought
from tests.clients.house import NOW, furnish
from tests.visitors import sign_in, sign_in_staff


@pytest.fixture
def case(database):
    house = furnish(database)
    with database.writing() as db:
        brought = Brought(feedback.Kind.COMPLAINT, "service", "柜台排队太久", "上周三排队一个多小时。")
        made = feedback.receive(db, brought, by=house.client, client_id=house.client_id, key="k" * 16, now=NOW)
        return house, made.number


def looks(database, client_id):
    with database.reading() as db:
        rows = db.execute(select(ClientView.what, ClientView.reason, ClientView.staff_name).order_by(ClientView.id))
        return [tuple(row) for row in rows]


def test_a_case_beside_the_queue_leaves_a_look_that_the_client_reads(browser, database, clock, case) -> None:
    house, number = case
    sign_in_staff(browser, database, "周经办", clock.at)
    assert browser.get("/desk/voice").status_code == 200
    assert looks(database, house.client_id) == []  # a queue is nobody's record
    assert browser.get(f"/desk/voice/{number}").status_code == 200
    assert looks(database, house.client_id) == [("case", number, "周经办")]
    sign_in(browser, database, house.client_id, "王小满", clock.at)
    seen = browser.get("/me/seen").text
    assert "周经办 查看了您反映的问题" in seen
    assert number in seen


def test_a_page_that_is_not_there_leaves_no_look(browser, database, clock, case) -> None:
    house, _ = case
    sign_in_staff(browser, database, "周经办", clock.at)
    assert browser.get("/desk/voice/TS-00000000-0001").status_code == 404
    assert looks(database, house.client_id) == []


def test_where_the_look_can_t_be_written_the_page_does_not_leave(browser, database, clock, case) -> None:
    _, number = case
    sign_in_staff(browser, database, "周经办", clock.at)
    with database.writing() as db:
        db.execute(text("DROP TABLE client_view"))
    answer = browser.get(f"/desk/voice/{number}")
    assert answer.status_code >= 500
    assert "排队" not in answer.text
