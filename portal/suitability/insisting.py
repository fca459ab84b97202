"""The path to something above one's level: the client's own wish, the warning read, the phrase, the code, the wait."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import audit, callbacks, clients
from portal.kit import i18n
from portal.kit.clock import local_date
from portal.kit.db import rows_touched
from portal.kit.forms import narrow
from portal.kit.numbers import next_number
from portal.queues import Stale
from portal.suitability import facts, queries, rules
from portal.suitability.actions import Person
from portal.suitability.evidence import seal
from portal.suitability.models import Assessment, OverLevelRequest
from portal.suitability.questionnaire import words
from portal.suitability.rules import Code, Insistence, Reason, Refusal, Steps

ABOUT_WISH = "over_level"  # what a call-back is about


def wish(db: Session, *, client: Person, client_id: int, service: str, now: datetime) -> OverLevelRequest | Refusal:
    """Take a client's own wish for a service above his level: the special warning is before him from now on."""
    clients.lock(db, client_id)
    standing, known = queries.current(db, client_id, now), queries.services(db).get(service)
    if standing is None or known is None:
        return Refusal.NEEDS_ASSESSMENT
    verdict = queries.judged(db, standing, now, risk_class=known["risk"], service_kind=service)
    if verdict.code is Code.LOWEST_CLASS:
        return Refusal.LOWEST_CLASS
    if verdict.code not in rules.MAY_INSIST:
        return Refusal.ALREADY_MATCHED
    if queries.asked_anew_of(db, client_id):
        return Refusal.ASKED_ANEW
    rests_on = db.execute(select(Assessment.id).where(Assessment.number == standing.number)).scalar_one()
    made = OverLevelRequest(
        number=next_number(db, "CJ", local_date(now)), client_id=client_id, assessment_id=rests_on, service=service,
        risk_class=known["risk"], state=Insistence.READING, version=1, warned_at=now,
    )  # fmt: skip
    db.add(made)
    db.flush()
    _note(db, client, "wished", made, {"service": service, "level": standing.level}, now)
    return made


def insist(
    db: Session, made: OverLevelRequest, *, client: Person, phrase: str, now: datetime
) -> OverLevelRequest | Refusal:
    """Let the client insist after reading: from then the cool-down runs, and staff look where they must."""
    form = queries.published(db)
    standing = queries.current(db, made.client_id, now)
    if form is None or standing is None:
        return Refusal.NEEDS_ASSESSMENT
    if standing.lowest_class:
        return Refusal.LOWEST_CLASS
    path = form.definition.body["matching"]["over_level"]
    steps = rules.steps_of(path["steps"])
    if (now - made.warned_at).total_seconds() < steps.reading_seconds:
        return Refusal.READ_TOO_FAST
    if narrow(phrase) != narrow(phrase_to_type(db)):
        return Refusal.OTHER_WORDS
    is_looked_at = steps.needs_review(made.risk_class) or is_called(db, made, steps, now)
    state = Insistence.REVIEW if is_looked_at else Insistence.GRANTED
    holds_from = now + timedelta(hours=steps.cool_down_hours.get(made.risk_class, 0))
    change = {"state": state, "confirmed_at": now, "holds_from": holds_from}
    if not _move(db, made, Insistence.READING, made.version, change):
        return Refusal.NOT_YOURS_TO_CONFIRM
    body = _record(made, client) | {
        "warning": words(path["warning"], i18n.language()), "phrase": phrase, "warned_at": made.warned_at.isoformat(),
        "holds_from": holds_from.isoformat(), "own_wish": True, "level": standing.level, "second_factor": True,
        "definition": form.definition.sha256, "seat": dict(client.seat or {}),
    }  # fmt: skip
    seal(db, kind="over_level", client_id=made.client_id, assessment_id=made.assessment_id, body=body, now=now)
    _note(db, client, "insisted", made, {"state": made.state}, now)
    return made


def decide_wish(
    db: Session, made: OverLevelRequest, *, staff: Person, seen: int, granted: bool, reason: str, now: datetime
) -> OverLevelRequest | Refusal | Stale:
    """Grant what staff must look at, once the call that it needs was passed and never by the caller; or reject it."""
    if reason not in set(Reason) or (granted and reason != Reason.CALLED_BACK):
        return Refusal.NO_REASON
    if granted and (refusal := _ungrantable(db, made, staff, now)):
        return refusal
    state = Insistence.GRANTED if granted else Insistence.REJECTED
    change = {"state": state, "decided_by": staff.user_id, "decided_at": now, "reason": reason}
    if not _move(db, made, Insistence.REVIEW, seen, change):
        db.refresh(made)
        return Stale("", made.decided_at or now, made.state)
    body = _record(made, staff) | {"reason": reason}
    seal(db, kind="over_level", client_id=made.client_id, assessment_id=made.assessment_id, body=body, now=now)
    _note(db, staff, "wish_decided", made, {"state": made.state, "reason": reason}, now)
    return made


def phrase_to_type(db: Session) -> str:
    """Give the sentence that a client must type, in his language; empty where no questionnaire is in force."""
    form = queries.published(db)
    path = form.definition.body["matching"]["over_level"] if form else {}
    return words(path["phrase"], i18n.language()) if path else ""


def steps_in_force(db: Session) -> Steps:
    """Give the steps as the questionnaire in force has them."""
    form = queries.published(db)
    return rules.steps_of(form.definition.body["matching"]["over_level"]["steps"] if form else ())


def is_called(db: Session, made: OverLevelRequest, steps: Steps, now: datetime) -> bool:
    """Tell whether the client must be called about it, for its risk or his age."""
    return steps.needs_call(made.risk_class, facts.profile(db, made.client_id, local_date(now)).get("age"))


def _ungrantable(db: Session, made: OverLevelRequest, staff: Person, now: datetime) -> Refusal | None:
    steps = steps_in_force(db)
    if not is_called(db, made, steps, now):
        return None
    call = callbacks.task_of(db, ABOUT_WISH, made.number)
    if call is None or call.state != callbacks.State.PASSED:
        return Refusal.NOT_CALLED
    return Refusal.OWN_CALL if steps.needs_review(made.risk_class) and call.caller_id == staff.user_id else None


def _move(db: Session, made: OverLevelRequest, before: Insistence, seen: int, change: dict[str, Any]) -> bool:
    here = (OverLevelRequest.id == made.id, OverLevelRequest.state == before, OverLevelRequest.version == seen)
    moved = rows_touched(db.execute(update(OverLevelRequest).where(*here).values(version=seen + 1, **change)))
    db.refresh(made)
    return moved == 1


def _record(made: OverLevelRequest, who: Person) -> dict[str, Any]:
    return {
        "request": made.number, "service": made.service, "risk_class": made.risk_class, "state": made.state,
        "by": who.actor,
    }  # fmt: skip


def _note(db: Session, who: Person, event: str, made: OverLevelRequest, detail: dict[str, Any], now: datetime) -> None:
    what = f"over_level_request:{made.number}"
    audit.record(db, actor=who.actor, event=f"questionnaire.{event}", object=what, detail=detail, now=now)
