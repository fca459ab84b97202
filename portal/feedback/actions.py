"""The verbs of a case: each one compare-and-set, with its event, its audit row and its message in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import audit, calendar, clients, identity, queues, suitability, tiers
from portal.audit import SYSTEM, Person
from portal.feedback import letters, queries, rules, seconding, surveys
from portal.feedback.limits import Clocks, clocks, terms
from portal.feedback.models import Case, CaseEvent
from portal.feedback.rules import Kind, Refusal, Severity, State, Verb
from portal.kit.clock import local_date
from portal.kit.db import rows_touched
from portal.kit.numbers import next_number
from portal.queues import Passing, Stale

REACH = timedelta(days=120)  # of the calendar, on both sides: the longest answer takes 45 working days


@dataclass(frozen=True)
class Brought:
    """What somebody brings, in his own words."""

    kind: Kind
    area: str
    title: str
    text: str
    product: str = rules.Product.NONE
    remedy: str = ""
    channel: str = rules.Channel.WEB
    external_no: str = ""


@dataclass(frozen=True)
class SameAgain:
    """The answer to who brings the same twice: where it stands already."""

    number: str


Outcome = Case | Refusal | queues.Refusal | Stale


def receive(
    db: Session, brought: Brought, *, by: Person, client_id: int, key: str, now: datetime
) -> Case | Refusal | SameAgain:
    """Take a case in and confirm it at once; the same key gives the same case, the same words are not taken twice."""
    clients.lock(db, client_id)  # one client, one case at a time: a double click waits, then finds the first
    if made := queries.by_key(db, client_id, key):
        return made
    text_hash = rules.fingerprint(brought.text)
    if known := queries.same_again(db, client_id, text_hash, now):
        return SameAgain(known)
    if brought.channel == rules.Channel.WEB and not identity.may(db, "voice", str(client_id), now):
        return Refusal.TOO_MANY
    case = _case(db, brought, client_id, key, text_hash, now)
    db.add(case)
    db.flush()
    _trace(db, case, Verb.RECEIVE, by, now, text=None, detail={"channel": case.channel})
    _reckon(db, case, now)
    letters.tell(db, case, Verb.RECEIVE, now)
    _ask_anew(db, case, now)
    return case


def _case(db: Session, brought: Brought, client_id: int, key: str, text_hash: str, now: datetime) -> Case:
    limits, client = terms()[brought.kind], clients.client_by_id(db, client_id)
    answer = limits.answer
    if brought.kind is Kind.ENQUIRY:
        today = local_date(now)
        answer = min(answer, tiers.promised_minutes(db, tiers.tier_on(db, client_id, today), today))
    return Case(
        number=next_number(db, "TS", local_date(now)), request_key=key, client_id=client_id, kind=brought.kind,
        area=brought.area, product=brought.product, channel=brought.channel, title=brought.title, text=brought.text,
        external_no=brought.external_no or None, branch_no=client.branch_no if client else "",
        remedy=brought.remedy or None, text_hash=text_hash, severity=Severity.NORMAL, state=State.RECEIVED, version=1,
        ack_minutes=limits.acknowledge, contact_minutes=limits.contact or None, answer_minutes=answer,
        extended_minutes=0, received_at=now,
    )  # fmt: skip


def acknowledge(
    db: Session, case: Case, *, seen: int, staff: Person, severity: str, area: str, text: str, now: datetime
) -> Outcome:
    """Take the case on by name, after a first assessment; the client reads the words, not the severity."""
    taken: dict[str, Any] = {
        "severity": severity, "area": area, "handler_id": staff.user_id, "handler_name": staff.name,
    }  # fmt: skip
    outcome = _step(db, case, Verb.ACKNOWLEDGE, staff, now, seen=seen, text=text, **taken)
    return _escalate_critical(db, outcome, staff, now)


def assess(db: Session, case: Case, *, seen: int, staff: Person, severity: str, area: str, now: datetime) -> Outcome:
    """Assess a case anew; for staff alone."""
    detail = {"severity": [case.severity, severity], "area": [case.area, area]}
    outcome = _step(db, case, Verb.ASSESS, staff, now, seen=seen, detail=detail, severity=severity, area=area)
    if isinstance(outcome, Case):
        _ask_anew(db, outcome, now)
    return _escalate_critical(db, outcome, staff, now)


def note(db: Session, case: Case, *, staff: Person, text: str, now: datetime) -> Outcome:
    """Write down what the client does not read."""
    return _step(db, case, Verb.NOTE, staff, now, seen=case.version, text=text)


def change_hands(db: Session, case: Case, passing: Passing) -> Outcome:
    """Put the case into a colleague's hands; the client reads his name from now on."""
    taker: dict[str, Any] = {"handler_id": passing.taker.user_id, "handler_name": passing.taker.name}
    detail = passing.detail | {"from_name": passing.giver.name, "to_name": passing.taker.name}
    return _step(db, case, Verb.NOTE, passing.by, passing.now, seen=case.version, detail=detail, **taker)


