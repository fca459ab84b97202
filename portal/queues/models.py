"""The table of claims."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant


class QueueClaim(Base):
    """One item of one queue in one person's hands for the time of a lease."""

    __tablename__ = "queue_claim"
    __table_args__ = (CheckConstraint("claimed_at < lease_until", name="has_lease"),)

    queue: Mapped[str] = mapped_column(String(24), primary_key=True)
    item_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(BigId)
    staff_name: Mapped[str] = mapped_column(String(60))
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime] = mapped_column(Instant)
