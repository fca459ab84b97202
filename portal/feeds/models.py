"""Tables of what a load could not take as it came: quarantined rows, breaks, and approved rebases of the chain."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, Money


class FeedQuarantine(Base):
    """A row that failed a check, as it stood in its file."""

    __tablename__ = "feed_quarantine"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    file: Mapped[str] = mapped_column(String(32))
    line: Mapped[int] = mapped_column(Integer)
    fault: Mapped[str] = mapped_column(String(24))
    verbatim: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class FeedBreak(Base):
    """Two things that should be equal and aren't; yuan or shares, both with two decimals."""

    __tablename__ = "feed_break"
    __table_args__ = (CheckConstraint("difference = reported - expected", name="difference"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    expected: Mapped[Decimal] = mapped_column(Money)
    reported: Mapped[Decimal] = mapped_column(Money)
    difference: Mapped[Decimal] = mapped_column(Money)
    detail: Mapped[Any] = mapped_column(Json)


class FeedRebase(Base):
    """Leave for days made upon one manifest to stand upon its correction: one asks, another approves."""

    __tablename__ = "feed_rebase"
    __table_args__ = (
        UniqueConstraint("from_sha256", "onto_sha256"),
        CheckConstraint("approved_by <> asked_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    from_sha256: Mapped[str] = mapped_column(String(64))
    onto_sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[int] = mapped_column(BigId)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    approved_by: Mapped[int | None] = mapped_column(BigId)
    approved_at: Mapped[datetime | None] = mapped_column(Instant)


class FeedReview(Base):
    """What staff make of a quarantined row: one proposes, another settles or declines; `version` counts the steps."""

    __tablename__ = "feed_review"
    __table_args__ = (
        CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("verdict IN ('release', 'reject', 'wait')", name="verdict"),
        CheckConstraint("state IN ('proposed', 'settled', 'declined')", name="state"),
        CheckConstraint("state <> 'settled' OR decided_by IS NOT NULL", name="settled_by_two"),
    )

    quarantine_id: Mapped[int] = mapped_column(ForeignKey("feed_quarantine.id"), primary_key=True, autoincrement=False)
    verdict: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8))
    version: Mapped[int] = mapped_column(Integer)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
