"""Tables of suitability: published definitions, drafts, assessments, and the sealed evidence that only grows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable
from portal.suitability.rules import DraftState, Insistence, Source, State


class QuestionnaireVersion(Base):
    """One published version of a questionnaire; two persons stand behind it, and nothing in it ever changes."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("author <> approver", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    author: Mapped[str] = mapped_column(String(40))
    approver: Mapped[str] = mapped_column(String(40))
    published_at: Mapped[datetime] = mapped_column(Instant)


class QuestionnaireProposal(Base):
    """A version that one person has brought and another may publish."""

    __tablename__ = "questionnaire_proposal"
    __table_args__ = (CheckConstraint("state IN ('open', 'published', 'taken_back')", name="state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    author: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    proposed_at: Mapped[datetime] = mapped_column(Instant)


class QuestionnaireWithdrawal(Base):
    """A version taken back: nobody may go on with it; what rests on it stays."""

    __tablename__ = "questionnaire_withdrawal"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"), unique=True)
    withdrawn_by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime] = mapped_column(Instant)


class QuestionnaireDraft(Base):
    """A sheet that is being filled in, pinned to its version; answers are ids, and no step number is kept."""

    __tablename__ = "questionnaire_draft"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in DraftState)})", name="state"),
        Index(None, "client_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    state: Mapped[str] = mapped_column(String(12))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    orders: Mapped[dict[str, Any]] = mapped_column(Json)
    trail: Mapped[dict[str, Any]] = mapped_column(Json)
    started_at: Mapped[datetime] = mapped_column(Instant)
    saved_at: Mapped[datetime] = mapped_column(Instant)


class Assessment(Base):
    """What a sheet, or the counter, says of a client: a level with its reasons and its last day."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in State)})", name="state"),
        CheckConstraint(f"source IN ({', '.join(repr(str(each)) for each in Source)})", name="source"),
        CheckConstraint("(source = 'portal') = (draft_id IS NOT NULL)", name="draft"),
        CheckConstraint("(state = 'effective') = (effective_at IS NOT NULL)", name="effective"),
        Index(None, "client_id", "assessed_at"),
        Index(None, "state", "assessed_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    source: Mapped[str] = mapped_column(String(8))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("questionnaire_draft.id"), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(String(2))
    lowest_class: Mapped[bool]
    horizon_months: Mapped[int | None] = mapped_column(Integer)
    classes: Mapped[list[str] | None] = mapped_column(Json)
    differs: Mapped[bool]  # from what the other source said before: staff look at it, and it holds meanwhile
    figures: Mapped[dict[str, Any] | None] = mapped_column(Json)
    assessed_at: Mapped[datetime] = mapped_column(Instant)
    effective_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    valid_to: Mapped[date]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))


class AssessmentEvidence(Base):
    """One sealed record of an assessment: what was shown and answered, confirmed or decided; each names the last."""

    __tablename__ = "assessment_evidence"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    seq: Mapped[int] = mapped_column(BigId, unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    prev_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class EvidenceHead(Base):
    """The last link of the chain of evidence: who seals takes turns here."""

    __tablename__ = "assessment_evidence_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(BigId)
    hash: Mapped[str] = mapped_column(String(64))


class OverLevelRequest(Base):
    """A client's own wish for a service above his level, through all the steps that it takes."""

    __tablename__ = "over_level_request"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in Insistence)})", name="state"),
        CheckConstraint("state = 'reading' OR confirmed_at IS NOT NULL", name="confirmed"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    service: Mapped[str] = mapped_column(String(40))
    risk_class: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(Integer)
    warned_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    holds_from: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(16))


class Reassessment(Base):
    """Something that happened since an assessment and asks for a new one; a newer assessment answers it."""

    __tablename__ = "reassessment"
    __table_args__ = (UniqueConstraint("assessment_id", "cause"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    cause: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)


class SuitabilityBlock(Base):
    """A request that the client's level stood against: a better level right afterwards is looked at first."""

    __tablename__ = "suitability_block"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    what: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)


for only_grows in (QuestionnaireVersion, QuestionnaireWithdrawal, AssessmentEvidence, Reassessment, SuitabilityBlock):
    immutable(only_grows.__table__)  # type: ignore[arg-type]
