"""The verbs of the ledger; each locks the client's head, answers a repeated key as before, and writes whole lines."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, insert, select, update
from sqlalchemy.orm import Session

from portal.kit.db import rows_touched
from portal.points.book import SYSTEM, Book, Command
from portal.points.models import PointsHold, PointsLot, PointsLotBucket
from portal.points.queries import hold_lines, spent_lines, standing
from portal.points.rules import (
    DUE,
    Bucket,
    Hold,
    Kind,
    Lot,
    Move,
    NewLot,
    Receipt,
    Refusal,
    Step,
    as_of,
    choose,
    fallen_due,
    give_back,
    less,
    part,
)

CHUNK = 200  # clients a transaction of a job, so that a click never waits long behind it


def earn(
    db: Session,
    *,
    client_id: int,
    points: int,
    kind: str,
    key: str,
    now: datetime,
    earned_at: datetime | None = None,
    activates_at: datetime | None = None,
    expires_at: datetime | None = None,
    rule_version_id: int | None = None,
    explain: Mapping[str, Any] | None = None,
    actor: str = SYSTEM,
) -> Receipt | Refusal:
    """Issue points as one new lot; with `activates_at` they are pending until then. `expires_at` is excluded."""
    book = Book.open(db, client_id, now)
    earned_at = earned_at or now
    payload = {"client": client_id, "points": points, "kind": kind, "expires_at": _iso(expires_at)}
    command = Command(key, payload, actor, rule_version_id=rule_version_id, explain=explain)
    if answer := book.answered(command):
        return answer if isinstance(answer, Refusal) else _receipt(answer)
    if points <= 0:
        return Refusal.NOT_POSITIVE
    lot = Lot(-1, kind, earned_at, activates_at, expires_at)
    move = Move(lot.id, Bucket.SOURCE, Bucket.PENDING if activates_at else Bucket.AVAIL, points)
    return book.post(Step(Kind.EARN, earned_at, (move,), (NewLot(lot),)), command)


def hold(
    db: Session,
    *,
    client_id: int,
    points: int,
    key: str,
    ref_type: str,
    ref_id: str,
    timeout_at: datetime,
    now: datetime,
    actor: str = SYSTEM,
) -> Hold | Refusal:
    """Set points aside, what lapses first going first; they wait for `capture`, `release` or their time-out."""
    book = Book.open(db, client_id, now)
    payload = {"client": client_id, "points": points, "ref": [ref_type, ref_id]}
    asked = Command(key, payload, actor, ref_type=ref_type, ref_id=ref_id)
    if answer := book.answered(asked):
        return answer if isinstance(answer, Refusal) else Hold(answer["hold"], client_id, answer["points"])
    if points <= 0:
        return book.refuse(asked, Refusal.NOT_POSITIVE)
    if choose(as_of(standing(db, client_id), now).lots.values(), points) is None:
        return book.refuse(asked, Refusal.TOO_FEW_POINTS)
    _catch_up(book)
    chosen = choose(standing(db, client_id).lots.values(), points) or []
    hold_id = _lay_hold(db, client_id, points, ref_type, ref_id, timeout_at)
    moves = tuple(Move(lot.id, Bucket.AVAIL, Bucket.HELD, taken) for lot, taken in chosen)
    book.post(Step(Kind.HOLD, now, moves, hold_id=hold_id), replace(asked, result={"hold": hold_id}))
    return Hold(hold_id, client_id, points)


def keep(db: Session, *, hold_id: int, until: datetime, now: datetime) -> Hold | Refusal:
    """Give an open hold another time-out: what is approved must not run out while it is delivered."""
    _, held = _open(db, hold_id, now)
    if not _is_open(held, now):
        return Refusal.HOLD_CLOSED
    db.execute(update(PointsHold).filter_by(id=hold_id, state="open").values(timeout_at=until))
    return Hold(hold_id, held.client_id, held.amount)


def capture(
    db: Session, *, hold_id: int, now: datetime, points: int | None = None, key: str = "", actor: str = SYSTEM
) -> Receipt | Refusal:
    """Spend a hold's points, or only the first so many of them; what is left goes back to its lots."""
    book, held = _open(db, hold_id, now)
    points = held.amount if points is None else points
    asked = _about(held, key or f"capture:{hold_id}", points, actor)
    if answer := book.answered(asked):
        return answer if isinstance(answer, Refusal) else _receipt(answer)
    if not _is_open(held, now):
        return Refusal.HOLD_CLOSED
    if not 0 < points <= held.amount:
        return Refusal.NOT_POSITIVE if points <= 0 else Refusal.MORE_THAN_HELD
    lines = hold_lines(db, hold_id)
    spent = part(lines, points)
    moves, opens = _back(book, less(lines, spent), Bucket.HELD)
    moves = (*(Move(lot_id, Bucket.HELD, Bucket.SPENT, taken) for lot_id, taken in spent), *moves)
    _close(db, hold_id, "captured", points)
    return book.post(Step(Kind.CAPTURE, now, moves, opens, hold_id), asked)


