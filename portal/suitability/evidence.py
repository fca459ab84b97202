"""Evidence: sealed records in one chain, and the walk that proves it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.kit.db import canonical, insert_once
from portal.suitability.evaluation import Status, evaluate
from portal.suitability.models import Assessment, AssessmentEvidence, EvidenceHead, QuestionnaireVersion
from portal.suitability.questionnaire import Definition
from portal.suitability.rules import Source, State

GENESIS = "0" * 64


class Fault(StrEnum):
    """What the walk can find."""

    CHANGED = "changed"  # a record does not give its hash
    BROKEN = "broken"  # a record does not follow the one before
    CUT = "cut"  # the chain ends before its head
    SCORE = "score"  # the answers do not give the result that was kept
    RESULT = "result"  # the assessment says something else than its evidence
    DEFINITION = "definition"  # a published definition does not give its hash
    UNSEALED = "unsealed"  # an assessment has no evidence
    UNFOUNDED = "unfounded"  # one holds although nobody confirmed it, or staff did not let it go


@dataclass(frozen=True)
class Problem:
    """One thing that the walk found, and where."""

    fault: Fault
    seq: int | None
    what: str


def seal(
    db: Session, *, kind: str, client_id: int, assessment_id: int | None, body: Mapping[str, Any], now: datetime
) -> str:
    """Seal a record behind the last one; who seals at the same moment waits. Gives its hash."""
    insert_once(db, EvidenceHead, id=1, seq=0, hash=GENESIS)
    head = db.execute(select(EvidenceHead.seq, EvidenceHead.hash).with_for_update()).one()
    seq, sealed = head.seq + 1, {"kind": kind, "client_id": client_id, "assessment_id": assessment_id, "at": now}
    hash = digest(head.hash, seq, sealed, body)
    db.execute(insert(AssessmentEvidence).values(seq=seq, body=dict(body), prev_hash=head.hash, hash=hash, **sealed))
    db.execute(update(EvidenceHead).values(seq=seq, hash=hash))
    return hash


def digest(prev_hash: str, seq: int, sealed: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """Give the hash of a record: of the one before, its place, whose it is, when, and all that it says."""
    named = {**sealed, "at": sealed["at"].isoformat(), "seq": seq, "prev_hash": prev_hash, "body": body}
    return hashlib.sha256(canonical(named).encode()).hexdigest()


def sha256_of(words_shown: str) -> str:
    """Give the hash of a text as it was shown."""
    return hashlib.sha256(words_shown.encode()).hexdigest()


def verify(db: Session) -> list[Problem]:
    """Walk the chain from its beginning and recompute every score from its pinned definition."""
    definitions, found = _definitions(db)
    assessments = {row.id: row for row in db.execute(select(*Assessment.__table__.c))}
    prev, seq, sealed = GENESIS, 0, set()
    told: dict[int, list[Any]] = {}
    for row in db.execute(select(*AssessmentEvidence.__table__.c).order_by(AssessmentEvidence.seq)):
        whose = {"kind": row.kind, "client_id": row.client_id, "assessment_id": row.assessment_id, "at": row.at}
        if row.prev_hash != prev or row.seq != seq + 1:
            found.append(Problem(Fault.BROKEN, row.seq, row.prev_hash))
        if digest(row.prev_hash, row.seq, whose, row.body) != row.hash:
            found.append(Problem(Fault.CHANGED, row.seq, row.hash))
        if row.kind in ("submission", "counter"):
            sealed.add(row.assessment_id)
            found += _rescored(row, definitions, assessments.get(row.assessment_id))
        told.setdefault(row.assessment_id, []).append(row)
        prev, seq = row.hash, row.seq
    head = db.execute(select(EvidenceHead.seq, EvidenceHead.hash)).one_or_none()
    if (head.seq, head.hash) != (seq, prev) if head else seq:
        found.append(Problem(Fault.CUT, seq, prev))
    unsealed = [row.number for id, row in assessments.items() if id not in sealed]
    unfounded = [row.number for id, row in assessments.items() if not _is_founded(row, told.get(id, []))]
    found += [Problem(Fault.UNSEALED, None, number) for number in unsealed]
    return found + [Problem(Fault.UNFOUNDED, None, number) for number in unfounded]


def count(db: Session) -> int:
    """Count the sealed records."""
    head = db.execute(select(EvidenceHead.seq)).one_or_none()
    return head.seq if head else 0


def client_file(db: Session, client_id: int) -> dict[str, Any]:
    """Give all that is sealed about a client, oldest first, with the definitions that it names."""
    columns = AssessmentEvidence.__table__.c
    mine = select(*columns).where(AssessmentEvidence.client_id == client_id).order_by(AssessmentEvidence.seq)
    records = [dict(row._mapping) for row in db.execute(mine)]
    named = {each["body"].get("questionnaire", {}).get("sha256") for each in records}
    versions = select(QuestionnaireVersion.sha256, QuestionnaireVersion.body)
    known = db.execute(versions.where(QuestionnaireVersion.sha256.in_(named - {None})))
    return {"records": records, "questionnaires": {row.sha256: row.body for row in known}}


def _is_founded(assessment: Any, records: Sequence[Any]) -> bool:
    """Tell whether what holds may: confirmed, and let go where it was held; a lower level holds at once."""
    if assessment.state != State.EFFECTIVE or assessment.source == Source.COUNTER:
        return True
    submitted = next((row.body for row in records if row.kind == "submission"), None)
    if submitted is None:
        return True  # said already: it is unsealed
    held = submitted["figures"]["status"] == Status.HELD_FOR_REVIEW
    let_go = any(row.kind == "decision" and row.body["state"] == State.UNCONFIRMED for row in records)
    confirmed = any(row.kind == "confirmation" for row in records)
    return (let_go or not held) and (confirmed or submitted.get("holds_at_once", False))


def _definitions(db: Session) -> tuple[dict[str, Definition], list[Problem]]:
    known: dict[str, Definition] = {}
    found = []
    for row in db.execute(select(QuestionnaireVersion.sha256, QuestionnaireVersion.body)):
        known[row.sha256] = Definition(row.body)
        if known[row.sha256].sha256 != row.sha256:
            found.append(Problem(Fault.DEFINITION, None, row.sha256))
    return known, found


def _rescored(row: Any, definitions: Mapping[str, Definition], assessment: Any) -> Iterator[Problem]:
    if row.kind == "submission":
        definition = definitions.get(row.body["questionnaire"]["sha256"])
        if definition is None:
            yield Problem(Fault.DEFINITION, row.seq, row.body["questionnaire"]["sha256"])
            return
        again = evaluate(definition, row.body["answers"], row.body["context"]).figures()
        if again != row.body["figures"]:
            yield Problem(Fault.SCORE, row.seq, row.body["number"])
        if assessment and not _says_the_same(definition, row.body["answers"], assessment):
            yield Problem(Fault.RESULT, row.seq, row.body["number"])
    told = (row.body["number"], row.body["level"], row.body["lowest_class"], row.body["valid_to"])
    held = assessment and (assessment.number, assessment.level, assessment.lowest_class, str(assessment.valid_to))
    if told != held or (row.kind == "counter") != (assessment.source == Source.COUNTER):
        yield Problem(Fault.RESULT, row.seq, row.body["number"])


def _says_the_same(definition: Definition, answers: Any, assessment: Any) -> bool:
    """Compare what matching rests on beside the level with the answers: how long, and in what."""
    said = (definition.said(answers, "horizon_months"), definition.said(answers, "product_classes"))
    return said == (assessment.horizon_months, assessment.classes)
