"""Real threads at one sheet: two tabs lose nothing, and what is handed in twice is one assessment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from portal import suitability
from portal.suitability.models import Assessment, AssessmentEvidence
from tests.suitability.sheets import C3_SHEET, DECLARED, NOW, fill_in, furnish, person


def together(*work: Callable[[], object]) -> list[object]:
    gate = Barrier(len(work))

    def go(one: Callable[[], object]) -> object:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as threads:
        return list(threads.map(go, work))


def test_two_tabs_that_answer_at_once_both_are_kept(database):
    client_id = furnish(database)
    fill_in(database, client_id, {}, until=NOW)

    def answer(id: str) -> None:
        with database.writing() as db:
            draft, form = suitability.draft_to_change(db, client_id, NOW)
            suitability.save(db, draft, form.definition, {id: [C3_SHEET[id]]}, NOW)

    asked = [id for id, given in C3_SHEET.items() if isinstance(given, str)][:8]
    together(*[lambda id=id: answer(id) for id in asked])
    with database.reading() as db:
        draft, _ = suitability.usable_draft(db, client_id, NOW)
        assert set(draft.answers) == set(asked)


def test_a_sheet_that_is_handed_in_by_eight_at_once_is_one_assessment_with_one_record(database):
    client_id = furnish(database)
    fill_in(database, client_id, C3_SHEET, until=NOW)

    def hand_in() -> object:
        with database.writing() as db:
            found = suitability.draft_to_change(db, client_id, NOW)
            if not isinstance(found, tuple):
                return found
            who = person(client_id)
            made = suitability.submit(db, *found, client=who, declared=DECLARED, confirmed=["X18"], now=NOW)
            return made.number

    outcomes = together(*[hand_in] * 8)
    assert sorted(each is None for each in outcomes) == [False, *[True] * 7], outcomes
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Assessment)) == 1
        assert db.scalar(select(func.count()).select_from(AssessmentEvidence)) == 1
        assert suitability.verify(db) == []
