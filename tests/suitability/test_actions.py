from datetime import date, timedelta

import pytest
from sqlalchemy import text

from portal import clients, suitability
from portal.suitability import Code, Refusal, State, Unfinished, evidence, publishing
from tests.suitability.sheets import (
    BY_NAME,
    C3_SHEET,
    C5_SHEET,
    DECLARED,
    NOW,
    SHIPPED,
    confirm,
    fill_in,
    furnish,
    person,
    staff,
)
from tests.suitability.sheets import submit as hand_in

MINUTE = timedelta(minutes=1)
LATER = NOW + 5 * MINUTE


def assessed(database, client_id, answers, *, now=NOW, confirmed=()):
    """Fill a sheet in, submit it and confirm the result; give its number."""
    fill_in(database, client_id, answers, now=now, until=now + 5 * MINUTE)
    number = hand_in(database, client_id, confirmed=confirmed, now=now + 5 * MINUTE)
    assert isinstance(number, str), number
    assert confirm(database, client_id, number, now=now + 6 * MINUTE) == State.EFFECTIVE
    return number


def standing(database, client_id):
    with database.reading() as db:
        return suitability.standing(db, client_id)


def matched(database, client_id, risk_class="R3", now=LATER, **asked):
    with database.reading() as db:
        return suitability.match(db, client_id, risk_class=risk_class, now=now, **asked).code


def problems(database):
    with database.reading() as db:
        return evidence.verify(db)


def test_a_sheet_is_answered_submitted_confirmed_and_then_holds_two_years(database):
    client_id = furnish(database)
    fill_in(database, client_id, C3_SHEET, until=LATER)
    number = hand_in(database, client_id, now=LATER)
    assert matched(database, client_id) is Code.NEEDS_ASSESSMENT, "nothing holds before the client has confirmed"
    assert confirm(database, client_id, number, now=LATER) == State.EFFECTIVE
    assert matched(database, client_id) is Code.MATCHED
    found = standing(database, client_id)
    assert (found.level, found.valid_to, found.horizon_months) == ("C3", date(2028, 11, 20), 60)
    assert found.classes == ("cash", "fixed_income", "equity")
    assert matched(database, client_id, now=NOW + timedelta(days=732)) is Code.ASSESSMENT_EXPIRED
    assert confirm(database, client_id, number, now=LATER) is Refusal.NOT_YOURS_TO_CONFIRM
    assert problems(database) == []


def test_answers_are_saved_one_by_one_and_a_bad_one_changes_nothing(database):
    client_id = furnish(database)
    with database.writing() as db:
        draft = suitability.start(db, client=person(client_id), client_id=client_id, now=NOW)
        form = suitability.published(db).definition
        assert suitability.save(db, draft, form, {"income_source": ["E"]}, NOW) == {}
        refused = suitability.save(db, draft, form, {"income_source": ["Z"], "annual_income": [""]}, NOW)
        assert refused == {"income_source": Refusal.NOT_AN_OPTION, "annual_income": Refusal.UNANSWERED}
        assert draft.answers == {"income_source": "E"}
        assert suitability.save(db, draft, form, {"experience_products": ["A", "B"]}, NOW) == {
            "experience_products": Refusal.EXCLUSIVE
        }
        suitability.save(db, draft, form, {"income_source": ["D"]}, NOW + MINUTE)
        assert draft.trail["income_source"]["changes"] == 1
        again = suitability.start(db, client=person(client_id), client_id=client_id, now=NOW + 2 * MINUTE)
        assert again.id == draft.id, "on any device the same sheet is gone on with"


def test_nothing_is_submitted_with_a_gap_or_without_the_declarations_that_must_be_made(database):
    client_id = furnish(database)
    fill_in(database, client_id, {id: C3_SHEET[id] for id in list(C3_SHEET)[:-1]}, until=LATER)
    assert hand_in(database, client_id, now=LATER) == Unfinished(Refusal.UNANSWERED, open_ids=("max_loss",))
    fill_in(database, client_id, {"max_loss": "C"}, until=LATER)
    said = {**DECLARED, "truthful": False}
    assert hand_in(database, client_id, declared=said, now=LATER) == Unfinished(
        Refusal.UNDECLARED, open_ids=("truthful",)
    )


