"""Files beside a message: judged as they come, kept by a refused form, attached to the line that went through."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal.conversations import queries
from portal.doors import Fields
from portal.kit import boxes, uploads
from portal.kit.forms import Form
from portal.kit.uploads import Store

BOX = "files"


def taken(db: Session, store: Store, sent: Fields, form: Form, *, owner: str, now: datetime) -> list[str]:
    """Take the files of a form, beside those that it has kept; what will not do is said at the box. Gives tokens."""
    return boxes.taken(db, store, sent, form, box=BOX, owner=owner, now=now)


def attach(db: Session, tokens: Sequence[str], line: int, *, owner: str, now: datetime) -> None:
    """Attach files to a line that has just been written; a form sent twice attaches them once."""
    if tokens and not uploads.attached(db, place(line)):
        uploads.attach(db, tokens, owner=owner, to=place(line), now=now)


def waiting(db: Session, form: Form, owner: str) -> list[Any]:
    """Give the files that a refused form shows again."""
    return uploads.waiting(db, form.typed, owner=owner)


def of_lines(db: Session, lines: Sequence[queries.Line]) -> dict[int, list[Any]]:
    """Give the files of many lines in one query."""
    found = uploads.attached_to_any(db, [place(line.id) for line in lines])
    return {line.id: found[place(line.id)] for line in lines if place(line.id) in found}


def handed_out(db: Session, store: Store, client_id: int, line: int, token: str) -> Response[bytes] | None:
    """Give one file of a client's own conversation; None for any other."""
    here = queries.of_client(db, client_id)
    if here is None or not queries.is_line_of(db, here.id, line):
        return None
    found = uploads.one(db, token, to=place(line))
    return uploads.answer(store, found) if found else None


def place(line: int) -> str:
    """Name a line as what files are attached to."""
    return f"conversation_line:{line}"
