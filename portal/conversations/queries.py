"""What pages show of conversations: the lines with how far each has come, and the team's queue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal import tiers
from portal.conversations.models import Conversation, ConversationLine, ConversationReading
from portal.conversations.rules import Kind, Mark, Side, mark, read_at
from portal.kit.db import ALL

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One line as a page shows it; `mark` and `read_at` tell how far it has come on the other side."""

    id: int
    side: str
    kind: str
    author_name: str
    text: str
    sent_at: datetime
    mark: Mark
    read_at: datetime | None


@dataclass(frozen=True)
class Lines:
    """A page of lines, the oldest first, and the number to go further back from (None at the beginning)."""

    lines: Sequence[Line]
    before: int | None


def of_client(db: Session, client_id: int) -> Any:
    """Give a client's conversation: id, version, waiting, question_id, asked_at, promised_at; None before the first."""
    mine = Conversation.client_id == client_id
    return db.execute(select(*Conversation.__table__.c).where(mine)).one_or_none()


def by_key(db: Session, conversation_id: int, key: str) -> int | None:
    """Give the line that a form's key has made already."""
    mine = (ConversationLine.conversation_id == conversation_id, ConversationLine.request_key == key)
    return db.scalar(select(ConversationLine.id).where(*mine))


def is_line_of(db: Session, conversation_id: int, line: int) -> bool:
    """Tell whether a line stands in a conversation."""
    mine = (ConversationLine.conversation_id == conversation_id, ConversationLine.id == line)
    return db.scalar(select(ConversationLine.id).where(*mine)) is not None


def last_line(db: Session, conversation_id: int) -> Any:
    """Give the newest line: id, side, kind, author_name, sent_at."""
    columns = (
        ConversationLine.id, ConversationLine.side, ConversationLine.kind, ConversationLine.author_name,
        ConversationLine.sent_at,
    )  # fmt: skip
    here = ConversationLine.conversation_id == conversation_id
    return db.execute(select(*columns).where(here).order_by(ConversationLine.id.desc()).limit(1)).one_or_none()


def lines(db: Session, conversation: Any, before: int | None = None) -> Lines:
    """Give a page of lines, older than `before`, each with how far it has come."""
    if conversation is None:
        return Lines([], None)
    here = [ConversationLine.conversation_id == conversation.id]
    older = [*here, ConversationLine.id < before] if before else here
    found = select(*ConversationLine.__table__.c).where(*older).order_by(ConversationLine.id.desc()).limit(PAGE + 1)
    rows = db.execute(found).all()
    readings, answered = _readings(db, conversation.id), _answered_up_to(db, conversation.id)
    shown = [_shown(row, readings, conversation.question_id, answered) for row in reversed(rows[:PAGE])]
    return Lines(shown, shown[0].id if len(rows) > PAGE else None)


def read_up_to(db: Session, conversation_id: int, side: Side) -> int:
    """Give the line up to which a side has read, 0 before the first."""
    mine = (ConversationReading.conversation_id == conversation_id, ConversationReading.side == side)
    return db.scalar(select(func.max(ConversationReading.up_to)).where(*mine)) or 0


def unread_by_client(db: Session, client_id: int) -> int:
    """Count the team's messages that a client has not read yet."""
    conversation = of_client(db, client_id)
    if conversation is None:
        return 0
    seen = read_up_to(db, conversation.id, Side.CLIENT)
    new = (ConversationLine.conversation_id == conversation.id, ConversationLine.id > seen)
    mine = (*new, ConversationLine.side == Side.STAFF, ConversationLine.kind == Kind.TEXT)
    return db.scalar(select(func.count()).select_from(ConversationLine).where(*mine)) or 0


def queue(
    db: Session, tab: str, *, held: Collection[int], clients: Collection[int], today: date,
    within: ColumnElement[bool] = ALL,
) -> Sequence[Any]:  # fmt: skip
    """Give one tab of the team's queue: the upper tiers first, then what is due first; of the rest the latest."""
    first = tiers.goes_first(db, Conversation.client_id, today)
    order: list[Any] = [first, func.coalesce(Conversation.promised_at, Conversation.asked_at), Conversation.id]
    if tab in ("own", "all"):
        order = [Conversation.question_id.is_(None), *order[:2], Conversation.last_at.desc()]
    found = select(*Conversation.__table__.c).where(_in_tab(tab, held, clients), within).order_by(*order)
    return db.execute(found.limit(PAGE)).all()


def counts(
    db: Session, *, held: Collection[int], clients: Collection[int], near_before: datetime,
    within: ColumnElement[bool] = ALL,
) -> dict[str, int]:  # fmt: skip
    """Count the tabs of what waits: all, nobody's, due soon or late, of one's own clients."""
    waits = Conversation.question_id.is_not(None)
    tabs = {
        "open": waits,
        "unclaimed": and_(waits, Conversation.id.not_in(held)),
        "near": and_(waits, Conversation.promised_at < near_before),
        "own": and_(waits, Conversation.client_id.in_(clients)),
    }
    sums = select(*(func.count().filter(each) for each in tabs.values())).select_from(Conversation)
    row = db.execute(sums.where(within)).one()
    return dict(zip(tabs, map(int, row), strict=True))


def _in_tab(tab: str, held: Collection[int], clients: Collection[int]) -> ColumnElement[bool]:
    waits = Conversation.question_id.is_not(None)
    if tab == "unclaimed":
        return and_(waits, Conversation.id.not_in(held))
    if tab == "own":
        return Conversation.client_id.in_(clients)
    if tab == "all":
        return or_(waits, Conversation.question_id.is_(None))
    return waits


def _readings(db: Session, conversation_id: int) -> dict[str, list[tuple[int, datetime]]]:
    found = select(ConversationReading.side, ConversationReading.up_to, ConversationReading.at)
    told: dict[str, list[tuple[int, datetime]]] = {Side.CLIENT: [], Side.STAFF: []}
    for row in db.execute(found.where(ConversationReading.conversation_id == conversation_id)):
        told[row.side].append((row.up_to, row.at))
    return told


def _answered_up_to(db: Session, conversation_id: int) -> int:
    ours = (ConversationLine.conversation_id == conversation_id, ConversationLine.side == Side.STAFF)
    return db.scalar(select(func.max(ConversationLine.id)).where(*ours)) or 0


def _shown(row: Any, readings: dict[str, list[tuple[int, datetime]]], waits: int | None, answered: int) -> Line:
    mine = row.side == Side.CLIENT
    by_other = readings[Side.STAFF if mine else Side.CLIENT]
    how_far = mark(
        row.id, read_up_to=max((up_to for up_to, _ in by_other), default=0), first_waiting=waits,
        answered_up_to=answered if mine else 0,
    )  # fmt: skip
    told = (row.author_name, row.text, row.sent_at, how_far, read_at(row.id, by_other))
    return Line(row.id, row.side, row.kind, *told)
