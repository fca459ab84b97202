"""The worklist 信息补充: who is a core client, whose information the week is for, and what has been filled in."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from sqlalchemy import select

from portal import calendar, clients, desk, identity, tiers
from portal.clients.changes import Person, edit
from portal.desk import queries
from portal.desk.models import CoreClient, CoreWeek
from portal.desk.rules import Definition, Reason, core, definition_of, definition_on, monday, top, window_start
from tests.visitors import sign_in_staff

FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DEFINITION = Definition("test", date(2026, 1, 1), "gold", Decimal("0.10"), 12, 80)
MINE = {
    "email": "z@example.com", "education": "master_up", "employer": "示例设计院", "job_title": "工程师",
    "industry": "research", "preferred_channel": "sms", "preferred_time": "evening", "do_not_call": "0",
    "interests": "stocks", "statement_delivery": "site", "address_mail": "浙江省杭州市示例路 8 号",
    "emergency_contact": "王大满", "emergency_phone": "13900000009",
    "address_home": "浙江省杭州市示例路 8 号", "occupation": "professional", "tax_residency": "china_only",
    "actual_controller": "本人", "beneficial_owner": "本人", "integrity_record": "none",
}  # fmt: skip


def test_a_tenth_is_rounded_up_equals_stand_together_and_nothing_is_never_at_the_top():
    figures = {number: Decimal(number) for number in range(0, 12)}
    assert top(figures, Decimal("0.10")) == {10, 11}  # eleven have something: a tenth is two
    assert top({1: Decimal(5), 2: Decimal(5), 3: Decimal(1)}, Decimal("0.10")) == {1, 2}
    assert top({1: Decimal(0)}, Decimal("0.10")) == set()
    assert top({}, Decimal("0.10")) == set()


def test_every_reason_is_said_in_the_order_of_the_definition():
    found = core(in_high_tier={2}, assets={1: Decimal(9), 2: Decimal(1)}, trades={2: Decimal(7)}, definition=DEFINITION)
    assert found == {1: [Reason.ASSETS], 2: [Reason.TIER, Reason.TRADES]}


def test_the_version_in_force_on_a_day_is_the_one_that_began_last():
    assert definition_on(date(2026, 11, 20)).version == "2026.1"
    assert definition_of("2026.1").min_tier == "gold"
    assert (monday(date(2026, 11, 20)), monday(date(2026, 11, 16))) == (date(2026, 11, 16), date(2026, 11, 16))
    assert window_start(date(2028, 2, 29), 12) == date(2027, 2, 28)


@pytest.fixture
def house(database):
    """Lay three clients of two branches; two are gold, and one of them is nearly complete and has an adviser."""
    with database.writing() as db:
        calendar.seed(db)
        rows = [
            {"client_no": f"1000000{n}", "name": name, "client_type": "1", "branch_no": branch, "status": "0"}
            | {"opened_on": date(2019, 1, 5), "risk_level": "C3", "risk_valid_to": date(2027, 6, 30)}
            for n, name, branch in ((1, "王小满", "0101"), (2, "李银川", "0101"), (3, "陈金波", "0202"))
        ]
        told = {"mobile": "13800000001", "id_type": "resident_id", "id_number": "11010519491231002X",
                "id_valid_to": "20461231", "nationality": "CN", "id_valid_from": "20200101"}  # fmt: skip
        facts = [
            {"client_no": row["client_no"], "key": key, "value": value, "as_of": FRIDAY.date()}
            for row in rows
            for key, value in told.items()
        ]
        ids = clients.take_over(db, rows, facts, now=FRIDAY)
        one, two, three = (ids[f"1000000{n}"] for n in (1, 2, 3))
        for client_id in (one, two):
            tiers.grant(
                db, client_id=client_id, tier="gold", valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1),
                basis={}, decided_by="system", reason="test", now=FRIDAY,
            )  # fmt: skip
        staff = identity.add_staff(db, name="周经办", roles=["adviser"], by="system", now=FRIDAY)
        tiers.appoint_adviser(db, user_id=staff.id, branch_no="0101", direct_line="000", by="system", now=FRIDAY)
        assert tiers.assign_adviser(db, two, reason="test", now=FRIDAY) == staff.id
    return {"database": database, "one": one, "two": two, "three": three, "adviser": staff.id}


def fill(house, client_id, now=FRIDAY):
    """Let a client say all that is his to say."""
    with house["database"].writing() as db:
        for key, value in MINE.items():
            edit(db, who=Person("client:1", "x"), client_id=client_id, key=key, value=value, now=now)
        for kind in ("consent_marketing", "consent_sensitive", "consent_sharing"):
            clients.consent(db, who=Person("client:1", "x"), client_id=client_id, kind=kind, is_given=True, now=now)


def laid(house, now=FRIDAY):
    with house["database"].writing() as db:
        return desk.lay_week(db, now)


def test_the_weeks_list_holds_core_clients_under_the_guideline_and_is_laid_once(house):
    fill(house, house["one"])
    assert laid(house) == 1
    assert laid(house, FRIDAY + timedelta(days=1)) == 0
    with house["database"].reading() as db:
        (row,) = db.execute(select(*CoreClient.__table__.c)).all()
        assert (row.client_id, row.reasons, row.branch_no) == (house["two"], "tier", "0101")
        assert (row.responsible_id, row.percent < 80) == (house["adviser"], True)
        (week,) = db.execute(select(CoreWeek.week, CoreWeek.version, CoreWeek.core_clients)).all()
        assert tuple(week) == (date(2026, 11, 16), "2026.1", 2)
    assert laid(house, FRIDAY + timedelta(days=4)) == 1
    with house["database"].reading() as db:
        assert queries.newest_week(db) == date(2026, 11, 23)


def test_many_scores_at_once_are_each_ones_own(house):
    fill(house, house["one"])
    ids = [house["one"], house["two"], house["three"]]
    with house["database"].reading() as db:
        scores = clients.completeness_of(db, ids, FRIDAY.date())
        assert scores == {each: clients.completeness(db, each, FRIDAY.date()) for each in ids}
        assert clients.completeness_of(db, [], FRIDAY.date()) == {}


def test_the_page_tells_what_is_open_and_what_was_filled_this_week_and_the_csv_says_the_same(house, browser, clock):
    laid(house)
    fill(house, house["one"])
    sign_in_staff(browser, house["database"], name="吴复核", now=clock.at)
    page = browser.get("/desk/core-clients").text
    assert "李银川" not in page
    assert "10000002" in page
    assert "10000001" not in page
    assert "10000003" not in page
    assert "10000001" in browser.get("/desk/core-clients?tab=filled").text
    assert "10000002" not in browser.get("/desk/core-clients?branch=0202").text
    assert "10000002" in browser.get(f"/desk/core-clients?person={house['adviser']}").text
    assert "10000002" not in browser.get("/desk/core-clients?person=0").text
    for odd in ("?person=x&tab=nothing", "?branch=%27--", "?person=99999999999999999999"):
        assert browser.get(f"/desk/core-clients{odd}").status_code == 200
    answer = browser.get("/desk/core-clients/csv")
    assert "李银川" not in answer.text
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert {row[0]: row[3] for row in rows[1:]} == {"10000001": "", "10000002": "周经办"}


def test_before_the_first_list_the_page_says_so(browser, database, clock):
    sign_in_staff(browser, database, name="周经办", now=clock.at)
    assert "还没有生成过" in browser.get("/desk/core-clients").text
    assert browser.get("/desk/core-clients/csv").status_code == 200


def test_an_adviser_sees_his_own_clients_whatever_he_asks_for(house, browser, clock):
    laid(house)
    sign_in_staff(browser, house["database"], name="冯理财", now=clock.at, roles=["adviser"])
    for asked in ("", f"?person={house['adviser']}", "?person=0"):
        assert "10000002" not in browser.get(f"/desk/core-clients{asked}").text
        assert "10000002" not in browser.get(f"/desk/core-clients/csv{asked}").text
