"""Tables of the client's voice: cases and every event of theirs, improvements, suggestions that were taken up."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.feedback.formulas import Survey
from portal.feedback.rules import INTERNAL, Area, Cause, Channel, Finding, Kind, Product, Severity, State, Verb
from portal.kit.db import Base, BigId, Instant, Json, immutable


def one_of(column: str, words: Any) -> CheckConstraint:
    """Let the database itself know the codes of a column."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(each)) for each in words)})", name=column)


HIDDEN = ", ".join(repr(str(verb)) for verb in sorted(INTERNAL))


class Case(Base):
    """One thing that a client has brought: complaint, enquiry, suggestion or report.

    `due_at` and `near_at` are reckoned anew from the events at each step; they order the queue and decide nothing.
    """

    __tablename__ = "feedback_case"
    __table_args__ = (
        UniqueConstraint("client_id", "request_key"),
        one_of("kind", Kind),
        one_of("area", Area),
        one_of("product", Product),
        one_of("channel", Channel),
        one_of("severity", Severity),
        one_of("finding", Finding),
        one_of("cause", Cause),
        one_of("state", State),
        CheckConstraint("(state IN ('answered', 'closed')) <= (answer IS NOT NULL)", name="answer"),
        Index(None, "state", "due_at"),
        Index(None, "client_id", "received_at"),
        Index(None, "received_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    request_key: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str] = mapped_column(String(12))
    area: Mapped[str] = mapped_column(String(12))
    product: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(12))
    external_no: Mapped[str | None] = mapped_column(String(40))  # of who handed it on
    branch_no: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str | None] = mapped_column(String(500))
    text_hash: Mapped[str] = mapped_column(String(64))
    severity: Mapped[str] = mapped_column(String(8))
    finding: Mapped[str | None] = mapped_column(String(12))
    cause: Mapped[str | None] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(Integer)
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    handler_name: Mapped[str | None] = mapped_column(String(60))
    ack_minutes: Mapped[int] = mapped_column(Integer)
    contact_minutes: Mapped[int | None] = mapped_column(Integer)
    answer_minutes: Mapped[int] = mapped_column(Integer)
    extended_minutes: Mapped[int] = mapped_column(Integer)
    received_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    near_at: Mapped[datetime | None] = mapped_column(Instant)


class CaseEvent(Base):
    """One step of a case: what, by whom, when, and the words. The database itself keeps notes for staff internal."""

    __tablename__ = "feedback_event"
    __table_args__ = (
        one_of("verb", Verb),
        CheckConstraint(f"is_internal = (verb IN ({HIDDEN}))", name="internal"),
        Index(None, "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("feedback_case.id"))
    verb: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    is_internal: Mapped[bool]
    actor: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)


class ProposedAnswer(Base):
    """The answer to a critical case, as somebody wrote it; it goes out once another has agreed."""

    __tablename__ = "feedback_proposed_answer"
    __table_args__ = (
        CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided"),
        one_of("finding", Finding),
        one_of("cause", Cause),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("feedback_case.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    finding: Mapped[str | None] = mapped_column(String(12))
    cause: Mapped[str | None] = mapped_column(String(16))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(60))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class Improvement(Base):
    """What the firm changes because of cases: a task with a day, told to who complained when it is done."""

    __tablename__ = "feedback_improvement"
    __table_args__ = (
        one_of("cause", Cause),
        CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
        CheckConstraint("(state = 'done') = (told IS NOT NULL)", name="told"),
        Index(None, "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    cause: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(80))
    plan: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8))
    told: Mapped[str | None] = mapped_column(Text)
    opened_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    opened_by_name: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    owner_name: Mapped[str | None] = mapped_column(String(60))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ImprovementCase(Base):
    """Which cases an improvement comes from."""

    __tablename__ = "feedback_improvement_case"

    improvement_id: Mapped[int] = mapped_column(
        ForeignKey("feedback_improvement.id"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[int] = mapped_column(
        ForeignKey("feedback_case.id"), primary_key=True, autoincrement=False, index=True
    )


class Adoption(Base):
    """A suggestion that is taken up: one member of staff adopts it with a grade, another awards and publishes."""

    __tablename__ = "feedback_adoption"
    __table_args__ = (
        CheckConstraint("grade IN ('A', 'B', 'C')", name="grade"),
        CheckConstraint("awarded_by <> adopted_by", name="four_eyes"),
        CheckConstraint("(awarded_by IS NULL) = (awarded_at IS NULL)", name="awarded"),
        CheckConstraint("(awarded_at IS NULL) = (points IS NULL)", name="points"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("feedback_case.id"), primary_key=True, autoincrement=False)
    grade: Mapped[str] = mapped_column(String(1))
    summary: Mapped[str] = mapped_column(String(200))  # what is published: no name, no account
    adopted_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    adopted_by_name: Mapped[str] = mapped_column(String(60))
    adopted_at: Mapped[datetime] = mapped_column(Instant)
    awarded_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    awarded_at: Mapped[datetime | None] = mapped_column(Instant)
    points: Mapped[int | None] = mapped_column(Integer)


class Invitation(Base):
    """A client who is asked once about one thing; the key names the thing."""

    __tablename__ = "feedback_invitation"
    __table_args__ = (one_of("survey", Survey), Index(None, "client_id", "invited_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    survey: Mapped[str] = mapped_column(String(8))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    about: Mapped[str] = mapped_column(
        String(40)
    )  # the number of the case, change or event; empty for the firm as a whole
    invited_at: Mapped[datetime] = mapped_column(Instant)
    open_until: Mapped[datetime] = mapped_column(Instant)


class Vote(Base):
    """What a client said to an invitation, once and for ever."""

    __tablename__ = "feedback_vote"
    __table_args__ = (CheckConstraint("score BETWEEN 0 AND 10", name="score"), Index(None, "voted_at"))

    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("feedback_invitation.id"), primary_key=True, autoincrement=False
    )
    score: Mapped[int] = mapped_column(Integer)
    comment: Mapped[str | None] = mapped_column(String(1000))
    voted_at: Mapped[datetime] = mapped_column(Instant)


for grows in (CaseEvent, ImprovementCase, Vote):
    immutable(grows.__table__)  # type: ignore[arg-type]
