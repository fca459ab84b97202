"""What pages show of the library: live pieces, what a question finds, drafts, and who has passed which check."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.library import synonyms, terms
from portal.library.models import (
    CareMessage,
    Draft,
    Edition,
    NoteReading,
    Piece,
    PieceEvent,
    ReadingCheck,
    ReadingPass,
    Term,
)
from portal.library.rules import EXPIRING, Kind, State

PAGE = 30
LISTED = (
    Piece.id, Piece.number, Piece.kind, Edition.id.label("edition_id"), Edition.topic, Edition.title_zh,
    Edition.title_en, Edition.summary_zh, Edition.summary_en, Edition.expires_on, Edition.author, Edition.authored_on,
    Edition.risk_class, Edition.horizon_months, Edition.points, Edition.published_at,
)  # fmt: skip
LIVE = and_(Edition.piece_id == Piece.id, Edition.number == Piece.live)


def live(
    db: Session, kinds: Collection[Kind], today: date, *, before: int | None = None, limit: int = PAGE
) -> Sequence[Any]:
    """List what can be read of some kinds, the newest first; `before` is the edition where the last page ended."""
    found = select(*LISTED).join(Edition, LIVE).where(Piece.kind.in_(kinds), Piece.expires_on >= today)
    if before is not None:
        found = found.where(Edition.id < before)
    return db.execute(found.order_by(Edition.id.desc()).limit(limit)).all()


def search(db: Session, question: str, kinds: Collection[Kind], today: date) -> Sequence[Any]:
    """List what a question finds in its own words or in others for the same thing, the best first, each piece once."""
    best: dict[int, Any] = {}
    for said in synonyms.variants(question):
        for row in find(db, terms.question(said), kinds, today):
            if row.id not in best or best[row.id].score < row.score:
                best[row.id] = row
    return sorted(best.values(), key=lambda row: (-row.score, -row.edition_id))[:PAGE]


def find(db: Session, asked: Sequence[str], kinds: Collection[Kind], today: date) -> Sequence[Any]:
    """List what a question's terms find, the best first: rare terms count more, and at least half must be there.

    What nobody has written of at all is no condition, as long as a third of all that was asked is met.
    """
    held = _holding(db, asked, kinds, today)
    pieces = db.scalar(select(func.count()).select_from(Piece).where(*_readable(kinds, today))) or 0
    worth = {term: terms.weight(pieces, count) for term, count in held.items()}
    if not worth or 3 * len(worth) < len(asked):
        return []
    counts = case(worth, value=Term.term)
    score, met = func.sum(counts * Term.weight), func.sum(counts)
    hit = select(Term.piece_id, score.label("score")).where(Term.term.in_(worth)).group_by(Term.piece_id)
    hit_ = hit.having(2 * met >= sum(worth.values()), 3 * func.count() >= len(asked)).subquery()
    found = (
        select(*LISTED, hit_.c.score)
        .join(Edition, LIVE)
        .join(hit_, hit_.c.piece_id == Piece.id)
        .where(*_readable(kinds, today))
    )
    return db.execute(found.order_by(hit_.c.score.desc(), Edition.id.desc()).limit(PAGE)).all()


def _holding(db: Session, asked: Sequence[str], kinds: Collection[Kind], today: date) -> dict[str, int]:
    found = select(Term.term, func.count()).join(Piece, Piece.id == Term.piece_id)
    found = found.where(Term.term.in_(asked), *_readable(kinds, today)).group_by(Term.term)
    return {row[0]: row[1] for row in db.execute(found)}


def _readable(kinds: Collection[Kind], today: date) -> tuple[ColumnElement[bool], ...]:
    return Piece.kind.in_(kinds), Piece.expires_on >= today


def by_number(db: Session, number: str) -> Piece | None:
    """Give a piece by its number, as an entity to change."""
    return db.scalar(select(Piece).where(Piece.number == number))


def by_source(db: Session, source: str) -> str | None:
    """Give the number of the piece that was drafted from a source."""
    return db.scalar(select(Piece.number).where(Piece.source == source))


def edition(db: Session, piece_id: int, number: int) -> Any:
    """Give one edition with all that it says, or None."""
    here = (Edition.piece_id == piece_id, Edition.number == number)
    return db.execute(select(*Edition.__table__.c).where(*here)).one_or_none()


def editions(db: Session, piece_id: int) -> Sequence[Any]:
    """List a piece's editions, the newest first, without their text."""
    columns = (
        Edition.number, Edition.title_zh, Edition.title_en, Edition.sha256, Edition.written_by_name,
        Edition.published_by_name, Edition.published_at, Edition.expires_on,
    )  # fmt: skip
    here = Edition.piece_id == piece_id
    return db.execute(select(*columns).where(here).order_by(Edition.number.desc())).all()


