"""Surveys: who is asked what, once a month at most; a vote stands for ever, and a bad one makes somebody call."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal import audit, calendar, callbacks, clients
from portal.audit import Person
from portal.feedback import formulas, letters
from portal.feedback.formulas import COOL_DOWN, OPEN_FOR, Result, Survey
from portal.feedback.models import Case, Invitation, Vote
from portal.feedback.rules import Refusal
from portal.kit.clock import at, local_date
from portal.kit.db import insert_once

BATCH = 100
FRESH = timedelta(days=14)  # an opening or a change is asked about so long after it
CALL_WITHIN_WORKDAYS, CALLED_BY = 2, time(17, 30)
DIGITS = re.compile(r"\d(?:[ -]?\d){6,}[Xx]?")  # telephones, accounts, identity numbers
COMMENTS = 50


def invite(
    db: Session, survey: Survey, *, client_id: int, about: str, key: str, now: datetime,
    called: Mapping[str, str] | None = None,
) -> bool:  # fmt: skip
    """Ask a client about something, unless he was asked anything within the cool-down; tell whether he is asked now."""
    clients.lock(db, client_id)  # of two reasons at once, the second finds the first
    lately = (Invitation.client_id == client_id, Invitation.invited_at > now - COOL_DOWN)
    if db.scalar(select(Invitation.id).where(*lately).limit(1)) is not None:
        return False
    asked = {"survey": survey, "client_id": client_id, "about": about, "invited_at": now, "open_until": now + OPEN_FOR}
    if not insert_once(db, Invitation.__table__, key=key, **asked):
        return False
    made = db.scalars(select(Invitation.id).where(Invitation.key == key)).one()
    letters.ask(db, client_id, survey, invitation=made, about=about, called=called, now=now)
    return True


def invite_guest(db: Session, *, client_id: int, event: str, called: Mapping[str, str], now: datetime) -> bool:
    """Ask somebody how an event was that he came to, once; `called` is its title in each language."""
    key = f"event:{event}:{client_id}"
    return invite(db, Survey.EVENT, client_id=client_id, about=event, key=key, called=called, now=now)


def invite_about(db: Session, case: Case, now: datetime) -> bool:
    """Ask how content somebody is with a case that has just closed; a case opened and closed again is asked anew."""
    key = f"csat:{case.number}:{case.version}"
    return invite(db, Survey.CSAT, client_id=case.client_id, about=case.number, key=key, now=now)


def invite_due(db: Session, now: datetime) -> int:
    """Ask who is due (a duty): after an opening, after a change, and all twice a year. Gives how many were asked."""
    return _after_openings(db, now) + _after_changes(db, now) + _half_yearly(db, now)


def _after_openings(db: Session, now: datetime) -> int:
    today = local_date(now)
    fresh = clients.opened_between(db, today - FRESH, today - timedelta(days=1))
    return sum(_effort(db, row.id, f"opening:{row.client_no}", "", now) for row in fresh[:BATCH])


def _after_changes(db: Session, now: datetime) -> int:
    settled = clients.settled_since(db, now - FRESH)
    return sum(_effort(db, row.client_id, f"change:{row.number}", row.number, now) for row in settled[:BATCH])


def _effort(db: Session, client_id: int, key: str, about: str, now: datetime) -> bool:
    return invite(db, Survey.CES, client_id=client_id, about=about, key=f"ces:{key}", now=now)


def _half_yearly(db: Session, now: datetime) -> int:
    today = local_date(now)
    if today.month not in formulas.NPS_MONTHS:
        return 0
    half = formulas.half_year(today)
    asked = select(Invitation.client_id).where(Invitation.key.startswith(f"nps:{half}:"))
    lately = select(Invitation.client_id).where(Invitation.invited_at > now - COOL_DOWN)
    out = set(db.scalars(asked.union(lately)))
    due = [row for row in clients.opened_between(db, date.min, today) if row.id not in out][:BATCH]
    return sum(
        invite(db, Survey.NPS, client_id=row.id, about="", key=f"nps:{half}:{row.client_no}", now=now) for row in due
    )


def of_client(db: Session, client_id: int, invitation_id: int) -> Any:
    """Give an invitation of this client with his vote, if he has given one; another client's is not there."""
    mine = (Invitation.client_id == client_id, Invitation.id == invitation_id)
    return db.execute(_with_votes().where(*mine)).one_or_none()


def open_of(db: Session, client_id: int, now: datetime) -> Sequence[Any]:
    """Give what a client is asked and has not answered."""
    mine = (Invitation.client_id == client_id, Invitation.open_until > now, Vote.invitation_id.is_(None))
    return db.execute(_with_votes().where(*mine).order_by(Invitation.id)).all()


def vote(db: Session, client: Person, invitation: Any, *, score: int, comment: str, now: datetime) -> Refusal | None:
    """Take a vote, or say why not: the first one stands, whoever sends another; a bad one asks for a call."""
    survey = Survey(invitation.survey)
    if not formulas.on_scale(survey, score):
        return Refusal.OFF_SCALE
    if invitation.open_until <= now:
        return Refusal.SURVEY_OVER
    given = {"score": score, "comment": comment or None, "voted_at": now}
    if not insert_once(db, Vote.__table__, invitation_id=invitation.id, **given):
        return Refusal.VOTED
    told = {"survey": survey, "score": score}
    audit.record(db, actor=client.actor, event="survey.voted", object=f"survey:{invitation.id}", detail=told, now=now)
    if formulas.is_bad(survey, score):
        _recover(db, invitation, now)
    return None


