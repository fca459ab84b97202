"""Tables of the client's voice: cases and every event of theirs, improvements, suggestions that were taken up."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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


immutable(CaseEvent.__table__)  # type: ignore[arg-type]
