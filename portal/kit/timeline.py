"""A timeline: pieces of one shape from many rooms, joined newest first in one statement, a page at a time.

A room gives a piece with `moment`: a select of what happened to one owner. Each piece is cut to a page before they are
joined, so that a page costs the same whether somebody came yesterday or has years behind him.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Select, String, and_, cast, literal, null, or_, select, type_coerce, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from portal.kit.db import Instant

PAGE = 50


@dataclass(frozen=True)
class Piece:
    """What one room knows of an owner's days, or of what is open with him.

    `words` say each code; `page` is where one of its rows is shown (its `place` names the row), and whoever may not
    enter `door` does not see the piece. `unit` says what the figures count.
    """

    name: str
    kind: str
    title: str
    read: Callable[[int], Select[Any]]
    words: Mapping[Any, str] = field(default_factory=dict)
    page: str = ""
    place: str = "number"
    door: str = ""
    unit: str = ""
    say_note: Callable[[str], str] = str


@dataclass(frozen=True)
class Mark:
    """Where a page ended: the next one goes on below it."""

    at: datetime
    name: str
    key: int

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{self.name}-{self.key}"


class _DayEnds(FunctionElement[Any]):
    """The instant at which a trading day closes, 15:00 in Shanghai: a date has no hour of its own."""

    type = Instant()
    inherit_cache = True


@compiles(_DayEnds, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} || ' 07:00:00.000000')"


@compiles(_DayEnds, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"(({compiler.process(element.clauses, **options)} + time '07:00') AT TIME ZONE 'UTC')"


def close_of(day: Any) -> Any:
    """Give the instant of a date's close."""
    return _DayEnds(day)


def moment(
    at: Any, key: Any, what: Any, *, ref: Any = None, by: Any = None, note: Any = None, figure: Any = None,
    due: Any = None,
) -> Select[Any]:  # fmt: skip
    """Select one kind of moment: when, which row, what, and where there is such, its number, person, note, figure, end.

    `figure` is a whole number, and money its fen.
    """
    text = {"what": what, "ref": ref, "by": by, "note": note}
    said = [cast(null() if each is None else each, String).label(name) for name, each in text.items()]
    count = cast(null(), BigInteger) if figure is None else cast(type_coerce(figure, BigInteger), BigInteger)
    end = type_coerce(cast(null(), Instant()), Instant()) if due is None else due
    return select(at.label("at"), cast(key, BigInteger).label("key"), *said, count.label("figure"), end.label("due"))


def newest(
    db: Session, pieces: Sequence[Piece], owner: int, *, before: Mark | None = None, limit: int = PAGE
) -> Sequence[Any]:
    """Give a page of an owner's moments, newest first, and one more where there is more: name, at, key and the rest."""
    return _joined(db, pieces, owner, before, limit + 1, lambda c: (c.at.desc(), c.name.desc(), c.key.desc()))


def waiting(db: Session, pieces: Sequence[Piece], owner: int, *, limit: int = PAGE) -> Sequence[Any]:
    """Give what is open with an owner, what is due first in front; what has no end comes last."""
    return _joined(db, pieces, owner, None, limit, lambda c: (c.due.is_(None), c.due, c.at, c.name, c.key))


def mark_of(row: Any) -> Mark:
    """Give the mark at which a page ends."""
    return Mark(row.at, row.name, row.key)


def read_mark(text: str) -> Mark | None:
    """Read a mark from an address; anything else is none."""
    when, _, rest = text.partition("-")
    name, _, key = rest.rpartition("-")
    try:
        at = datetime.strptime(when, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return None
    is_key = key.isascii() and key.isdigit() and len(key) < 19
    return Mark(at, name, int(key)) if is_key and name.isidentifier() else None


def _joined(
    db: Session, pieces: Sequence[Piece], owner: int, before: Mark | None, limit: int, order: Any
) -> Sequence[Any]:
    if not pieces:
        return []
    parts = [_cut(each, owner, before, limit, order) for each in sorted(pieces, key=lambda each: each.name)]
    whole = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery()
    return db.execute(select(whole).order_by(*order(whole.c)).limit(limit)).all()


def _cut(piece: Piece, owner: int, before: Mark | None, limit: int, order: Any) -> Select[Any]:
    rows = piece.read(owner).subquery()
    found = select(cast(literal(piece.name), String).label("name"), *rows.c)
    if before is not None:
        found = found.where(_below(rows.c, piece.name, before))
    named = found.subquery()
    cut = select(named).order_by(*order(named.c)).limit(limit).subquery()
    return select(cut)


def _below(columns: Any, name: str, mark: Mark) -> Any:
    if name < mark.name:
        return columns.at <= mark.at
    same = and_(columns.at == mark.at, columns.key < mark.key)
    return or_(columns.at < mark.at, same) if name == mark.name else columns.at < mark.at
