"""Does the ledger agree with itself? Everything is worked out anew from the moves, by code that writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.points.book import body
from portal.points.models import PointsClient, PointsHold, PointsLot, PointsLotBucket, PointsMove, PointsTx
from portal.points.rules import GENESIS, Bucket, Difference, link

MAY_BE_NEGATIVE = {Bucket.SOURCE, Bucket.MOVED}
Buckets = Counter[tuple[int, str]]


def verify(db: Session, client_id: int | None = None) -> list[Difference]:
    """Give every difference in the ledgers of all clients, or of one; an empty list is a sound ledger."""
    heads = select(PointsClient.client_id, PointsClient.head_seq, PointsClient.head_hash)
    if client_id is not None:
        heads = heads.where(PointsClient.client_id == client_id)
    rows = db.execute(heads.order_by(PointsClient.client_id)).all()
    return [Difference(head.client_id, what, found) for head in rows for what, found in _differences(db, head)]


def _differences(db: Session, head: Any) -> Iterator[tuple[str, str]]:
    lines = db.execute(select(*PointsTx.__table__.columns).filter_by(client_id=head.client_id).order_by("client_seq"))
    moves: dict[int, list[Any]] = defaultdict(list)
    for move in db.execute(_moves(head.client_id)):
        moves[move.tx_id].append(move)
    lots = {lot.id: lot for lot in db.execute(select(*PointsLot.__table__.columns).filter_by(client_id=head.client_id))}
    buckets: Buckets = Counter()
    holds: Buckets = Counter()
    seq, previous = 0, GENESIS
    for line in lines.all():
        opened = [lots.pop(lot_id) for lot_id in dict.fromkeys(m.lot_id for m in moves[line.id]) if lot_id in lots]
        yield from _link(line, moves[line.id], opened, seq, previous)
        yield from _walk(line, moves[line.id], buckets, holds)
        seq, previous = line.client_seq, line.hash
    if lots:
        yield "lots", f"no line opened the lots {sorted(lots)}"
    if (seq, previous) != (head.head_seq, head.head_hash):
        yield "head", f"the chain ends at {seq}, the head says {head.head_seq}"
    yield from _projection(db, head.client_id, buckets)
    yield from _holds(db, head.client_id, holds, buckets)
    if moved := sum(amount for (_, bucket), amount in buckets.items() if bucket == Bucket.MOVED):
        yield "moved", f"{moved} points are on their way between lots"


def _moves(client_id: int) -> Any:
    columns = (PointsMove.tx_id, PointsMove.lot_id, PointsMove.from_bucket, PointsMove.to_bucket, PointsMove.amount)
    moves = select(*columns, PointsLot.client_id).join(PointsTx, PointsTx.id == PointsMove.tx_id)
    moves = moves.join(PointsLot, PointsLot.id == PointsMove.lot_id)
    return moves.where(PointsTx.client_id == client_id).order_by(PointsMove.id)


def _link(line: Any, moves: list[Any], opened: list[Any], seq: int, previous: str) -> Iterator[tuple[str, str]]:
    if line.client_seq != seq + 1:
        yield "sequence", f"line {line.client_seq} follows line {seq}"
    said = body(dict(line._mapping), [(m.lot_id, m.from_bucket, m.to_bucket, m.amount) for m in moves], opened)
    if line.prev_hash != previous or line.hash != link(previous, said):
        yield "chain", f"line {line.client_seq} is not what was written"


def _walk(line: Any, moves: list[Any], buckets: Buckets, holds: Buckets) -> Iterator[tuple[str, str]]:
    if not moves:
        yield "moves", f"line {line.client_seq} moves nothing"
    for move in moves:
        buckets[move.lot_id, move.from_bucket] -= move.amount
        buckets[move.lot_id, move.to_bucket] += move.amount
        if buckets[move.lot_id, move.from_bucket] < 0 and move.from_bucket not in MAY_BE_NEGATIVE:
            yield (
                "negative",
                f"line {line.client_seq} takes more from {move.from_bucket} of lot {move.lot_id} than is there",
            )
        if move.client_id != line.client_id:
            yield "owner", f"line {line.client_seq} moves lot {move.lot_id} of another client"
        if line.hold_id:
            holds[line.hold_id, move.from_bucket] -= move.amount
            holds[line.hold_id, move.to_bucket] += move.amount
            holds[line.hold_id, f"{move.from_bucket}>{move.to_bucket}"] += move.amount
    available = sum(amount for (_, bucket), amount in buckets.items() if bucket == Bucket.AVAIL)
    if available != line.available_after:
        yield "balance", f"line {line.client_seq} says {line.available_after} available, there were {available}"


def _projection(db: Session, client_id: int, buckets: Buckets) -> Iterator[tuple[str, str]]:
    held = select(PointsLotBucket.lot_id, PointsLotBucket.bucket, PointsLotBucket.amount)
    held = held.join(PointsLot, PointsLot.id == PointsLotBucket.lot_id).where(PointsLot.client_id == client_id)
    kept = {(row.lot_id, row.bucket): row.amount for row in db.execute(held)}
    for place in sorted(kept.keys() | buckets.keys()):
        if kept.get(place, 0) != buckets[place]:
            yield "projection", f"lot {place[0]} {place[1]}: {kept.get(place, 0)} kept, {buckets[place]} moved"


def _holds(db: Session, client_id: int, moved: Buckets, buckets: Buckets) -> Iterator[tuple[str, str]]:
    waiting = 0
    for hold in db.execute(select(*PointsHold.__table__.columns).filter_by(client_id=client_id)):
        taken = moved[hold.id, "AVAIL>HELD"]
        spent, back = moved[hold.id, "HELD>SPENT"], moved[hold.id, "HELD>SPENT"] - moved[hold.id, "SPENT"]
        open_points = hold.amount if hold.state == "open" else 0
        waiting += open_points
        if (hold.amount, hold.captured, hold.refunded, open_points) != (taken, spent, back, moved[hold.id, "HELD"]):
            yield "hold", f"hold {hold.id} is not what its moves say"
    if waiting != sum(amount for (_, bucket), amount in buckets.items() if bucket == Bucket.HELD):
        yield "holds", f"{waiting} points are on open holds, the lots hold another sum"
