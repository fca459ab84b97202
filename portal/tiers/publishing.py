"""The terms of tiers as two persons publish them: one writes a draft, another puts it in force from a day on."""

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.kit.clock import local_date
from portal.kit.db import canonical, rows_touched
from portal.tiers.models import TierTerms, TierTermsDraft
from portal.tiers.terms import HOUSE, BadTerms, read

BEGINNING = date(2020, 1, 1)


def seed_terms(db: Session, now: datetime) -> bool:
    """Put the house's first terms in force where none are; tell whether it did."""
    if db.scalar(select(TierTerms.id).limit(1)) is not None:
        return False
    signed = {"author": "staff:setup", "author_name": "", "approver": "staff:review", "approver_name": ""}
    _publish(db, BEGINNING, HOUSE, signed, now)
    return True


def draft(
    db: Session, *, valid_from: date, body: dict[str, Any], author: str, author_name: str, now: datetime
) -> int | BadTerms:
    """Write terms for another person to publish; refused where bars meet or the day is not free. Gives its number."""
    if refusal := _refusal(db, valid_from, body, local_date(now)):
        return refusal
    row = {"valid_from": valid_from, "body": body, "author": author, "author_name": author_name, "state": "open"}
    made = db.execute(insert(TierTermsDraft).values(**row, drafted_at=now).returning(TierTermsDraft.id)).scalar_one()
    detail = {"valid_from": str(valid_from), "body": body}
    audit.record(
        db, actor=author, event="tier_terms.drafted", object=f"tier_terms_draft:{made}", detail=detail, now=now
    )
    return int(made)


def publish(db: Session, draft_id: int, *, approver: str, approver_name: str, now: datetime) -> bool | BadTerms:
    """Put a draft in force from its day on; False when it is no longer open. Who wrote it may not publish it."""
    found = db.execute(select(*TierTermsDraft.__table__.c).where(TierTermsDraft.id == draft_id)).one_or_none()
    if found is None or found.state != "open":
        return False
    if found.author == approver:
        return BadTerms.SAME_PERSON
    if refusal := _refusal(db, found.valid_from, found.body, local_date(now)):
        return refusal
    if not _close(db, draft_id, "published"):
        return False
    signed = {"author": found.author, "author_name": found.author_name}
    _publish(db, found.valid_from, found.body, {**signed, "approver": approver, "approver_name": approver_name}, now)
    return True


def withdraw(db: Session, draft_id: int, *, actor: str, now: datetime) -> bool:
    """Take a draft back; False when it is no longer open."""
    if not _close(db, draft_id, "withdrawn"):
        return False
    object_ = f"tier_terms_draft:{draft_id}"
    audit.record(db, actor=actor, event="tier_terms.withdrawn", object=object_, detail={}, now=now)
    return True


def _refusal(db: Session, valid_from: date, body: dict[str, Any], today: date) -> BadTerms | None:
    known = read(body, id=0, valid_from=valid_from)
    if isinstance(known, BadTerms):
        return known
    last = db.scalar(select(func.max(TierTerms.valid_from)))
    return BadTerms.NOT_LATER if valid_from <= today or (last and valid_from <= last) else None


def _close(db: Session, draft_id: int, state: str) -> bool:
    is_open = (TierTermsDraft.id == draft_id, TierTermsDraft.state == "open")
    return rows_touched(db.execute(update(TierTermsDraft).where(*is_open).values(state=state))) == 1


def _publish(db: Session, valid_from: date, body: dict[str, Any], signed: dict[str, str], now: datetime) -> None:
    sha256 = hashlib.sha256(canonical(body).encode()).hexdigest()
    db.execute(insert(TierTerms).values(valid_from=valid_from, body=body, sha256=sha256, published_at=now, **signed))
    detail = {"valid_from": str(valid_from), "sha256": sha256, "author": signed["author"], "body": body}
    object_ = f"tier_terms:{valid_from}"
    audit.record(db, actor=signed["approver"], event="tier_terms.published", object=object_, detail=detail, now=now)
