"""Tables of the library: pieces, drafts, editions that never change, what they are found by, and who has read what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable
from portal.library.rules import RESEARCH, Kind, State

KINDS = ", ".join(repr(str(kind)) for kind in Kind)
OF_RESEARCH = ", ".join(repr(str(kind)) for kind in sorted(RESEARCH))


class Written:
    """The columns of rules.Text: what a draft and an edition both hold."""

    topic: Mapped[str] = mapped_column(String(12))
    title_zh: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(160))
    summary_zh: Mapped[str] = mapped_column(String(300))
    summary_en: Mapped[str] = mapped_column(String(600))
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text)
    expires_on: Mapped[date | None]
    author: Mapped[str] = mapped_column(String(60))
    authored_on: Mapped[date | None]
    risk_class: Mapped[str] = mapped_column(String(2))
    horizon_months: Mapped[int | None] = mapped_column(Integer)
    conflicts_zh: Mapped[str] = mapped_column(String(300))
    conflicts_en: Mapped[str] = mapped_column(String(600))
    questions_zh: Mapped[str] = mapped_column(Text)
    questions_en: Mapped[str] = mapped_column(Text)
    points: Mapped[int] = mapped_column(Integer)
    occasion: Mapped[str] = mapped_column(String(16))


class Piece(Base):
    """One thing to read, through all its editions; `live` is the edition that readers see, none before and after."""

    __tablename__ = "library_piece"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        CheckConstraint("(live IS NULL) = (expires_on IS NULL)", name="live_until"),
        Index(None, "kind", "expires_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str | None] = mapped_column(String(60), unique=True)  # what it was drafted from, once
    live: Mapped[int | None] = mapped_column(Integer)
    expires_on: Mapped[date | None]
    begun_at: Mapped[datetime] = mapped_column(Instant)


class Draft(Written, Base):
    """What will be a piece's next edition; `writers` are all who wrote a word of it."""

    __tablename__ = "library_draft"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in State)})", name="state"),
        CheckConstraint("(state = 'review') = (submitted_at IS NOT NULL)", name="submitted"),
        Index(None, "state", "saved_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"), unique=True)
    state: Mapped[str] = mapped_column(String(8))
    version: Mapped[int] = mapped_column(Integer)
    writers: Mapped[list[int]] = mapped_column(Json)
    written_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    written_by_name: Mapped[str] = mapped_column(String(60))
    saved_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)


class Edition(Written, Base):
    """A text as it was published, by two persons; its hash covers every word."""

    __tablename__ = "library_edition"
    __table_args__ = (
        UniqueConstraint("piece_id", "number"),
        CheckConstraint("written_by <> published_by", name="four_eyes"),
        CheckConstraint("expires_on IS NOT NULL AND number > 0 AND points >= 0", name="whole"),
        CheckConstraint(
            "'' NOT IN (title_zh, title_en, summary_zh, summary_en, body_zh, body_en)", name="both_languages"
        ),
        CheckConstraint(
            f"kind NOT IN ({OF_RESEARCH}) OR (author <> '' AND authored_on IS NOT NULL AND risk_class <> ''"
            " AND horizon_months IS NOT NULL AND conflicts_zh <> '' AND conflicts_en <> '')",
            name="research_is_signed",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(12))
    sha256: Mapped[str] = mapped_column(String(64))
    written_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    written_by_name: Mapped[str] = mapped_column(String(60))
    published_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    published_by_name: Mapped[str] = mapped_column(String(60))
    published_at: Mapped[datetime] = mapped_column(Instant)


class PieceEvent(Base):
    """One step of a piece: what, which edition, by whom, when."""

    __tablename__ = "library_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"), index=True)
    verb: Mapped[str] = mapped_column(String(12))
    edition: Mapped[int | None] = mapped_column(Integer)
    actor: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(500))


class Telling(Base):
    """An announcement on its way into every client's inbox: told to the clients up to this id."""

    __tablename__ = "library_telling"
    __table_args__ = (UniqueConstraint("piece_id", "edition"), Index(None, "is_done"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"))
    edition: Mapped[int] = mapped_column(Integer)
    told_to: Mapped[int] = mapped_column(BigId)
    is_done: Mapped[bool]


class CareMessage(Base):
    """A greeting that a client was sent: one a month at most, each occasion once."""

    __tablename__ = "library_care"
    __table_args__ = (
        UniqueConstraint("client_id", "month"),
        UniqueConstraint("client_id", "occasion", "mark"),
        Index(None, "sent_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    month: Mapped[str] = mapped_column(String(7))  # 2026-11
    occasion: Mapped[str] = mapped_column(String(16))
    mark: Mapped[str] = mapped_column(String(16))  # the year, or the document's last day with the reminder's step
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"))
    edition: Mapped[int] = mapped_column(Integer)
    sent_at: Mapped[datetime] = mapped_column(Instant)


class CareDay(Base):
    """A day on which greetings were looked for: once a day is enough."""

    __tablename__ = "library_care_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    sent: Mapped[int] = mapped_column(Integer)


class Term(Base):
    """A term by which a live piece is found, and how much it counts there."""

    __tablename__ = "library_term"

    term: Mapped[str] = mapped_column(String(40), primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"), primary_key=True, index=True)
    weight: Mapped[int] = mapped_column(Integer)


class ReadingCheck(Base):
    """One time that a client answered the questions of an article."""

    __tablename__ = "library_check"
    __table_args__ = (Index(None, "client_id", "piece_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"))
    edition: Mapped[int] = mapped_column(Integer)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    wrong: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)


class ReadingPass(Base):
    """A client has passed an article's check: once, whatever editions follow."""

    __tablename__ = "library_pass"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True, autoincrement=False)
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"), primary_key=True, autoincrement=False)
    edition: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(Integer)
    passed_at: Mapped[datetime] = mapped_column(Instant)


class NoteReading(Base):
    """A member of the club has opened a note whose text suits him: the first time counts."""

    __tablename__ = "library_note_reading"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True, autoincrement=False)
    piece_id: Mapped[int] = mapped_column(ForeignKey("library_piece.id"), primary_key=True, autoincrement=False)
    edition: Mapped[int] = mapped_column(Integer)
    read_at: Mapped[datetime] = mapped_column(Instant)


for grows in (Edition, PieceEvent, ReadingCheck, ReadingPass, CareMessage, NoteReading):
    immutable(grows.__table__)  # type: ignore[arg-type]
