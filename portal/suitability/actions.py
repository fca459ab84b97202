"""The verbs of an assessment: fill in, submit, confirm, decide; each leaves evidence or an audit row."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import audit, clients
from portal.kit import i18n
from portal.kit.clock import at, local_date
from portal.kit.db import rows_touched
from portal.kit.numbers import next_number
from portal.queues import Stale
from portal.suitability import facts, queries, rules
from portal.suitability.evaluation import Result, Status, evaluate
from portal.suitability.evidence import seal, sha256_of
from portal.suitability.models import Assessment, QuestionnaireDraft, SuitabilityBlock
from portal.suitability.queries import Published
from portal.suitability.questionnaire import Definition, Fault, Question, words
from portal.suitability.rules import DraftState, Reason, Refusal, Source, State

Shown = Mapping[str, str]  # how somebody came in: network, agent, authentication


@dataclass(frozen=True)
class Person(audit.Person):
    """Who acts, and how he came in."""

    seat: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Unfinished:
    """A sheet that can't be submitted yet: why, and what the client is asked."""

    refusal: Refusal
    result: Result | None = None
    open_ids: tuple[str, ...] = ()


def start(db: Session, *, client: Person, client_id: int, now: datetime) -> QuestionnaireDraft | Refusal:
    """Begin a sheet on the version in force, or go on with the one that is open."""
    clients.lock(db, client_id)
    if isinstance(found := usable_draft(db, client_id, now), tuple):
        return found[0]
    form = queries.published(db)
    if form is None:
        return Refusal.NO_QUESTIONNAIRE
    today = local_date(now)
    if refusal := rules.attempt_refusal(queries.submitted_on(db, client_id), today, form.definition.rules):
        return refusal
    _put_away(db, client_id, now)
    draft = QuestionnaireDraft(
        client_id=client_id, version_id=form.id, state=DraftState.OPEN, answers={}, orders=_orders(form.definition),
        trail={}, started_at=now, saved_at=now,
    )  # fmt: skip
    db.add(draft)
    db.flush()
    _note(db, client, "started", f"questionnaire_draft:{draft.id}", {"version": form.definition.version}, now)
    return draft


def usable_draft(db: Session, client_id: int, now: datetime) -> tuple[QuestionnaireDraft, Published] | Refusal | None:
    """Give the open sheet with its pinned version; why it can't be gone on with; None where there is none."""
    draft = queries.open_draft(db, client_id)
    if draft is None:
        return None
    form = queries.version(db, draft.version_id)
    if form.is_withdrawn:
        return Refusal.VERSION_WITHDRAWN
    return rules.draft_refusal(draft.saved_at, now, form.definition.rules["draft_ttl_hours"]) or (draft, form)


def draft_to_change(
    db: Session, client_id: int, now: datetime
) -> tuple[QuestionnaireDraft, Published] | Refusal | None:
    """Give the open sheet to whoever changes it, one at a time: of two tabs neither undoes what the other one says."""
    clients.lock(db, client_id)
    return usable_draft(db, client_id, now)


def save(
    db: Session, draft: QuestionnaireDraft, definition: Definition, given: Mapping[str, Sequence[str]], now: datetime
) -> dict[str, Refusal]:
    """Keep the answers that fit, as ids; say of each other one why not. What was answered before stays."""
    answers, trail, refused = dict(draft.answers), dict(draft.trail), {}
    for id, keys in given.items():
        question = definition.by_id[id]
        answer = list(keys) if question.is_multi else (keys[0] if len(keys) == 1 else "")
        if refusal := _unfit(question, answer, keys):
            refused[id] = refusal
            continue
        trail[id] = _traced(trail.get(id), changed=id in answers and answers[id] != answer, now=now)
        answers[id] = answer
    values = {"answers": definition.ordered(answers), "trail": trail, "saved_at": now}
    db.execute(update(QuestionnaireDraft).where(QuestionnaireDraft.id == draft.id).values(**values))
    db.refresh(draft)
    return refused


def submit(
    db: Session, draft: QuestionnaireDraft, form: Published, *, client: Person, declared: Mapping[str, bool],
    confirmed: Iterable[str], now: datetime,
) -> Assessment | Unfinished:  # fmt: skip
    """Evaluate a whole sheet and keep what it comes to, with its evidence; or say what is still in the way."""
    definition = form.definition
    if faults := definition.faults(draft.answers):
        return Unfinished(Refusal.UNANSWERED, open_ids=tuple(faults))
    if missing := definition.missing_declarations(declared):
        return Unfinished(Refusal.UNDECLARED, open_ids=tuple(missing))
    context = facts.context(db, draft, definition, declared, now)
    result = evaluate(definition, draft.answers, context)
    if result.status is Status.BLOCKED:
        ids = [each["id"] for each in result.contradictions if each["severity"] == "block"]
        _note(db, client, "blocked", f"questionnaire_draft:{draft.id}", {"contradictions": ids}, now)
        return Unfinished(Refusal.BLOCKED, result)
    asked = {each["id"] for each in result.contradictions if each["severity"] == "confirm"}
    if result.status is not Status.STOPPED and (left := asked - set(confirmed)):
        return Unfinished(Refusal.UNCONFIRMED, result, tuple(sorted(left)))
    before = queries.standing(db, draft.client_id)
    made = _assessed(db, draft, form, result, before, now)
    body = _submission(made, draft, definition, context, result, before, client, asked)
    seal(db, kind="submission", client_id=made.client_id, assessment_id=made.id, body=body, now=now)
    _note(db, client, "submitted", f"assessment:{made.number}", {"state": made.state, "level": made.level}, now)
    return made


