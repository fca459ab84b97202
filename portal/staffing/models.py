"""Tables of staffing: handovers with what they moved, and requests about members of staff."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable
from portal.staffing.rules import Kind, State

RUNNING = text("state IN ('asked', 'approved', 'away')")


def _one_of(column: str, values: Any) -> str:
    return f"{column} IN ({', '.join(repr(str(each)) for each in values)})"


class Handover(Base):
    """One person's clients and open work for another: asked for by one, approved by a second, neither of the two."""

    __tablename__ = "staffing_handover"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), name="kind"),
        CheckConstraint(_one_of("state", State), name="state"),
        CheckConstraint("giver_id <> taker_id", name="two_hands"),
        CheckConstraint("(kind = 'absence') = (to_on IS NOT NULL)", name="has_end"),
        CheckConstraint("to_on IS NULL OR from_on <= to_on", name="period"),
        CheckConstraint(
            "state NOT IN ('approved', 'away', 'done') OR"
            " (decided_by IS NOT NULL AND decided_by <> asked_by"
            " AND decided_by <> giver_id AND decided_by <> taker_id)",
            name="four_eyes",
        ),
        CheckConstraint("kind = 'absence' OR state <> 'away'", name="away"),
        Index("uq_staffing_handover_running", "giver_id", "kind", unique=True, sqlite_where=RUNNING,
              postgresql_where=RUNNING),
        Index(None, "state", "from_on"),
        Index(None, "taker_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    giver_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    taker_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    from_on: Mapped[date]  # the first day on which the giver is not there
    to_on: Mapped[date | None]  # the last one
    note: Mapped[str] = mapped_column(String(500))  # what the colleague should know
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(300))
    begun_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    posts: Mapped[dict[str, list[int]]] = mapped_column(Json)  # where he is given no new work meanwhile


class Moved(Base):
    """One piece of work that changed hands under a handover, there or back."""

    __tablename__ = "staffing_moved"
    __table_args__ = (Index(None, "handover_id"), Index(None, "charge", "item_id", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("staffing_handover.id"))
    charge: Mapped[str] = mapped_column(String(32))
    item_id: Mapped[int] = mapped_column(BigId)
    label: Mapped[str] = mapped_column(String(40))
    from_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    is_return: Mapped[bool] = mapped_column(Boolean)
    moved_at: Mapped[datetime] = mapped_column(Instant)


immutable(Moved.__table__)  # type: ignore[arg-type]


class StaffChange(Base):
    """A request about a member of staff: to let somebody in, to give other roles, to unlock; decided by another."""

    __tablename__ = "staffing_change"
    __table_args__ = (
        CheckConstraint("kind IN ('invite', 'roles', 'unlock')", name="kind"),
        CheckConstraint("state IN ('asked', 'done', 'refused')", name="state"),
        CheckConstraint("kind = 'invite' OR subject_id IS NOT NULL", name="subject"),
        CheckConstraint("state <> 'done' OR (decided_by IS NOT NULL AND decided_by <> asked_by)", name="four_eyes"),
        CheckConstraint("subject_id <> asked_by AND subject_id <> decided_by", name="not_about_oneself"),
        Index("uq_staffing_change_open", "subject_id", unique=True, sqlite_where=text("state = 'asked'"),
              postgresql_where=text("state = 'asked'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    name: Mapped[str] = mapped_column(String(60))
    branch_no: Mapped[str | None] = mapped_column(String(8))
    roles: Mapped[list[str]] = mapped_column(Json)  # those wanted
    roles_before: Mapped[list[str]] = mapped_column(Json)  # those that the asker saw
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(8))
    version: Mapped[int] = mapped_column(Integer)
    asked_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