def all_editions(db: Session) -> Sequence[Any]:
    """Give every edition with its piece's number, oldest first: to work the hashes out anew."""
    found = select(*Edition.__table__.c, Piece.number.label("piece_number")).join(Piece, Piece.id == Edition.piece_id)
    return db.execute(found.order_by(Edition.id)).all()


def draft_of(db: Session, piece_id: int) -> Draft | None:
    """Give a piece's draft, as an entity to change."""
    return db.scalar(select(Draft).where(Draft.piece_id == piece_id))


def drafts(db: Session, state: State) -> Sequence[Any]:
    """List the drafts in one state, the longest waiting first."""
    columns = (
        Piece.id, Piece.number, Piece.kind, Piece.live, Draft.title_zh, Draft.title_en, Draft.written_by,
        Draft.written_by_name, Draft.saved_at, Draft.submitted_at,
    )  # fmt: skip
    found = select(*columns).join(Draft, Draft.piece_id == Piece.id).where(Draft.state == state)
    return db.execute(found.order_by(Draft.submitted_at, Draft.saved_at, Draft.id).limit(PAGE)).all()


def shelf(db: Session, tab: str, today: date) -> Sequence[Any]:
    """List one tab of what was published: live, soon to expire, or no longer to be read (with its last edition)."""
    newer = aliased(Edition)
    last = select(func.max(newer.number)).where(newer.piece_id == Piece.id).scalar_subquery()
    found = select(*LISTED, Piece.live, Edition.number.label("edition"))
    found = found.join(Edition, and_(Edition.piece_id == Piece.id, Edition.number == last)).where(_on_shelf(tab, today))
    order = [Piece.expires_on] if tab == "expiring" else []
    return db.execute(found.order_by(*order, Edition.id.desc()).limit(PAGE)).all()


def counts(db: Session, today: date) -> dict[str, int]:
    """Count the desk's tabs."""
    by_state = db.execute(select(Draft.state, func.count()).group_by(Draft.state))
    found: dict[str, int] = dict.fromkeys(State, 0) | {row[0]: row[1] for row in by_state}
    soon = select(func.count()).select_from(Piece).where(_on_shelf("expiring", today))
    return {**found, "expiring": db.scalar(soon) or 0}


def events(db: Session, piece_id: int) -> Sequence[Any]:
    """Give every step of a piece, oldest first."""
    here = PieceEvent.piece_id == piece_id
    return db.execute(select(*PieceEvent.__table__.c).where(here).order_by(PieceEvent.id)).all()


def passed(db: Session, client_id: int) -> dict[int, Any]:
    """Give the checks that a client has passed, by piece: points, passed_at."""
    columns = (ReadingPass.piece_id, ReadingPass.points, ReadingPass.passed_at)
    return {row.piece_id: row for row in db.execute(select(*columns).where(ReadingPass.client_id == client_id))}


def tries(db: Session, client_id: int, piece_id: int, since: datetime) -> int:
    """Count how often a client has answered a check since an instant."""
    mine = (ReadingCheck.client_id == client_id, ReadingCheck.piece_id == piece_id, ReadingCheck.at >= since)
    return db.scalar(select(func.count()).select_from(ReadingCheck).where(*mine)) or 0


