"""When a clock runs out: told once for every room, to who owes it and to a manager, and both say what is done."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal import audit, bookings, callbacks, desk, identity, queues
from portal.bookings.queries import by_number
from portal.callbacks.models import CallbackTask
from portal.desk.overdue import WATCHES
from portal.feedback import actions as feedback
from portal.kit.db import Base
from portal.queues import Late, Reader, Side
from tests.bookings import house as bookings_house
from tests.callbacks.test_actions import client
from tests.conversations import house as conversations_house
from tests.feedback import house as feedback_house
from tests.redemptions import house as redemptions_house
from tests.visitors import post, sign_in_staff

DAY, MONTH = timedelta(days=1), timedelta(days=30)
NOW = bookings_house.NOW
MANAGER = Reader(0, "", is_manager=True)


@dataclass(frozen=True)
class Staff:
    user_id: int
    name: str


def tell(database, now):
    with database.writing() as db:
        return desk.tell_late(db, now)


def told(database, reader=MANAGER, *, now=NOW + MONTH, waiting=True):
    with database.reading() as db:
        rows = queues.escalations(db, reader, now, waiting=waiting)
        return [(row.queue, row.ref, row.promise, row.responsible_id, row.branch_no) for row in rows]


def test_a_booking_that_nobody_answers_is_told_once_to_whom_it_was_given(database):
    house = bookings_house.furnish(database)
    booking = house.book().booking
    assert tell(database, NOW + timedelta(minutes=29)) == 0
    assert (tell(database, NOW + timedelta(minutes=30)), tell(database, NOW + DAY)) == (1, 0)
    assert told(database) == [("bookings", booking.number, "answer", booking.assigned_to, "0101")]
    with database.reading() as db:
        trail = audit.events_of(db, f"bookings:{booking.number}")
    assert [each.event for each in trail] == ["promise.missed"]


def test_what_is_kept_in_time_or_off_is_never_told(database):
    house = bookings_house.furnish(database)
    kept, gone = house.book().booking, house.book(phone="13900000002").booking
    with database.writing() as db:
        told_by = {"staff": house.handler, "now": NOW}
        bookings.contact(db, by_number(db, kept.number), seen=1, note="已联系", **told_by)
        bookings.cancel(db, by_number(db, gone.number), by=house.handler, now=NOW, reason="不来了")
    assert tell(database, NOW + DAY) == 0


def test_every_room_is_watched_and_says_who_owes_it(database):
    house = redemptions_house.furnish(database)
    number = house.ask()
    assert tell(database, redemptions_house.NOW + DAY * 5) == 1
    assert told(database) == [("redemptions", number, "decision", None, "0101")]
    assert [watch.queue for watch in WATCHES] == [
        "redemptions", "bookings", "callbacks", "feedback", "conversations",
    ]  # fmt: skip


def test_a_question_of_the_upper_tiers_is_owed_by_the_adviser(database):
    house = conversations_house.furnish(database)
    house.write()
    with database.reading() as db:
        promised_at = house.conversation().promised_at
        (late,) = next(watch for watch in WATCHES if watch.queue == "conversations").late(db, promised_at)
    assert (late.promise, late.promised_at) == ("answer", promised_at)
    assert tell(database, promised_at) == 1
    house.answer(now=promised_at)
    house.write(now=promised_at + timedelta(minutes=1))
    assert tell(database, promised_at + DAY * 4) == 1, "another question is another promise"


def test_a_call_is_owed_by_who_has_it_in_hand(database):
    with database.writing() as db:
        callbacks.publish_scripts(db, NOW)
        client(db, "6600020000", date(2026, 11, 2))
        caller = identity.add_staff(db, name="王回访", roles=[], by="system", now=NOW)
        callbacks.plan_regular(db, NOW)
        (task,) = db.scalars(select(CallbackTask))
        queues.claim(db, queue="callbacks", item_id=task.id, staff=Staff(caller.id, "王回访"), now=task.due_at)
        assert desk.tell_late(db, task.due_at) == 1
    assert told(database, now=task.due_at) == [("callbacks", task.number, "call", caller.id, "0101")]


def test_a_critical_case_goes_up_at_once_and_a_late_one_when_its_clock_is_over(database):
    house = feedback_house.furnish(database)
    number = house.bring()
    house.work(number, severity="critical")
    assert tell(database, feedback_house.NOW) == 1
    assert told(database)[0][:4] == ("feedback", number, "critical", house.handler.user_id)
    assert tell(database, feedback_house.NOW + MONTH) == 1
    assert house.do(feedback.withdraw, number) == "withdrawn"
    assert tell(database, feedback_house.NOW + MONTH) == 0


def lay(database, *, responsible_id=None, branch_no="0101", ref="KH-1"):
    """Tell of one promise that is over."""
    late = Late(ref, "answer", NOW, responsible_id, branch_no)
    watch = queues.Watch("bookings", "预约", {}, "bookings.review", "number", lambda db, now: [late])
    with database.writing() as db:
        assert queues.tell(db, watch, NOW) == 1
    with database.reading() as db:
        return db.scalar(select(Base.metadata.tables["queue_escalation"].c.id))


def test_both_sides_take_note_and_each_once(browser, database, clock):
    clock.at = NOW
    me = sign_in_staff(browser, database, "周经办", NOW)
    lay(database, responsible_id=me)
    assert browser.get("/desk").headers["location"] == "/desk/late"
    assert "KH-1" in browser.get("/desk/late").text
    where = "/desk/late/1/acknowledgement"
    bad = post(browser, "/desk/late", where, note=" ")
    assert (bad.status_code, "请用 2 到 200 个字" in bad.text) == (422, True)
    assert post(browser, "/desk/late", where, note="今天下午联系").status_code == 303
    assert "没有等您知悉的" in browser.get("/desk/late").text
    assert browser.get("/desk").headers["location"] != "/desk/late"
    sign_in_staff(browser, database, "韩主管", NOW)
    assert "今天下午联系" in browser.get("/desk/late").text
    assert post(browser, "/desk/late", where, note="已改派").status_code == 303
    again = post(browser, "/desk/late?tab=all", where, note="再记一次")
    assert (again.status_code, "刚才已经有人代表这一方记下了" in again.text) == (422, True)
    with database.reading() as db:
        trail = [(each.event, each.detail.get("side")) for each in audit.events_of(db, "bookings:KH-1")]
    assert trail == [
        ("promise.missed", None), ("promise.acknowledged", "responsible"), ("promise.acknowledged", "manager"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sees", "notes"), [("周经办", True, False), ("沈投顾", False, False), ("韩主管", True, True)]
)
def test_a_branch_reads_its_own_and_only_who_owes_it_or_a_manager_takes_note(
    browser, database, clock, name, sees, notes
):
    clock.at = NOW
    me = sign_in_staff(browser, database, name, NOW)
    users = Base.metadata.tables["identity_user"]
    with database.writing() as db:
        db.execute(users.update().where(users.c.id == me).values(branch_no="0101"))
    lay(database)
    page = browser.get("/desk/late?tab=all").text
    assert (("KH-1" in page), ("/acknowledgement" in page)) == (sees, notes)
    with database.writing() as db:
        db.execute(users.update().where(users.c.id == me).values(branch_no="0202"))
    assert ("KH-1" in browser.get("/desk/late?tab=all").text) == (name == "韩主管")
    answer = post(browser, "/desk/late", "/desk/late/1/acknowledgement", note="好的")
    assert answer.status_code == (303 if notes else 404)


def test_the_record_is_never_changed(database):
    lay(database)
    rows = Base.metadata.tables["queue_escalation"]
    with pytest.raises(DatabaseError), database.writing() as db:
        db.execute(rows.update().values(ref="KH-2"))


def test_a_side_s_word_is_its_own():
    assert queues.side_of(7, is_manager=True, responsible_id=7) is Side.RESPONSIBLE
    assert queues.side_of(8, is_manager=True, responsible_id=7) is Side.MANAGER
    assert queues.side_of(8, is_manager=False, responsible_id=None) is None
