"""Tables of call-backs: the scripts as published, the tasks, and every try."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.callbacks.rules import Occasion, State, Target
from portal.kit.db import Base, BigId, Instant, Json, immutable


class CallbackScript(Base):
    """A script as it was published: its questions never change, a new version is a new row."""

    __tablename__ = "callback_script"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(Integer)
    questions: Mapped[list[dict[str, str]]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)


immutable(CallbackScript.__table__)  # type: ignore[arg-type]


class CallbackTask(Base):
    """Somebody who is to be called, under the script in force when the task was opened."""

    __tablename__ = "callback_task"
    __table_args__ = (
        UniqueConstraint("ref_type", "ref_id", "round"),
        CheckConstraint(f"state IN ({', '.join(repr(str(each)) for each in State)})", name="state"),
        CheckConstraint("tries BETWEEN 0 AND 3", name="tries"),
        Index(None, "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    ref_type: Mapped[str] = mapped_column(String(20))
    ref_id: Mapped[str] = mapped_column(String(40))
    round: Mapped[int] = mapped_column(Integer)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20))
    script_id: Mapped[int] = mapped_column(ForeignKey("callback_script.id"))
    kept_out: Mapped[list[int]] = mapped_column(Json)
    follow: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(Integer)
    tries: Mapped[int] = mapped_column(Integer)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("identity_user.id"))


class CallbackTry(Base):
    """One try: when, by whom, what came of it, the answers, and where the recording is."""

    __tablename__ = "callback_try"
    __table_args__ = (UniqueConstraint("task_id", "ordinal"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("callback_task.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    caller_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    caller_name: Mapped[str] = mapped_column(String(60))
    means: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(16))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    recording: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(String(500))


immutable(CallbackTry.__table__)  # type: ignore[arg-type]


class Campaign(Base):
    """A special call-back: an occasion, whom it is for, its script, its period and the two who carry it out."""

    __tablename__ = "callback_campaign"
    __table_args__ = (
        CheckConstraint("first_id <> second_id", name="two_persons"),
        CheckConstraint("begins_on <= ends_on", name="period"),
        CheckConstraint(f"occasion IN ({', '.join(repr(str(each)) for each in Occasion)})", name="occasion"),
        CheckConstraint(f"target IN ({', '.join(repr(str(each)) for each in Target)})", name="target"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    occasion: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(12))
    narrowing: Mapped[dict[str, list[str]]] = mapped_column(Json)  # of tier, level and branch, each only where chosen
    script_id: Mapped[int] = mapped_column(ForeignKey("callback_script.id"))
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    first_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    opened_by: Mapped[int] = mapped_column(ForeignKey("identity_user.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)


class CampaignTask(Base):
    """A call that belongs to a campaign."""

    __tablename__ = "callback_campaign_task"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("callback_campaign.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("callback_task.id"), unique=True)
