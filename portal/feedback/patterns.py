"""Patterns in cases: where they gather, and the year's summary; counted from events, never by person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.feedback import formulas, surveys
from portal.feedback.models import Adoption, Case, CaseEvent, Improvement
from portal.feedback.rules import Finding, Kind, Severity, Verb
from portal.kit.clock import at

DIMENSIONS = ("area", "branch_no", "product", "cause")
CROSSED_LEAST = 2  # cases of the same class, branch, product and cause that make a pattern


@dataclass(frozen=True)
class Row:
    """One value of a dimension: how many cases now, how many in as long a time before."""

    value: str
    count: int
    before: int


@dataclass(frozen=True)
class Pattern:
    """Cases that have class, branch, product and cause in common."""

    area: str
    branch_no: str
    product: str
    cause: str
    count: int
    newest: str


@dataclass(frozen=True)
class Board:
    """Where the complaints and reports of a stretch of time gather."""

    total: int
    dimensions: dict[str, list[Row]]
    patterns: list[Pattern]


def board(db: Session, now: datetime, days: int) -> Board:
    """Gather the complaints and reports of so many days, beside those of as many days before."""
    since = now - timedelta(days=days)
    columns = (Case.area, Case.branch_no, Case.product, Case.cause, Case.number, Case.received_at)
    ours = (Case.kind.in_([Kind.COMPLAINT, Kind.REPORT]), Case.received_at > since - timedelta(days=days))
    rows = db.execute(select(*columns).where(*ours, Case.received_at <= now).order_by(Case.id)).all()
    fresh = [row for row in rows if row.received_at > since]
    before = [row for row in rows if row.received_at <= since]
    return Board(len(fresh), {name: _rows(fresh, before, name) for name in DIMENSIONS}, _patterns(fresh))


def _rows(fresh: Sequence[Any], before: Sequence[Any], name: str) -> list[Row]:
    now, then = (Counter(getattr(row, name) or "" for row in rows) for rows in (fresh, before))
    found = [Row(value, now[value], then[value]) for value in {*now, *then}]
    return sorted(found, key=lambda row: (-row.count, -row.before, row.value))


def _patterns(fresh: Sequence[Any]) -> list[Pattern]:
    crossed = Counter((row.area, row.branch_no, row.product, row.cause or "") for row in fresh)
    newest = {(row.area, row.branch_no, row.product, row.cause or ""): row.number for row in fresh}
    often = [(of, count) for of, count in crossed.most_common() if count >= CROSSED_LEAST]
    return [Pattern(*of, count, newest[of]) for of, count in often]


@dataclass(frozen=True)
class Summary:
    """A year's cases of one kind, as they are told to the regulator by the end of April."""

    kind: str
    received: int
    answered: int
    in_time: int
    extended: int
    critical: int
    founded: int
    withdrawn: int
    median_hours: int | None
    content: surveys.Standing


@dataclass(frozen=True)
class Year:
    """The year's summary: each kind, what followed, and how content clients were."""

    year: int
    kinds: list[Summary]
    causes: list[Row]
    improvements: int
    adopted: int
    content: surveys.Standing


def year_of(db: Session, year: int) -> Year:
    """Make a year's summary from the cases that came in it and their answers."""
    first, last = at(date(year, 1, 1)), at(date(year + 1, 1, 1))
    columns = (Case.id, Case.kind, Case.severity, Case.finding, Case.cause, Case.state, Case.extended_minutes)
    cases = db.execute(select(*columns).where(Case.received_at >= first, Case.received_at < last)).all()
    answers = _first_answers(db, first, last)
    contents = {kind: surveys.content_with(db, kind, first, last) for kind in Kind}
    causes = Counter(row.cause for row in cases if row.cause)
    here = Improvement.ended_at.between(first, last)
    return Year(
        year=year,
        kinds=[_summary(kind, [row for row in cases if row.kind == kind], answers, contents[kind]) for kind in Kind],
        causes=[Row(cause, count, 0) for cause, count in causes.most_common()],
        improvements=_count(db, select(func.count()).where(Improvement.state == "done", here)),
        adopted=_count(db, select(func.count()).where(Adoption.awarded_at.between(first, last))),
        content=next(each for each in surveys.standings(db, first, last) if each.survey == formulas.Survey.CSAT),
    )


def _count(db: Session, counted: Any) -> int:
    return db.scalar(counted) or 0


def _first_answers(db: Session, first: datetime, last: datetime) -> dict[int, list[int | None]]:
    """Give what the clock said at the first answer of each case: minutes promised, minutes left."""
    ours = (CaseEvent.verb == Verb.ANSWER, Case.received_at >= first, Case.received_at < last)
    found = select(CaseEvent.case_id, CaseEvent.detail).join(Case, Case.id == CaseEvent.case_id).where(*ours)
    rows = db.execute(found.order_by(CaseEvent.id.desc())).all()
    return {row.case_id: row.detail["answer"] for row in rows}


def _summary(
    kind: str, rows: Sequence[Any], answers: dict[int, list[int | None]], content: surveys.Standing
) -> Summary:
    told = [answers[row.id] for row in rows if row.id in answers]
    known = [(promised or 0, left) for promised, left in told if left is not None]
    middle = formulas.median([promised - left for promised, left in known])
    return Summary(
        kind=kind,
        received=len(rows),
        answered=len(told),
        in_time=sum(left >= 0 for _, left in known),
        extended=sum(row.extended_minutes > 0 for row in rows),
        critical=sum(row.severity == Severity.CRITICAL for row in rows),
        founded=sum(row.finding in (Finding.FOUNDED, Finding.PARTLY) for row in rows),
        withdrawn=sum(row.state == "withdrawn" for row in rows),
        median_hours=None if middle is None else middle // 60,
        content=content,
    )
