"""Tables of the dossier: what staff note about a client, and what he asked to have of all that is held of him."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.dossier.rules import Audience
from portal.kit.db import Base, BigId, Instant, immutable
from portal.kit.sealed import MARK, Sealable


class Note(Base):
    """What a member of staff writes about a client, for the staff alone or for the client to read as well."""

    __tablename__ = "dossier_note"
    __table_args__ = (
        CheckConstraint(f"audience IN ({', '.join(repr(str(each)) for each in Audience)})", name="audience"),
        CheckConstraint("corrects_id < id", name="corrects_earlier"),
        Index(None, "client_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    audience: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(1000))
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    author_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_note.id"), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)


immutable(Note.__table__)  # type: ignore[arg-type]


class Export(Base):
    """A client's request for all that is held of him; what was gathered lies sealed, and is gone when its time ends."""

    __tablename__ = "dossier_export"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'ready', 'ended')", name="state"),
        CheckConstraint("(state = 'ready') = (content IS NOT NULL)", name="content"),
        CheckConstraint("state = 'asked' OR (ready_at IS NOT NULL AND ends_at IS NOT NULL)", name="ready"),
        CheckConstraint(f"content IS NULL OR content LIKE '{MARK}%'", name="sealed"),
        Index(None, "client_id", "asked_at"),
        Index(None, "state", "ends_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    state: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    content: Mapped[str | None] = mapped_column(Sealable("dossier_export.content"))
    size_bytes: Mapped[int | None] = mapped_column(Integer)
