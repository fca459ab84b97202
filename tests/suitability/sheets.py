"""Sheets of answers for the tests: the personas, the shipped questionnaire, and a client who can fill one in."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from portal import clients, identity, suitability
from portal.kit.db import Database
from portal.suitability import Person
from portal.suitability.questionnaire import Definition

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
PERSONAS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "personas.json").read_text())["personas"]
BY_NAME = {persona["id"]: persona for persona in PERSONAS}
SHIPPED = Definition(suitability.shipped())
DECLARED = {d["key"]: True for d in SHIPPED.body["declarations"]}
C3_SHEET = BY_NAME["p04_office_worker"]["answers"]
C5_SHEET = BY_NAME["p02_all_highest"]["answers"]


def furnish(database: Database, *, number: str = "10000001", born: str = "1985-05-05", **facts: str) -> int:
    """Lay the questionnaire and a client; give his id."""
    with database.writing() as db:
        suitability.seed_questionnaire(db, NOW)
        known = {"client_no": number, "name": "王小满", "client_type": "1", "branch_no": "0101"}
        known |= {"opened_on": date(2019, 1, 5), "status": "0", "risk_level": None, "risk_valid_to": None}
        told = {"birth_date": born, "mobile": "13800000001", **facts}
        given = [{"client_no": number, "key": key, "value": told[key], "as_of": date(2019, 1, 5)} for key in told]
        return clients.take_over(db, [known], given, now=NOW)[number]


def person(client_id: int) -> Person:
    """Give a client as he acts."""
    return Person(f"client:{client_id}", "王小满", seat={"network": "127.0.0.0/24", "agent": "test"})


def staff(database: Database, name: str) -> Person:
    """Give a new member of staff."""
    with database.writing() as db:
        user = identity.add_staff(db, name=name, roles=[], by="system", now=NOW)
        return Person(f"staff:{user.id}", name, user.id)


def fill_in(
    database: Database, client_id: int, answers: dict[str, Any], *, now: datetime = NOW, until: datetime
) -> None:
    """Begin a sheet and answer all of it, the last answer at `until`."""
    with database.writing() as db:
        draft = suitability.start(db, client=person(client_id), client_id=client_id, now=now)
        assert not isinstance(draft, suitability.Refusal), draft
        form = suitability.published(db)
        assert form
        given = {id: [value] if isinstance(value, str) else value for id, value in answers.items()}
        assert suitability.save(db, draft, form.definition, given, until) == {}


def submit(database: Database, client_id: int, *, declared=DECLARED, confirmed=(), now: datetime):
    """Submit the sheet that is open; give the assessment's number, or why not."""
    with database.writing() as db:
        found = suitability.usable_draft(db, client_id, now)
        assert isinstance(found, tuple), found
        draft, form = found
        made = suitability.submit(
            db, draft, form, client=person(client_id), declared=declared, confirmed=confirmed, now=now
        )
        return made if isinstance(made, suitability.Unfinished) else made.number


def confirm(database: Database, client_id: int, number: str, *, now: datetime):
    """Confirm a result as the client; give the new state, or why not."""
    with database.writing() as db:
        made = suitability.by_number(db, number)
        assert made
        outcome = suitability.confirm(db, made, client=person(client_id), words_shown="…", second_factor=False, now=now)
        return getattr(outcome, "state", outcome)