def tell(db: Session, case: Case, *, seen: int, staff: Person, text: str, now: datetime) -> Outcome:
    """Tell the client how it stands."""
    return _step(db, case, Verb.TELL, staff, now, seen=seen, text=text)


def ask(db: Session, case: Case, *, seen: int, staff: Person, text: str, now: datetime) -> Outcome:
    """Ask the client; until he replies, the answer's clock stands still."""
    return _step(db, case, Verb.ASK, staff, now, seen=seen, text=text)


def reply(db: Session, case: Case, *, client: Person, text: str, now: datetime) -> Outcome:
    """Let the client add something, or answer a question; the same words sent twice are one reply."""
    last = queries.last_event(db, case.id)
    if (last.verb, last.actor, last.text) == (Verb.REPLY, client.actor, text):
        return case
    return _step(db, case, Verb.REPLY, client, now, seen=case.version, text=text)


def extend(db: Session, case: Case, *, seen: int, staff: Person, reason: str, now: datetime) -> Outcome:
    """Take more time for a complex complaint, once; the client is told the reason."""
    if refusal := rules.extension_refusal(Kind(case.kind), case.extended_minutes):
        return refusal if case.version == seen else _stale(db, case)
    more = terms()[Kind(case.kind)].extension
    longer = {"answer_minutes": case.answer_minutes + more, "extended_minutes": more}
    return _step(db, case, Verb.EXTEND, staff, now, seen=seen, text=reason, detail={"minutes": more}, **longer)


def answer(
    db: Session, case: Case, *, seen: int, staff: Person, text: str, finding: str = "", cause: str = "", now: datetime
) -> Outcome:
    """Answer in writing, with what was found and why; to a critical case it waits for a second person's word."""
    if refusal := rules.answer_refusal(Kind(case.kind), State(case.state), finding):
        return refusal if case.version == seen else _stale(db, case)
    said: dict[str, Any] = {"text": text, "finding": finding or None, "cause": cause or None}
    if rules.needs_two(Kind(case.kind), case.severity):
        outcome = _step(db, case, Verb.NOTE, staff, now, seen=seen, text=text, detail={"why": "proposed"})
        if isinstance(outcome, Case):
            seconding.lay(db, case.id, said, staff=staff, now=now)
        return outcome
    return _answered(db, case, said, staff, now, seen=seen)


def second(db: Session, case: Case, *, seen: int, staff: Person, now: datetime) -> Outcome:
    """Send the answer that somebody else has written to a critical case: the second person's word."""
    made = seconding.waiting(db, case.id)
    if made is None:
        return Refusal.NOTHING_PROPOSED if case.version == seen else _stale(db, case)
    if refusal := seconding.refusal(made, staff):
        return refusal
    said = {"text": made.text, "finding": made.finding, "cause": made.cause}
    outcome = _answered(db, case, said, staff, now, seen=seen, proposed_by=made.proposed_by_name)
    if isinstance(outcome, Case):
        seconding.agree(db, case.id, staff=staff, now=now)
    return outcome


def send_back(db: Session, case: Case, *, seen: int, staff: Person, text: str, now: datetime) -> Outcome:
    """Give a proposed answer back to who wrote it, with what is to be mended; for staff alone."""
    if seconding.waiting(db, case.id) is None:
        return Refusal.NOTHING_PROPOSED if case.version == seen else _stale(db, case)
    outcome = _step(db, case, Verb.NOTE, staff, now, seen=seen, text=text, detail={"why": "sent_back"})
    if isinstance(outcome, Case):
        seconding.drop(db, case.id)
    return outcome


def _answered(
    db: Session, case: Case, said: dict[str, Any], staff: Person, now: datetime, *, seen: int, **more: Any
) -> Outcome:
    before = clocks_of(db, case, now)
    used = {"answer": [before.answer.minutes_promised, before.answer.minutes_left], **more}
    found: dict[str, Any] = {"answer": said["text"], "finding": said["finding"], "cause": said["cause"]}
    if case.handler_id is None:
        found |= {"handler_id": staff.user_id, "handler_name": staff.name}
    outcome = _step(db, case, Verb.ANSWER, staff, now, seen=seen, text=said["text"], detail=used, **found)
    if isinstance(outcome, Case) and not more:
        seconding.drop(db, case.id)  # what somebody proposed while the case was critical
    if isinstance(outcome, Case) and case.kind == Kind.ENQUIRY and before.due_at:
        tiers.answered(
            db, client_id=case.client_id, ref_type="enquiry", ref_id=case.number, promised_at=before.due_at,
            answered_at=now,
        )  # fmt: skip
    return outcome


def accept(db: Session, case: Case, *, client: Person, now: datetime) -> Outcome:
    """Let the client close what was answered."""
    return _step(db, case, Verb.ACCEPT, client, now, seen=case.version, closed_at=now)


