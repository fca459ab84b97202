"""What the demo's library holds: written by one of the staff, published by another, with the room's own verbs."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from portal import library
from portal.kit.clock import local_date
from portal.kit.db import Database

PIECES = Path(__file__).with_name("library.toml")
WRITER, PUBLISHER = "周经办", "吴复核"


def lay(database: Database, now: datetime) -> None:
    """Publish what is not there yet: a laying that was broken off goes on with the rest."""
    with database.writing() as db:
        writer, publisher = (_person(db, name) for name in (WRITER, PUBLISHER))
        for number, given in enumerate(tomllib.loads(PIECES.read_text("utf-8"))["piece"], 1):
            _publish(db, given, f"demo:{number}", writer, publisher, now)


def _publish(
    db: Session, given: dict[str, Any], source: str, writer: library.Person, publisher: library.Person, now: datetime
) -> None:
    number = library.begin(
        db, library.Kind(given["kind"]), by=writer, text=_text(given, now), source=source, now=now
    )  # fmt: skip
    piece = library.by_number(db, number)
    draft = library.draft_of(db, piece.id) if piece else None
    if draft is None:
        return
    submitted = library.submit(db, draft, seen=draft.version, by=writer, now=now)
    published = library.publish(db, draft, seen=draft.version, by=publisher, now=now)
    if not isinstance(published, int):
        raise ValueError(f"{given['title_zh']} can't be published: {submitted}, {published}")


def _text(given: dict[str, Any], now: datetime) -> library.Text:
    today = local_date(now)
    told: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    days = told.pop("days")
    del told["kind"]
    return library.Text(
        **told, expires_on=today + timedelta(days=days), authored_on=today if "author" in told else None
    )


def _person(db: Session, name: str) -> library.Person:
    user = table("identity_user", column("id"), column("name"), column("kind"))
    here = (user.c.kind == "staff", user.c.name == name)
    user_id = db.scalars(select(user.c.id).where(*here)).one()
    return library.Person(f"staff:{user_id}", name, user_id)
