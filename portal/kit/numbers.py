"""Numbers that people read aloud: DH-20261123-0001, gapless within a day, because they roll back with their request."""

from datetime import date

from sqlalchemy import Integer, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kit.db import Base, insert_once


class NumberSeries(Base):
    """The last number given out under a prefix on a day."""

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(String(4), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


def next_number(db: Session, prefix: str, day: date) -> str:
    """Give the next number of a day; whoever comes at the same moment waits until this request is through."""
    insert_once(db, NumberSeries, prefix=prefix, day=day, last=0)
    here = (NumberSeries.prefix == prefix, NumberSeries.day == day)
    taken = update(NumberSeries).where(*here).values(last=NumberSeries.last + 1).returning(NumberSeries.last)
    return f"{prefix}-{day:%Y%m%d}-{db.execute(taken).scalar_one():04d}"