def release(
    db: Session, *, hold_id: int, now: datetime, key: str = "", actor: str = SYSTEM, reason_code: str | None = None
) -> Receipt | Refusal:
    """Give a hold's points back to their own lots; where a lot has lapsed meanwhile they get fifteen days of grace."""
    book, held = _open(db, hold_id, now)
    asked = replace(_about(held, key or f"release:{hold_id}", held.amount, actor), reason_code=reason_code)
    if answer := book.answered(asked):
        return answer if isinstance(answer, Refusal) else _receipt(answer)
    if not _is_open(held, now):
        return Refusal.HOLD_CLOSED
    moves, opens = _back(book, hold_lines(db, hold_id), Bucket.HELD)
    _close(db, hold_id, "released")
    return book.post(Step(Kind.RELEASE, now, moves, opens, hold_id), asked)


def refund(
    db: Session, *, hold_id: int, points: int, key: str, now: datetime, actor: str = SYSTEM
) -> Receipt | Refusal:
    """Give spent points back, last taken first, so that what remains is as if fewer had been asked for at once."""
    book, held = _open(db, hold_id, now)
    asked = _about(held, key, points, actor)
    if answer := book.answered(asked):
        return answer if isinstance(answer, Refusal) else _receipt(answer)
    if not 0 < points <= held.captured - held.refunded:
        return book.refuse(asked, Refusal.NOT_POSITIVE if points <= 0 else Refusal.MORE_THAN_SPENT)
    moves, opens = _back(book, part(spent_lines(db, hold_id), points), Bucket.SPENT)
    db.execute(update(PointsHold).filter_by(id=hold_id).values(refunded=PointsHold.refunded + points))
    return book.post(Step(Kind.REFUND, now, moves, opens, hold_id), asked)


def adjust(
    db: Session, *, client_id: int, points: int, command: Command, expires_at: datetime | None, now: datetime
) -> Receipt | Refusal:
    """Give points as a new lot, or with a figure below zero take available ones, what lapses first going first."""
    book = Book.open(db, client_id, now)
    if answer := book.answered(command):
        return answer if isinstance(answer, Refusal) else _receipt(answer)
    if points == 0:
        return Refusal.NOT_POSITIVE
    if points > 0:
        lot = Lot(-1, "adjust", now, None, expires_at)
        return book.post(
            Step(Kind.ADJUST, now, (Move(-1, Bucket.SOURCE, Bucket.AVAIL, points),), (NewLot(lot),)), command
        )
    if choose(as_of(standing(db, client_id), now).lots.values(), -points) is None:
        return Refusal.TOO_FEW_POINTS
    _catch_up(book)
    chosen = choose(standing(db, client_id).lots.values(), -points) or []
    moves = tuple(Move(lot.id, Bucket.AVAIL, Bucket.CLAWED, taken) for lot, taken in chosen)
    return book.post(Step(Kind.ADJUST, now, moves), command)


