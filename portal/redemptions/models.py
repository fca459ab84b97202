"""Tables of redemptions: the request with its state, and every step that it took."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable
from portal.redemptions.rules import State


class Redemption(Base):
    """A client's request to have a product for points."""

    __tablename__ = "redemption"
    __table_args__ = (
        UniqueConstraint("client_id", "request_key"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("decided_by <> endorsed_by", name="four_eyes"),
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in State)})", name="state"),
        Index(None, "state", "promised_at"),
        Index(None, "client_id", "requested_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    request_key: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("catalog_item_version.id"))
    hold_id: Mapped[int] = mapped_column(ForeignKey("points_hold.id"), unique=True)
    points: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    checks: Mapped[dict[str, Any]] = mapped_column(Json)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    promised_at: Mapped[datetime] = mapped_column(Instant)
    times_out_at: Mapped[datetime] = mapped_column(Instant)
    endorsed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("sms_subscription.id"))


class RedemptionEvent(Base):
    """One step of a redemption: what, by whom, when."""

    __tablename__ = "redemption_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemption.id"), index=True)
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    verb: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))


immutable(RedemptionEvent.__table__)  # type: ignore[arg-type]
