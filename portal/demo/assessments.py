"""Risk questionnaires of the cast: finished, half filled in, held for staff; a wish above a level; by our verbs."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import clients, suitability
from portal.demo.cast import BY_NAME
from portal.kit.db import Database
from portal.suitability import Assessment, Person, Refusal

# A letter a question, in the questionnaire's order; of a question with several answers, the letters together.
BOLD = "E E E E E E E D C C DEF E E D E E D D D E".split()
STEADY = "E C C D D C C B C C BCD C D C D C B C B C".split()
TOOK = timedelta(minutes=6)
FINISHED_BEFORE = timedelta(days=40)
ANSWERED = 18  # of the half-filled sheet
WISHED_BEFORE, READ = timedelta(hours=3), timedelta(minutes=2)
WISHED = "sms_advice"


def lay_assessments(database: Database, now: datetime) -> None:
    """Let the cast answer, once; who has a sheet of his own already keeps it."""
    then = now - FINISHED_BEFORE
    if _fill_in(database, "白景云", BOLD, then):
        number = _submit(database, "白景云", {}, then + TOOK)
        _confirm(database, "白景云", number, then + TOOK)
        _fill_in(database, "白景云", BOLD[:ANSWERED], now - TOOK)
    if _fill_in(database, "郑旁观", STEADY, now - 2 * TOOK):
        _submit(database, "郑旁观", {"beneficial_owner": False}, now - TOOK)
    _insist(database, "何待核", now - WISHED_BEFORE)


def _fill_in(database: Database, name: str, letters: list[str], at: datetime) -> bool:
    with database.writing() as db:
        client_id, who = _client(db, name)
        if suitability.usable_draft(db, client_id, at):
            return False
        if any(row.draft_id for row in suitability.list_of(db, client_id)) and len(letters) == len(BOLD):
            return False
        draft = suitability.start(db, client=who, client_id=client_id, now=at)
        form = suitability.published(db)
        if isinstance(draft, Refusal) or form is None:
            return False
        given = {q.id: list(keys) for q, keys in zip(form.definition.questions, letters, strict=False)}
        suitability.save(db, draft, form.definition, given, at + TOOK)
        return True


def _submit(database: Database, name: str, said: Mapping[str, bool], at: datetime) -> str:
    with database.writing() as db:
        client_id, who = _client(db, name)
        found = suitability.usable_draft(db, client_id, at)
        if not isinstance(found, tuple):
            raise LookupError(f"{name} has no sheet to submit")
        draft, form = found
        declared = {**dict.fromkeys((str(each["key"]) for each in form.definition.body["declarations"]), True), **said}
        asked = [rule["id"] for rule in form.definition.body["contradictions"] if rule["severity"] == "confirm"]
        made = suitability.submit(db, draft, form, client=who, declared=declared, confirmed=asked, now=at)
        if not isinstance(made, Assessment):
            raise ValueError(f"the sheet of {name} can't be submitted: {made.refusal}")
        return made.number


def _confirm(database: Database, name: str, number: str, at: datetime) -> None:
    with database.writing() as db:
        _, who = _client(db, name)
        made = suitability.by_number(db, number)
        if made is not None and made.state == suitability.State.UNCONFIRMED:
            suitability.confirm(db, made, client=who, words_shown="", second_factor=False, now=at)


def _insist(database: Database, name: str, at: datetime) -> None:
    """Let somebody ask for a service above his level, read the warning and insist: staff call before it holds."""
    with database.writing() as db:
        client_id, who = _client(db, name)
        made = suitability.wish(db, client=who, client_id=client_id, service=WISHED, now=at)
        if not isinstance(made, Refusal):
            phrase = suitability.phrase_to_type(db)
            suitability.insist(db, made, client=who, phrase=phrase, now=at + READ)


def _client(db: Session, name: str) -> tuple[int, Person]:
    record = clients.client_by_no(db, BY_NAME[name].client_no)
    if record is None:
        raise LookupError(f"the feed has not brought {name}")
    return record.id, Person(f"client:{record.id}", name, seat={"agent": "demo"})
