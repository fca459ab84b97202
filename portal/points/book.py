"""The write unit: one client's ledger, locked by its head row and open for new lines until the transaction ends."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Self

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.kit.db import insert_once, rows_touched
from portal.points.models import PointsClient, PointsLot, PointsLotBucket, PointsMove, PointsRefusal, PointsTx
from portal.points.queries import last_day
from portal.points.rules import GENESIS, Bucket, Move, NewLot, Receipt, Refusal, Step, fingerprint, link

SYSTEM = "system"


@dataclass(frozen=True)
class Command:
    """What is asked of the ledger: under which key, with which payload, by whom and about what."""

    key: str
    payload: Mapping[str, Any]
    actor: str = SYSTEM
    reason_code: str | None = None
    ref_type: str | None = None
    ref_id: str | None = None
    rule_version_id: int | None = None
    explain: Mapping[str, Any] | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    second_actor_id: int | None = None
    public_text: str | None = None  # what the client reads beside the line
    staff_note: str | None = None

    @property
    def hash(self) -> str:
        """Give the hash that tells a repetition from another command under the same key."""
        return fingerprint(self.payload)


@dataclass
class Book:
    """A client's ledger while it is locked; `now` is when its new lines are recorded."""

    db: Session
    client_id: int
    now: datetime
    seq: int
    hash: str
    _written: dict[int, int] = field(default_factory=dict)  # what the lots of earlier steps were written under

    @classmethod
    def open(cls, db: Session, client_id: int, now: datetime) -> Self:
        """Lock the client's head row: the first statement of every change to a ledger."""
        head = select(PointsClient.head_seq, PointsClient.head_hash).where(PointsClient.client_id == client_id)
        row = db.execute(head.with_for_update()).first()
        if row is None:
            insert_once(db, PointsClient, client_id=client_id, head_seq=0, head_hash=GENESIS)
            row = db.execute(head.with_for_update()).one()
        return cls(db, client_id, now, row.head_seq, row.head_hash)

    def answered(self, command: Command) -> Mapping[str, Any] | Refusal | None:
        """Give the answer that this key was given before, KEY_TAKEN if it was for something else, None if it is new."""
        lines = select(PointsTx.idem_hash, PointsTx.result_json).where(PointsTx.idem_key == command.key)
        if line := self.db.execute(lines).first():
            result: Mapping[str, Any] = line.result_json
            return result if line.idem_hash == command.hash else Refusal.KEY_TAKEN
        refusals = select(PointsRefusal.idem_hash, PointsRefusal.refusal).where(PointsRefusal.idem_key == command.key)
        if no := self.db.execute(refusals).first():
            return Refusal(no.refusal) if no.idem_hash == command.hash else Refusal.KEY_TAKEN
        return None

    def refuse(self, command: Command, refusal: Refusal) -> Refusal:
        """Keep a no under its key, so that the request a client gave up on can't succeed by a late retry."""
        row = {"idem_key": command.key, "idem_hash": command.hash, "client_id": self.client_id}
        self.db.execute(insert(PointsRefusal).values(**row, refusal=refusal.value, recorded_at=self.now))
        return refusal

    def post_due(self, step: Step) -> Receipt:
        """Write down what time alone has done; the line's key is its place in the chain."""
        payload = {"kind": step.kind.value, "at": step.effective_at.isoformat(), "hold": step.hold_id}
        return self.post(step, Command(f"{step.kind}:{self.client_id}:{self.seq + 1}", payload))

    def post(self, step: Step, command: Command) -> Receipt:
        """Write one line: its new lots, its moves, the projection, and the chain's new head."""
        opened = [self._open_lot(new, command) for new in step.opens]
        self._written |= {new.lot.id: lot.id for new, lot in zip(step.opens, opened, strict=True)}
        moves = [Move(self._written.get(m.lot_id, m.lot_id), m.source, m.target, m.points) for m in step.moves]
        points = sum(m.points for m in moves if m.target is not Bucket.MOVED)
        row = self._row(step, command, points, _change(moves))
        row["hash"] = link(self.hash, body(row, [(m.lot_id, m.source, m.target, m.points) for m in moves], opened))
        tx_id = self.db.scalar(insert(PointsTx).values(**row).returning(PointsTx.id))
        self.db.execute(insert(PointsMove), [_move_row(tx_id, move) for move in moves])
        self._project(moves)
        self._advance(row["hash"])
        return Receipt(self.seq, row["result_json"]["points"])

    def _open_lot(self, new: NewLot, command: Command) -> Any:
        lot = new.lot
        values = {name: getattr(lot, name) for name in ("kind", "earned_at", "activates_at", "expires_at")}
        values |= {"client_id": self.client_id, "parent_lot_id": new.parent_id, "expires_on": last_day(lot.expires_at)}
        values["rule_version_id"] = command.rule_version_id
        return self.db.execute(insert(PointsLot).values(**values).returning(*PointsLot.__table__.columns)).one()

    def _row(self, step: Step, command: Command, points: int, change: int) -> dict[str, Any]:
        actor_kind, _, actor_id = command.actor.partition(":")
        return {
            "client_id": self.client_id,
            "client_seq": self.seq + 1,
            "kind": step.kind.value,
            "idem_key": command.key,
            "idem_hash": command.hash,
            "result_json": {"number": self.seq + 1, "points": points, **command.result},
            "effective_at": step.effective_at,
            "recorded_at": self.now,
            "available_after": self._available() + change,
            "actor_kind": actor_kind,
            "actor_id": int(actor_id) if actor_id else None,
            "second_actor_id": command.second_actor_id,
            "reason_code": command.reason_code,
            "public_text": command.public_text,
            "staff_note": command.staff_note,
            "ref_type": command.ref_type,
            "ref_id": command.ref_id,
            "hold_id": step.hold_id,
            "rule_version_id": command.rule_version_id,
            "explain_json": command.explain and dict(command.explain),
            "prev_hash": self.hash,
        }

    def _available(self) -> int:
        last = select(PointsTx.available_after).filter_by(client_id=self.client_id, client_seq=self.seq)
        return self.db.scalar(last) or 0

    def _project(self, moves: list[Move]) -> None:
        deltas: Counter[tuple[int, str]] = Counter()
        for move in moves:
            deltas[move.lot_id, move.source.value] -= move.points
            deltas[move.lot_id, move.target.value] += move.points
        for (lot_id, bucket), delta in deltas.items():
            if delta:
                self._add(lot_id, bucket, delta)

    def _add(self, lot_id: int, bucket: str, delta: int) -> None:
        # The sum is SQL's, so that the CHECK refuses a negative bucket even where this code is wrong.
        row = {"lot_id": lot_id, "bucket": bucket}
        added = update(PointsLotBucket).filter_by(**row).values(amount=PointsLotBucket.amount + delta)
        if not rows_touched(self.db.execute(added)):
            self.db.execute(insert(PointsLotBucket).values(**row, amount=delta))

    def _advance(self, new_hash: str) -> None:
        here = (PointsClient.client_id == self.client_id, PointsClient.head_seq == self.seq)
        moved = update(PointsClient).where(*here).values(head_seq=self.seq + 1, head_hash=new_hash)
        if not rows_touched(self.db.execute(moved)):
            raise RuntimeError(f"the ledger of client {self.client_id} moved under its lock")
        self.seq, self.hash = self.seq + 1, new_hash


_UNHASHED = {"prev_hash", "hash", "id"}


def body(row: Mapping[str, Any], moves: list[tuple[int, str, str, int]], opened: list[Any]) -> dict[str, Any]:
    """Give what a line's hash covers: every column that is filled, the moves in order, the lots that it opened."""
    line = {name: value for name, value in row.items() if name not in _UNHASHED}
    lots = [_plain(lot._mapping) for lot in opened]
    return _plain(line) | {"moves": [list(move) for move in moves], "lots": lots}


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in row.items() if value is not None}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _change(moves: list[Move]) -> int:
    into = sum(m.points for m in moves if m.target is Bucket.AVAIL)
    return into - sum(m.points for m in moves if m.source is Bucket.AVAIL)


def _move_row(tx_id: int | None, move: Move) -> dict[str, Any]:
    return {
        "tx_id": tx_id,
        "lot_id": move.lot_id,
        "from_bucket": move.source.value,
        "to_bucket": move.target.value,
        "amount": move.points,
    }
