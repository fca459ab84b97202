"""Tables of the client record: what holds now, and everything that ever changed, was asked, seen or consented to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.clients.indicators import every
from portal.clients.rules import CallState, State
from portal.kit.db import Base, BigId, Instant, Json, immutable
from portal.kit.sealed import MARK, Sealable, is_sealed_check

SEALED = [each.key for each in every() if each.is_sealed]
FOUND = [each.key for each in every() if each.is_found_by]  # what must be found by its value has a blind index


class Client(Base):
    """A client as the core system knows him; the feed keeps it up to date."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_no: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    client_type: Mapped[str] = mapped_column(String(1))
    branch_no: Mapped[str] = mapped_column(String(8))
    opened_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(1))
    risk_level: Mapped[str | None] = mapped_column(String(2))
    risk_valid_to: Mapped[date | None]


class ClientFact(Base):
    """One indicator of a client, under its key in the list of indicators, with its source and date."""

    __tablename__ = "client_fact"
    __table_args__ = (
        UniqueConstraint("client_id", "key"),
        CheckConstraint(is_sealed_check("value", "key", SEALED), name="sealed"),
        CheckConstraint(f"key NOT IN ({', '.join(repr(key) for key in FOUND)}) OR blind IS NOT NULL", name="blind"),
        Index(None, "key", "blind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Sealable("client_fact.value"))
    blind: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16))
    as_of: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class ClientFactHistory(Base):
    """One change of an indicator: what it was, what it became, who changed it, on which way in, and why."""

    __tablename__ = "client_fact_history"
    __table_args__ = (
        CheckConstraint(is_sealed_check("old", "key", SEALED), name="old_sealed"),
        CheckConstraint(is_sealed_check("new", "key", SEALED), name="new_sealed"),
        Index(None, "client_id", "key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    key: Mapped[str] = mapped_column(String(40))
    old: Mapped[str | None] = mapped_column(Sealable("client_fact_history.old"))
    new: Mapped[str] = mapped_column(Sealable("client_fact_history.new"))
    channel: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(60))
    ref: Mapped[str | None] = mapped_column(String(20))  # the number of the request that led to it
    at: Mapped[datetime] = mapped_column(Instant)


class ClientChange(Base):
    """A client's request to change what staff must look at first, or his report of an error in it."""

    __tablename__ = "client_change"
    __table_args__ = (
        CheckConstraint("kind IN ('change', 'report')", name="kind"),
        CheckConstraint("kind = 'report' OR value IS NOT NULL", name="value"),
        CheckConstraint("decided_by <> endorsed_by", name="four_eyes"),
        CheckConstraint("decided_by <> entered_by AND endorsed_by <> entered_by", name="not_own_work"),
        CheckConstraint(is_sealed_check("value", "key", SEALED), name="sealed"),
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in State)})", name="state"),
        Index(None, "state", "requested_at"),
        Index(None, "client_id", "requested_at"),
        Index(None, "exported_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[str | None] = mapped_column(Sealable("client_change.value"))
    why: Mapped[str] = mapped_column(String(500))
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    promised_at: Mapped[datetime | None] = mapped_column(Instant)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))  # of the staff, for the client
    endorsed_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str | None] = mapped_column(String(500))
    exported_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))  # who follows it up at the counter
    overdue_on: Mapped[date | None]  # on this day it becomes a break, if no feed has brought the value


class ClientChangeEvent(Base):
    """One step of a request: what, by whom, when."""

    __tablename__ = "client_change_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("client_change.id"), index=True)
    verb: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(Instant)


class ClientPhoneProof(Base):
    """A new telephone number that waits for its codes; one is open at a time, for ten minutes and five tries."""

    __tablename__ = "client_phone_proof"
    __table_args__ = (
        CheckConstraint(f"number LIKE '{MARK}%'", name="sealed"),
        Index(None, "client_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    number: Mapped[str] = mapped_column(Sealable("client_phone_proof.number"))
    why: Mapped[str] = mapped_column(String(500))
    old_hash: Mapped[str | None] = mapped_column(String(64))  # None where we held no number
    new_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ClientEmailProof(Base):
    """A new e-mail address that waits for the link which went there; one is open at a time, for a day."""

    __tablename__ = "client_email_proof"
    __table_args__ = (
        CheckConstraint(f"token LIKE '{MARK}%'", name="sealed"),
        CheckConstraint("confirmed_at IS NULL OR ended_at IS NOT NULL", name="confirmed"),
        Index(None, "client_id", "ended_at"),
        Index(None, "sent_at", "not_before"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    address: Mapped[str] = mapped_column(String(200))
    token: Mapped[str] = mapped_column(Sealable("client_email_proof.token"))  # until the letter has gone
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    lapses_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    not_before: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class ClientCall(Base):
    """A telephone call: who took it, how the caller was proved and what was asked, never what was answered."""

    __tablename__ = "client_call"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in CallState)})", name="state"),
        CheckConstraint("way IN ('code', 'facts')", name="way"),
        CheckConstraint("(way = 'code') = (code_hash IS NOT NULL)", name="code"),
        CheckConstraint("state <> 'proved' OR proved_at IS NOT NULL", name="proved"),
        Index(None, "client_id", "opened_at"),
        Index(None, "staff_id", "opened_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    staff_name: Mapped[str] = mapped_column(String(60))
    way: Mapped[str] = mapped_column(String(8))
    asked: Mapped[list[str]] = mapped_column(Json)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    lapses_at: Mapped[datetime] = mapped_column(Instant)
    proved_at: Mapped[datetime | None] = mapped_column(Instant)


class ClientConsent(Base):
    """One time that a client gave or withdrew a consent, to the text of a version."""

    __tablename__ = "client_consent"
    __table_args__ = (Index(None, "client_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str] = mapped_column(String(24))
    is_given: Mapped[bool]
    text_version: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)


class ClientView(Base):
    """One time that staff looked at a client's data: at a page, or at a value without its mask, with the reason."""

    __tablename__ = "client_view"
    __table_args__ = (
        CheckConstraint("what <> 'value' OR reason IS NOT NULL", name="reason"),
        Index(None, "client_id", "at"),
        Index(None, "staff_id", "what", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    staff_name: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(8))  # file | change | value
    key: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant)


class ClientRevealAlarm(Base):
    """Somebody who looked at too many values in one day: raised once, looked into by another one."""

    __tablename__ = "client_reveal_alarm"
    __table_args__ = (
        UniqueConstraint("staff_id", "day"),
        CheckConstraint("seen_by <> staff_id", name="not_own_work"),
        CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL) AND (seen_at IS NULL) = (note IS NULL)", name="seen"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    staff_name: Mapped[str] = mapped_column(String(60))
    day: Mapped[date]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    seen_by_name: Mapped[str | None] = mapped_column(String(60))
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str | None] = mapped_column(String(500))


for grows in (ClientFactHistory, ClientChangeEvent, ClientConsent, ClientView):
    immutable(grows.__table__)  # type: ignore[arg-type]
