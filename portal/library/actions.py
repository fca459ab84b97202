"""The verbs of a piece: write, submit, send back, publish by a second person, withdraw; each with its audit row."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal import audit, queues
from portal.audit import Person
from portal.kit.clock import local_date
from portal.kit.db import canonical, insert_once, rows_touched
from portal.kit.numbers import next_number
from portal.kit.prose import foreign_links
from portal.library import occasions, queries, rules, terms
from portal.library.models import Draft, Edition, Piece, PieceEvent, Term
from portal.library.rules import QUEUE, Kind, Refusal, State, Text, Verb
from portal.library.telling import begin_telling
from portal.queues import Stale

WRITTEN = tuple(field.name for field in fields(Text))
TITLE_LIMIT, SUMMARY_LIMIT, BODY_LIMIT = 80, 300, 4000


def begin(db: Session, kind: Kind, *, by: Person, now: datetime, text: Text | None = None, source: str = "") -> str:
    """Begin a piece with a draft; give its number. The same source again gives the piece that it made."""
    if source and (known := queries.by_source(db, source)):
        return known
    number = next_number(db, "WK", local_date(now))
    row = {"number": number, "kind": kind, "source": source or None, "begun_at": now}
    if not insert_once(db, Piece, **row):  # somebody drafted from the same source at the same moment
        return queries.by_source(db, source) or number
    piece = _known(db, number)
    _lay_draft(db, piece, text or Text(), by, now)
    _trace(db, piece, Verb.BEGIN, by, now)
    return number


def draft_faq(db: Session, *, question: str, answer: str, by: Person, now: datetime, source: str = "") -> str:
    """Make a draft of the FAQ from a question that was answered in writing; give its number.

    `source` names the enquiry: pressed twice, it is one draft. Long numbers are hidden; the rest an editor reads.
    """
    asked, told = rules.without_numbers(question).strip(), rules.without_numbers(answer).strip()
    text = Text(
        title_zh=asked[:TITLE_LIMIT], summary_zh=told[:SUMMARY_LIMIT], body_zh=f"{asked}\n\n{told}"[:BODY_LIMIT]
    )
    return begin(db, Kind.FAQ, by=by, now=now, text=text, source=source)


def revise(db: Session, piece: Piece, *, by: Person, now: datetime) -> Draft | Refusal:
    """Begin a new edition from the last one: readers keep the old one until the new one is published."""
    if queries.draft_of(db, piece.id):
        return Refusal.DRAFT_OPEN
    last = queries.editions(db, piece.id)
    if not last:
        return Refusal.NOT_LIVE
    text = text_of(queries.edition(db, piece.id, last[0].number))
    _trace(db, piece, Verb.BEGIN, by, now)
    return _lay_draft(db, piece, text, by, now)


def write(db: Session, draft: Draft, text: Text, *, seen: int, by: Person, now: datetime) -> Draft | Refusal | Stale:
    """Save what somebody wrote; a draft that is under review has to come back first."""
    if draft.state != State.DRAFT:
        return Refusal.IN_REVIEW
    writers = sorted({*draft.writers, _id(by)})
    author: dict[str, Any] = {"written_by": _id(by), "written_by_name": by.name, "writers": writers, "saved_at": now}
    return _move(db, draft, Verb.WRITE, by, now, seen=seen, **_columns(text), **author)


def submit(db: Session, draft: Draft, *, seen: int, by: Person, now: datetime) -> Draft | Refusal | Stale:
    """Hand a draft to a second person, once nothing is lacking."""
    if draft.state != State.DRAFT:
        return Refusal.IN_REVIEW
    if lacking(db, draft, now):
        return Refusal.NOT_WHOLE
    return _move(db, draft, Verb.SUBMIT, by, now, seen=seen, state=State.REVIEW, submitted_at=now)


def send_back(db: Session, draft: Draft, *, seen: int, note: str, by: Person, now: datetime) -> Draft | Refusal | Stale:
    """Give a draft back to its writers, with what is to be mended."""
    if draft.state != State.REVIEW:
        return Refusal.NOT_IN_REVIEW
    if not note.strip():
        return Refusal.NO_REASON
    return _move(db, draft, Verb.SEND_BACK, by, now, seen=seen, note=note.strip(), state=State.DRAFT, submitted_at=None)


def publish(db: Session, draft: Draft, *, seen: int, by: Person, now: datetime) -> int | Refusal | Stale:
    """Publish a draft for ever as the next edition, by somebody who wrote none of it; give the edition's number."""
    is_whole = not lacking(db, draft, now)
    refusal = rules.publication_refusal(draft.state, decider=_id(by), writers=draft.writers, is_whole=is_whole)
    if refusal and draft.version == seen:
        return refusal
    here = (Draft.id == draft.id, Draft.version == seen, Draft.state == State.REVIEW)
    if not db.execute(delete(Draft).where(*here).returning(Draft.id)).first():
        return stale(db, draft)
    piece, text = db.get_one(Piece, draft.piece_id), text_of(draft)
    number = _bind(db, piece, draft, text, by, now)
    db.execute(update(Piece).where(Piece.id == piece.id).values(live=number, expires_on=text.expires_on))
    _index(db, piece.id, text)
    if piece.kind == Kind.ANNOUNCEMENT:
        begin_telling(db, piece.id, number)
    queues.release(db, queue=QUEUE, item_id=piece.id)
    _trace(db, piece, Verb.PUBLISH, by, now, edition=number, detail={"sha256": sha256(piece, number, text)})
    return number