def last_check(db: Session, client_id: int, piece_id: int, edition: int) -> Any:
    """Give a client's last answers to the check of an edition, or None."""
    mine = (ReadingCheck.client_id == client_id, ReadingCheck.piece_id == piece_id, ReadingCheck.edition == edition)
    columns = (ReadingCheck.answers, ReadingCheck.wrong, ReadingCheck.at)
    return db.execute(select(*columns).where(*mine).order_by(ReadingCheck.id.desc()).limit(1)).one_or_none()


def latest_announcement(db: Session, today: date) -> Any:
    """Give the newest announcement that holds, for the first page; None where there is none."""
    return next(iter(live(db, [Kind.ANNOUNCEMENT], today, limit=1)), None)


@dataclass(frozen=True)
class Announced:
    """What is told of an announcement."""

    number: str
    edition: int
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str


def announced(db: Session, piece_id: int, edition: int, today: date) -> Announced | None:
    """Give what is to be told of an edition while it is the one that readers see; None once it is not."""
    columns = (
        Piece.number, Edition.number, Edition.title_zh, Edition.title_en, Edition.summary_zh, Edition.summary_en,
    )  # fmt: skip
    here = (Piece.id == piece_id, Piece.live == edition, Piece.expires_on >= today)
    row = db.execute(select(*columns).join(Edition, LIVE).where(*here)).one_or_none()
    return Announced(*row) if row else None


def greetings(db: Session, today: date) -> dict[str, Any]:
    """Give the greeting that holds for each occasion, the newest where there are two."""
    here = (Piece.kind == Kind.CARE, Piece.expires_on >= today)
    found = select(*Edition.__table__.c).join(Piece, LIVE).where(*here).order_by(Edition.id)
    return {row.occasion: row for row in db.execute(found)}


def greeted(db: Session, since: datetime) -> dict[str, int]:
    """Count the greetings since an instant, by occasion."""
    found = select(CareMessage.occasion, func.count()).where(CareMessage.sent_at >= since)
    return {row[0]: row[1] for row in db.execute(found.group_by(CareMessage.occasion))}


def note(db: Session, number: str, today: date) -> tuple[Piece, Any] | None:
    """Give a members' note that holds, with its edition; whoever asks knows that the reader is a member."""
    piece = db.scalar(select(Piece).where(Piece.number == number, Piece.kind == Kind.NOTE, Piece.expires_on >= today))
    found = edition(db, piece.id, piece.live) if piece and piece.live else None
    return (piece, found) if piece and found else None


def notes_read(db: Session, client_id: int, since: datetime, until: datetime) -> Sequence[Any]:
    """List the members' notes that a client opened for the first time in a stretch of time: titles, number, when."""
    columns = (Piece.number, Edition.title_zh, Edition.title_en, NoteReading.read_at)
    found = select(*columns).select_from(NoteReading).join(Piece, Piece.id == NoteReading.piece_id)
    as_read = and_(Edition.piece_id == NoteReading.piece_id, Edition.number == NoteReading.edition)
    mine = (NoteReading.client_id == client_id, NoteReading.read_at >= since, NoteReading.read_at < until)
    return db.execute(found.join(Edition, as_read).where(*mine)).all()


def _on_shelf(tab: str, today: date) -> ColumnElement[bool]:
    if tab == "gone":
        return or_(Piece.live.is_(None), Piece.expires_on < today)
    if tab == "expiring":
        return and_(Piece.expires_on >= today, Piece.expires_on <= today + EXPIRING)
    return Piece.expires_on >= today


def words_of(row: Any, tag: str) -> dict[str, Any]:
    """Give a row's texts in one language, under names without it."""
    told = dict(row._mapping)
    return told | {name[:-3]: told[name] for name in told if name.endswith(f"_{tag}")}
