"""Tables of the branches: who works there, their places and who holds one, the days on which they receive nobody."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.bookings.terms import SlotKind
from portal.kit.db import Base, BigId, Instant


def one_of(column: str, values: Any) -> str:
    """Write the check that a column holds one of some values."""
    return f"{column} IN ({', '.join(repr(str(each)) for each in values)})"


class Branch(Base):
    """A branch that can be visited."""

    __tablename__ = "booking_branch"
    __table_args__ = (CheckConstraint("capacity > 0", name="capacity"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(80))
    address_en: Mapped[str] = mapped_column(String(120))
    capacity: Mapped[int] = mapped_column(Integer)
    is_open: Mapped[bool] = mapped_column(Boolean)


class Clerk(Base):
    """A member of staff at a branch, there unless noted as away; who sells may handle, but never witness."""

    __tablename__ = "booking_clerk"
    __table_args__ = (UniqueConstraint("branch_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    name: Mapped[str] = mapped_column(String(60))
    is_present: Mapped[bool] = mapped_column(Boolean)  # no longer, once his work has passed to a colleague
    away_until: Mapped[date | None]  # the last day on which he is not there; from the next he is again
    sells: Mapped[bool] = mapped_column(Boolean)
    handles: Mapped[bool] = mapped_column(Boolean)


class Slot(Base):
    """A time at a branch with so many places; the counter is guarded by the database."""

    __tablename__ = "booking_slot"
    __table_args__ = (
        UniqueConstraint("branch_id", "starts_at"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        CheckConstraint(one_of("kind", SlotKind), name="kind"),
        Index(None, "branch_id", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(8))
    capacity: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer)


class Hold(Base):
    """A place kept for a few minutes while somebody types; it counts as taken until it is used or has lapsed."""

    __tablename__ = "booking_hold"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'used', 'lapsed')", name="state"),
        Index(None, "state", "lapses_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("booking_slot.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    lapses_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8))


class Closure(Base):
    """A day on which a branch receives nobody, with the reason that visitors read."""

    __tablename__ = "booking_closure"
    __table_args__ = (UniqueConstraint("branch_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(60))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    closed_at: Mapped[datetime] = mapped_column(Instant)


class WeekendDay(Base):
    """The one weekend day on which a branch takes papers in; without a row it is Saturday."""

    __tablename__ = "booking_weekend_day"
    __table_args__ = (CheckConstraint("weekday IN (5, 6)", name="weekday"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("booking_branch.id"), unique=True)
    weekday: Mapped[int] = mapped_column(Integer)  # 5 is Saturday, 6 is Sunday
