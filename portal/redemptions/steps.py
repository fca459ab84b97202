"""One step of a redemption: compare-and-set, with its event, audit row and points in the same transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import audit, clients, points, queues, tiers
from portal.audit import Person
from portal.kit.db import rows_touched
from portal.queues import Stale
from portal.redemptions import queries, rules, telling
from portal.redemptions.models import Redemption, RedemptionEvent
from portal.redemptions.rules import Refusal, State, Verb

Outcome = Redemption | Refusal | queues.Refusal | Stale


def end(
    db: Session, redemption: Redemption, verb: Verb, who: Person, now: datetime, *, seen: int, **decided: Any
) -> Outcome:
    """Take a step that ends without the product: the points go back to their own lots."""
    outcome = step(db, redemption, verb, who, now, seen=seen, **decided)
    if isinstance(outcome, Redemption):
        points.release(db, hold_id=redemption.hold_id, now=now, reason_code=redemption.state)
    return outcome


def step(
    db: Session, redemption: Redemption, verb: Verb, who: Person, now: datetime, *, seen: int, **decided: Any
) -> Outcome:
    """Take the step that a verb leads to, or say why it can't be taken."""
    target = rules.after(State(redemption.state), verb)
    if target is None:
        return stale(db, redemption)
    if rules.is_too_late(verb, State(redemption.state), redemption.times_out_at, now):
        return Refusal.TOO_LATE
    return move(db, redemption, verb, target, who, now, seen=seen, **decided)


def move(
    db: Session, redemption: Redemption, verb: Verb, target: State, who: Person, now: datetime,
    *, seen: int, told: str = "", **decided: Any,
) -> Outcome:  # fmt: skip
    """Set the state where it and the version are still as seen; who comes second hears who was first."""
    before = redemption.state
    here = (Redemption.id == redemption.id, Redemption.state == before, Redemption.version == seen)
    change = update(Redemption).where(*here).values(state=target, version=seen + 1, **decided)
    if rows_touched(db.execute(change, execution_options={"synchronize_session": False})) == 0:
        return stale(db, redemption)
    db.refresh(redemption)
    if verb in rules.ANSWERS:
        tiers.answered(
            db, client_id=redemption.client_id, ref_type="redemption", ref_id=redemption.number,
            promised_at=redemption.promised_at, answered_at=now,
        )  # fmt: skip
    note = told or decided.get("note")
    trace(db, redemption, verb, before, who, now, reason=decided.get("reason"), note=note)
    telling.tell(db, redemption, verb, now)
    return redemption


def trace(
    db: Session, redemption: Redemption, verb: str, before: str | None, who: Person, now: datetime,
    *, reason: str | None = None, note: str | None = None,
) -> None:  # fmt: skip
    """Write what happened into the request's own course and into the audit trail."""
    event = RedemptionEvent(
        redemption_id=redemption.id, from_state=before, to_state=redemption.state, verb=verb, actor=who.actor,
        actor_name=who.name, at=now, reason=reason, note=note or None,
    )  # fmt: skip
    db.add(event)
    db.flush()
    detail = {"from": before, "to": redemption.state, "points": redemption.points, "reason": reason}
    what = f"redemption:{redemption.number}"
    audit.record(db, actor=who.actor, event=f"redemption.{verb}", object=what, detail=detail, now=now)


def stale(db: Session, redemption: Redemption) -> Stale:
    """Say who was first, when, and what came of it; a client is named to staff as everywhere."""
    last = queries.last_event(db, redemption.id)
    by = clients.masked_name(last.actor_name) if last.actor.startswith("client:") else last.actor_name
    return Stale(by, last.at, last.to_state)
