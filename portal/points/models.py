"""Tables of the ledger: lots, lines and moves only grow; buckets are a projection of the moves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, BigId, Instant, Json, immutable


class PointsClient(Base):
    """The head of a client's ledger: the row that every writer locks first."""

    __tablename__ = "points_client"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    head_seq: Mapped[int] = mapped_column(BigInteger)
    head_hash: Mapped[str] = mapped_column(String(64))


class RuleSetVersion(Base):
    """A published set of earning rules, whole and for ever; it holds until the next version's first instant."""

    __tablename__ = "rule_set_version"
    __table_args__ = (CheckConstraint("author <> approver", name="four_eyes"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, unique=True)
    effective_from: Mapped[datetime] = mapped_column(Instant, unique=True)
    toml: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(40))
    approver: Mapped[str | None] = mapped_column(String(40))
    report_sha256: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)


class RuleSetDraft(Base):
    """Rules that one person has written, with what they would have changed; another person publishes both."""

    __tablename__ = "rule_set_draft"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'published', 'withdrawn')", name="known_state"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("state <> 'published' OR decided_by <> author_id", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    toml: Mapped[str] = mapped_column(Text)
    report: Mapped[Any] = mapped_column(Json)
    report_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    author_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    author_name: Mapped[str] = mapped_column(String(60))
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class PointsLot(Base):
    """Points that were earned together and lapse together; `expires_on` is the last day, as people are shown it."""

    __tablename__ = "points_lot"
    __table_args__ = (Index("ix_points_lot_turn", "client_id", "expires_at", "earned_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("points_client.client_id"))
    kind: Mapped[str] = mapped_column(String(16))
    earned_at: Mapped[datetime] = mapped_column(Instant)
    activates_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_on: Mapped[date | None]
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_set_version.id"))
    parent_lot_id: Mapped[int | None] = mapped_column(ForeignKey("points_lot.id"))
    unit_cost_micro: Mapped[int | None] = mapped_column(BigInteger)


class PointsHold(Base):
    """Points set aside for one purpose; redemptions stand above, so the purpose is named, not linked."""

    __tablename__ = "points_hold"
    __table_args__ = (
        UniqueConstraint("ref_type", "ref_id"),
        CheckConstraint("state IN ('open', 'captured', 'released')", name="state"),
        CheckConstraint("amount > 0 AND captured >= 0 AND captured <= amount", name="captured"),
        CheckConstraint("refunded >= 0 AND refunded <= captured", name="refunded"),
        Index("ix_points_hold_due", "state", "timeout_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("points_client.client_id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    captured: Mapped[int] = mapped_column(BigInteger)
    refunded: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8))
    timeout_at: Mapped[datetime] = mapped_column(Instant)
    ref_type: Mapped[str] = mapped_column(String(24))
    ref_id: Mapped[str] = mapped_column(String(64))


class PointsDebt(Base):
    """What a client owes after a clawback that found too few points; never a negative balance."""

    __tablename__ = "points_debt"
    __table_args__ = (CheckConstraint("amount > 0 AND settled >= 0 AND settled <= amount", name="settled"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("points_client.client_id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    settled: Mapped[int] = mapped_column(BigInteger)


class PointsTx(Base):
    """One line of a client's ledger, chained to the line before it."""

    __tablename__ = "points_tx"
    __table_args__ = (UniqueConstraint("client_id", "client_seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("points_client.client_id"))
    client_seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    idem_key: Mapped[str] = mapped_column(String(160), unique=True)
    idem_hash: Mapped[str] = mapped_column(String(64))
    result_json: Mapped[Any] = mapped_column(Json)
    effective_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    available_after: Mapped[int] = mapped_column(BigInteger)
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    second_actor_id: Mapped[int | None] = mapped_column(BigInteger)
    reason_code: Mapped[str | None] = mapped_column(String(24))
    public_text: Mapped[str | None] = mapped_column(String(200))
    staff_note: Mapped[str | None] = mapped_column(String(400))
    ref_type: Mapped[str | None] = mapped_column(String(24))
    ref_id: Mapped[str | None] = mapped_column(String(64))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("points_hold.id"), index=True)
    debt_id: Mapped[int | None] = mapped_column(ForeignKey("points_debt.id"))
    reverses_tx_id: Mapped[int | None] = mapped_column(ForeignKey("points_tx.id"))
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_set_version.id"))
    explain_json: Mapped[Any | None] = mapped_column(Json)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class PointsMove(Base):
    """Some points of one lot going from one bucket to another."""

    __tablename__ = "points_move"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("from_bucket <> to_bucket", name="buckets"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    tx_id: Mapped[int] = mapped_column(ForeignKey("points_tx.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("points_lot.id"), index=True)
    from_bucket: Mapped[str] = mapped_column(String(8))
    to_bucket: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int] = mapped_column(BigInteger)


class PointsLotBucket(Base):
    """How many points of a lot are in a bucket: the projection of the moves."""

    __tablename__ = "points_lot_bucket"
    __table_args__ = (
        CheckConstraint("amount >= 0 OR bucket IN ('SOURCE', 'MOVED')", name="amount"),
        Index(None, "bucket", "amount"),
    )

    lot_id: Mapped[int] = mapped_column(ForeignKey("points_lot.id"), primary_key=True)
    bucket: Mapped[str] = mapped_column(String(8), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)


class PointsRefusal(Base):
    """A no that a client's own command was given: a late repetition of it gets the same no."""

    __tablename__ = "points_refusal"

    idem_key: Mapped[str] = mapped_column(String(160), primary_key=True)
    idem_hash: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[int] = mapped_column(ForeignKey("points_client.client_id"))
    refusal: Mapped[str] = mapped_column(String(24))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class PointsLapseNotice(Base):
    """A client was told, so many days before, that points lapse: each step of a lapse once."""

    __tablename__ = "points_lapse_notice"
    __table_args__ = (UniqueConstraint("client_id", "expires_on", "step"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("points_client.client_id"))
    expires_on: Mapped[date]
    step: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(BigInteger)
    told_at: Mapped[datetime] = mapped_column(Instant)


class PointsAdjustment(Base):
    """Points that staff wish to give or take; a small one is posted at once, a larger one by another person."""

    __tablename__ = "points_adjustment"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint("state IN ('proposed', 'posted', 'rejected')", name="known_state"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("NOT needs_two OR state <> 'posted' OR decided_by <> proposed_by", name="two_signatures"),
        Index(None, "state", "proposed_at"),
        Index(None, "proposed_by", "proposed_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    points: Mapped[int] = mapped_column(BigInteger)
    reason_code: Mapped[str] = mapped_column(String(24))
    public_text: Mapped[str] = mapped_column(String(200))
    staff_note: Mapped[str | None] = mapped_column(String(400))
    needs_two: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(12))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(60))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    undoes: Mapped[int | None] = mapped_column(ForeignKey("points_adjustment.id"), unique=True)


class PointsCarry(Base):
    """The fraction of a point that a client has earned under a rule and not yet been given."""

    __tablename__ = "points_carry"
    __table_args__ = (CheckConstraint("remainder_num >= 0 AND remainder_num < den", name="fraction"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("points_client.client_id"), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    remainder_num: Mapped[int] = mapped_column(BigInteger)
    den: Mapped[int] = mapped_column(BigInteger)


class EarningEvent(Base):
    """Something that may earn points, once: its source and that source's own name for it say which."""

    __tablename__ = "earning_event"
    __table_args__ = (UniqueConstraint("source", "external_id"), Index(None, "client_id", "effective_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(80))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    type: Mapped[str] = mapped_column(String(32))
    effective_at: Mapped[datetime] = mapped_column(Instant)
    payload_json: Mapped[Any] = mapped_column(Json)


for _table in (RuleSetVersion, PointsLot, PointsTx, PointsMove, PointsRefusal, PointsLapseNotice, EarningEvent):
    immutable(_table.__table__)  # type: ignore[arg-type]