def activate_due(db: Session, now: datetime) -> int:
    """Write down the activations that are due, for some clients; give how many clients there were."""
    return _write_due(db, now, Kind.ACTIVATE, _with_points(PointsLot.activates_at <= now, Bucket.PENDING))


def time_out_holds(db: Session, now: datetime) -> int:
    """Write down that holds have run out and gave their points back; give how many clients there were."""
    run_out = select(PointsHold.client_id).where(PointsHold.state == "open", PointsHold.timeout_at <= now)
    return _write_due(db, now, Kind.TIMEOUT, run_out)


def expire_due(db: Session, now: datetime) -> int:
    """Write down which points have lapsed, for some clients; give how many clients there were."""
    return _write_due(db, now, Kind.EXPIRE, _with_points(PointsLot.expires_at <= now, Bucket.AVAIL, Bucket.PENDING))


def _with_points(due: ColumnElement[bool], *buckets: Bucket) -> Select[Any]:
    lots = select(PointsLot.client_id).join(PointsLotBucket, PointsLotBucket.lot_id == PointsLot.id)
    return lots.where(due, PointsLotBucket.bucket.in_([b.value for b in buckets]), PointsLotBucket.amount > 0)


def _write_due(db: Session, now: datetime, kind: Kind, clients: Select[Any]) -> int:
    column = clients.selected_columns[0]
    found = db.scalars(clients.distinct().order_by(column).limit(CHUNK)).all()
    for client_id in found:
        _catch_up(Book.open(db, client_id, now), (kind,))
    return len(found)


def _catch_up(book: Book, kinds: Collection[Kind] = DUE) -> None:
    for step in fallen_due(standing(book.db, book.client_id), book.now, kinds):
        if step.hold_id:
            _close(book.db, step.hold_id, "released")
        book.post_due(step)


def _open(db: Session, hold_id: int, now: datetime) -> tuple[Book, Row[Any]]:
    # The client of a hold never changes, so it may be read before the lock; all else is read after it.
    client_id = db.scalars(select(PointsHold.client_id).filter_by(id=hold_id)).one()
    book = Book.open(db, client_id, now)
    return book, db.execute(select(*PointsHold.__table__.columns).filter_by(id=hold_id)).one()


def _is_open(held: Row[Any], now: datetime) -> bool:
    return bool(held.state == "open" and held.timeout_at > now)


def _about(held: Row[Any], key: str, points: int, actor: str) -> Command:
    payload = {"hold": held.id, "points": points}
    return Command(key, payload, actor, ref_type=held.ref_type, ref_id=held.ref_id, result={"points": points})


def _back(book: Book, lines: Iterable[tuple[int, int]], source: Bucket) -> tuple[tuple[Move, ...], tuple[NewLot, ...]]:
    lines = list(lines)
    lots = standing(book.db, book.client_id, [lot_id for lot_id, _ in lines]).lots
    return give_back(lots, lines, source, book.now)


def _lay_hold(db: Session, client_id: int, points: int, ref_type: str, ref_id: str, timeout_at: datetime) -> int:
    row = {"client_id": client_id, "amount": points, "captured": 0, "refunded": 0, "state": "open"}
    row |= {"timeout_at": timeout_at, "ref_type": ref_type, "ref_id": ref_id}
    return db.scalars(insert(PointsHold).values(**row).returning(PointsHold.id)).one()


def _close(db: Session, hold_id: int, state: str, captured: int = 0) -> None:
    closed = update(PointsHold).filter_by(id=hold_id, state="open").values(state=state, captured=captured)
    if not rows_touched(db.execute(closed)):
        raise RuntimeError(f"hold {hold_id} was closed under its lock")


def _receipt(answer: Mapping[str, Any]) -> Receipt:
    return Receipt(answer["number"], answer["points"])


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
