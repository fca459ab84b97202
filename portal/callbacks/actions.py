"""The verbs of call-backs: publish a script, open a task, record a try; whoever asked for the call hears of its end."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Person
from portal.callbacks import queries, rules
from portal.callbacks.models import CallbackScript, CallbackTask, CallbackTry
from portal.callbacks.rules import Kind, Means, Outcome, Refusal, State
from portal.kit import jobs
from portal.kit.clock import local, local_date
from portal.kit.db import canonical, rows_touched
from portal.kit.numbers import next_number
from portal.queues import Stale

SCRIPTS = Path(__file__).parent / "scripts"


class BadScript(ValueError):
    """A script that can't be published."""


@dataclass(frozen=True)
class Call:
    """What the caller writes down of a try."""

    outcome: Outcome
    means: Means
    answers: Mapping[str, str]
    recording: str = ""
    note: str = ""


def publish_scripts(db: Session, now: datetime, folder: Path = SCRIPTS) -> int:
    """Publish the scripts that are not published yet; a published one that was changed is refused."""
    seen = {(row.kind, row.version): row.sha256 for row in db.execute(select(CallbackScript.__table__))}
    fresh = 0
    for file in sorted(folder.glob("*.toml")):
        told = tomllib.loads(file.read_text("utf-8"))
        row = _row(told)
        known = seen.get((row["kind"], row["version"]))
        if known not in (None, row["sha256"]):
            raise BadScript(f"{file.name}: this version is published and can't change; write a new version")
        if known is None:
            db.execute(insert(CallbackScript).values(**row, published_at=now))
            fresh += 1
    return fresh


def open_task(
    db: Session, *, kind: Kind, ref_type: str, ref_id: str, name: str, phone: str, kept_out: Sequence[int],
    due_at: datetime, now: datetime, client_id: int | None = None, follow: str | None = None,
    script_id: int | None = None, next_at: datetime | None = None,
) -> CallbackTask:  # fmt: skip
    """Ask for a call, or give the one about it that is open; `follow` names the job that hears of its end.

    Without `script_id` it is the newest script of the kind; without `next_at` the call may be made at once.
    """
    before = queries.task_of(db, ref_type, ref_id)
    if before is not None and before.state == State.OPEN:
        return db.get_one(CallbackTask, before.id)
    found = queries.script(db, script_id) if script_id else queries.script_in_force(db, kind)
    if found is None:
        raise LookupError(f"no script of kind {kind} is published")
    task = CallbackTask(
        number=next_number(db, "HF", local_date(now)), kind=kind, ref_type=ref_type, ref_id=ref_id,
        round=before.round + 1 if before else 1, client_id=client_id, name=name, phone=phone, script_id=found.id,
        kept_out=sorted(set(kept_out)), follow=follow, state=State.OPEN, version=1, tries=0, opened_at=now,
        due_at=due_at, next_at=next_at or now,
    )  # fmt: skip
    db.add(task)
    db.flush()
    told = {"kind": str(kind), "ref": f"{ref_type}:{ref_id}", "script": found.version}
    _audit(db, "system", "callback.opened", task, told, now)
    return task


def record_try(
    db: Session, task: CallbackTask, *, seen: int, caller: Person, call: Call, now: datetime
) -> CallbackTask | Refusal | Stale:
    """Write a try down; the third without an answer ends the task, an answer against the script denies it."""
    if task.state != State.OPEN or task.version != seen:
        return _stale(db, task)
    questions = queries.script(db, task.script_id).questions
    if barred := queries.campaign_refusal(db, task.id, caller.user_id, now):
        return barred
    if refusal := _refusal(db, task, caller, call, questions, now):
        return refusal
    state = rules.state_after(call.outcome, task.tries + 1, call.answers, questions)
    if not _move(db, task, state, caller, now):
        return _stale(db, task)
    _write_down(db, task, caller, call, now)
    if task.follow and state is not State.OPEN:
        told = {"number": task.number, "ref_id": task.ref_id, "state": str(state)}
        jobs.enqueue(db, task.follow, f"{task.follow}:{task.number}", told, now)
    return task


