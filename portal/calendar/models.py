"""The table of days."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base


class CalendarDay(Base):
    """A date with its two flags: a make-up workday works but does not trade."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint("is_workday OR NOT is_trading", name="trading_is_work"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    is_trading: Mapped[bool] = mapped_column(Boolean)
    is_workday: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(16))  # notice: published | weekday: a guess
    confirmed: Mapped[bool] = mapped_column(Boolean)
