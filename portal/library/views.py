"""An edition as a client reads it: its words, whether its text suits him, his reading check."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import suitability
from portal.kit.clock import at, local_date
from portal.kit.db import insert_once
from portal.kit.i18n import language
from portal.kit.prose import prose
from portal.library import queries, quiz
from portal.library.forms import KINDS, TOPICS, WORDS
from portal.library.models import NoteReading
from portal.library.queries import words_of
from portal.library.rules import RESEARCH, TRIES_A_DAY, Kind


def reading(
    db: Session, piece: Any, edition: Any, client_id: int, now: datetime, *, given: dict[int, int] | None = None
) -> dict[str, Any]:
    """Give what the page of an edition says to a client who may know of it; `body` is None where it does not suit."""
    it, verdict = words_of(edition, language()), _verdict(db, edition, client_id, now)
    last = queries.last_check(db, client_id, piece.id, edition.number)
    return {
        "piece": piece,
        "it": it,
        "kinds": KINDS,
        "topics": TOPICS,
        "words": WORDS,
        "verdicts": suitability.VERDICTS,
        "verdict": verdict,
        "body": prose(it["body"]) if verdict is None or verdict.ok else None,
        "questions": quiz.read(it["questions"]),
        "last": last,
        "given": _given(given, last),
        "passed": queries.passed(db, client_id).get(piece.id),
        "left": TRIES_A_DAY - queries.tries(db, client_id, piece.id, at(local_date(now))),
        "research": RESEARCH,
        "outcome": None,
        "now": now,
    }


def notes(db: Session, today: date, tag: str) -> list[dict[str, Any]]:
    """List the members' notes that hold, the newest first, in one language; whoever asks knows who is a member."""
    return [words_of(row, tag) for row in queries.live(db, [Kind.NOTE], today)]


def note_opened(db: Session, piece: Any, edition: Any, client_id: int, now: datetime) -> None:
    """Write down that a member has a note's text before him; what does not suit him is not shown, nor counted."""
    verdict = _verdict(db, edition, client_id, now)
    if verdict is None or verdict.ok:
        row = {"client_id": client_id, "piece_id": piece.id, "edition": edition.number, "read_at": now}
        insert_once(db, NoteReading.__table__, **row)


def _verdict(db: Session, edition: Any, client_id: int, now: datetime) -> suitability.Verdict | None:
    if edition.kind not in RESEARCH:
        return None
    return suitability.match(
        db, client_id, risk_class=edition.risk_class, term_months=edition.horizon_months or None, now=now
    )


def _given(given: dict[int, int] | None, last: Any) -> dict[int, int]:
    if given is not None or last is None:
        return given or {}
    return {int(number): option for number, option in last.answers.items()}
