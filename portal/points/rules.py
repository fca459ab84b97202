"""What the ledger decides, on plain values: which lots go first, where points go back, what has fallen due.

Readers and writers ask the same functions, so it never matters whether a background job has already run.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

GRACE = timedelta(days=15)
GENESIS = "0" * 64
NOTICE_DAYS = (60, 30, 7)  # before points lapse, their client is told
FOREVER = datetime.max.replace(tzinfo=UTC)


class Bucket(StrEnum):
    """Where a point can be; only SOURCE (issued) and MOVED (changing its lot) may stand below zero."""

    SOURCE = "SOURCE"
    PENDING = "PENDING"
    AVAIL = "AVAIL"
    HELD = "HELD"
    SPENT = "SPENT"
    EXPIRED = "EXPIRED"
    CLAWED = "CLAWED"
    MOVED = "MOVED"


class Kind(StrEnum):
    """What a line of the ledger records."""

    EARN = "earn"
    ACTIVATE = "activate"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    TIMEOUT = "timeout"
    REFUND = "refund"
    EXPIRE = "expire"
    ADJUST = "adjust"  # given or taken by staff, with a reason


class Refusal(StrEnum):
    """Why the ledger says no."""

    TOO_FEW_POINTS = "too_few_points"
    NOT_POSITIVE = "not_positive"
    MORE_THAN_HELD = "more_than_held"
    MORE_THAN_SPENT = "more_than_spent"
    HOLD_CLOSED = "hold_closed"
    KEY_TAKEN = "key_taken"
    NO_RULE = "no_rule"
    SAME_PERSON = "same_person"


@dataclass(frozen=True)
class Lot:
    """Points that were earned together and lapse together; a negative id is a lot that is not written yet."""

    id: int
    kind: str
    earned_at: datetime
    activates_at: datetime | None = None
    expires_at: datetime | None = None
    pending: int = 0
    available: int = 0
    held: int = 0

    def lapsed(self, at: datetime) -> bool:
        """Tell whether the lot's last instant has passed."""
        return self.expires_at is not None and self.expires_at <= at

    @property
    def turn(self) -> tuple[datetime, datetime, int, int]:
        """Give the place in the queue: what lapses first goes first, what never lapses goes last."""
        return (self.expires_at or FOREVER, self.earned_at, self.id < 0, abs(self.id))


@dataclass(frozen=True)
class Move:
    """Some points of one lot going from one bucket to another."""

    lot_id: int
    source: Bucket
    target: Bucket
    points: int


@dataclass(frozen=True)
class NewLot:
    """A lot that a step opens, under a negative id until it is written."""

    lot: Lot
    parent_id: int | None = None


@dataclass(frozen=True)
class OpenHold:
    """An open hold with its lots in the order in which they were taken."""

    id: int
    timeout_at: datetime
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Step:
    """One line of the ledger to be: its moves, and the lots and the hold it concerns."""

    kind: Kind
    effective_at: datetime
    moves: tuple[Move, ...]
    opens: tuple[NewLot, ...] = ()
    hold_id: int | None = None


@dataclass(frozen=True)
class Standing:
    """A client's lots and open holds at one moment of the ledger."""

    lots: Mapping[int, Lot]
    holds: tuple[OpenHold, ...] = ()

    def available(self) -> int:
        """Sum what may be spent, once everything that has fallen due is applied."""
        return sum(lot.available for lot in self.lots.values())


DUE = (Kind.ACTIVATE, Kind.TIMEOUT, Kind.EXPIRE)  # in this order at the same instant


def fallen_due(standing: Standing, now: datetime, kinds: Collection[Kind] = DUE) -> list[Step]:
    """Give what time alone has done by now, in order: activations, time-outs of holds, lapses."""
    steps: list[Step] = []
    while step := _next_due(standing, now, kinds):
        steps.append(step)
        standing = after(standing, step)
    return steps


def as_of(standing: Standing, now: datetime) -> Standing:
    """Give the standing as it is at `now`, whether or not any job has run."""
    for step in fallen_due(standing, now):
        standing = after(standing, step)
    return standing


def _next_due(standing: Standing, now: datetime, kinds: Collection[Kind]) -> Step | None:
    due = (event for event in _events(standing) if event[0] <= now and event[1] in kinds)
    first = min(due, key=lambda event: (event[0], DUE.index(event[1]), event[2]), default=None)
    if first is None:
        return None
    at, kind, key = first
    if kind is Kind.ACTIVATE:
        lot = standing.lots[key]
        return Step(kind, at, (Move(key, Bucket.PENDING, Bucket.AVAIL, lot.pending),))
    if kind is Kind.EXPIRE:
        return Step(kind, at, tuple(_lapses(standing.lots.values(), at)))
    hold = next(hold for hold in standing.holds if hold.id == key)
    return Step(kind, at, *give_back(standing.lots, hold.lines, Bucket.HELD, at), hold_id=hold.id)


