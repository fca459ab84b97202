"""Special call-backs: a target, a script of their own, a period and two persons."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import bookings, callbacks, identity, queues, tiers
from portal.callbacks import Occasion, Plan, Target, begin
from portal.callbacks.actions import Call
from portal.callbacks.campaigns import newest
from portal.callbacks.models import CallbackTask
from portal.callbacks.queries import queue, script
from portal.callbacks.rules import QUEUE, Means, Outcome, Refusal
from portal.kit.db import Base
from tests.callbacks.test_actions import NOW, client
from tests.visitors import post, sign_in_staff

QUESTIONS = (("收到节日问候了吗？", "Did you receive our greetings?", "yes"), ("有人向您推销产品吗？", "", "no"))


@pytest.fixture
def people(database):
    with database.writing() as db:
        callbacks.publish_scripts(db, NOW)
        for number in range(3):
            client(db, f"660005000{number}", date(2026, 11, 2) if number else date(2020, 1, 1))
        staff = [identity.add_staff(db, name=name, roles=[], by="system", now=NOW) for name in ("甲", "乙", "丙")]
        return [callbacks.Person(f"staff:{each.id}", each.name, each.id) for each in staff]


def plan(people, **more):
    told = {
        "occasion": Occasion.FESTIVAL, "title": "春节问候", "target": Target.ALL, "client_nos": (),
        "questions": QUESTIONS, "begins_on": date(2026, 11, 20), "ends_on": date(2026, 11, 30),
        "first_id": people[0].user_id, "second_id": people[1].user_id,
    }  # fmt: skip
    return Plan(**told | more)


def run(database, people, **more):
    with database.writing() as db:
        return begin(db, plan(people, **more), by=people[2], now=NOW)


def test_everybody_of_the_target_is_called_under_the_campaign_s_own_script(database, people):
    run(database, people)
    run(database, people, title="新产品", occasion=Occasion.PRODUCT, target=Target.NEW)
    run(database, people, title="名单", target=Target.LISTED, client_nos=["6600050000"])
    with database.reading() as db:
        assert [(row.title, row.calls) for row in newest(db)] == [("名单", 1), ("新产品", 2), ("春节问候", 3)]
        tasks = db.scalars(select(CallbackTask)).all()
        assert len({task.script_id for task in tasks}) == 3
        asked = script(db, tasks[0].script_id).questions
        assert [(each.says("zh"), each.expects) for each in asked] == [(zh, no) for zh, _, no in QUESTIONS]
        assert asked[1].says("en") == "有人向您推销产品吗？"


@pytest.mark.parametrize(
    ("flaw", "refusal"),
    [
        ({"questions": QUESTIONS * 5}, Refusal.TOO_MANY_QUESTIONS),
        ({"questions": ()}, Refusal.TOO_MANY_QUESTIONS),
        ({"ends_on": date(2026, 11, 19)}, Refusal.BAD_PERIOD),
        ({"begins_on": date(2026, 12, 1)}, Refusal.BAD_PERIOD),
        ({"target": Target.LISTED, "client_nos": ("6600050000", "6600059999")}, Refusal.UNKNOWN_CLIENT),
        ({"target": Target.LISTED}, Refusal.NOBODY),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused(database, people, flaw, refusal):
    assert run(database, people, **flaw) == refusal
    assert run(database, people, second_id=people[0].user_id) == Refusal.SAME_PERSON


def test_only_its_two_call_and_only_in_its_period(database, people):
    run(database, people, begins_on=date(2026, 11, 23))
    monday = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    with database.writing() as db:
        task = db.scalars(select(CallbackTask).order_by(CallbackTask.id)).first()
        told = {each.key: each.expects for each in script(db, task.script_id).questions}
        call = Call(Outcome.ANSWERED, Means.LETTER, told, "信函 17 号")
        tries = {"seen": 1, "call": call}
        assert [row.number for row in queue(db, "due", NOW)] == []
        assert callbacks.record_try(db, task, caller=people[0], now=NOW, **tries) == Refusal.OUT_OF_PERIOD
        assert callbacks.record_try(db, task, caller=people[2], now=monday, **tries) == Refusal.NOT_OF_THE_TWO
        late = monday + timedelta(days=8)
        assert callbacks.record_try(db, task, caller=people[1], now=late, **tries) == Refusal.OUT_OF_PERIOD
        assert isinstance(callbacks.record_try(db, task, caller=people[1], now=monday, **tries), CallbackTask)
        assert newest(db)[0].passed == 1


def test_the_page_begins_a_campaign_and_keeps_what_was_typed(app, browser, database, people):
    me = str(sign_in_staff(browser, database, "韩主管", NOW, roles=["manager"]))
    typed = {
        "occasion": "exchange", "title": "规则变更告知", "target": "listed", "client_nos": "6600050001，6600050002",
        "questions": "知道规则变了吗？|Do you know?\n!有人代您操作吗？", "begins_on": "2026-11-20",
        "ends_on": "2026-11-30", "first": me, "second": me,
    }  # fmt: skip
    answer = post(browser, "/desk/campaigns", "/desk/campaigns", **typed)
    assert answer.status_code == 422
    assert "请选两个不同的人" in answer.text
    assert "知道规则变了吗？|Do you know?" in answer.text
    other = typed | {"second": str(people[1].user_id)}
    assert post(browser, "/desk/campaigns", "/desk/campaigns", **other).status_code == 303
    assert "规则变更告知" in browser.get("/desk/campaigns").text


def test_a_campaign_is_for_some_tiers_levels_or_branches_alone(app, browser, database, people):
    rows = Base.metadata.tables["client"]
    with database.writing() as db:
        ids = list(db.scalars(select(rows.c.id).order_by(rows.c.id)))
        told = {"tier": "gold", "valid_from": date(2026, 1, 1), "valid_to": date(2027, 1, 1), "basis": {}}
        for id in ids[:2]:
            tiers.grant(db, client_id=id, **told, decided_by="system", reason="test", now=NOW)
        db.execute(rows.update().where(rows.c.id == ids[1]).values(branch_no="0202"))
        for id, until in ((ids[0], date(2026, 11, 19)), (ids[2], date(2027, 1, 1))):  # the first one's has lapsed
            db.execute(rows.update().where(rows.c.id == id).values(risk_level="C3", risk_valid_to=until))
        for code in ("0101", "0202"):
            bookings.open_branch(db, code=code, name=code, name_en=code, address="x", address_en="x", capacity=1)
    me = str(sign_in_staff(browser, database, "韩主管", NOW))
    typed = {
        "occasion": "product", "title": "新产品", "target": "all", "client_nos": "", "questions": "知道吗？",
        "begins_on": "2026-11-20", "ends_on": "2026-11-30", "first": me, "second": str(people[1].user_id),
    }  # fmt: skip
    for box, count in (("tier_gold", 2), ("tier_platinum", 0), ("level_C3", 1), ("branch_0202", 1)):
        shown = post(browser, "/desk/campaigns", "/desk/campaigns", **typed, **{box: "yes"}, only_count="yes")
        assert f"会打给 {count} 位客户" in shown.text, box
        assert f'name="{box}" value="yes" checked' in shown.text
    both = {"tier_gold": "yes", "branch_0101": "yes"}
    assert post(browser, "/desk/campaigns", "/desk/campaigns", **typed, **both).status_code == 303
    with database.reading() as db:
        (begun,) = newest(db)
        assert (begun.calls, begun.narrowing) == (1, {"tiers": ["gold"], "branches": ["0101"]})
    assert post(browser, "/desk/campaigns", "/desk/campaigns", **typed, tier_platinum="yes").status_code == 422


def test_a_call_that_somebody_has_taken_in_hand_is_his(app, browser, database, people):
    run(database, people, second_id=sign_in_staff(browser, database, "李柜台", NOW))
    with database.writing() as db:
        task = db.scalars(select(CallbackTask).order_by(CallbackTask.id)).first()
        queues.claim(db, queue=QUEUE, item_id=task.id, staff=people[0], now=NOW)
    where = f"/desk/callbacks/{task.number}"
    assert "甲 已经领取" in browser.get(where).text
    tried = {"version": "1", "outcome": "no_answer", "means": "telephone", "recording": "", "note": ""}
    answer = post(browser, where, f"{where}/tries", **tried)
    assert answer.status_code == 422
    assert "甲 已经领取" in answer.text
    assert post(browser, where, f"{where}/claim").status_code == 422
    with database.writing() as db:
        queues.release(db, queue=QUEUE, item_id=task.id)
    assert post(browser, where, f"{where}/claim").status_code == 303
    assert post(browser, where, f"{where}/tries", **tried).status_code == 303
    with database.reading() as db:
        assert queues.claim_on(db, QUEUE, task.id) is None
