"""My data: a client asks for all that is held of him; a job gathers it, and it can be had for a day."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import (
    audit,
    bookings,
    callbacks,
    clients,
    club,
    conversations,
    feedback,
    inbox,
    library,
    points,
    products,
    redemptions,
    statements,
    suitability,
    tiers,
)
from portal.dossier import notes
from portal.dossier.models import Export
from portal.dossier.rules import Refusal
from portal.inbox import Letter, Topic, Weight
from portal.kit import own_data
from portal.kit.clock import at, local, local_date
from portal.kit.db import rows_touched
from portal.kit.i18n import later
from portal.kit.jobs import enqueue
from portal.kit.numbers import next_number
from portal.kit.own_data import Part
from portal.kit.sealed import Secret

GATHER = "dossier.gather"
HOURS = 24
A_DAY = 3
SHOWN = 20
PARTS: tuple[Part, ...] = (
    *clients.DATA, *notes.DATA, *statements.DATA, *points.DATA, *redemptions.DATA, *products.DATA, *suitability.DATA,
    *tiers.DATA, *bookings.DATA, *callbacks.DATA, *feedback.DATA, *conversations.DATA, *club.DATA, *library.DATA,
    *inbox.DATA,
)  # fmt: skip
READY = Letter(
    topic=Topic.RECORD, title=later("您要的资料已经备好"), weight=Weight.NOTICE, page="dossier.data",
    text=later("请在 24 小时内到“我的数据”里下载，要先通过二次验证；过时删除，可以再要。"),
)  # fmt: skip


def ask(db: Session, *, who: audit.Person, client_id: int, now: datetime) -> Export | Refusal:
    """Ask for all that is held of a client: one request waits at a time, three a day."""
    clients.lock(db, client_id)
    mine = (Export.client_id == client_id, Export.asked_at >= at(local_date(now)))
    if db.scalar(select(Export.id).where(Export.client_id == client_id, Export.state == "asked")):
        return Refusal.WAITS_ALREADY
    if (db.scalar(select(func.count()).where(*mine)) or 0) >= A_DAY:
        return Refusal.TOO_MANY
    made = Export(number=next_number(db, "SJ", local_date(now)), client_id=client_id, state="asked", asked_at=now)
    db.add(made)
    db.flush()
    enqueue(db, GATHER, f"{GATHER}:{made.number}", {"number": made.number}, now)
    _trace(db, made, "asked", who.actor, now)
    return made


def gather(db: Session, payload: Any, now: datetime) -> None:
    """Gather it (a job): everything, sealed, for a day; the client hears of it."""
    made = db.scalar(select(Export).where(Export.number == payload["number"], Export.state == "asked"))
    if made is None:
        return
    client = clients.client_by_id(db, made.client_id)
    told = {
        "number": made.number, "client_no": client.client_no if client else "",
        "as_of": local(now).isoformat(timespec="seconds"),
        "parts": own_data.gather(db, PARTS, made.client_id),
    }  # fmt: skip
    content = json.dumps(told, ensure_ascii=False, indent=1)
    made.state, made.ready_at, made.ends_at = "ready", now, now + timedelta(hours=HOURS)
    made.content, made.size_bytes = Secret(content), len(content.encode())
    _trace(db, made, "ready", "system", now)
    clients.tell(db, made.client_id, READY, key=f"export:{made.number}", now=now)


def end_exports(db: Session, now: datetime) -> int:
    """Let go of what has had its day (a duty); gives how many."""
    over = (Export.state == "ready", Export.ends_at <= now)
    return rows_touched(db.execute(update(Export).where(*over).values(state="ended", content=None)))


def exports_of(db: Session, client_id: int) -> Sequence[Any]:
    """Give a client's requests, newest first, without what was gathered."""
    columns = (Export.number, Export.state, Export.asked_at, Export.ready_at, Export.ends_at, Export.size_bytes)
    found = select(*columns).where(Export.client_id == client_id).order_by(Export.id.desc())
    return db.execute(found.limit(SHOWN)).all()


def take(db: Session, number: str, *, who: audit.Person, client_id: int, form: str, now: datetime) -> str | None:
    """Hand out what was gathered, as JSON, while its time lasts; every time is written down."""
    here = (Export.number == number, Export.client_id == client_id, Export.state == "ready", Export.ends_at > now)
    made = db.scalar(select(Export).where(*here))
    if made is None:
        return None
    _trace(db, made, f"taken_{form}", who.actor, now)
    return made.content


def _trace(db: Session, made: Export, what: str, actor: str, now: datetime) -> None:
    audit.record(db, actor=actor, event=f"own_data.{what}", object=f"export:{made.number}", detail={}, now=now)
