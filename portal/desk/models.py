"""Tables of the desk: how each week's worklist of core clients began; a year's notice on its way through two hands."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable


class CoreWeek(Base):
    """One week's worklist: laid once, under one version of the definition."""

    __tablename__ = "desk_core_week"

    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    version: Mapped[str] = mapped_column(String(16))
    guideline_percent: Mapped[int] = mapped_column(Integer)
    core_clients: Mapped[int] = mapped_column(Integer)
    laid_at: Mapped[datetime] = mapped_column(Instant)


class CoreClient(Base):
    """A core client whose information was under the guideline when the week began."""

    __tablename__ = "desk_core_client"
    __table_args__ = (Index(None, "client_id"),)

    week: Mapped[date] = mapped_column(ForeignKey("desk_core_week.week"), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True, autoincrement=False)
    reasons: Mapped[str] = mapped_column(String(40))  # tier,assets,trades
    percent: Mapped[int] = mapped_column(Integer)
    branch_no: Mapped[str] = mapped_column(String(8))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))


class CalendarNotice(Base):
    """A year's days as one person brought them; another confirms or refuses, and only then do they count."""

    __tablename__ = "desk_calendar_notice"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'confirmed', 'refused')", name="state"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'confirmed' OR decided_by <> proposed_by", name="four_eyes"),
        Index("ix_desk_calendar_notice_waiting", "year", unique=True, sqlite_where=text("state = 'proposed'"),
              postgresql_where=text("state = 'proposed'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    days: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


for grows in (CoreWeek, CoreClient):
    immutable(grows.__table__)  # type: ignore[arg-type]
