"""Tables of queues: claims, and clocks that have run out with who has taken note."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, immutable
from portal.queues.rules import Side


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


class Escalation(Base):
    """A promise whose clock has run out, told once to who owes it, to his branch and to the managers."""

    __tablename__ = "queue_escalation"
    __table_args__ = (UniqueConstraint("queue", "ref", "promise", "promised_at"), Index(None, "told_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    queue: Mapped[str] = mapped_column(String(24))
    ref: Mapped[str] = mapped_column(String(40))
    promise: Mapped[str] = mapped_column(String(16))
    promised_at: Mapped[datetime] = mapped_column(Instant)
    responsible_id: Mapped[int | None] = mapped_column(BigId, index=True)
    branch_no: Mapped[str] = mapped_column(String(8))
    told_at: Mapped[datetime] = mapped_column(Instant)


class Acknowledgement(Base):
    """That one side has taken note of it, with what is done about it: who owes it, and a manager."""

    __tablename__ = "queue_acknowledgement"
    __table_args__ = (CheckConstraint(f"side IN ({', '.join(repr(str(each)) for each in Side)})", name="side"),)

    escalation_id: Mapped[int] = mapped_column(ForeignKey("queue_escalation.id"), primary_key=True, autoincrement=False)
    side: Mapped[str] = mapped_column(String(12), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigId)
    staff_name: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(Instant)


for _grows in (Escalation, Acknowledgement):
    immutable(_grows.__table__)  # type: ignore[arg-type]
