"""Reads of the ledger, each as of an instant: what a job has not written down yet is counted all the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.kit.clock import at, local, local_date
from portal.points.models import PointsHold, PointsLot, PointsLotBucket, PointsMove, PointsTx, RuleSetVersion
from portal.points.rules import Bucket, Hold, Lot, OpenHold, Standing, as_of, choose, less
from portal.points.ruleset import read_rules

LIVE = (Bucket.PENDING.value, Bucket.AVAIL.value, Bucket.HELD.value)


@dataclass(frozen=True)
class Lapse:
    """Points that lapse at one instant (None: never); `on` is their last day where they lapse at its end."""

    at: datetime | None
    on: date | None
    available: int
    held: int
    pending: int

    @property
    def points(self) -> int:
        """Sum them all."""
        return self.available + self.held + self.pending


@dataclass(frozen=True)
class Balance:
    """What a client has: available now, held for requests, not yet active, and what lapses next."""

    available: int
    held: int
    pending: int
    pending_until: datetime | None
    next_lapse: Lapse | None


def standing(db: Session, client_id: int, lot_ids: Iterable[int] = ()) -> Standing:
    """Give the client's live lots (and those named) and open holds, as the ledger's lines have left them."""
    rows = db.execute(_lots(client_id)).all()
    lots = {lot.id: lot for lot in _folded(rows)}
    if missing := set(lot_ids) - lots.keys():
        columns = (PointsLot.id, PointsLot.kind, PointsLot.earned_at, PointsLot.activates_at, PointsLot.expires_at)
        lots |= {row.id: Lot(*row) for row in db.execute(select(*columns).where(PointsLot.id.in_(missing)))}
    holds = select(PointsHold.id, PointsHold.timeout_at).filter_by(client_id=client_id, state="open")
    open_holds = [OpenHold(hold.id, hold.timeout_at, hold_lines(db, hold.id)) for hold in db.execute(holds)]
    return Standing(lots, tuple(open_holds))


def hold_lines(db: Session, hold_id: int) -> tuple[tuple[int, int], ...]:
    """Give the lots of a hold and the points taken from each, in the order in which they were taken."""
    return tuple(_moved(db, hold_id, Bucket.AVAIL, Bucket.HELD))


def spent_lines(db: Session, hold_id: int) -> list[tuple[int, int]]:
    """Give the lots of a captured hold and what of each is spent and not refunded, last taken first."""
    spent = _moved(db, hold_id, Bucket.HELD, Bucket.SPENT)
    return less(reversed(spent), _moved(db, hold_id, Bucket.SPENT, None))


def balance(db: Session, client_id: int, now: datetime) -> Balance:
    """Give what the client has at `now`."""
    lots = as_of(standing(db, client_id), now).lots.values()
    lapses = [lapse for lapse in _lapses(lots) if lapse.available and lapse.at]
    return Balance(
        available=sum(lot.available for lot in lots),
        held=sum(lot.held for lot in lots),
        pending=sum(lot.pending for lot in lots),
        pending_until=min((lot.activates_at for lot in lots if lot.pending and lot.activates_at), default=None),
        next_lapse=lapses[0] if lapses else None,
    )


def lots(db: Session, client_id: int, now: datetime) -> list[Lapse]:
    """Give what lapses when, soonest first; points that never lapse come last."""
    return _lapses(as_of(standing(db, client_id), now).lots.values())


def lots_to_be_used(db: Session, client_id: int, points: int, now: datetime) -> list[Lapse] | None:
    """Give which points a hold would take at `now`, by lapse; None when there are too few."""
    chosen = choose(as_of(standing(db, client_id), now).lots.values(), points)
    if chosen is None:
        return None
    return _lapses([Lot(lot.id, lot.kind, lot.earned_at, None, lot.expires_at, 0, n) for lot, n in chosen])


def lots_of_hold(db: Session, hold_id: int) -> list[Lapse]:
    """Give which points a hold took, by lapse: as they were, whatever became of them since."""
    taken = dict(hold_lines(db, hold_id))
    facts = select(PointsLot.id, PointsLot.kind, PointsLot.earned_at, PointsLot.activates_at, PointsLot.expires_at)
    rows = db.execute(facts.where(PointsLot.id.in_(taken)))
    return _lapses([Lot(*row, held=taken[row.id]) for row in rows])


def earned_between(db: Session, client_id: int, since: datetime, until: datetime, kind: str | None = None) -> int:
    """Sum the points issued for events of a stretch of time, until excluded."""
    total = select(func.sum(-PointsLotBucket.amount)).join(PointsLot, PointsLot.id == PointsLotBucket.lot_id)
    total = total.where(PointsLot.client_id == client_id, PointsLotBucket.bucket == Bucket.SOURCE.value)
    total = total.where(PointsLot.earned_at >= since, PointsLot.earned_at < until)
    return int(db.scalar(total.where(PointsLot.kind == kind) if kind else total) or 0)


def earned_in_year(db: Session, client_id: int, moment: datetime, kind: str | None = None) -> int:
    """Sum the points issued for events of the Shanghai year of an instant."""
    year = local(moment).year
    return earned_between(db, client_id, at(date(year, 1, 1)), at(date(year + 1, 1, 1)), kind)


def rules_in_force(db: Session, moment: datetime) -> Any:
    """Give the row (id, toml) of the rules that hold at an instant; None before the first."""
    published = select(RuleSetVersion.id, RuleSetVersion.toml).where(RuleSetVersion.effective_from <= moment)
    return db.execute(published.order_by(RuleSetVersion.effective_from.desc()).limit(1)).first()


def multipliers(db: Session, moment: datetime) -> dict[str, Fraction]:
    """Give by tier the factor that the rules in force put on commission's points; empty before the first rules."""
    rules = rules_in_force(db, moment)
    return dict(read_rules(rules.toml).tiers) if rules else {}