def withdraw(db: Session, *, ref_type: str, ref_id: str, actor: str, now: datetime) -> bool:
    """Take an open call back: what it was about has ended. Tell whether there was one."""
    here = (CallbackTask.ref_type == ref_type, CallbackTask.ref_id == ref_id, CallbackTask.state == State.OPEN)
    gone = update(CallbackTask).where(*here).values(state=State.WITHDRAWN, finished_at=now)
    changed = rows_touched(db.execute(gone.values(version=CallbackTask.version + 1))) > 0
    if changed:
        audit.record(
            db, actor=actor, event="callback.withdrawn", object=f"{ref_type}:{ref_id}", detail={}, now=now
        )  # fmt: skip
    return changed


def _row(told: Mapping[str, Any]) -> dict[str, Any]:
    questions = told.get("question", [])
    shape = {"key", "zh", "en", "expects"}
    if not 0 < len(questions) <= rules.QUESTIONS_LIMIT or any(set(each) != shape for each in questions):
        raise BadScript(f"a script has 1 to {rules.QUESTIONS_LIMIT} questions, each with {', '.join(sorted(shape))}")
    kind = Kind(told["kind"])
    sha256 = hashlib.sha256(canonical(questions).encode()).hexdigest()
    return {"kind": kind, "version": told["version"], "questions": questions, "sha256": sha256}


def _refusal(
    db: Session, task: CallbackTask, caller: Person, call: Call, questions: Sequence[rules.Question], now: datetime
) -> Refusal | None:
    tries = queries.tries_of(db, task.id)
    return rules.try_refusal(
        caller=caller.user_id,
        kept_out=task.kept_out,
        outcome=call.outcome,
        means=call.means,
        clock=local(now).time(),
        since_last=now - tries[-1].at if tries else None,
        complete=all(call.answers.get(each.key) in ("yes", "no") for each in questions),
        has_reference=bool(call.recording),
    )


def _move(db: Session, task: CallbackTask, state: State, caller: Person, now: datetime) -> bool:
    done = state is not State.OPEN
    here = (CallbackTask.id == task.id, CallbackTask.version == task.version, CallbackTask.state == State.OPEN)
    values = {
        "state": state, "version": task.version + 1, "tries": task.tries + 1, "caller_id": caller.user_id,
        "next_at": rules.next_try_at(now), "finished_at": now if done else None,
    }  # fmt: skip
    change = update(CallbackTask).where(*here).values(**values)
    if rows_touched(db.execute(change, execution_options={"synchronize_session": False})) == 0:
        return False
    db.refresh(task)
    return True


def _write_down(db: Session, task: CallbackTask, caller: Person, call: Call, now: datetime) -> None:
    row = {
        "task_id": task.id, "ordinal": task.tries, "at": now, "caller_id": caller.user_id, "caller_name": caller.name,
        "means": call.means, "outcome": call.outcome, "recording": call.recording or None, "note": call.note or None,
        "answers": dict(call.answers) if call.outcome is Outcome.ANSWERED else {},
    }  # fmt: skip
    db.execute(insert(CallbackTry).values(**row))
    told = {"outcome": str(call.outcome), "state": task.state, "try": task.tries}
    _audit(db, caller.actor, "callback.tried", task, told, now)


def _stale(db: Session, task: CallbackTask) -> Stale:
    db.refresh(task)
    tries = queries.tries_of(db, task.id)
    last = tries[-1] if tries else None
    return Stale(last.caller_name if last else "", last.at if last else task.opened_at, task.state)


def _audit(db: Session, actor: str, event: str, task: CallbackTask, told: dict[str, Any], now: datetime) -> None:
    audit.record(db, actor=actor, event=event, object=f"callback:{task.number}", detail=told, now=now)
