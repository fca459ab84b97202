"""Tables of the catalogue and of who has subscribed to what."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable


class CatalogItem(Base):
    """A thing that points can buy, whatever its version."""

    __tablename__ = "catalog_item"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)


class CatalogItemVersion(Base):
    """What a thing is, says and costs from an instant on; published by two persons, never changed."""

    __tablename__ = "catalog_item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        CheckConstraint("author <> approver", name="two_persons"),
        CheckConstraint("kind IN ('sms', 'tier_upgrade', 'talk')", name="known_kind"),
        CheckConstraint(
            "service_kind IN ('account', 'ipo', 'advice', 'tier', 'bonds', 'commission', 'talk')", name="known_service"
        ),
        CheckConstraint("risk_class IN ('R1', 'R2', 'R3', 'R4', 'R5')", name="known_risk"),
        CheckConstraint("min_tier IN ('normal', 'silver', 'gold', 'platinum')", name="known_tier"),
        CheckConstraint("points > 0 AND cash_fen >= 0", name="has_price"),
        CheckConstraint("period_months > 0 AND per_client_limit > 0", name="has_term"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="has_time"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("catalog_item.id"))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    service_kind: Mapped[str] = mapped_column(String(16))
    risk_class: Mapped[str] = mapped_column(String(2))
    points: Mapped[int] = mapped_column(Integer)
    cash_fen: Mapped[int] = mapped_column(Integer)
    period_months: Mapped[int] = mapped_column(Integer)
    min_tier: Mapped[str] = mapped_column(String(8))
    per_client_limit: Mapped[int] = mapped_column(Integer)
    welcome_zh: Mapped[str] = mapped_column(String(300))
    welcome_en: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[datetime] = mapped_column(Instant)
    valid_to: Mapped[datetime | None] = mapped_column(Instant)
    sha256: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(60))  # staff:7
    approver: Mapped[str] = mapped_column(String(60))
    published_at: Mapped[datetime] = mapped_column(Instant)
    grants_tier: Mapped[str | None] = mapped_column(String(8))
    gifts: Mapped[list[str]] = mapped_column(Json, server_default="[]")
    needs_switch: Mapped[bool] = mapped_column(Boolean, server_default=false())


class CatalogSwitch(Base):
    """A plan turned on or off: proposed by one person, put in force by another; off may be one of compliance alone."""

    __tablename__ = "catalog_switch"
    __table_args__ = (
        CheckConstraint("turn IN ('on', 'off')", name="known_turn"),
        CheckConstraint("state IN ('proposed', 'in_force', 'withdrawn')", name="known_state"),
        CheckConstraint("turn = 'off' OR state = 'withdrawn' OR decided_by <> proposed_by", name="two_persons"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        Index(None, "item_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("catalog_item.id"))
    turn: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(300))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(60))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class SmsSubscription(Base):
    """A client's running or ended SMS plan; what it rests on (a redemption) stands above and is named, not keyed."""

    __tablename__ = "sms_subscription"
    __table_args__ = (
        UniqueConstraint("ref_type", "ref_id"),
        Index(None, "client_id", "state"),
        Index(None, "state", "ends_on"),
        CheckConstraint("state IN ('active', 'ended')", name="known_state"),
        CheckConstraint("starts_on <= ends_on", name="has_days"),
        CheckConstraint(
            "(state = 'active' AND ended_at IS NULL AND end_reason IS NULL)"
            " OR (state = 'ended' AND ended_at IS NOT NULL AND end_reason IS NOT NULL)",
            name="ended_says_why",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("catalog_item_version.id"))
    ref_type: Mapped[str] = mapped_column(String(20))
    ref_id: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the last day, included
    state: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str | None] = mapped_column(String(16))
    gift_of: Mapped[int | None] = mapped_column(BigId, index=True)  # the subscription that it was given with


immutable(CatalogItem.__table__)  # type: ignore[arg-type]
immutable(CatalogItemVersion.__table__)  # type: ignore[arg-type]