def _events(standing: Standing) -> Iterable[tuple[datetime, Kind, int]]:
    for lot in standing.lots.values():
        if lot.pending and lot.activates_at:
            yield lot.activates_at, Kind.ACTIVATE, lot.id
        if (lot.pending or lot.available) and lot.expires_at:
            yield lot.expires_at, Kind.EXPIRE, lot.id
    for hold in standing.holds:
        yield hold.timeout_at, Kind.TIMEOUT, hold.id


def _lapses(lots: Iterable[Lot], at: datetime) -> Iterable[Move]:
    for lot in sorted((lot for lot in lots if lot.expires_at == at), key=lambda lot: lot.turn):
        if lot.available:
            yield Move(lot.id, Bucket.AVAIL, Bucket.EXPIRED, lot.available)
        if lot.pending:
            yield Move(lot.id, Bucket.PENDING, Bucket.EXPIRED, lot.pending)


_SHOWN = {Bucket.PENDING: "pending", Bucket.AVAIL: "available", Bucket.HELD: "held"}


def after(standing: Standing, step: Step) -> Standing:
    """Give the standing that a step leads to."""
    lots = dict(standing.lots) | {new.lot.id: new.lot for new in step.opens}
    for move in step.moves:
        for bucket, points in ((move.source, -move.points), (move.target, move.points)):
            if name := _SHOWN.get(bucket):
                lot = lots[move.lot_id]
                lots[lot.id] = replace(lot, **{name: getattr(lot, name) + points})
    return Standing(lots, tuple(hold for hold in standing.holds if hold.id != step.hold_id))


def notice_step(days_left: int) -> int | None:
    """Give the step of notice that so many days fall into: 60, 30 or 7, None where it is too early or over."""
    return min((step for step in NOTICE_DAYS if 0 <= days_left <= step), default=None)


def choose(lots: Iterable[Lot], points: int) -> list[tuple[Lot, int]] | None:
    """Take points from the lots, what lapses first going first; None when there are too few."""
    chosen: list[tuple[Lot, int]] = []
    for lot in sorted(lots, key=lambda lot: lot.turn):
        taken = min(lot.available, points)
        if taken:
            chosen.append((lot, taken))
            points -= taken
    return None if points else chosen


def part(lines: Iterable[tuple[int, int]], points: int) -> list[tuple[int, int]]:
    """Give the first so many points of some lines."""
    taken: list[tuple[int, int]] = []
    for lot_id, held in lines:
        if points and held:
            taken.append((lot_id, min(held, points)))
            points -= taken[-1][1]
    return taken


def less(lines: Iterable[tuple[int, int]], taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give what is left of some lines."""
    gone = dict(taken)
    return [(lot_id, points - gone.get(lot_id, 0)) for lot_id, points in lines if points > gone.get(lot_id, 0)]


def give_back(
    lots: Mapping[int, Lot], lines: Iterable[tuple[int, int]], source: Bucket, at: datetime, grace: timedelta = GRACE
) -> tuple[tuple[Move, ...], tuple[NewLot, ...]]:
    """Bring points back to their own lots; a lot that has lapsed meanwhile gets a successor with some days of grace."""
    moves: list[Move] = []
    opens: list[NewLot] = []
    fresh = min(0, *lots) if lots else 0
    for lot_id, points in lines:
        lot = lots[lot_id]
        if not lot.lapsed(at):
            moves.append(Move(lot_id, source, Bucket.AVAIL, points))
        elif not grace:
            moves.append(Move(lot_id, source, Bucket.EXPIRED, points))
        else:
            fresh -= 1
            opens.append(NewLot(Lot(fresh, lot.kind, lot.earned_at, expires_at=at + grace), parent_id=lot_id))
            moves.append(Move(lot_id, source, Bucket.MOVED, points))
            moves.append(Move(fresh, Bucket.MOVED, Bucket.AVAIL, points))
    return tuple(moves), tuple(opens)


def link(previous: str, body: Mapping[str, Any]) -> str:
    """Give the hash that chains a line to the one before it: SHA-256 over both, the body as canonical JSON."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def fingerprint(payload: Mapping[str, Any]) -> str:
    """Give the hash by which a repeated command is told from another one under the same key."""
    return link("", payload)


@dataclass(frozen=True)
class Hold:
    """Points set aside for one purpose, until they are captured or given back."""

    id: int
    client_id: int
    points: int


@dataclass(frozen=True)
class Receipt:
    """What a command did: the line it wrote (None when there was nothing to write) and how many points it moved."""

    number: int | None
    points: int


@dataclass(frozen=True)
class Difference:
    """One thing in which the ledger disagrees with itself."""

    client_id: int
    what: str
    found: str = field(default="")
