"""A client answers an article's questions: as often as a day allows, and the points come once, whatever follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal import audit, clients, points
from portal.kit.clock import at, local_date
from portal.kit.db import insert_once
from portal.library import queries, quiz
from portal.library.models import Piece, ReadingCheck, ReadingPass
from portal.library.rules import TRIES_A_DAY, Refusal


@dataclass(frozen=True)
class Marked:
    """What an answered check came to: what was right, and the points that it brought."""

    right: list[bool]
    points: int
    is_first_pass: bool


def answer(
    db: Session, piece: Piece, *, client_id: int, answers: Mapping[int, int], actor: str, now: datetime
) -> Marked | Refusal:
    """Mark a client's answers to the edition that is live now; all right brings the article's points, once for ever."""
    edition = queries.edition(db, piece.id, piece.live or 0)
    questions = quiz.read(edition.questions_zh) if edition else ()
    if not questions:
        return Refusal.NO_CHECK
    if set(answers) != set(range(len(questions))):
        return Refusal.UNANSWERED
    clients.lock(db, client_id)  # a script that answers many times at once waits in line
    if queries.tries(db, client_id, piece.id, at(local_date(now))) >= TRIES_A_DAY:
        return Refusal.TOO_MANY_TRIES
    right = quiz.marked(questions, answers)
    given = {str(number): answers[number] for number in sorted(answers)}
    tried = {"client_id": client_id, "piece_id": piece.id, "edition": edition.number, "answers": given}
    db.execute(insert(ReadingCheck).values(**tried, wrong=right.count(False), at=now))
    if not all(right):
        return Marked(right, 0, False)
    return _pass(db, piece, edition, right, client_id=client_id, actor=actor, now=now)


def _pass(
    db: Session, piece: Piece, edition: Any, right: list[bool], *, client_id: int, actor: str, now: datetime
) -> Marked:
    once = {"client_id": client_id, "piece_id": piece.id, "edition": edition.number, "points": edition.points}
    if not insert_once(db, ReadingPass, **once, passed_at=now):
        return Marked(right, 0, False)
    if edition.points:
        points.earn(
            db, client_id=client_id, points=edition.points, kind="reading", now=now,
            key=f"earn:reading:{piece.number}:{client_id}", expires_at=points.lapses_at(db, local_date(now)),
            explain={"rule": "reading", "piece": piece.number, "edition": edition.number, "points": edition.points},
            actor=actor,
        )  # fmt: skip
    detail = {"edition": edition.number, "points": edition.points}
    named = f"piece:{piece.number}"
    audit.record(db, actor=actor, event="library.read", object=named, detail=detail, now=now)
    return Marked(right, edition.points, True)