def held_for(db: Session, ref_type: str, ref_id: str) -> Hold | None:
    """Give the hold that was made for a purpose."""
    columns = (PointsHold.id, PointsHold.client_id, PointsHold.amount)
    row = db.execute(select(*columns).filter_by(ref_type=ref_type, ref_id=ref_id)).first()
    return Hold(*row) if row else None


def last_day(expires_at: datetime | None) -> date | None:
    """Give the last day a lot counts on, where it lapses at a day's end; None where it lapses within a day or never."""
    if expires_at is None or local(expires_at).time() != datetime.min.time():
        return None
    return local_date(expires_at - datetime.resolution)


def _lots(client_id: int) -> Any:
    facts = (PointsLot.id, PointsLot.kind, PointsLot.earned_at, PointsLot.activates_at, PointsLot.expires_at)
    live = select(*facts, PointsLotBucket.bucket, PointsLotBucket.amount).join(
        PointsLotBucket, PointsLotBucket.lot_id == PointsLot.id
    )
    live = live.where(PointsLot.client_id == client_id, PointsLotBucket.bucket.in_(LIVE), PointsLotBucket.amount > 0)
    return live.order_by(PointsLot.id)


def _folded(rows: Iterable[Any]) -> Iterable[Lot]:
    for facts, group in groupby(rows, key=_facts):
        amounts = {row.bucket: row.amount for row in group}
        yield Lot(*facts, *(amounts.get(bucket, 0) for bucket in LIVE))


def _facts(row: Any) -> tuple[Any, ...]:
    return tuple(row)[:5]


def _moved(db: Session, hold_id: int, source: Bucket, target: Bucket | None) -> list[tuple[int, int]]:
    moved = select(PointsMove.lot_id, func.sum(PointsMove.amount))
    moved = moved.join(PointsTx).where(PointsTx.hold_id == hold_id, PointsMove.from_bucket == source.value)
    if target:
        moved = moved.where(PointsMove.to_bucket == target.value)
    moved = moved.group_by(PointsMove.lot_id).order_by(func.min(PointsMove.id))
    return [(lot_id, int(points)) for lot_id, points in db.execute(moved)]


def _lapses(found: Iterable[Lot]) -> list[Lapse]:
    live = sorted((lot for lot in found if lot.available or lot.held or lot.pending), key=lambda lot: lot.turn)
    groups = [(moment, list(group)) for moment, group in groupby(live, key=lambda lot: lot.expires_at)]
    return [
        Lapse(
            moment,
            last_day(moment),
            sum(lot.available for lot in group),
            sum(lot.held for lot in group),
            sum(lot.pending for lot in group),
        )
        for moment, group in groups
    ]