def confirm(
    db: Session, made: Assessment, *, client: Person, words_shown: str, second_factor: bool, now: datetime
) -> Assessment | Refusal:
    """Let the client say that he has read the result: from now on it holds."""
    newest = queries.newest_of(db, made.client_id)
    waits = made.confirmed_at is None and made.state in (State.UNCONFIRMED, State.EFFECTIVE)
    if not waits or made.source != Source.PORTAL or newest.id != made.id:
        return Refusal.NOT_YOURS_TO_CONFIRM
    effective_at = made.effective_at or now
    here = (Assessment.id == made.id, Assessment.version == made.version, Assessment.confirmed_at.is_(None))
    change = {"state": State.EFFECTIVE, "effective_at": effective_at, "confirmed_at": now, "version": made.version + 1}
    if not rows_touched(db.execute(update(Assessment).where(*here).values(**change))):
        return Refusal.NOT_YOURS_TO_CONFIRM
    db.refresh(made)
    body = {
        "number": made.number, "level": made.level, "valid_to": str(made.valid_to), "words": words_shown,
        "second_factor": second_factor, "seat": dict(client.seat or {}), "by": client.actor,
    }  # fmt: skip
    seal(db, kind="confirmation", client_id=made.client_id, assessment_id=made.id, body=body, now=now)
    _note(db, client, "confirmed", f"assessment:{made.number}", {"level": made.level}, now)
    return made


def decide(
    db: Session, made: Assessment, *, staff: Person, seen: int, release: bool, reason: str, note: str, now: datetime
) -> Assessment | Refusal | Stale:
    """Let a held result go on to the client's confirmation, or reject it, with a reason.

    A difference between counter and questionnaire is only read and noted: the newer one holds already.
    """
    if reason not in set(Reason) or (reason == Reason.OTHER and not note):
        return Refusal.NO_REASON
    held = made.state == State.HELD
    if not held and not (made.differs and made.decided_at is None and release):
        return Stale("", made.decided_at or now, made.state)
    target = made.state if not held else State.UNCONFIRMED if release else State.REJECTED
    here = (Assessment.id == made.id, Assessment.decided_at.is_(None), Assessment.version == seen)
    signed = {"decided_by": staff.user_id, "decided_at": now, "reason": reason, "note": note or None}
    change = update(Assessment).where(*here).values(state=target, version=seen + 1, **signed)
    if not rows_touched(db.execute(change)):
        db.refresh(made)
        return Stale("", made.decided_at or now, made.state)
    db.refresh(made)
    body = {"number": made.number, "state": made.state, "reason": reason, "note": note, "by": staff.actor}
    seal(db, kind="decision", client_id=made.client_id, assessment_id=made.id, body=body, now=now)
    _note(db, staff, "released" if release else "rejected", f"assessment:{made.number}", {"reason": reason}, now)
    return made


def note_block(db: Session, client_id: int, what: str, now: datetime) -> None:
    """Note that a client's level stood against what he asked for."""
    db.execute(insert(SuitabilityBlock).values(client_id=client_id, what=what, at=now))


def follow_counter(db: Session, assessed_on: date, now: datetime) -> int:
    """Take levels that the core system brings as assessments of the counter, where they are new; give how many."""
    form = queries.published(db)
    if form is None:
        return 0
    known = {row.client_id: (row.level, row.valid_to) for row in _counter_rows(db)}
    told = [row for row in queries.core_levels(db) if row.risk_level in form.definition.levels]
    new = [row for row in told if known.get(row.id) != (row.risk_level, row.risk_valid_to)]
    for row in new:
        _counter(db, form, row.id, row.risk_level, row.risk_valid_to, assessed_on, now)
    return len(new)


def _counter(
    db: Session, form: Published, client_id: int, level: str, valid_to: date, assessed_on: date, now: datetime
) -> None:
    before = queries.standing(db, client_id)
    number = next_number(db, "CP", local_date(now))
    made = Assessment(
        number=number, client_id=client_id, source=Source.COUNTER, version_id=form.id, state=State.EFFECTIVE,
        version=1, level=level, lowest_class=False, assessed_at=at(assessed_on), effective_at=now, valid_to=valid_to,
        differs=_differs(before, Source.COUNTER, level),
    )  # fmt: skip
    db.add(made)
    db.flush()
    body = {
        "number": number, "level": level, "lowest_class": False, "valid_to": str(valid_to), "source": "core",
        "assessed_on": str(assessed_on), "level_before": before.level if before else None,
    }  # fmt: skip
    seal(db, kind="counter", client_id=client_id, assessment_id=made.id, body=body, now=now)


