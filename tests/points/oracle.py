"""The ledger told in another style: one Python object per point, moved one by one, by a clock that never skips."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

GRACE = timedelta(days=15)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(eq=False)
class Point:
    lot: int
    earned_at: datetime
    activates_at: datetime | None
    expires_at: datetime | None
    place: str


@dataclass(eq=False)
class Purse:
    """A hold: its points in the order in which they were taken."""

    timeout_at: datetime
    points: list[Point]
    state: str = "open"
    spent: list[Point] = field(default_factory=list)


@dataclass
class Oracle:
    now: datetime
    points: list[Point] = field(default_factory=list)
    purses: list[Purse] = field(default_factory=list)
    lots: int = 0

    def tick(self, to: datetime) -> None:
        while (instant := self.next_boundary()) and instant <= to:
            self.now = instant
            for point in self.at("pending"):
                if point.activates_at <= instant:
                    point.place = "available"
            for purse in self.purses:
                if purse.state == "open" and purse.timeout_at <= instant:
                    self.release(purse)
            for point in self.at("pending", "available"):
                if point.expires_at and point.expires_at <= instant:
                    point.place = "expired"
        self.now = to

    def next_boundary(self) -> datetime | None:
        instants = [p.activates_at for p in self.at("pending")]
        instants += [p.expires_at for p in self.at("pending", "available") if p.expires_at]
        instants += [purse.timeout_at for purse in self.purses if purse.state == "open"]
        return min(instants, default=None)

    def at(self, *places: str) -> list[Point]:
        return [point for point in self.points if point.place in places]

    def earn(self, n: int, activates_at: datetime | None, expires_at: datetime | None) -> None:
        self.lots += 1
        place = "pending" if activates_at else "available"
        self.points += [Point(self.lots, self.now, activates_at, expires_at, place) for _ in range(n)]
        self.tick(self.now)

    def hold(self, n: int, timeout_at: datetime) -> Purse:
        queue = sorted(self.at("available"), key=lambda p: (p.expires_at or NEVER, p.earned_at, p.lot))
        purse = Purse(timeout_at, queue[:n])
        assert len(purse.points) == n
        self._put(purse.points, "held")
        self.purses.append(purse)
        return purse

    def capture(self, purse: Purse, n: int) -> None:
        purse.state, purse.spent = "captured", purse.points[:n]
        self._put(purse.spent, "spent")
        self.give_back(purse.points[n:])

    def release(self, purse: Purse) -> None:
        purse.state = "released"
        self.give_back(purse.points)

    def refund(self, purse: Purse, n: int) -> None:
        for _ in range(n):
            self.give_back([purse.spent.pop()])

    def give_back(self, points: Iterable[Point]) -> None:
        self.lots += 1
        for point in points:
            point.place = "available"
            if point.expires_at and point.expires_at <= self.now:
                point.expires_at, point.lot = self.now + GRACE, self.lots

    def _put(self, points: Iterable[Point], place: str) -> None:
        for point in points:
            point.place = place

    def profile(self) -> dict[datetime | None, tuple[int, int, int]]:
        """Give (available, held, pending) for each lapse."""
        counts = {place: Counter(p.expires_at for p in self.at(place)) for place in ("available", "held", "pending")}
        lapses = set().union(*counts.values())
        return {at: tuple(count[at] for count in counts.values()) for at in lapses}