def object_to(db: Session, case: Case, *, client: Person, text: str, now: datetime) -> Outcome:
    """Let the client say why the answer does not do: the case is worked on again, and somebody above hears of it."""
    outcome = _step(db, case, Verb.OBJECT, client, now, seen=case.version, text=text)
    return _escalated(db, outcome, SYSTEM, "objected", now)


def withdraw(db: Session, case: Case, *, client: Person, now: datetime) -> Outcome:
    """Let the client take the case back."""
    return _step(db, case, Verb.WITHDRAW, client, now, seen=case.version, closed_at=now)


def escalate_due(db: Session, now: datetime) -> int:
    """Bring cases near or past a limit to those above (a duty); clocks run in working time, so never at night."""
    count = 0
    for case in queries.to_escalate(db, now):
        standing = clocks_of(db, case, now)
        if standing.due_at is None:
            continue
        if case.due_at is None:
            _reckon(db, case, now)
        if standing.near_at and standing.near_at <= now:
            _escalated(db, case, SYSTEM, "late" if standing.due_at <= now else "near", now)
            count += 1
    return count


def close_silent(db: Session, now: datetime) -> int:
    """Close what was answered ten working days ago and not answered to (a duty); gives how many."""
    known = calendar.load(db, local_date(now) - REACH, local_date(now))
    day, count = local_date(now), 0
    while count < rules.ACCEPT_WORKDAYS:
        day -= timedelta(days=1)
        count += known.is_workday(day)
    before = now - (local_date(now) - day)
    ended = [
        _step(db, case, Verb.LAPSE, SYSTEM, now, seen=case.version, closed_at=now)
        for case in queries.silent_since(db, before)
    ]
    return sum(isinstance(each, Case) for each in ended)


def clocks_of(db: Session, case: Any, now: datetime) -> Clocks:
    """Reckon the clocks of a case from its events."""
    day = local_date(case.received_at)
    known = calendar.load(db, day - timedelta(days=1), max(day, local_date(now)) + REACH)
    return clocks(
        known, queries.steps(db, case.id), ack_minutes=case.ack_minutes, contact_minutes=case.contact_minutes,
        answer_minutes=case.answer_minutes, now=now,
    )  # fmt: skip


def _ask_anew(db: Session, case: Case, now: datetime) -> None:
    """Let a complaint about suitability ask for a new assessment, where the questionnaire says so."""
    if case.kind == Kind.COMPLAINT and case.area == rules.Area.SUITABILITY:
        suitability.complaint_opened(db, case.client_id, str(case.area), now)


def _escalate_critical(db: Session, outcome: Outcome, staff: Person, now: datetime) -> Outcome:
    if isinstance(outcome, Case) and outcome.severity == Severity.CRITICAL and outcome.escalated_at is None:
        return _escalated(db, outcome, staff, "critical", now)
    return outcome


def _escalated(db: Session, outcome: Outcome, who: Person, why: str, now: datetime) -> Outcome:
    if not isinstance(outcome, Case):
        return outcome
    return _step(
        db, outcome, Verb.ESCALATE, who, now, seen=outcome.version, detail={"why": why}, escalated_at=now
    )  # fmt: skip


def _step(
    db: Session, case: Case, verb: Verb, who: Person, now: datetime, *, seen: int, text: str | None = None,
    detail: dict[str, Any] | None = None, **values: Any,
) -> Outcome:  # fmt: skip
    before = State(case.state)
    target = rules.after(before, verb)
    if target is None:
        return _stale(db, case)
    here = (Case.id == case.id, Case.state == before, Case.version == seen)
    moved = update(Case).where(*here).values(state=target, version=seen + 1, **values)
    if rows_touched(db.execute(moved, execution_options={"synchronize_session": False})) == 0:
        return _stale(db, case)
    db.refresh(case)
    _trace(db, case, verb, who, now, text=text, detail=detail or {})
    _reckon(db, case, now)
    letters.tell(db, case, verb, now)
    if target is State.CLOSED and before is not target:
        surveys.invite_about(db, case, now)
    return case


def _reckon(db: Session, case: Case, now: datetime) -> None:
    standing = clocks_of(db, case, now)
    case.due_at, case.near_at = standing.due_at, standing.near_at
    db.flush()


def _trace(
    db: Session, case: Case, verb: Verb, who: Person, now: datetime, *, text: str | None, detail: dict[str, Any]
) -> None:
    event = CaseEvent(
        case_id=case.id, verb=verb, to_state=case.state, is_internal=verb in rules.INTERNAL, actor=who.actor,
        actor_name=who.name, text=text or None, detail=detail, at=now,
    )  # fmt: skip
    db.add(event)
    db.flush()
    told = {"kind": case.kind, "to": case.state, "severity": case.severity, **detail}
    audit.record(db, actor=who.actor, event=f"voice.{verb}", object=f"voice:{case.number}", detail=told, now=now)


def _stale(db: Session, case: Case) -> Stale:
    last = queries.last_event(db, case.id)
    by = clients.masked_name(last.actor_name) if last.actor.startswith("client:") else last.actor_name
    return Stale(by, last.at, last.to_state)
