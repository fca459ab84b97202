"""The verbs of a request for a change: each one compare-and-set, with its event and audit row in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from portal import audit, calendar, queues
from portal.clients import rules
from portal.clients.change_letters import tell_of
from portal.clients.indicators import Indicator, by_key
from portal.clients.models import ClientChange, ClientChangeEvent, ClientFact, ClientFactHistory
from portal.clients.queries import fact, lock
from portal.clients.rules import AT_COUNTER, OPEN, Refusal, State, Verb
from portal.clients.sealing import kept_as, sealable
from portal.kit import uploads
from portal.kit.clock import at, local_date
from portal.kit.db import ALL, rows_touched
from portal.kit.numbers import next_number
from portal.queues import Stale

PAGE = 50
ANSWERED_AT = time(17)


@dataclass(frozen=True)
class Person(audit.Person):
    """Who acts, and on which way in."""

    channel: str = "web"


SYSTEM = Person("system", "", channel="system")
Outcome = ClientChange | Refusal | queues.Refusal | queues.AlreadyClaimed | Stale


def edit(db: Session, *, who: Person, client_id: int, key: str, value: str, now: datetime, ref: str = "") -> bool:
    """Keep what the client himself may say, with its history; False when it holds already (its date is new then)."""
    lock(db, client_id)
    old = fact(db, client_id, key)
    kept = {"source": "client", "as_of": local_date(now), "recorded_at": now, **kept_as(db, key, value)}
    if old is None:
        db.add(ClientFact(client_id=client_id, key=key, **kept))
    else:
        here = (ClientFact.client_id == client_id, ClientFact.key == key)
        db.execute(update(ClientFact).where(*here).values(**kept))
    db.add(
        ClientFactHistory(
            client_id=client_id, key=key, old=sealable(key, old), new=sealable(key, value),
            channel=who.channel, actor=who.actor, actor_name=who.name, ref=ref or None, at=now,
        )
    )  # fmt: skip
    db.flush()
    # The record says which indicator changed, never what it holds: the chain is kept for ever.
    detail = {"key": key, "channel": who.channel, "ref": ref or None}
    audit.record(db, actor=who.actor, event="client.edit", object=f"client:{client_id}", detail=detail, now=now)
    return old != value


def ask(
    db: Session, *, who: Person, client_id: int, key: str, value: str | None, why: str, now: datetime,
    papers: Sequence[str] = (),
) -> ClientChange | Refusal:  # fmt: skip
    """Ask for a change, or without a value report an error; one of each kind waits at a time for an indicator.

    `papers` are the tokens of files that the client has sent.
    """
    lock(db, client_id)
    kind = "change" if value is not None else "report"
    if waiting_for(db, client_id, key, kind):
        return Refusal.WAITS_ALREADY
    if value is not None and value == fact(db, client_id, key):
        return Refusal.UNCHANGED
    change = ClientChange(
        number=next_number(db, "XX", local_date(now)), client_id=client_id, key=key, kind=kind,
        value=sealable(key, value), why=why, channel=who.channel, state=State.REQUESTED, version=1,
        requested_at=now, promised_at=_promise(db, now),
        entered_by=None if who.channel in rules.BY_HIMSELF else who.user_id,
    )  # fmt: skip
    db.add(change)
    db.flush()
    uploads.attach(db, papers, owner=owner_of(client_id), to=paper_ref(change), now=now)
    _trace(db, change, "request", who, now)
    if kind == "change" and by_key()[key].needs_word and who.channel in rules.BY_HIMSELF:
        _trace(db, change, "declare", who, now)
    return change


def owner_of(client_id: int) -> str:
    """Name a client as the sender of files."""
    return f"client:{client_id}"


def paper_ref(change: Any) -> str:
    """Name a request as that which files are attached to."""
    return f"change:{change.number}"


def needs_two(change: Any) -> bool:
    """Tell whether one person looks and another decides: so it is with all that the core system holds."""
    return bool(change.kind == "change" and by_key()[change.key].is_core)


def endorse(db: Session, change: ClientChange, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Support a change of what the core holds; somebody else decides it."""
    if change.entered_by is not None and change.entered_by == staff.user_id and change.version == seen:
        return queues.Refusal.OWN_WORK
    return _step(db, change, Verb.ENDORSE, staff, now, seen=seen, told=note, endorsed_by=staff.user_id)


