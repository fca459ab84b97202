"""Tables of the desk: how each week's worklist of core clients began."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Instant, immutable


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


for grows in (CoreWeek, CoreClient):
    immutable(grows.__table__)  # type: ignore[arg-type]
