"""Tables of the client record."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant


class Client(Base):
    """A client as the core system knows him; the feed keeps it up to date."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_no: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    client_type: Mapped[str] = mapped_column(String(1))
    branch_no: Mapped[str] = mapped_column(String(8))
    opened_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(1))
    risk_level: Mapped[str | None] = mapped_column(String(2))
    risk_valid_to: Mapped[date | None]


class ClientFact(Base):
    """One indicator of a client, under its key in the list of indicators, with its source and date."""

    __tablename__ = "client_fact"
    __table_args__ = (UniqueConstraint("client_id", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(16))
    as_of: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
