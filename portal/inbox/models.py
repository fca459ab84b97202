"""Tables of the inbox: each message as it was told, and when it was read."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.inbox.rules import BY_SMS, Route, Weight
from portal.kit.db import Base, BigId, Instant, Json, immutable


class InboxMessage(Base):
    """One message to one client, in both languages, as it was told; it is never changed."""

    __tablename__ = "inbox_message"
    __table_args__ = (
        CheckConstraint(f"weight IN ({', '.join(repr(str(each)) for each in Weight)})", name="weight"),
        CheckConstraint(f"route IN ({', '.join(repr(str(each)) for each in Route)})", name="route"),
        CheckConstraint(
            f"(sms_id IS NOT NULL) = (route IN ({', '.join(repr(str(each)) for each in sorted(BY_SMS))}))", name="sms"
        ),
        Index(None, "client_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    client_id: Mapped[int] = mapped_column(BigId)  # rooms above know what a client is
    topic: Mapped[str] = mapped_column(String(12))
    weight: Mapped[str] = mapped_column(String(8))
    title_zh: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(200))
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    page: Mapped[str] = mapped_column(String(60))
    place: Mapped[dict[str, Any]] = mapped_column(Json)
    route: Mapped[str] = mapped_column(String(16))
    sms_id: Mapped[int | None] = mapped_column(ForeignKey("sms_message.id"))
    told_at: Mapped[datetime] = mapped_column(Instant)


class InboxReading(Base):
    """When a client opened a message first."""

    __tablename__ = "inbox_reading"

    message_id: Mapped[int] = mapped_column(ForeignKey("inbox_message.id"), primary_key=True, autoincrement=False)
    read_at: Mapped[datetime] = mapped_column(Instant)


for grows in (InboxMessage, InboxReading):
    immutable(grows.__table__)  # type: ignore[arg-type]
