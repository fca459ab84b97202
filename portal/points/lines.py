"""Reads of the ledger's lines: a page of them, newest first, and one of them with all that explains it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, case, cast, func, select
from sqlalchemy.orm import Session

from portal.points.models import PointsLot, PointsMove, PointsTx, RuleSetVersion
from portal.points.rules import Bucket


@dataclass(frozen=True)
class Line:
    """One line of the ledger as a client reads it; `change` is of the available points, `points` what was moved."""

    number: int
    kind: str
    source: str | None
    earned_at: datetime | None
    effective_at: datetime
    change: int
    points: int
    available_after: int
    ref_id: str | None
    public_text: str | None = None
    reason_code: str | None = None


@dataclass(frozen=True)
class Ledger:
    """A page of lines, newest first, and the number to continue from (None at the end)."""

    lines: list[Line]
    before: int | None


@dataclass(frozen=True)
class Trace:
    """Where some points of a line came from and went to, with the lapse of their lot."""

    source: str
    target: str
    points: int
    earned_at: datetime
    expires_at: datetime | None
    expires_on: date | None


@dataclass(frozen=True)
class Explained:
    """A line with its moves, and for earned points how the award was worked out and under which rules."""

    line: Line
    traces: list[Trace]
    explain: dict[str, Any] | None
    rules: str | None
    credited_at: datetime | None
    hash: str


def ledger(db: Session, client_id: int, *, before: int | None = None, limit: int = 20) -> Ledger:
    """Give a page of lines, newest first, older than the line numbered `before`."""
    older = PointsTx.client_seq < before if before else PointsTx.client_seq > 0
    page = _lines(client_id).where(older).order_by(PointsTx.client_seq.desc()).limit(limit + 1)
    lines = [Line(*row) for row in db.execute(page)]
    return Ledger(lines[:limit], lines[limit - 1].number if len(lines) > limit else None)


def lines_of_client(db: Session, client_id: int, until: datetime) -> list[Line]:
    """Give all lines that took effect before an instant, in the order in which they did."""
    found = _lines(client_id).where(PointsTx.effective_at < until)
    return [Line(*row) for row in db.execute(found.order_by(PointsTx.effective_at, PointsTx.client_seq))]


def line(db: Session, client_id: int, number: int) -> Explained | None:
    """Give one line with what explains it; None where the client has no such line."""
    row = db.execute(_lines(client_id).where(PointsTx.client_seq == number)).first()
    if row is None:
        return None
    traced = db.execute(_traces(client_id, number)).all()
    origin = _origin(db, {trace.lot_id for trace in traced}) if row.kind in {"earn", "activate"} else None
    return Explained(
        Line(*row),
        [Trace(*trace[1:]) for trace in traced],
        origin.explain_json if origin else None,
        origin.toml if origin else None,
        origin.activates_at if origin else None,
        _hash(db, client_id, number),
    )


def _lines(client_id: int) -> Any:
    into = case((PointsMove.to_bucket == Bucket.AVAIL.value, PointsMove.amount), else_=0)
    out = case((PointsMove.from_bucket == Bucket.AVAIL.value, PointsMove.amount), else_=0)
    moved = case((PointsMove.to_bucket != Bucket.MOVED.value, PointsMove.amount), else_=0)
    columns = (
        PointsTx.client_seq,
        PointsTx.kind,
        func.min(PointsLot.kind),
        func.min(PointsLot.earned_at, type_=PointsLot.earned_at.type),
        PointsTx.effective_at,
        cast(func.sum(into - out), BigInteger),
        cast(func.sum(moved), BigInteger),
        PointsTx.available_after,
        PointsTx.ref_id,
        PointsTx.public_text,
        PointsTx.reason_code,
    )
    lines = select(*columns).join(PointsMove, PointsMove.tx_id == PointsTx.id)
    lines = lines.join(PointsLot, PointsLot.id == PointsMove.lot_id).where(PointsTx.client_id == client_id)
    return lines.group_by(PointsTx.id)


def _traces(client_id: int, number: int) -> Any:
    columns = (PointsMove.lot_id, PointsMove.from_bucket, PointsMove.to_bucket, PointsMove.amount)
    facts = (PointsLot.earned_at, PointsLot.expires_at, PointsLot.expires_on)
    moves = select(*columns, *facts).join(PointsLot, PointsLot.id == PointsMove.lot_id)
    moves = moves.join(PointsTx, PointsTx.id == PointsMove.tx_id)
    return moves.where(PointsTx.client_id == client_id, PointsTx.client_seq == number).order_by(PointsMove.id)


def _origin(db: Session, lot_ids: set[int]) -> Any:
    origin = select(PointsTx.explain_json, RuleSetVersion.toml, PointsLot.activates_at)
    origin = origin.join(PointsMove, PointsMove.tx_id == PointsTx.id).join(PointsLot, PointsLot.id == PointsMove.lot_id)
    origin = origin.outerjoin(RuleSetVersion, RuleSetVersion.id == PointsTx.rule_version_id)
    issued = PointsMove.from_bucket == Bucket.SOURCE.value
    return db.execute(origin.where(issued, PointsMove.lot_id.in_(lot_ids)).limit(1)).first()


def _hash(db: Session, client_id: int, number: int) -> str:
    return db.scalars(select(PointsTx.hash).filter_by(client_id=client_id, client_seq=number)).one()