def test_contradictions_block_until_an_answer_changes(database):
    client_id = furnish(database, born="1987-01-01")
    fill_in(database, client_id, BY_NAME["p07_no_loss_conflict"]["answers"], until=LATER)
    blocked = hand_in(database, client_id, now=LATER)
    assert blocked.refusal is Refusal.BLOCKED
    assert [each["id"] for each in blocked.result.contradictions] == ["X04", "X05"]
    fill_in(database, client_id, {"max_loss": "C"}, until=LATER)
    assert isinstance(hand_in(database, client_id, now=LATER), str)


def test_a_reply_to_what_looks_odd_is_asked_for_and_kept(database):
    client_id = furnish(database)
    fill_in(database, client_id, C3_SHEET, until=NOW + timedelta(seconds=30))
    asked = hand_in(database, client_id, now=LATER)
    assert (asked.refusal, asked.open_ids) == (Refusal.UNCONFIRMED, ("X18",))
    number = hand_in(database, client_id, confirmed=["X18"], now=LATER)
    with database.reading() as db:
        kept = suitability.evidence_of(db, suitability.by_number(db, number).id)[0].body
    assert kept["contradictions"][0]["reply"] == "confirmed"
    assert kept["shown"]["max_loss"]["answer"] == ["不超过 15%"]


def test_a_held_result_holds_only_after_staff_and_client_have_agreed(database):
    client_id = furnish(database, born="2006-01-01", occupation="student")
    handler = staff(database, "周经办")
    fill_in(database, client_id, BY_NAME["p09_student_rich"]["answers"], until=LATER)
    number = hand_in(database, client_id, confirmed=["X12"], now=LATER)
    assert confirm(database, client_id, number, now=LATER) is Refusal.NOT_YOURS_TO_CONFIRM
    with database.writing() as db:
        made = suitability.by_number(db, number)
        assert made.state == State.HELD
        told = {"staff": handler, "seen": 1, "release": True, "note": "", "now": LATER}
        assert suitability.decide(db, made, reason="", **told) is Refusal.NO_REASON
        assert suitability.decide(db, made, reason="other", **told) is Refusal.NO_REASON
        assert suitability.decide(db, made, reason="called_back", **told).state == State.UNCONFIRMED
        assert suitability.decide(db, made, reason="called_back", **told).outcome == State.UNCONFIRMED
    assert confirm(database, client_id, number, now=LATER) == State.EFFECTIVE
    assert problems(database) == []


def test_a_lower_level_holds_at_once_even_while_staff_look_at_it(database):
    client_id = furnish(database)
    assessed(database, client_id, C5_SHEET)
    day_after = NOW + timedelta(days=1)
    fill_in(database, client_id, C3_SHEET, now=day_after, until=day_after + 5 * MINUTE)
    hand_in(database, client_id, now=day_after + 5 * MINUTE)
    assert standing(database, client_id).level == "C3"
    fill_in(database, client_id, BY_NAME["p01_all_lowest"]["answers"], now=day_after, until=day_after + 5 * MINUTE)
    held = hand_in(
        database,
        client_id,
        declared={**DECLARED, "beneficial_owner": False},
        confirmed=["X19"],
        now=day_after + 10 * MINUTE,
    )
    assert isinstance(held, str), held
    assert (standing(database, client_id).level, standing(database, client_id).lowest_class) == ("C1", True)
    assert matched(database, client_id, "R2", now=day_after) is Code.LOWEST_CLASS


def test_two_levels_up_within_ninety_days_wait_for_a_call(database):
    client_id = furnish(database)
    assessed(database, client_id, C3_SHEET)
    later = NOW + timedelta(days=30)
    fill_in(database, client_id, C5_SHEET, now=later, until=later + 5 * MINUTE)
    number = hand_in(database, client_id, now=later + 5 * MINUTE)
    with database.reading() as db:
        made = suitability.by_number(db, number)
        assert made.state == State.HELD
        assert {"id": "X20", "severity": "review"} in made.figures["contradictions"]
    assert standing(database, client_id).level == "C3"


def test_a_better_level_right_after_a_blocked_request_cools_down(database):
    client_id = furnish(database)
    assessed(database, client_id, {**C3_SHEET, "horizon": "A", "product_intent": "B", "choice": "A"})
    assert standing(database, client_id).level == "C3"
    later = NOW + timedelta(days=200)
    with database.writing() as db:
        suitability.note_block(db, client_id, "sms_advice", later)
    fill_in(database, client_id, C5_SHEET, now=later, until=later + 5 * MINUTE)
    number = hand_in(database, client_id, now=later + 5 * MINUTE)
    with database.reading() as db:
        ids = [each["id"] for each in suitability.by_number(db, number).figures["contradictions"]]
    assert ids == ["X21"]