def approve(db: Session, change: ClientChange, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Decide for it: our own indicator changes at once, the core's when a feed day brings the value."""
    refusal = queues.may_decide(
        staff.user_id or 0, endorsed_by=change.endorsed_by, made_by=change.entered_by, needs_two=needs_two(change)
    )
    if refusal and change.version == seen:
        return refusal
    to_counter = change.kind == "change" and by_key()[change.key].is_core
    decided: dict[str, Any] = {"decided_by": staff.user_id, "decided_at": now, "note": note or None}
    if to_counter:
        decided |= {"overdue_on": _overdue_on(db, local_date(now)), "owner_id": staff.user_id}
    outcome = _step(db, change, Verb.APPROVE, staff, now, seen=seen, **decided)
    if isinstance(outcome, ClientChange) and not to_counter:
        if change.value is not None:
            owner = Person(staff.actor, staff.name, channel=change.channel)
            edit(
                db, who=owner, client_id=change.client_id, key=change.key, value=change.value, now=now,
                ref=change.number,
            )  # fmt: skip
        return _step(db, change, Verb.TAKE_EFFECT, SYSTEM, now, seen=change.version)
    return outcome


def reject(db: Session, change: ClientChange, *, seen: int, staff: Person, note: str, now: datetime) -> Outcome:
    """Decide against it; the client reads why."""
    if change.entered_by is not None and change.entered_by == staff.user_id and change.version == seen:
        return queues.Refusal.OWN_WORK
    if not note:
        return Refusal.NO_REASON
    decided: dict[str, Any] = {"decided_by": staff.user_id, "decided_at": now, "note": note}
    if change.endorsed_by == staff.user_id:  # who endorsed may withdraw that by rejecting; the row says so once
        decided["endorsed_by"] = None
    return _step(db, change, Verb.REJECT, staff, now, seen=seen, **decided)


def withdraw(db: Session, change: ClientChange, *, client: Person, now: datetime) -> Outcome:
    """Let the client take it back while nobody has decided."""
    return _step(db, change, Verb.WITHDRAW, client, now, seen=change.version)


def object_to(db: Session, change: ClientChange, *, client: Person, why: str, now: datetime) -> Outcome:
    """Let the client say that a request in his name is not his: an open one ends, a decided one becomes a report."""
    if change.entered_by is None:
        return _stale(db, change)
    if State(change.state) in OPEN:
        return _step(db, change, Verb.OBJECT, client, now, seen=change.version, told=why)
    _trace(db, change, Verb.OBJECT, client, now, note=why)
    report = f"{change.number}: {why}"[:500]
    return ask(db, who=client, client_id=change.client_id, key=change.key, value=None, why=report, now=now)


def settle(db: Session, told: Mapping[tuple[int, str], str], now: datetime) -> None:
    """Compare what a feed day says with the changes that wait for the counter; `told` by client and key.

    The value that was asked for takes effect; another one is written down and changes nothing: an old value in a feed
    never undoes an approval.
    """
    waiting = db.scalars(select(ClientChange).where(ClientChange.state.in_(AT_COUNTER)).order_by(ClientChange.id))
    for change in waiting.all():
        value = told.get((change.client_id, change.key))
        if value == change.value:
            _step(db, change, Verb.TAKE_EFFECT, SYSTEM, now, seen=change.version)
        elif value is not None:
            _trace(db, change, "feed_differs", SYSTEM, now)


def fall_overdue(db: Session, now: datetime) -> int:
    """Make a break of every approved change that the counter has not brought in three trading days; gives how many."""
    late = (ClientChange.state == State.APPROVED, ClientChange.overdue_on <= local_date(now))
    found = db.scalars(select(ClientChange).where(*late).order_by(ClientChange.id).limit(200)).all()
    return sum(
        isinstance(_step(db, each, Verb.FALL_OVERDUE, SYSTEM, now, seen=each.version), ClientChange) for each in found
    )


def note_export(db: Session, change: ClientChange, now: datetime) -> None:
    """Write down that a change goes to the counter."""
    _trace(db, change, "export", SYSTEM, now)


def note_proof(db: Session, change: ClientChange, who: Person, now: datetime) -> None:
    """Write down that both numbers were proved."""
    _trace(db, change, "prove", who, now)


def by_number(db: Session, number: str) -> ClientChange | None:
    """Give a request by its number, as an entity to change."""
    return db.scalar(select(ClientChange).where(ClientChange.number == number))


def waiting_for(db: Session, client_id: int, key: str, kind: str) -> str | None:
    """Give the number of what waits already for an indicator."""
    here = (ClientChange.client_id == client_id, ClientChange.key == key, ClientChange.kind == kind)
    return db.scalar(select(ClientChange.number).where(*here, ClientChange.state.in_([*OPEN, *AT_COUNTER])).limit(1))


def changes_of(db: Session, client_id: int) -> Sequence[Any]:
    """Give a client's requests, newest first."""
    mine = select(*ClientChange.__table__.c).where(ClientChange.client_id == client_id)
    return db.execute(mine.order_by(ClientChange.requested_at.desc(), ClientChange.id.desc()).limit(PAGE)).all()


def queue(db: Session, tab: str, claimed: Sequence[int], within: ColumnElement[bool] = ALL) -> Sequence[Any]:
    """Give one tab of the staff's queue, oldest first; what is done newest first; `within` cuts it to a reach."""
    whole = select(*ClientChange.__table__.c).where(within)
    match tab:
        case "counter":
            found = whole.where(ClientChange.state.in_(AT_COUNTER)).order_by(ClientChange.overdue_on, ClientChange.id)
        case "done":
            ended = ClientChange.state.not_in([*OPEN, *AT_COUNTER])
            found = whole.where(ended).order_by(ClientChange.id.desc())
        case "mine":
            found = whole.where(ClientChange.state.in_(OPEN), ClientChange.id.in_(claimed)).order_by(ClientChange.id)
        case _:
            found = whole.where(ClientChange.state.in_(OPEN)).order_by(ClientChange.requested_at, ClientChange.id)
    return db.execute(found.limit(PAGE)).all()


def events(db: Session, change_id: int) -> Sequence[Any]:
    """Give every step of a request, oldest first."""
    here = ClientChangeEvent.change_id == change_id
    return db.execute(select(*ClientChangeEvent.__table__.c).where(here).order_by(ClientChangeEvent.id)).all()


def _promise(db: Session, now: datetime) -> datetime | None:
    try:
        return at(calendar.workday_after(db, local_date(now), rules.ANSWER_WORKDAYS), ANSWERED_AT)
    except calendar.DayUnknown:
        return None


def _overdue_on(db: Session, today: date) -> date | None:
    try:
        return calendar.trading_day_after(db, today, rules.OVERDUE_TRADING_DAYS + 1)
    except calendar.DayUnknown:
        return None


def _step(db: Session, change: ClientChange, verb: Verb, who: Person, now: datetime, *, seen: int, told: str = "",
    **decided: Any) -> Outcome:  # fmt: skip
    before = State(change.state)
    target = rules.after(before, verb)
    if target is None:
        return _stale(db, change)
    here = (ClientChange.id == change.id, ClientChange.state == before, ClientChange.version == seen)
    moved = update(ClientChange).where(*here).values(state=target, version=seen + 1, **decided)
    if rows_touched(db.execute(moved, execution_options={"synchronize_session": False})) == 0:
        return _stale(db, change)
    db.refresh(change)
    _trace(db, change, verb, who, now, note=told or decided.get("note") or "")
    tell_of(db, change, verb, waits_for_counter=needs_two(change), now=now)
    return change


def _trace(db: Session, change: ClientChange, verb: str, who: Person, now: datetime, *, note: str = "") -> None:
    db.add(
        ClientChangeEvent(
            change_id=change.id, verb=verb, to_state=change.state, actor=who.actor, actor_name=who.name,
            note=note or None, at=now,
        )
    )  # fmt: skip
    db.flush()
    detail = {"key": change.key, "kind": change.kind, "to": change.state, "channel": change.channel}
    what = f"change:{change.number}"
    audit.record(db, actor=who.actor, event=f"change.{verb}", object=what, detail=detail, now=now)


def _stale(db: Session, change: ClientChange) -> Stale:
    last = events(db, change.id)[-1]
    return Stale(last.actor_name, last.at, last.to_state)


def indicator_of(change: Any) -> Indicator:
    """Give the indicator that a request is about."""
    return by_key()[change.key]
