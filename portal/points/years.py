"""A year of points: what was there, what came and went month by month, what is left; and all its lines as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.kit.clock import at, local
from portal.kit.export import csv_of
from portal.kit.i18n import say
from portal.points import words
from portal.points.lines import Line, lines_of_client
from portal.points.models import PointsClient, PointsTx


class Way(StrEnum):
    """How available points came or went."""

    EARNED = "earned"
    REDEEMED = "redeemed"  # held for requests, less what came back
    LAPSED = "lapsed"
    ADJUSTED = "adjusted"


WAYS = {"earn": Way.EARNED, "activate": Way.EARNED, "expire": Way.LAPSED, "adjust": Way.ADJUSTED}


@dataclass(frozen=True)
class Month:
    """One month's changes of the available points, by how they came or went, and what was left at its end."""

    first: date
    changes: dict[Way, int]
    closing: int


@dataclass(frozen=True)
class Year:
    """A year of points: opening + changes = closing, with its lines in the order in which they took effect."""

    year: int
    opening: int
    lines: Sequence[tuple[Line, int]]  # each with the available points after it
    months: Sequence[Month]

    @property
    def closing(self) -> int:
        """Give what was available at the year's end, or is now."""
        return self.lines[-1][1] if self.lines else self.opening

    @property
    def changes(self) -> dict[Way, int]:
        """Add up the year's changes by how the points came or went."""
        return {way: sum(month.changes[way] for month in self.months) for way in Way}


def year_of(db: Session, client_id: int, year: int) -> Year:
    """Gather a client's year; a line belongs to the day on which it took effect, whenever it was written."""
    begins, ends = at(date(year, 1, 1)), at(date(year + 1, 1, 1))
    found = lines_of_client(db, client_id, until=ends)
    opening = sum(line.change for line in found if line.effective_at < begins)
    left, told = opening, []
    for line in (line for line in found if line.effective_at >= begins):
        left += line.change
        told.append((line, left))
    return Year(year, opening, told, _months(year, opening, told))


def years_with_lines(db: Session, client_id: int, now: datetime) -> list[int]:
    """List the years of which there is something to tell, the latest first."""
    mine = select(PointsTx.effective_at).where(PointsTx.client_id == client_id)
    first = db.scalar(mine.order_by(PointsTx.effective_at).limit(1))
    return list(range(local(now).year, local(first).year - 1, -1)) if first else []


def csv_of_year(db: Session, client_id: int, told: Year) -> bytes:
    """Write all lines of a year for a spreadsheet, each with its hash, and the head of the chain that proves them."""
    hashes = _hashes(db, client_id)
    header = [say(words.COLUMNS[name]) for name in words.COLUMNS]
    rows: list[list[str | int | date | None]] = [
        [
            local(line.effective_at).date(), line.number, words.title(line.kind, line.source), line.ref_id, line.points,
            line.change, left, hashes[line.number],
        ]
        for line, left in told.lines
    ]  # fmt: skip
    head = db.scalar(select(PointsClient.head_hash).where(PointsClient.client_id == client_id))
    return csv_of(header, [*rows, [None, None, say(words.HEAD), None, None, None, told.closing, head]])


def _months(year: int, opening: int, told: Sequence[tuple[Line, int]]) -> list[Month]:
    months, closing = [], opening
    for number in range(1, 13):
        here = [(line, left) for line, left in told if local(line.effective_at).month == number]
        if not here:
            continue
        changes = dict.fromkeys(Way, 0)
        for line, _ in here:
            changes[WAYS.get(line.kind, Way.REDEEMED)] += line.change
        closing = here[-1][1]
        months.append(Month(date(year, number, 1), changes, closing))
    return months


def _hashes(db: Session, client_id: int) -> dict[int, str]:
    found = select(PointsTx.client_seq, PointsTx.hash).where(PointsTx.client_id == client_id)
    return {int(number): str(hash_) for number, hash_ in db.execute(found)}