def _recover(db: Session, invitation: Any, now: datetime) -> None:
    client = clients.client_by_id(db, invitation.client_id)
    if client is None:
        return
    callbacks.open_task(
        db, kind=callbacks.Kind.RECOVERY, ref_type="survey", ref_id=str(invitation.id), name=client.name,
        phone=clients.mobile(db, client.id) or "", kept_out=_handlers(db, invitation.about), client_id=client.id,
        due_at=_call_by(db, now), now=now,
    )  # fmt: skip


def _handlers(db: Session, about: str) -> list[int]:
    # Who worked on the case does not call about how it went.
    found = db.scalars(select(Case.handler_id).where(Case.number == about, Case.handler_id.is_not(None)))
    return [each for each in found if each is not None]


def _call_by(db: Session, now: datetime) -> datetime:
    try:
        return at(calendar.workday_after(db, local_date(now), CALL_WITHIN_WORKDAYS), CALLED_BY)
    except calendar.DayUnknown:
        return now + timedelta(days=CALL_WITHIN_WORKDAYS)


@dataclass(frozen=True)
class Standing:
    """How a survey stands over a stretch of time: who was asked, how many answered, and the result, if it may show."""

    survey: Survey
    asked: int
    answered: int
    result: Result | None


def standings(db: Session, since: datetime, until: datetime) -> list[Standing]:
    """Give how each survey stands for who was asked in a stretch of time, in two queries."""
    recent = and_(Invitation.invited_at >= since, Invitation.invited_at < until)
    counts = select(Invitation.survey, func.count().label("asked")).where(recent).group_by(Invitation.survey)
    asked = {row.survey: row.asked for row in db.execute(counts)}
    counted = select(Invitation.survey, Vote.score, func.count()).join(Vote, Vote.invitation_id == Invitation.id)
    votes: dict[str, Counter[int]] = {survey: Counter() for survey in Survey}
    for survey, score, count in db.execute(counted.where(recent).group_by(Invitation.survey, Vote.score)):
        votes[survey][score] += count
    return [_standing(survey, asked.get(survey, 0), votes[survey]) for survey in Survey]


def of_events(db: Session, since: datetime) -> list[tuple[str, Standing]]:
    """Give how each event stands with who came, the newest first, in two queries."""
    ours = and_(Invitation.survey == Survey.EVENT, Invitation.invited_at >= since)
    counts = select(Invitation.about, func.count()).where(ours).group_by(Invitation.about)
    asked: dict[str, int] = {row[0]: row[1] for row in db.execute(counts)}
    return [(about, _standing(Survey.EVENT, asked[about], votes)) for about, votes in _by_about(db, ours, asked)]


def _by_about(db: Session, ours: Any, asked: Mapping[str, int]) -> list[tuple[str, Counter[int]]]:
    counted = select(Invitation.about, Vote.score, func.count()).join(Vote, Vote.invitation_id == Invitation.id)
    votes: dict[str, Counter[int]] = {about: Counter() for about in asked}
    for about, score, count in db.execute(counted.where(ours).group_by(Invitation.about, Vote.score)):
        votes[about][score] += count
    return sorted(votes.items(), reverse=True)


def content_with(db: Session, kind: str, since: datetime, until: datetime) -> Standing:
    """Give how content clients are with the closed cases of one kind that came in a stretch of time."""
    came = and_(Case.kind == kind, Case.received_at >= since, Case.received_at < until)
    found = select(Vote.score, func.count()).select_from(Invitation).join(Case, Case.number == Invitation.about)
    found = found.outerjoin(Vote, Vote.invitation_id == Invitation.id)
    rows = db.execute(found.where(Invitation.survey == Survey.CSAT, came).group_by(Vote.score)).all()
    votes: dict[int, int] = {row[0]: row[1] for row in rows if row[0] is not None}
    return _standing(Survey.CSAT, sum(row[1] for row in rows), votes)


def _standing(survey: Survey, asked: int, votes: Mapping[int, int]) -> Standing:
    return Standing(survey, asked, sum(votes.values()), formulas.result(survey, votes))


def comments(db: Session, since: datetime) -> list[tuple[Any, str]]:
    """Give what was written with votes, newest first, without numbers that name a person."""
    said = (Vote.comment.is_not(None), Vote.voted_at >= since)
    rows = db.execute(_with_votes().where(*said).order_by(Vote.voted_at.desc()).limit(COMMENTS)).all()
    return [(row, masked(row.comment)) for row in rows]


def masked(text: str) -> str:
    """Hide every run of seven digits or more but its first three."""
    return DIGITS.sub(lambda found: f"{found[0][:3]}****", text)


def _with_votes() -> Any:
    return select(*Invitation.__table__.c, Vote.score, Vote.comment, Vote.voted_at).outerjoin(Vote)