def _differs(before: rules.Standing | None, source: Source, level: str) -> bool:
    return before is not None and before.source != source and before.level != level


def _counter_rows(db: Session) -> Sequence[Any]:
    columns = (Assessment.client_id, Assessment.level, Assessment.valid_to)
    return db.execute(select(*columns).where(Assessment.source == Source.COUNTER).order_by(Assessment.id)).all()


def _assessed(
    db: Session, draft: QuestionnaireDraft, form: Published, result: Result, before: rules.Standing | None,
    now: datetime,
) -> Assessment:  # fmt: skip
    """Write the assessment down: a lower level holds at once, any other once the client has confirmed it."""
    definition, today = form.definition, local_date(now)
    state = {Status.STOPPED: State.STOPPED, Status.HELD_FOR_REVIEW: State.HELD}.get(result.status, State.UNCONFIRMED)
    allowed = set(definition.allowed(result.level, lowest_class=result.lowest_class))
    if state is State.UNCONFIRMED and before and allowed < set(before.allowed):
        state = State.EFFECTIVE
    draft.state = DraftState.SUBMITTED
    made = Assessment(
        number=next_number(db, "CP", today), client_id=draft.client_id, source=Source.PORTAL, draft_id=draft.id,
        version_id=form.id, state=state, version=1, level=result.level, lowest_class=result.lowest_class,
        horizon_months=definition.said(draft.answers, "horizon_months"),
        classes=definition.said(draft.answers, "product_classes"), figures=result.figures(), assessed_at=now,
        differs=_differs(before, Source.PORTAL, result.level),
        effective_at=now if state is State.EFFECTIVE else None,
        valid_to=rules.last_day(today, definition.rules["validity_months"]),
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def _submission(
    made: Assessment, draft: QuestionnaireDraft, definition: Definition, context: Mapping[str, Any], result: Result,
    before: rules.Standing | None, client: Person, replied: Iterable[str],
) -> dict[str, Any]:  # fmt: skip
    language = i18n.language()
    rules_of = {rule["id"]: rule for rule in definition.body["contradictions"]}
    notice = words(definition.body["notice"], language)
    reply = dict.fromkeys(replied, "confirmed")
    found = [
        {**each, "words": words(rules_of[each["id"]], language), "reply": reply.get(each["id"])}
        for each in result.contradictions
    ]
    return {
        "number": made.number,
        "questionnaire": {"id": definition.code, "version": definition.version, "sha256": definition.sha256},
        "language": language, "notice": notice, "orders": draft.orders, "answers": draft.answers,
        "shown": {q.id: _shown(q, draft.answers[q.id], language) for q in definition.questions},
        "trail": draft.trail, "started_at": draft.started_at.isoformat(), "context": context,
        "declarations": {d["key"]: words(d, language) for d in definition.body["declarations"]},
        "figures": result.figures(), "points": {q.id: q.score(draft.answers[q.id]) for q in definition.questions},
        "adjustments": dict(result.adjustments), "contradictions": found, "hard_rules": list(result.hard_rules),
        "level": made.level, "lowest_class": made.lowest_class, "valid_to": str(made.valid_to),
        "level_before": before.level if before else None, "seat": dict(client.seat or {}), "by": client.actor,
        "assisted_by": None, "holds_at_once": made.state == State.EFFECTIVE, "notice_sha256": sha256_of(notice),
    }  # fmt: skip


def _shown(question: Question, answer: Any, language: str) -> dict[str, Any]:
    return {"question": question.text(language), "answer": [each.text(language) for each in question.chosen(answer)]}


def _unfit(question: Question, answer: Any, keys: Sequence[str]) -> Refusal | None:
    fault = question.fault(answer)
    if fault is None:
        return None
    if not [key for key in keys if key]:
        return Refusal.UNANSWERED
    return Refusal.EXCLUSIVE if fault is Fault.EXCLUSIVE else Refusal.NOT_AN_OPTION


def _traced(known: Mapping[str, Any] | None, *, changed: bool, now: datetime) -> dict[str, Any]:
    first = known["first"] if known else now.isoformat()
    changes = (known["changes"] if known else 0) + changed
    return {"first": first, "last": now.isoformat(), "changes": changes, "language": i18n.language()}


def _orders(definition: Definition) -> dict[str, list[str]]:
    """Give the order in which the options of shuffled questions are shown to this client."""
    mixed = {q.id: list(q.by_key) for q in definition.questions if q.given.get("shuffle")}
    for keys in mixed.values():
        secrets.SystemRandom().shuffle(keys)
    return mixed


def _put_away(db: Session, client_id: int, now: datetime) -> None:
    """Close a sheet that can't be gone on with."""
    draft = queries.open_draft(db, client_id)
    if draft:
        gone = queries.version(db, draft.version_id).is_withdrawn
        draft.state = DraftState.WITHDRAWN if gone else DraftState.LAPSED
        db.flush()


def _note(db: Session, who: Person, event: str, what: str, detail: dict[str, Any], now: datetime) -> None:
    audit.record(db, actor=who.actor, event=f"questionnaire.{event}", object=what, detail=detail, now=now)
