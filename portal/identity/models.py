"""Tables of the door: users, sessions, devices, second factors, challenges, limits."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json


class User(Base):
    """Somebody who may sign in: a client or a member of staff."""

    __tablename__ = "identity_user"
    __table_args__ = (
        CheckConstraint("kind IN ('client', 'staff')", name="kind"),
        CheckConstraint("(kind = 'client') = (client_id IS NOT NULL)", name="client_has_record"),
        CheckConstraint("(shut_at IS NULL) = (shut_for IS NULL)", name="shut"),
        CheckConstraint("shut_for IN ('locked', 'left')", name="shut_for"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(60))
    # No foreign key: clients stand above identity.
    client_id: Mapped[int | None] = mapped_column(BigId, unique=True)
    roles: Mapped[list[str]] = mapped_column(Json)
    branch_no: Mapped[str | None] = mapped_column(String(8))  # of staff who see this branch alone
    personal: Mapped[list[str]] = mapped_column(Json)  # public numbers that no password may hold: client number
    user_name: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None] = mapped_column(Instant)
    epoch: Mapped[int] = mapped_column(Integer)  # +1 ends all sessions
    shut_at: Mapped[datetime | None] = mapped_column(Instant)  # since then no session of his opens the door
    shut_for: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Instant)


class SessionRow(Base):
    """A signed-in browser; only the hash of its secret is kept."""

    __tablename__ = "identity_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    epoch: Mapped[int] = mapped_column(Integer)
    aal: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    device_hash: Mapped[str | None] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200))


class Device(Base):
    """A browser that has signed in before: it has its own limits, so that strangers cannot lock anybody out."""

    __tablename__ = "identity_device"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    first_seen_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class Totp(Base):
    """The seed of somebody's one-time codes, encrypted, and the last counter used: no code is good twice."""

    __tablename__ = "identity_totp"

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True)
    seed: Mapped[str] = mapped_column(String(200))
    last_counter: Mapped[int] = mapped_column(Integer)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class Challenge(Base):
    """Something to be answered once: an activation code, a sign-in that waits for its second factor."""

    __tablename__ = "identity_challenge"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    tries: Mapped[int] = mapped_column(Integer)
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    lapses_at: Mapped[datetime] = mapped_column(Instant)


class Limit(Base):
    """A token bucket; tokens are a rate, not money, so a float will do."""

    __tablename__ = "identity_limit"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    tokens: Mapped[float] = mapped_column(Float)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class Preference(Base):
    """How somebody wants figures shown: by which cost method, and whether amounts are hidden; no row is the default."""

    __tablename__ = "identity_preference"
    __table_args__ = (CheckConstraint("cost_method IN ('ma', 'dil', 'fifo')", name="cost_method"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), primary_key=True, autoincrement=False)
    cost_method: Mapped[str] = mapped_column(String(4))
    hides_amounts: Mapped[bool] = mapped_column(Boolean)


class RecoveryCode(Base):
    """The hash of a code of 130 bits that stands in for the second factor once; it is gone when it is used."""

    __tablename__ = "identity_recovery_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)


class Recovery(Base):
    """A way back in for somebody who lost everything: one member of staff opens it, another confirms, then it rests."""

    __tablename__ = "identity_recovery"
    __table_args__ = (
        CheckConstraint("confirmed_by <> opened_by", name="four_eyes"),
        CheckConstraint("state IN ('opened', 'confirmed', 'given', 'used', 'cancelled')", name="state"),
        CheckConstraint("state NOT IN ('confirmed', 'given', 'used') OR confirmed_by IS NOT NULL", name="by_two"),
        Index(
            "uq_identity_recovery_one_at_a_time",
            "user_id",
            unique=True,
            sqlite_where=text("state IN ('opened', 'confirmed', 'given')"),
            postgresql_where=text("state IN ('opened', 'confirmed', 'given')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    state: Mapped[str] = mapped_column(String(12))
    record: Mapped[str] = mapped_column(String(500))  # who was called back on which number, and what was checked
    opened_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Notice(Base):
    """A change of credentials that a client is to be told of; a room above knows his telephone."""

    __tablename__ = "identity_notice"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    client_id: Mapped[int] = mapped_column(BigId)
    what: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(Instant)
    handed_on_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
