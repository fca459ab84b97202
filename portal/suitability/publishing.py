"""Publish a version of the questionnaire, and take one back."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal import audit, queues
from portal.suitability import queries
from portal.suitability.models import QuestionnaireVersion, QuestionnaireWithdrawal
from portal.suitability.questionnaire import Definition

SHIPPED = Path(__file__).parent / "definitions" / "individual-risk-2026.1.json"


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
    detail = {"sha256": definition.sha256, "author": author}
    audit.record(db, actor=approver, event="questionnaire.published", object=what, detail=detail, now=now)
    return queries.version(db, version_id)


def withdraw(db: Session, version_id: int, *, by: str, reason: str, now: datetime) -> None:
    """Take a version back: open sheets of it can't go on; what rests on it stays."""
    row = {"version_id": version_id, "withdrawn_by": by, "reason": reason, "withdrawn_at": now}
    db.execute(insert(QuestionnaireWithdrawal).values(row))
    what = f"questionnaire_version:{version_id}"
    audit.record(db, actor=by, event="questionnaire.withdrawn", object=what, detail={"reason": reason}, now=now)


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