def withdraw(db: Session, piece: Piece, *, reason: str, by: Person, now: datetime) -> Piece | Refusal:
    """Take a piece away from its readers at once: one person is enough where something is wrong."""
    if not reason.strip():
        return Refusal.NO_REASON
    edition = piece.live
    gone = update(Piece).where(Piece.id == piece.id, Piece.live.is_not(None)).values(live=None, expires_on=None)
    if not rows_touched(db.execute(gone)):
        return Refusal.NOT_LIVE
    db.execute(delete(Term).where(Term.piece_id == piece.id))
    _trace(db, piece, Verb.WITHDRAW, by, now, edition=edition, note=reason.strip())
    return piece


def discard(db: Session, draft: Draft, *, seen: int, by: Person, now: datetime) -> Draft | Refusal | Stale:
    """Give a draft up; what is published stays as it is."""
    here = (Draft.id == draft.id, Draft.version == seen, Draft.state == State.DRAFT)
    if not db.execute(delete(Draft).where(*here).returning(Draft.id)).first():
        return Refusal.IN_REVIEW if draft.version == seen else stale(db, draft)
    _trace(db, db.get_one(Piece, draft.piece_id), Verb.DISCARD, by, now)
    return draft


def lacking(db: Session, draft: Draft, now: datetime) -> dict[str, str]:
    """Name what a draft still lacks, field by field, with the code of why."""
    piece, text = db.get_one(Piece, draft.piece_id), text_of(draft)
    dead = {name: "links" for name in ("body_zh", "body_en") if foreign_links(getattr(text, name))}
    if piece.kind == Kind.CARE and (why := occasions.objection(text.occasion, text.body_zh, text.body_en)):
        dead |= {"body_zh": why}
    return dead | rules.lacking(Kind(piece.kind), text, local_date(now))


def text_of(row: Any) -> Text:
    """Take the text from a draft or an edition."""
    return Text(**{name: getattr(row, name) for name in WRITTEN})


def sha256(piece: Any, edition: int, text: Text) -> str:
    """Give the hash of an edition: its piece, its number and every word."""
    told: Mapping[str, Any] = {"piece": piece.number, "kind": piece.kind, "edition": edition, **_plain(text)}
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def verify(db: Session) -> list[str]:
    """Work every edition's hash out anew; name those whose words are no longer what was published."""
    return [
        f"{row.piece_number} {row.number}"
        for row in queries.all_editions(db)
        if sha256(_Named(row.piece_number, row.kind), row.number, text_of(row)) != row.sha256
    ]


def stale(db: Session, draft: Draft) -> Stale:
    """Say who was quicker, when, and what came of it."""
    last = queries.events(db, draft.piece_id)[-1]
    return Stale(by=last.actor_name, at=last.at, outcome=last.verb)


@dataclass(frozen=True)
class _Named:
    number: str
    kind: str


def _lay_draft(db: Session, piece: Piece, text: Text, by: Person, now: datetime) -> Draft:
    draft = Draft(
        piece_id=piece.id, state=State.DRAFT, version=1, writers=[_id(by)], written_by=_id(by),
        written_by_name=by.name, saved_at=now, **_columns(text),
    )  # fmt: skip
    db.add(draft)
    db.flush()
    return draft


def _move(
    db: Session, draft: Draft, verb: Verb, by: Person, now: datetime, *, seen: int, note: str = "", **values: Any
) -> Draft | Stale:
    here = (Draft.id == draft.id, Draft.version == seen, Draft.state == draft.state)
    moved = update(Draft).where(*here).values(version=seen + 1, **values).returning(Draft.id)
    if not db.execute(moved, execution_options={"synchronize_session": False}).first():
        return stale(db, draft)
    db.refresh(draft)
    _trace(db, db.get_one(Piece, draft.piece_id), verb, by, now, note=note)
    return draft


def _bind(db: Session, piece: Piece, draft: Draft, text: Text, by: Person, now: datetime) -> int:
    before = queries.editions(db, piece.id)
    number = before[0].number + 1 if before else 1
    db.execute(
        insert(Edition).values(
            piece_id=piece.id, number=number, kind=piece.kind, sha256=sha256(piece, number, text),
            written_by=draft.written_by, written_by_name=draft.written_by_name, published_by=_id(by),
            published_by_name=by.name, published_at=now, **_columns(text),
        )
    )  # fmt: skip
    return number


def _index(db: Session, piece_id: int, text: Text) -> None:
    db.execute(delete(Term).where(Term.piece_id == piece_id))
    found = terms.index({name: getattr(text, name) for name in rules.WORDS})
    db.execute(insert(Term), [{"term": each, "piece_id": piece_id, "weight": found[each]} for each in found])


def _columns(text: Text) -> dict[str, Any]:
    return {name: getattr(text, name) for name in WRITTEN}


def _plain(text: Text) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(text).items()}


def _known(db: Session, number: str) -> Piece:
    piece = queries.by_number(db, number)
    if piece is None:
        raise LookupError(number)
    return piece


def _trace(
    db: Session, piece: Piece, verb: Verb, by: Person, now: datetime, *, edition: int | None = None, note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    step = {"piece_id": piece.id, "verb": verb, "edition": edition, "actor": by.actor, "actor_name": by.name}
    db.execute(insert(PieceEvent).values(**step, at=now, note=note))
    told = {"kind": piece.kind, "edition": edition, "note": note, **(detail or {})}
    audit.record(db, actor=by.actor, event=f"library.{verb}", object=f"piece:{piece.number}", detail=told, now=now)


def _id(by: Person) -> int:
    return by.user_id or 0  # nobody's: the database refuses him
