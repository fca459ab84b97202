"""Tables of conversations: one a client, its lines, and who has read how far."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.conversations.rules import Kind, Side
from portal.kit.db import Base, BigId, Instant, immutable


class Conversation(Base):
    """A client's conversation with his team; while a question waits, it names the question and the promise."""

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("(question_id IS NULL) = (asked_at IS NULL)", name="question"),
        CheckConstraint("question_id IS NOT NULL OR promised_at IS NULL", name="promise"),
        CheckConstraint("waiting >= 0 AND (question_id IS NULL) = (waiting = 0)", name="waiting"),
        Index(None, "promised_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), unique=True)
    version: Mapped[int] = mapped_column(Integer)  # how many lines it has: what a screen has seen of it
    waiting: Mapped[int] = mapped_column(Integer)  # messages of the client since the last answer
    question_id: Mapped[int | None] = mapped_column(BigId)  # the first of them
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    promised_at: Mapped[datetime | None] = mapped_column(Instant)  # None as well where the calendar ends
    last_at: Mapped[datetime] = mapped_column(Instant)


class ConversationLine(Base):
    """One message, or the word that nothing needs an answer; never changed."""

    __tablename__ = "conversation_line"
    __table_args__ = (
        UniqueConstraint("conversation_id", "request_key"),
        Index(None, "conversation_id", "id"),
        CheckConstraint(f"side IN ({', '.join(repr(str(each)) for each in Side)})", name="known_side"),
        CheckConstraint(f"kind IN ({', '.join(repr(str(each)) for each in Kind)})", name="known_kind"),
        CheckConstraint("(kind = 'settled') = (text = '')", name="says_something"),
        CheckConstraint("side = 'staff' OR kind = 'text'", name="settled_by_staff"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    side: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(8))
    author: Mapped[str] = mapped_column(String(60))  # client:4 | staff:7
    author_name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(2000))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    request_key: Mapped[str] = mapped_column(String(64))


class ConversationReading(Base):
    """One side has read up to a line: the first time that it did."""

    __tablename__ = "conversation_reading"
    __table_args__ = (UniqueConstraint("conversation_id", "side", "up_to"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    side: Mapped[str] = mapped_column(String(8))
    up_to: Mapped[int] = mapped_column(BigId)
    reader_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)


for _table in (ConversationLine, ConversationReading):
    immutable(_table.__table__)  # type: ignore[arg-type]
