"""Notes about a client: written, corrected by a new one, read by those whom they are for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from portal import audit, clients
from portal.dossier.models import Note
from portal.dossier.rules import Audience, Refusal
from portal.inbox import Letter, Topic, Weight
from portal.kit.i18n import later
from portal.kit.once import insert_once
from portal.kit.own_data import Part
from portal.kit.timeline import Piece, moment

SHOWN = 100
TOLD = Letter(
    topic=Topic.RECORD, title=later("工作人员为您留了一条备注"), text=later("请在“我的资料”的“给我的备注”里查看。"),
    weight=Weight.QUIET, page="dossier.notes",
)  # fmt: skip


def write(
    db: Session, *, who: audit.Person, client_id: int, audience: Audience, text: str, key: str, now: datetime,
    corrects_id: int | None = None,
) -> int:  # fmt: skip
    """Keep a note; the same key twice is one note. A client hears that there is one for him; gives its id."""
    if known := db.scalar(select(Note.id).where(Note.key == key)):
        return known
    note = insert_once(
        db, Note, key, client_id=client_id, audience=audience, text=text, author_id=who.user_id, author_name=who.name,
        at=now, corrects_id=corrects_id,
    )  # fmt: skip
    told = {"audience": str(audience), "corrects": corrects_id}
    audit.record(db, actor=who.actor, event="client.note", object=f"client:{client_id}", detail=told, now=now)
    if audience is Audience.CLIENT:
        clients.tell(db, client_id, TOLD, key=f"note:{key}", now=now)
    return note


def correct(db: Session, note: Any, *, who: audit.Person, text: str, key: str, now: datetime) -> int | Refusal:
    """Put a new text in a note's place; the old one stays on record. The new one is for whom the old one was for."""
    if note.author_id != who.user_id:
        return Refusal.NOT_YOURS
    try:
        with db.begin_nested():
            return write(
                db, who=who, client_id=note.client_id, audience=Audience(note.audience), text=text, key=key, now=now,
                corrects_id=note.id,
            )  # fmt: skip
    except IntegrityError:
        return Refusal.CORRECTED_ALREADY


def by_id(db: Session, client_id: int, note_id: int) -> Any:
    """Give a note about this client that nothing has corrected, or None."""
    return db.execute(_newest(client_id).where(Note.id == note_id)).first()


def notes_of(db: Session, client_id: int, *, audience: Audience | None = None) -> Sequence[Any]:
    """Give the notes about a client as they read now, newest first: of one audience, or all."""
    found = _newest(client_id)
    if audience is not None:
        found = found.where(Note.audience == audience)
    return db.execute(found.order_by(Note.at.desc(), Note.id.desc()).limit(SHOWN)).all()


def _newest(client_id: int) -> Select[Any]:
    later_one = aliased(Note)
    found = select(*Note.__table__.c).outerjoin(later_one, later_one.corrects_id == Note.id)
    return found.where(Note.client_id == client_id, later_one.id.is_(None))


def _moments(client_id: int) -> Select[Any]:
    later_one = aliased(Note)
    what = case((later_one.id.is_not(None), "corrected"), else_=Note.audience)
    told = moment(Note.at, Note.id, what, by=Note.author_name, note=Note.text)
    return told.outerjoin(later_one, later_one.corrects_id == Note.id).where(Note.client_id == client_id)


WORDS = {
    Audience.INTERNAL: later("内部"), Audience.CLIENT: later("客户可见"), "corrected": later("已更正的旧文"),
}  # fmt: skip
MOMENTS = (Piece("notes", "notes", later("备注"), _moments, WORDS),)


def _own(client_id: int) -> Any:
    found = _newest(client_id).where(Note.audience == Audience.CLIENT).order_by(Note.id)
    return found.with_only_columns(Note.at, Note.author_name, Note.text)


DATA = (Part("notes", later("给我的备注"), _own),)