def test_a_third_sheet_on_one_day_is_refused(database):
    client_id = furnish(database)
    for start in (NOW, NOW + 20 * MINUTE):
        assessed(database, client_id, C3_SHEET, now=start)
    with database.writing() as db:
        asked = {"client": person(client_id), "client_id": client_id}
        assert suitability.start(db, now=NOW + 40 * MINUTE, **asked) is Refusal.TOO_OFTEN_TODAY
        assert not isinstance(suitability.start(db, now=NOW + timedelta(days=1), **asked), Refusal)


def test_who_is_under_eighteen_is_sent_to_the_counter(database):
    client_id = furnish(database, born="2009-11-21")
    sheet = {**C3_SHEET, "experience_years": "B", "experience_products": ["B"]}
    fill_in(database, client_id, sheet, until=LATER)
    number = hand_in(database, client_id, now=LATER)
    with database.reading() as db:
        assert suitability.by_number(db, number).state == State.STOPPED
    assert standing(database, client_id) is None


def test_a_draft_of_a_withdrawn_version_can_t_go_on(database):
    client_id = furnish(database)
    fill_in(database, client_id, C3_SHEET, until=LATER)
    with database.writing() as db:
        old = suitability.published(db)
        suitability.withdraw(db, old.id, by="staff:1", reason="wrong band", now=LATER)
        assert suitability.usable_draft(db, client_id, LATER) is Refusal.VERSION_WITHDRAWN
        asked = {"client": person(client_id), "client_id": client_id, "now": LATER}
        assert suitability.start(db, **asked) is Refusal.NO_QUESTIONNAIRE
        body = {**publishing.shipped(), "version": "2026.2"}
        assert suitability.publish(db, body, author="staff:1", approver="staff:1", now=LATER) == "own_work"
        suitability.publish(db, body, author="staff:1", approver="staff:2", now=LATER)
        fresh = suitability.start(db, **asked)
        assert (fresh.answers, fresh.version_id) == ({}, suitability.published(db).id)
        with pytest.raises(ValueError, match=r"2026\.2"):
            suitability.publish(db, body, author="staff:1", approver="staff:2", now=LATER)


def test_the_counter_s_level_counts_the_newer_holds_and_a_difference_is_looked_at(database):
    client_id = furnish(database)
    known = {"client_no": "10000001", "name": "王小满", "client_type": "1", "branch_no": "0101"}
    known |= {"opened_on": date(2019, 1, 5), "status": "0", "risk_level": "C4", "risk_valid_to": date(2027, 6, 30)}
    with database.writing() as db:
        clients.take_over(db, [known], [], now=NOW)
        assert suitability.follow_counter(db, date(2026, 11, 19), NOW) == 1
        assert suitability.follow_counter(db, date(2026, 11, 20), NOW) == 0
        assert suitability.held_count(db) == 0
    assert (standing(database, client_id).level, standing(database, client_id).source) == ("C4", "counter")
    assert matched(database, client_id, service_kind="sms_advice") is Code.MATCHED
    assessed(database, client_id, C3_SHEET, now=NOW + timedelta(days=1))
    assert standing(database, client_id).level == "C3"
    with database.writing() as db:
        assert suitability.held_count(db) == 1
        made = suitability.by_number(db, standing(database, client_id).number)
        told = {"staff": suitability.Person("staff:x", "周经办"), "seen": made.version, "note": "", "now": LATER}
        assert suitability.decide(db, made, release=True, reason="evidence_seen", **told).state == State.EFFECTIVE
        assert suitability.held_count(db) == 0
    assert problems(database) == []


