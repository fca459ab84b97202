"""Whoever looks at too many values in a day is told of once, and another one looks into it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import clients
from portal.clients.models import ClientRevealAlarm
from portal.clients.rules import REVEALS_A_DAY
from tests.clients.house import NOW, furnish
from tests.visitors import post, sign_in_staff


@pytest.fixture
def house(database):
    return furnish(database)


def reveal(database, house, times: int, now=NOW) -> None:
    with database.writing() as db:
        for _ in range(times):
            told = {"what": "value", "key": "mobile", "reason": "核对回拨号码"}
            clients.look(db, staff=house.handler, client_id=house.client_id, now=now, **told)


def alarms(database):
    with database.reading() as db:
        return db.execute(select(ClientRevealAlarm.staff_name, ClientRevealAlarm.day)).all()


def test_the_last_allowed_look_raises_nothing_and_the_next_one_does_once_a_day(database, house) -> None:
    reveal(database, house, REVEALS_A_DAY)
    assert alarms(database) == []
    reveal(database, house, 5)
    assert len(alarms(database)) == 1
    with database.reading() as db:
        told = db.execute(text("SELECT count(*) FROM audit_event WHERE event = 'client.reveal_alarm'")).scalar()
    assert told == 1
    reveal(database, house, REVEALS_A_DAY + 1, NOW + timedelta(days=1))
    assert len(alarms(database)) == 2


def test_compliance_and_managers_hear_of_it_at_their_desk_and_say_what_came_of_it(
    browser, database, house, clock
) -> None:
    reveal(database, house, REVEALS_A_DAY + 2)
    sign_in_staff(browser, database, "周经办", clock.at)
    assert "查看告警" not in browser.get("/desk/clients").text
    assert browser.get("/desk/reveals").status_code == 403
    sign_in_staff(browser, database, "严合规", clock.at)
    assert "有 1 起查看告警待查清" in browser.get("/desk/clients").text
    page = browser.get("/desk/reveals").text
    assert f"这一天查看了 {REVEALS_A_DAY + 2} 项完整内容" in page
    assert "核对回拨号码" in page
    with database.reading() as db:
        number = db.scalar(select(ClientRevealAlarm.id))
    action = f"/desk/reveals/{number}/settlement"
    short = post(browser, "/desk/reveals", action, note="好")
    assert (short.status_code, "10 到 500 字" in short.text) == (422, True)
    assert post(browser, "/desk/reveals", action, note="与主管核对过，当日批量更新证件").status_code == 303
    assert "与主管核对过" in browser.get("/desk/reveals").text
    assert post(browser, "/desk/reveals", action, note="再写一次也不行的说明").status_code == 422
    assert "待查清" not in browser.get("/desk/clients").text


def test_nobody_settles_an_alarm_about_himself(database, house) -> None:
    reveal(database, house, REVEALS_A_DAY + 1)
    with database.writing() as db:
        number = db.scalar(select(ClientRevealAlarm.id))
        assert not clients.settle_alarm(db, number, who=house.handler, note="我自己看过了没有问题", now=NOW)
    with pytest.raises(DBAPIError), database.writing() as db:
        db.execute(
            text(
                "UPDATE client_reveal_alarm SET seen_by = staff_id, seen_by_name = 'x', seen_at = raised_at, note = 'x'"
            )
        )
