"""Tables of the club: applications, memberships as periods, events, who comes, and what was used."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.club.rules import Kind, Seat, State
from portal.kit.db import Base, BigId, Instant, immutable


class ClubApplication(Base):
    """A client's wish to join, on its way through two reviews by two persons."""

    __tablename__ = "club_application"
    __table_args__ = (
        UniqueConstraint("client_id", "request_key"),
        CheckConstraint("decided_by <> reviewed_by", name="four_eyes"),
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in State)})", name="state"),
        CheckConstraint("state <> 'granted' OR (reviewed_by IS NOT NULL AND decided_by IS NOT NULL)", name="by_two"),
        Index(None, "state", "promised_at"),
        Index(None, "client_id", "applied_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    request_key: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    tier: Mapped[str] = mapped_column(String(8))
    points: Mapped[int] = mapped_column(Integer)
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("points_hold.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(Integer)
    applied_at: Mapped[datetime] = mapped_column(Instant)
    promised_at: Mapped[datetime] = mapped_column(Instant)
    times_out_at: Mapped[datetime] = mapped_column(Instant)
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))


class ClubApplicationEvent(Base):
    """One step of an application: what, by whom, when."""

    __tablename__ = "club_application_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("club_application.id"), index=True)
    verb: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(60))
    actor_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str | None] = mapped_column(String(500))


class ClubMembership(Base):
    """A membership from its first to its last day, both included; a renewal is a row of its own under the same card."""

    __tablename__ = "club_membership"
    __table_args__ = (
        UniqueConstraint("card_no", "begins_on"),
        UniqueConstraint("client_id", "begins_on"),
        CheckConstraint("begins_on <= ends_on", name="has_days"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    card_no: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(40))  # application:HL-… | renewal | taken_over
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class ClubLeaving(Base):
    """A member has left: from this day on the card no longer opens the club."""

    __tablename__ = "club_leaving"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    card_no: Mapped[str] = mapped_column(String(20), unique=True)
    left_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class ClubEvent(Base):
    """Something to come to, with its target group; `taken` counts the places, and the database never lets it pass."""

    __tablename__ = "club_event"
    __table_args__ = (
        CheckConstraint("capacity > 0 AND taken >= 0 AND taken <= capacity", name="has_room"),
        CheckConstraint("starts_at < ends_at", name="has_time"),
        CheckConstraint("state IN ('open', 'cancelled')", name="known_state"),
        CheckConstraint(f"kind IN ({', '.join(repr(str(each)) for each in Kind)})", name="known_kind"),
        CheckConstraint("points >= 0", name="points"),
        Index(None, "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    title_zh: Mapped[str] = mapped_column(String(60))
    title_en: Mapped[str] = mapped_column(String(120))
    aim_zh: Mapped[str] = mapped_column(String(300))
    aim_en: Mapped[str] = mapped_column(String(500))
    place_zh: Mapped[str] = mapped_column(String(80))
    place_en: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    capacity: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer)
    members_only: Mapped[bool] = mapped_column(Boolean)
    min_tier: Mapped[str] = mapped_column(String(8))
    min_level: Mapped[str | None] = mapped_column(String(2))
    branches: Mapped[str | None] = mapped_column(String(120))  # 0101,0102: of this region alone; None: everywhere
    points: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12))
    planned_by: Mapped[str] = mapped_column(String(60))
    planned_at: Mapped[datetime] = mapped_column(Instant)


class ClubRegistration(Base):
    """One client's place at an event, or in its waiting list: one row for ever, whatever becomes of it."""

    __tablename__ = "club_registration"
    __table_args__ = (
        UniqueConstraint("event_id", "client_id"),
        UniqueConstraint("event_id", "code"),
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in Seat)})", name="known_state"),
        Index(None, "event_id", "state", "queued_at"),
        Index(None, "client_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("club_event.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    state: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(8))
    queued_at: Mapped[datetime] = mapped_column(Instant)
    checked_in_at: Mapped[datetime | None] = mapped_column(Instant)


for _table in (ClubApplicationEvent, ClubMembership, ClubLeaving):
    immutable(_table.__table__)  # type: ignore[arg-type]
