"""The verbs of a conversation: write, answer, say that nothing needs an answer, and read."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import audit, calendar, clients, tiers
from portal.audit import Person
from portal.conversations import queries, rules
from portal.conversations.models import Conversation, ConversationLine, ConversationReading
from portal.conversations.rules import Kind, Refusal, Side
from portal.inbox import Letter, Topic
from portal.kit.clock import at, local, local_date
from portal.kit.db import insert_once
from portal.kit.i18n import later
from portal.queues import Stale

# Says nothing of what was written: who else reads the telephone learns nothing.
NEWS = later("您的顾问团队写了新的消息。")
WHERE = later("请在“联系团队”查看和回复。")
NOBODY_WAITS: dict[str, Any] = {"waiting": 0, "question_id": None, "asked_at": None, "promised_at": None}


def write(db: Session, *, client: Person, client_id: int, text: str, key: str, now: datetime) -> int | Refusal:
    """Let a client write to his team: the first message since the last answer starts the clock of his tier's promise.

    The same key again gives the same line.
    """
    here, today = _locked(db, client_id, now), local_date(now)
    if made := queries.by_key(db, here.id, key):
        return made
    tier = tiers.tier_on(db, client_id, today)
    if refusal := rules.writing_refusal(_has_team(db, tier, now), here.waiting):
        return refusal
    line = _add(db, here.id, Side.CLIENT, Kind.TEXT, client, text, key, now)
    waits: dict[str, Any] = {"waiting": here.waiting + 1}
    if here.question_id is None:
        waits |= {"question_id": line, "asked_at": now, "promised_at": _promised(db, tier, now)}
    _move(db, here, now, **waits)
    _trace(db, client_id, "asked", client, {"line": line, "tier": tier}, now)
    return line


def answer(
    db: Session, *, client_id: int, seen: int, staff: Person, text: str, key: str, now: datetime
) -> int | Refusal | Stale:
    """Write as the team, to a question or unasked; refused on a screen that lacks the newest line."""
    here = _locked(db, client_id, now)
    if made := queries.by_key(db, here.id, key):
        return made
    tier = tiers.tier_on(db, client_id, local_date(now))
    if not _has_team(db, tier, now) and here.question_id is None:
        return Refusal.NO_TEAM
    if stale := _stale(db, here, seen):
        return stale
    is_told_already = queries.unread_by_client(db, client_id) > 0
    line = _add(db, here.id, Side.STAFF, Kind.TEXT, staff, text, key, now)
    _end_wait(db, here, staff, now, "answered", line)
    if not is_told_already:  # one text tells of all that is new, however many lines follow
        _tell(db, client_id, here.id, line, now)
    return line


def settle(db: Session, *, client_id: int, seen: int, staff: Person, key: str, now: datetime) -> int | Refusal | Stale:
    """Say that what the client wrote needs no answer: he reads that it was read, and the clock ends."""
    here = _locked(db, client_id, now)
    if made := queries.by_key(db, here.id, key):
        return made
    if stale := _stale(db, here, seen):
        return stale
    if here.question_id is None:
        return Refusal.NOTHING_WAITS
    line = _add(db, here.id, Side.STAFF, Kind.SETTLED, staff, "", key, now)
    _end_wait(db, here, staff, now, "settled", line)
    return line


def read(db: Session, *, client_id: int, side: Side, reader: Person, now: datetime) -> bool:
    """Write down that a side has read all there is; the first time counts. False when there is nothing new to it."""
    here = queries.of_client(db, client_id)
    last = queries.last_line(db, here.id) if here else None
    if last is None or queries.read_up_to(db, here.id, side) >= last.id:
        return False
    row = {"conversation_id": here.id, "side": side, "up_to": last.id}
    return insert_once(db, ConversationReading, **row, reader_name=reader.name, at=now)


def _locked(db: Session, client_id: int, now: datetime) -> Any:
    """Give the client's conversation, made if there is none; whoever else writes in it waits until we are through."""
    begun = {"version": 0, "last_at": now, **NOBODY_WAITS}
    mine = Conversation.client_id == client_id
    if db.scalar(select(Conversation.id).where(mine)) is None:
        insert_once(db, Conversation, client_id=client_id, **begun)
    return db.execute(select(*Conversation.__table__.c).where(mine).with_for_update()).one()


def _has_team(db: Session, tier: str, now: datetime) -> bool:
    return tiers.has_service(db, tier, tiers.Service.TEAM, local_date(now))


def _promised(db: Session, tier: str, now: datetime) -> datetime | None:
    try:
        return calendar.promised_at(db, now, tiers.promised_minutes(db, tier, local_date(now)))
    except calendar.DayUnknown:
        return None  # the message is taken all the same; only no time is promised


def _stale(db: Session, here: Any, seen: int) -> Stale | None:
    if seen == here.version:
        return None
    last = queries.last_line(db, here.id)
    by = clients.masked_name(last.author_name) if last.side == Side.CLIENT else last.author_name
    outcome = "asked" if last.side == Side.CLIENT else "settled" if last.kind == Kind.SETTLED else "answered"
    return Stale(by, last.sent_at, outcome)


def _end_wait(db: Session, here: Any, staff: Person, now: datetime, verb: str, line: int) -> None:
    if here.question_id is not None and here.promised_at is not None:
        tiers.answered(
            db, client_id=here.client_id, ref_type="message", ref_id=str(here.question_id),
            promised_at=here.promised_at, answered_at=now,
        )  # fmt: skip
    _move(db, here, now, **NOBODY_WAITS)
    _trace(db, here.client_id, verb, staff, {"line": line, "question": here.question_id}, now)


def _add(
    db: Session, conversation_id: int, side: Side, kind: Kind, who: Person, text: str, key: str, now: datetime
) -> int:
    row = {"conversation_id": conversation_id, "side": side, "kind": kind, "author": who.actor}
    row |= {"author_name": who.name, "text": text, "sent_at": now, "request_key": key}
    added = insert(ConversationLine).values(**row).returning(ConversationLine.id)
    return int(db.execute(added).scalar_one())


def _move(db: Session, here: Any, now: datetime, **values: Any) -> None:
    moved = update(Conversation).where(Conversation.id == here.id)
    db.execute(moved.values(version=here.version + 1, last_at=now, **values))


def _tell(db: Session, client_id: int, conversation_id: int, line: int, now: datetime) -> None:
    letter = Letter(Topic.TIER, NEWS, WHERE, page="conversations.index")
    clients.tell(
        db, client_id, letter, key=f"conversation:{line}", ref_type="conversation", ref_id=conversation_id, now=now,
        not_before=_waking(now),
    )  # fmt: skip


def _waking(now: datetime) -> datetime:
    clock, today = local(now).time(), local_date(now)
    if rules.may_text(clock):
        return now
    return at(today if clock < rules.TEXTS_FROM else today + timedelta(days=1), time(rules.TEXTS_FROM.hour))


def _trace(db: Session, client_id: int, verb: str, who: Person, detail: dict[str, Any], now: datetime) -> None:
    # The words stay in the conversation; the trail holds who, when and which line.
    audit.record(
        db, actor=who.actor, event=f"conversation.{verb}", object=f"client:{client_id}", detail=detail, now=now
    )
