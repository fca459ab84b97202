"""The table of tier periods."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, Money, immutable


class ClientTierPeriod(Base):
    """A tier granted for a time; never changed, so that an award finds the tier of its trade date for ever."""

    __tablename__ = "client_tier_period"
    __table_args__ = (
        UniqueConstraint("client_id", "tier", "source", "valid_from"),
        CheckConstraint("valid_from < valid_to", name="has_days"),
        CheckConstraint("tier IN ('normal', 'silver', 'gold', 'platinum')", name="known_tier"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    tier: Mapped[str] = mapped_column(String(8))
    valid_from: Mapped[date]
    valid_to: Mapped[date]  # the first day that is no longer in the period
    basis: Mapped[Any] = mapped_column(Json)
    decided_by: Mapped[str] = mapped_column(String(60))  # staff:7 | system
    reason: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    source: Mapped[str] = mapped_column(String(12), server_default="staff")


class TierTermsDraft(Base):
    """Terms that one person has written and another has still to publish, or that were withdrawn."""

    __tablename__ = "tier_terms_draft"
    __table_args__ = (CheckConstraint("state IN ('open', 'published', 'withdrawn')", name="known_state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    valid_from: Mapped[date]
    body: Mapped[Any] = mapped_column(Json)
    author: Mapped[str] = mapped_column(String(60))
    author_name: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(12))
    drafted_at: Mapped[datetime] = mapped_column(Instant)


class TierTerms(Base):
    """Published terms, in force from a day on; never changed, and no two begin on the same day."""

    __tablename__ = "tier_terms"
    __table_args__ = (CheckConstraint("author <> approver", name="two_persons"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    valid_from: Mapped[date] = mapped_column(unique=True)
    body: Mapped[Any] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(60))
    author_name: Mapped[str] = mapped_column(String(60))
    approver: Mapped[str] = mapped_column(String(60))
    approver_name: Mapped[str] = mapped_column(String(60))
    published_at: Mapped[datetime] = mapped_column(Instant)


class TierEvaluation(Base):
    """A client's figures at a month's end; `batches` names what they were made of, so a correction is a new row."""

    __tablename__ = "tier_evaluation"
    __table_args__ = (UniqueConstraint("client_id", "month_end", "batches"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    month_end: Mapped[date] = mapped_column(index=True)
    terms_id: Mapped[int] = mapped_column(ForeignKey("tier_terms.id"))
    batches: Mapped[str] = mapped_column(String(64))
    days: Mapped[int] = mapped_column(Integer)
    mean_assets: Mapped[Decimal] = mapped_column(Money)
    commission: Mapped[Decimal] = mapped_column(Money)
    qualifies: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str] = mapped_column(String(8))  # up | kept | warned
    corrects: Mapped[bool] = mapped_column(Boolean)  # a later feed changed the figures of this month's end
    evaluated_at: Mapped[datetime] = mapped_column(Instant)


class TierNotice(Base):
    """A client was told that a tier ends on a day unless he qualifies again before."""

    __tablename__ = "tier_notice"
    __table_args__ = (
        UniqueConstraint("client_id", "ends_on", "tier"),
        CheckConstraint("noticed_on < ends_on", name="has_notice"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    tier: Mapped[str] = mapped_column(String(8))
    next_tier: Mapped[str] = mapped_column(String(8))
    noticed_on: Mapped[date]
    ends_on: Mapped[date]  # the last day of the tier


class TierAnswer(Base):
    """One first answer: when it was promised, and when it came. Rooms with a promise write it; nothing changes it."""

    __tablename__ = "tier_answer"
    __table_args__ = (UniqueConstraint("ref_type", "ref_id"), Index(None, "client_id", "answered_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    ref_type: Mapped[str] = mapped_column(String(20))
    ref_id: Mapped[str] = mapped_column(String(40))
    promised_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime] = mapped_column(Instant)


class TierLoyalty(Base):
    """A year of loyalty that was awarded: once a client and a year."""

    __tablename__ = "tier_loyalty"
    __table_args__ = (UniqueConstraint("client_id", "years"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    years: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(Integer)
    completed_on: Mapped[date]


class TierAdviser(Base):
    """A member of staff who looks after clients of the upper tiers of a branch."""

    __tablename__ = "tier_adviser"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    branch_no: Mapped[str] = mapped_column(String(8), index=True)
    direct_line: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool] = mapped_column(Boolean)
    appointed_at: Mapped[datetime] = mapped_column(Instant)


class TierAdviserOf(Base):
    """Who looks after a client since when; the newest row counts."""

    __tablename__ = "tier_adviser_of"
    __table_args__ = (Index(None, "client_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    adviser_id: Mapped[int] = mapped_column(ForeignKey("tier_adviser.user_id"), index=True)
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(String(40))


immutable(ClientTierPeriod.__table__)  # type: ignore[arg-type]
for _table in (TierTerms, TierEvaluation, TierNotice, TierAnswer, TierLoyalty, TierAdviserOf):
    immutable(_table.__table__)  # type: ignore[arg-type]
