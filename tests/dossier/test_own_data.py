"""My data: asked for, gathered by a job, had for a day behind the second factor, sealed, and nobody else's."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal import clients, dossier
from portal.dossier import Audience, Refusal, notes, own_data
from portal.dossier.models import Export
from portal.kit import jobs
from portal.rooms import JOBS
from tests.clients.house import NOW, bring_other, furnish
from tests.visitors import post, sign_in


@pytest.fixture
def house(database):
    made = furnish(database)
    with database.writing() as db:
        bring_other(db, now=NOW)
        clients.edit(db, who=made.client, client_id=made.client_id, key="employer", value="青山学校", now=NOW)
        clients.consent(db, who=made.client, client_id=made.client_id, kind="consent_care", is_given=True, now=NOW)
        for audience, said in ((Audience.INTERNAL, "内部的话"), (Audience.CLIENT, "约好周三")):
            told = {"who": made.handler, "client_id": made.client_id, "text": said, "key": f"k-{audience}-0123456789"}
            notes.write(db, audience=audience, now=NOW, **told)
    return made


def ask(database, house, now=NOW):
    with database.writing() as db:
        return own_data.ask(db, who=house.client, client_id=house.client_id, now=now)


def strengthen(database, aal=2) -> None:
    with database.writing() as db:
        db.execute(text(f"UPDATE identity_session SET aal = {aal}"))


def test_everything_that_is_held_is_in_it_in_full_and_nothing_that_is_not_his_to_know(database, house) -> None:
    number = ask(database, house).number
    assert jobs.work(database, JOBS, NOW) == 1
    with database.writing() as db:
        content = own_data.take(db, number, who=house.client, client_id=house.client_id, form="json", now=NOW)
    told = json.loads(content)
    assert told["client_no"] == "10000001"
    facts = {row["key"]: row["value"] for row in told["parts"]["facts"]}
    assert facts["mobile"] == "13800000001"  # his own number is his to read
    assert facts["employer"] == "青山学校"
    assert [row["text"] for row in told["parts"]["notes"]] == ["约好周三"]
    assert "内部的话" not in content
    assert "aml_rating" not in content
    assert told["parts"]["consents"][0]["kind"] == "consent_care"
    assert set(told["parts"]) == {part.name for part in own_data.PARTS}
    assert "郑旁观" not in content


def test_one_waits_at_a_time_and_three_are_enough_for_a_day(database, house) -> None:
    for n in range(own_data.A_DAY):
        now = NOW + timedelta(minutes=n)
        assert isinstance(ask(database, house, now), Export)
        assert ask(database, house, now) is Refusal.WAITS_ALREADY
        jobs.work(database, JOBS, now)
    assert ask(database, house, NOW + timedelta(hours=1)) is Refusal.TOO_MANY
    assert isinstance(ask(database, house, NOW + timedelta(days=1)), Export)


def test_what_was_gathered_lies_sealed_and_is_gone_after_its_day(database, house) -> None:
    number = ask(database, house).number
    jobs.work(database, JOBS, NOW)
    with database.writing() as db:
        raw = db.execute(text("SELECT content FROM dossier_export")).scalar_one()
        assert raw.startswith("sealed:")
        assert "13800000001" not in raw
        late = NOW + timedelta(hours=24)
        told = {"who": house.client, "client_id": house.client_id, "form": "json"}
        assert own_data.take(db, number, now=late - timedelta(seconds=1), **told)
        assert own_data.take(db, number, now=late, **told) is None
        assert dossier.end_exports(db, late - timedelta(seconds=1)) == 0
        assert dossier.end_exports(db, late) == 1
        assert db.execute(text("SELECT content FROM dossier_export")).scalar_one() is None


def test_the_client_asks_and_has_both_files_and_each_time_is_written_down(browser, database, house, clock) -> None:
    sign_in(browser, database, house.client_id, "王小满", clock.at)
    assert post(browser, "/me/data", "/me/data").status_code == 303  # to the second factor first
    with database.reading() as db:
        assert db.scalar(select(Export.id)) is None
    strengthen(database)
    assert post(browser, "/me/data", "/me/data").headers["location"] == "/me/data"
    again = post(browser, "/me/data", "/me/data")
    assert (again.status_code, "正在准备" in again.text) == (422, True)
    jobs.work(database, JOBS, clock.at)
    assert "下载 JSON" in browser.get("/me/data").text
    with database.reading() as db:
        number = db.scalar(select(Export.number))
    read = browser.get(f"/me/data/{number}/html")
    assert "青山学校" in read.text
    assert read.headers["content-disposition"].startswith("attachment")
    assert read.headers["cache-control"] == "private, no-store"
    assert browser.get(f"/me/data/{number}/json").json()["number"] == number
    strengthen(database, 1)
    assert browser.get(f"/me/data/{number}/json").status_code == 303
    with database.reading() as db:
        events = db.scalars(text("SELECT event FROM audit_event WHERE object LIKE 'export:%' ORDER BY id")).all()
    assert events == ["own_data.asked", "own_data.ready", "own_data.taken_html", "own_data.taken_json"]


def test_another_client_finds_nothing_under_its_number(browser, database, house, clock) -> None:
    number = ask(database, house).number
    jobs.work(database, JOBS, NOW)
    with database.reading() as db:
        other = clients.client_by_no(db, "10000002").id
    sign_in(browser, database, other, "郑旁观", clock.at)
    strengthen(database)
    assert browser.get(f"/me/data/{number}/json").status_code == 404
    assert browser.get(f"/me/data/{number}/html").status_code == 404
    assert number not in browser.get("/me/data").text
