import json
from copy import deepcopy

import pytest
from sqlalchemy import text

from portal import queues, suitability
from portal.suitability import publishing
from portal.suitability.soundness import Unsound, Why, differences, unsound
from tests.suitability.sheets import NOW, PERSONAS, SHIPPED, fill_in, furnish
from tests.visitors import post, sign_in_staff

VERSIONS = "/desk/questionnaires/versions"
NEXT = {**SHIPPED.body, "version": "2027.1", "personas": PERSONAS}


def changed(*path, to):
    body = deepcopy(NEXT)
    part = body
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = to
    return body


def test_the_shipped_definition_is_sound_with_all_its_personas():
    assert unsound(NEXT) == []


@pytest.mark.parametrize(
    ("body", "why", "where"),
    [
        (changed("questions", 1, "id", to="income_source"), Why.TWICE, "income_source"),
        (changed("scoring", "levels", 2, "min", to=46), Why.BANDS, "scoring.levels"),
        (changed("scoring", "levels", 2, "min", to=44), Why.BANDS, "scoring.levels"),
        (changed("questions", 0, "max_score", to=6), Why.POINTS, "income_source"),
        (changed("dimensions", "goals", "max", to=15), Why.POINTS, "dimensions.goals"),
        (changed("hard_rules", 3, "cap", to="C9"), Why.UNKNOWN, "CAP_OVERDUE_DEBT"),
        (changed("hard_rules", 3, "all", 0, "value", to=["Z"]), Why.UNKNOWN, "CAP_OVERDUE_DEBT"),
        (changed("contradictions", 0, "all", 0, "op", to="like"), Why.UNKNOWN, "X01"),
        (changed("contradictions", 0, "all", 0, "field", to="a.horoscope"), Why.UNKNOWN, "X01"),
        (changed("contradictions", 5, "en", to=""), Why.WORDS, "X06"),
        (changed("rules", "validity_months", to=36), Why.VALIDITY, "rules.validity_months"),
        (changed("rules", "max_attempts_per_day", to=0), Why.VALIDITY, "rules.max_attempts_per_day"),
        (changed("scoring", to=None), Why.SHAPE, ""),
        (changed("questions", 0, "options", to=[]), Why.SHAPE, ""),
        (changed("personas", 0, "expected", "level", to="C5"), Why.PERSONA, "p01_all_lowest"),
    ],
)
def test_a_definition_that_does_not_hold_together_is_named_part_by_part(body, why, where):
    found = unsound(body)
    assert why in {each.why for each in found}, found
    assert not where or where in {each.where for each in found}


def test_differences_are_named_by_id_and_place():
    before, after = SHIPPED.body, changed("questions", 0, "options", 1, "score", to=9)
    found = differences(before, {name: part for name, part in after.items() if name != "personas"})
    assert found == [("version", "2026.1", "2027.1"), ("questions.income_source.options.B.score", 2, 9)]


@pytest.mark.parametrize("body", [{}, [], {"questions": 1}, {"questions": [{"id": 1}]}])
def test_what_is_no_definition_at_all_is_unsound_and_never_a_crash(body):
    assert [each.why for each in unsound(body)] == [Why.SHAPE]


def test_one_writes_a_version_another_publishes_it_and_open_sheets_keep_theirs(database):
    client_id = furnish(database)
    fill_in(database, client_id, {"income_source": "E"}, until=NOW)
    with database.writing() as db:
        made = publishing.propose(db, NEXT, author="staff:1", now=NOW)
        assert isinstance(made, int)
        assert publishing.propose(db, NEXT, author="staff:1", now=NOW) == [Unsound(Why.TWICE, "2027.1")]
        assert publishing.approve(db, made, approver="staff:1", now=NOW) is queues.Refusal.OWN_WORK
        assert suitability.published(db).definition.version == "2026.1"
        assert publishing.approve(db, made, approver="staff:2", now=NOW).definition.version == "2027.1"
        assert publishing.approve(db, made, approver="staff:3", now=NOW) is None, "it is published already"
        assert "personas" not in suitability.published(db).definition.body
        draft, form = suitability.usable_draft(db, client_id, NOW)
        assert (form.definition.version, draft.answers) == ("2026.1", {"income_source": "E"})


def test_a_proposal_can_be_taken_back_and_is_published_no_more(database):
    furnish(database)
    with database.writing() as db:
        made = publishing.propose(db, NEXT, author="staff:1", now=NOW)
        assert publishing.take_back(db, made, actor="staff:1", now=NOW) is True
        assert publishing.take_back(db, made, actor="staff:1", now=NOW) is False
        assert publishing.approve(db, made, approver="staff:2", now=NOW) is None


def test_the_database_itself_refuses_one_person_for_both(database):
    furnish(database)
    with pytest.raises(Exception, match="four_eyes"), database.writing() as db:
        db.execute(text(
            "INSERT INTO questionnaire_version (code, version, sha256, body, author, approver, published_at)"
            " SELECT code, 'x', 'x', body, 'staff:1', 'staff:1', published_at FROM questionnaire_version"
        ))  # fmt: skip


def send(browser, definition):
    files = {"definition": ("next.json", definition, "application/json")}
    token = browser.get(VERSIONS).text.split('name="_csrf" value="')[1].split('"')[0]
    return browser.post(VERSIONS, data={"_csrf": token}, files=files)


def test_on_the_pages_one_sends_a_file_another_publishes_it_and_a_version_is_withdrawn_with_a_reason(
    browser, database, clock
):
    clock.at = NOW
    furnish(database)
    sign_in_staff(browser, database, "严合规", NOW, roles=["compliance"])
    for bad in (b"{", b"", b"\xff", b"[" * 100_000, json.dumps(changed("rules", "validity_months", to=36)).encode()):
        refused = send(browser, bad)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
    assert "rules.validity_months" in refused.text
    assert send(browser, json.dumps(NEXT).encode()).status_code == 303
    own = browser.get(VERSIONS).text
    assert "须由他人公布" in own
    assert "2027.1" in own
    publication = "/desk/questionnaires/versions/1/publication"
    assert post(browser, VERSIONS, publication).status_code == 422, "nobody publishes what he brought"
    sign_in_staff(browser, database, "吴复核", NOW, roles=["reviewer"])
    assert "由合规公布" in browser.get(VERSIONS).text
    sign_in_staff(browser, database, "尹合规", NOW, roles=["compliance"])
    assert post(browser, VERSIONS, publication).status_code == 303
    page = browser.get(VERSIONS).text
    assert "严合规 · 尹合规" in page
    withdrawal = "/desk/questionnaires/versions/1/withdrawal"
    assert post(browser, VERSIONS, withdrawal, reason="").status_code == 422
    assert post(browser, VERSIONS, withdrawal, reason="分数段有误").status_code == 303
    assert "停用：分数段有误" in browser.get(VERSIONS).text
    for number in ("99", "9" * 30):
        gone = post(browser, VERSIONS, f"/desk/questionnaires/versions/{number}/withdrawal", reason="不存在")
        assert gone.status_code == 404
    with database.reading() as db:
        assert suitability.published(db).definition.version == "2027.1"
