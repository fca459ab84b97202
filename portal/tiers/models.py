"""The table of tier periods."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable


class ClientTierPeriod(Base):
    """A tier granted for a time; never changed, so that an award finds the tier of its trade date for ever."""

    __tablename__ = "client_tier_period"
    __table_args__ = (
        UniqueConstraint("client_id", "valid_from"),
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


immutable(ClientTierPeriod.__table__)  # type: ignore[arg-type]
