"""Uploads: files that visitors send, sealed, and kept where no web server looks.

A file is first kept for its sender alone and belongs to nothing. A form that is refused keeps it by its token, so that
nobody chooses a file twice; a request that goes through attaches it. What nobody attached in a day is thrown away.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from litestar import Response
from sqlalchemy import CheckConstraint, Index, Integer, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kit.clock import at, local_date
from portal.kit.db import Base, BigId, Instant, rows_touched
from portal.kit.papers import ENDINGS, TYPES, Fault, Judged, Kind
from portal.kit.vault import Vault

A_DAY = 30  # files that one sender may leave with us in a day
WAITS = timedelta(days=1)
TOKEN = re.compile(r"[0-9a-f]{32}")
BATCH = 500


class Upload(Base):
    """A file that we keep: whose it is, what it is, and what it was attached to; its bytes lie sealed in a folder."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("kind IN ('jpeg', 'pdf')", name="kind"),
        CheckConstraint("(attached_to IS NULL) = (attached_at IS NULL)", name="attached"),
        Index(None, "owner", "sent_at"),
        Index(None, "attached_to"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(String(40))  # who may attach it: client:12, staff:3
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    size_bytes: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    attached_to: Mapped[str | None] = mapped_column(String(60))
    attached_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Store:
    """Where the files lie, and what seals them."""

    home: Path
    vault: Vault

    def place(self, token: str) -> Path:
        """Name a file's place; a token has one form, so that no path can be told to us."""
        if not TOKEN.fullmatch(token):
            raise ValueError("no token")
        return self.home / "uploads" / token[:2] / f"{token}.sealed"


def keep(db: Session, store: Store, judged: Sequence[Judged], *, owner: str, now: datetime) -> list[str] | Fault:
    """Keep files for their sender; gives their tokens. They are attached to nothing yet."""
    today = (Upload.owner == owner, Upload.sent_at >= at(local_date(now)))
    if judged and (db.scalar(select(func.count()).where(*today)) or 0) + len(judged) > A_DAY:
        return Fault.ENOUGH_TODAY
    tokens = []
    for each in judged:
        token = secrets.token_hex(16)
        _write(store.place(token), store.vault.seal(each.body, bound_to=f"upload:{token}").encode())
        told = {"size_bytes": len(each.body), "sha256": hashlib.sha256(each.body).hexdigest(), "sent_at": now}
        db.add(Upload(token=token, owner=owner, kind=each.kind, name=each.name, **told))
        tokens.append(token)
    db.flush()
    return tokens


def waiting(db: Session, typed: Mapping[str, str], *, owner: str) -> list[Any]:
    """Give the sender's own files that a refused form has kept (fields named kept_TOKEN) and nothing has yet."""
    tokens = [name[5:] for name in typed if name.startswith("kept_")]
    mine = (Upload.token.in_(tokens), Upload.owner == owner, Upload.attached_to.is_(None))
    return list(db.execute(select(*Upload.__table__.c).where(*mine).order_by(Upload.id)).all()) if tokens else []


def attach(db: Session, tokens: Sequence[str], *, owner: str, to: str, now: datetime) -> int:
    """Attach the sender's own files to a thing, each once; gives how many."""
    mine = (Upload.token.in_(tokens), Upload.owner == owner, Upload.attached_to.is_(None))
    return rows_touched(db.execute(update(Upload).where(*mine).values(attached_to=to, attached_at=now)))


def attached(db: Session, to: str) -> Sequence[Any]:
    """Give what is attached to a thing, in the order it was sent."""
    return db.execute(select(*Upload.__table__.c).where(Upload.attached_to == to).order_by(Upload.id)).all()


def attached_to_any(db: Session, things: Sequence[str]) -> dict[str, list[Any]]:
    """Give what is attached to each of many things, in one query; a thing without files is not named."""
    found: dict[str, list[Any]] = {}
    if things:
        for row in db.execute(select(*Upload.__table__.c).where(Upload.attached_to.in_(things)).order_by(Upload.id)):
            found.setdefault(row.attached_to, []).append(row)
    return found


def one(db: Session, token: str, *, to: str) -> Any | None:
    """Give one file of a thing, or None: a token alone opens nothing."""
    return db.execute(select(*Upload.__table__.c).where(Upload.token == token, Upload.attached_to == to)).first()


def read(store: Store, upload: Any) -> bytes:
    """Open a file's seal; raises InvalidTag where somebody changed it."""
    return store.vault.open(store.place(upload.token).read_text(), bound_to=f"upload:{upload.token}")


def answer(store: Store, upload: Any) -> Response[bytes]:
    """Hand a file out: a picture to look at, a PDF to save; neither may do anything in the browser."""
    how = "inline" if upload.kind == Kind.JPEG else "attachment"
    plain = f"file.{ENDINGS[upload.kind]}"  # for browsers that don't know the other one
    headers = {
        "content-disposition": f"{how}; filename={plain}; filename*=UTF-8''{quote(upload.name)}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    return Response(read(store, upload), media_type=TYPES[upload.kind], headers=headers)


def reseal(store: Store) -> int:
    """Seal every file with the newest key that an older one has sealed; gives how many."""
    newest, count = f"{store.vault.newest}:".encode(), 0
    for path in sorted((store.home / "uploads").glob("*/*.sealed")):
        with path.open("rb") as file:
            if file.read(len(newest)) == newest:
                continue
        bound_to = f"upload:{path.stem}"
        body = store.vault.open(path.read_text(), bound_to=bound_to)
        _write(path, store.vault.seal(body, bound_to=bound_to).encode())
        count += 1
    return count


def sweep(db: Session, home: Path, now: datetime) -> int:
    """Throw away what nobody attached in a day, and files whose row never came to be; gives how many files went."""
    left = delete(Upload).where(Upload.attached_to.is_(None), Upload.sent_at < now - WAITS)
    db.execute(left)
    old = [path for path in (home / "uploads").glob("*/*") if path.stat().st_mtime < (now - 2 * WAITS).timestamp()]
    gone = 0
    for first in range(0, len(old), BATCH):
        paths = {path.name.removesuffix(".sealed"): path for path in old[first : first + BATCH]}
        known = set(db.scalars(select(Upload.token).where(Upload.token.in_(paths))))
        for token in paths.keys() - known:
            paths[token].unlink(missing_ok=True)
            gone += 1
    return gone


def _write(file: Path, body: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_bytes(body)
    draft.replace(file)