def test_the_walk_finds_a_changed_record_a_changed_score_and_a_cut_chain(database):
    client_id = furnish(database)
    assessed(database, client_id, C3_SHEET)
    with database.writing() as db:
        db.execute(text("UPDATE assessment SET level = 'C5'"))
    assert [each.fault for each in problems(database)] == [evidence.Fault.RESULT]
    with database.writing() as db:
        db.execute(text("UPDATE assessment SET level = 'C3'"))
        guard = "assessment_evidence_no_update" if database.dialect == "sqlite" else "assessment_evidence_no_change"
        on = "" if database.dialect == "sqlite" else " ON assessment_evidence"
        db.execute(text(f"DROP TRIGGER {guard}{on}"))
        db.execute(text("UPDATE assessment_evidence SET body = replace(body, '\"total\"\\:66', '\"total\"\\:99')"))
    assert {each.fault for each in problems(database)} == {evidence.Fault.CHANGED, evidence.Fault.SCORE}
    with database.writing() as db:
        db.execute(text("UPDATE assessment_evidence SET body = replace(body, '\"total\"\\:99', '\"total\"\\:66')"))
        db.execute(text("UPDATE assessment_evidence_head SET seq = 9"))
    assert [each.fault for each in problems(database)] == [evidence.Fault.CUT]


def test_the_database_itself_keeps_definitions_and_evidence_as_they_are(database):
    furnish(database)
    with pytest.raises(Exception, match="only grows"), database.writing() as db:
        db.execute(text("UPDATE questionnaire_version SET version = '1'"))


def test_the_walk_finds_a_level_that_holds_although_nobody_let_it_go_or_confirmed_it(database):
    client_id = furnish(database, born="2006-01-01", occupation="student")
    fill_in(database, client_id, BY_NAME["p09_student_rich"]["answers"], until=LATER)
    hand_in(database, client_id, confirmed=["X12"], now=LATER)
    assert problems(database) == []
    with database.writing() as db:
        db.execute(text("UPDATE assessment SET state = 'effective', effective_at = assessed_at"))
    assert [each.fault for each in problems(database)] == [evidence.Fault.UNFOUNDED]


def test_the_walk_finds_a_longer_horizon_and_a_wider_choice_than_was_answered(database):
    client_id = furnish(database)
    assessed(database, client_id, C3_SHEET)
    with database.writing() as db:
        db.execute(text("UPDATE assessment SET horizon_months = 120"))
    assert [each.fault for each in problems(database)] == [evidence.Fault.RESULT]


KEPT = {
    "questionnaire_id": "questionnaire.id",
    "version": "questionnaire.version",
    "sha256 of canonical questionnaire": "questionnaire.sha256",
    "language shown": "language",
    "order of shuffled options": "orders.knowledge_bond",
    "answers with option text as shown": "shown.max_loss.answer",
    "times first/last per question": "trail.max_loss.first trail.max_loss.last",
    "number of changes per question": "trail.max_loss.changes",
    "context snapshot (age, occupation, core assets)": "context.profile.age context.profile.occupation",
    "score per question and dimension": "points.max_loss figures.dimensions.preference",
    "adjustments": "adjustments.knowledge_self",
    "contradictions with the client's reply": "contradictions.0.reply",
    "hard rules hit": "hard_rules.0",
    "level before/after": "level_before level",
    "notice text version and hash": "notice notice_sha256",
    "ip, user agent, session id, authentication method": "seat.network seat.agent",
    "staff id if assisted": "assisted_by",
}
OF_THE_RECORD = {"record hash and previous record hash (chain)"}
OF_THE_CONFIRMATION = {"confirmation text and time": "words second_factor by"}


def test_every_field_of_evidence_that_the_definition_names_is_sealed(database):
    client_id = furnish(database, occupation="office")
    assessed(database, client_id, C3_SHEET, now=NOW - timedelta(days=100))
    odd = {**C5_SHEET, "knowledge_bond": "A", "knowledge_leverage": "D", "horizon": "A", "product_intent": "D"}
    number = assessed(database, client_id, odd, confirmed=["X11", "X19"])
    named = set(SHIPPED.rules["evidence_kept"])
    assert named == set(KEPT) | OF_THE_RECORD | set(OF_THE_CONFIRMATION), "a new field needs its place"
    with database.reading() as db:
        submission, confirmation = suitability.evidence_of(db, suitability.by_number(db, number).id)
    absent = [path for paths in KEPT.values() for path in paths.split() if not is_there(submission.body, path)]
    assert absent == []
    assert all(is_there(confirmation.body, path) for path in OF_THE_CONFIRMATION["confirmation text and time"].split())
    assert submission.body["contradictions"][0]["reply"] == "confirmed"
    assert submission.body["level_before"] == "C3"


def is_there(body, path):
    for step in path.split("."):
        if isinstance(body, list):
            if int(step) >= len(body):
                return False
            body = body[int(step)]
        elif step in body:
            body = body[step]
        else:
            return False
    return True
