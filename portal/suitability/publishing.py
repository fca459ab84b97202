"""Publish a version of the questionnaire as two persons do, and take one back."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import audit, queues
from portal.kit.db import rows_touched
from portal.suitability import queries
from portal.suitability.models import QuestionnaireProposal, QuestionnaireVersion, QuestionnaireWithdrawal
from portal.suitability.questionnaire import Definition
from portal.suitability.soundness import Unsound, Why, unsound

SHIPPED = Path(__file__).parent / "definitions" / "individual-risk-2026.1.json"


def propose(db: Session, body: Any, *, author: str, now: datetime) -> int | list[Unsound]:
    """Bring a definition for another person to publish; what stands against it, or the proposal's number."""
    if found := unsound(body):
        return found
    code, version = str(body["id"]), str(body["version"])
    if queries.known_version(db, code, version) or version in {row.version for row in queries.proposals(db)}:
        return [Unsound(Why.TWICE, version)]
    kept = {name: part for name, part in body.items() if name != "personas"}  # its examples have come out: not shown
    row = {"code": code, "version": version, "body": kept, "author": author, "state": "open", "proposed_at": now}
    made = db.execute(insert(QuestionnaireProposal).values(row).returning(QuestionnaireProposal.id)).scalar_one()
    _note(db, author, "proposed", f"questionnaire:{code}:{version}", {"sha256": Definition(kept).sha256}, now)
    return int(made)


def approve(
    db: Session, proposal_id: int, *, approver: str, now: datetime
) -> queries.Published | queues.Refusal | None:
    """Publish what another person has brought; None where it is no longer open."""
    found = db.execute(
        select(*QuestionnaireProposal.__table__.c).where(QuestionnaireProposal.id == proposal_id)
    ).first()
    if found is None or found.state != "open":
        return None
    if found.author == approver:
        return queues.Refusal.OWN_WORK
    if not _close(db, proposal_id, "published"):
        return None
    return publish(db, found.body, author=found.author, approver=approver, now=now)


def take_back(db: Session, proposal_id: int, *, actor: str, now: datetime) -> bool:
    """Take a proposal back before it is published; False where it is no longer open."""
    if not _close(db, proposal_id, "taken_back"):
        return False
    _note(db, actor, "proposal_taken_back", f"questionnaire_proposal:{proposal_id}", {}, now)
    return True


def publish(
    db: Session, body: Mapping[str, Any], *, author: str, approver: str, now: datetime
) -> queries.Published | queues.Refusal:
    """Publish a definition for good; who wrote it may not approve it. Raises ValueError for a version that is out."""
    if author == approver:
        return queues.Refusal.OWN_WORK
    definition = Definition({**body, "status": "published"})
    if queries.known_version(db, definition.code, definition.version):
        raise ValueError(f"{definition.code} {definition.version} is published: a change is a new version")
    row = {"code": definition.code, "version": definition.version, "sha256": definition.sha256}
    signed = {"author": author, "approver": approver, "published_at": now}
    added = insert(QuestionnaireVersion).values(**row, **signed, body=dict(definition.body))
    version_id = db.execute(added.returning(QuestionnaireVersion.id)).scalar_one()
    what = f"questionnaire:{definition.code}:{definition.version}"
    _note(db, approver, "published", what, {"sha256": definition.sha256, "author": author}, now)
    return queries.version(db, version_id)


def withdraw(db: Session, version_id: int, *, by: str, reason: str, now: datetime) -> None:
    """Take a version back: open sheets of it can't go on; what rests on it stays."""
    row = {"version_id": version_id, "withdrawn_by": by, "reason": reason, "withdrawn_at": now}
    db.execute(insert(QuestionnaireWithdrawal).values(row))
    _note(db, by, "withdrawn", f"questionnaire_version:{version_id}", {"reason": reason}, now)


def shipped() -> dict[str, Any]:
    """Read the sample questionnaire of the repository, as it stands before it is published."""
    body: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return body


def seed_questionnaire(db: Session, now: datetime, author: str = "staff:setup", approver: str = "staff:review") -> bool:
    """Publish the sample questionnaire of the repository unless its version is out; tell whether it was."""
    body = shipped()
    if queries.known_version(db, body["id"], body["version"]):
        return False
    publish(db, body, author=author, approver=approver, now=now)
    return True


def _close(db: Session, proposal_id: int, state: str) -> bool:
    is_open = (QuestionnaireProposal.id == proposal_id, QuestionnaireProposal.state == "open")
    return rows_touched(db.execute(update(QuestionnaireProposal).where(*is_open).values(state=state))) == 1


def _note(db: Session, actor: str, event: str, what: str, detail: dict[str, Any], now: datetime) -> None:
    audit.record(db, actor=actor, event=f"questionnaire.{event}", object=what, detail=detail, now=now)
