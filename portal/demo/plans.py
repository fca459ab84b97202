"""What the cast does on which day: tables of events, routines and habits; days are counted from the first day, from 0.

Day 0 brings the accounts as they stand and has no orders: so each tier is known before a commission earns points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from decimal import Decimal


@dataclass(frozen=True)
class Order:
    """An order that is filled in one piece."""

    at: time
    side: str
    code: str
    qty: int


@dataclass(frozen=True)
class Transfer:
    """Money between the bank and the account: in above zero, out below."""

    at: time
    amount: Decimal


@dataclass(frozen=True)
class Lend:
    """Money lent for a day on the exchange (reverse repo), in yuan."""

    at: time
    amount: int


@dataclass(frozen=True)
class Arrival:
    """Shares moved in from another broker, who does not say what they cost."""

    at: time
    code: str
    qty: int


Event = Order | Transfer | Lend | Arrival


@dataclass(frozen=True)
class Routine:
    """Something that somebody does again every so many days."""

    who: str
    every: int
    since: int
    event: Event


@dataclass(frozen=True)
class Habit:
    """Somebody who sells the last pick and spends the money on the next one, every so many days; `until` excluded."""

    who: str
    codes: tuple[str, ...]
    every: int
    since: int
    spend: int
    until: int = 1000

    def turn(self, day: int) -> int | None:
        """Say which turn of the habit falls on a day."""
        turn, off = divmod(day - self.since, self.every)
        return turn if self.since <= day < self.until and not off else None


def _at(clock: str) -> time:
    return time.fromisoformat(clock)


PLAN: tuple[tuple[str, int, Event], ...] = (
    ("王小满", 0, Transfer(_at("09:12:40"), Decimal("20000.00"))),
    ("王小满", 1, Order(_at("09:41:07"), "B", "510397", 3000)),
    ("王小满", 2, Order(_at("10:15:33"), "B", "600931", 600)),
    ("王小满", 9, Transfer(_at("09:05:18"), Decimal("5000.00"))),
    ("王小满", 13, Order(_at("14:02:51"), "S", "600931", 200)),
    ("李银川", 1, Order(_at("10:03:20"), "B", "002897", 1000)),
    ("李银川", 1, Order(_at("13:22:09"), "B", "510397", 8000)),
    ("李银川", 6, Lend(_at("14:31:00"), 30000)),
    ("李银川", 8, Order(_at("09:48:12"), "S", "002897", 300)),
    ("李银川", 12, Transfer(_at("15:20:45"), Decimal("-6000.00"))),
    ("李银川", 15, Order(_at("10:37:58"), "B", "002897", 200)),
    ("陈金波", 0, Transfer(_at("09:08:02"), Decimal("80000.00"))),
    ("陈金波", 1, Order(_at("09:52:44"), "B", "688462", 1400)),
    ("陈金波", 1, Order(_at("10:20:19"), "B", "159873", 100000)),
    ("陈金波", 3, Order(_at("13:45:30"), "B", "600931", 6000)),
    ("陈金波", 4, Lend(_at("14:50:11"), 100000)),
    ("陈金波", 10, Lend(_at("14:44:36"), 100000)),
    ("陈金波", 12, Order(_at("11:05:27"), "S", "688462", 400)),
    ("陈金波", 17, Order(_at("13:11:13"), "B", "300871", 1000)),
    ("白景云", 1, Order(_at("09:36:05"), "B", "002897", 3200)),
    ("白景云", 1, Order(_at("10:11:48"), "B", "510397", 60000)),
    ("白景云", 1, Order(_at("09:58:31"), "B", "600931", 10000)),
    ("白景云", 2, Order(_at("10:42:16"), "B", "688462", 1000)),
    ("白景云", 3, Order(_at("13:30:00"), "B", "600931", 10000)),
    ("白景云", 4, Lend(_at("14:35:50"), 200000)),
    ("白景云", 5, Lend(_at("14:36:20"), 200000)),
    ("白景云", 7, Order(_at("10:25:09"), "B", "002897", 4400)),
    ("白景云", 9, Transfer(_at("15:10:00"), Decimal("-150000.00"))),
    ("白景云", 13, Order(_at("10:08:40"), "S", "600931", 8000)),
    ("白景云", 14, Order(_at("13:05:55"), "S", "688462", 200)),
    ("白景云", 18, Lend(_at("14:41:07"), 200000)),
    ("白景云", 19, Lend(_at("14:40:30"), 200000)),
    ("郑旁观", 1, Order(_at("10:30:30"), "B", "000763", 1200)),
    ("郑旁观", 3, Order(_at("14:12:22"), "B", "601927", 4000)),
    ("郑旁观", 8, Transfer(_at("09:40:00"), Decimal("-2500.00"))),
    ("郑旁观", 11, Order(_at("09:55:17"), "S", "000763", 500)),
    ("郑旁观", 16, Order(_at("13:40:41"), "B", "159873", 9000)),
    ("何待核", 1, Order(_at("10:02:14"), "B", "600873", 1500)),
    ("李银川", 30, Order(_at("10:11:26"), "B", "605327", 1000)),
    ("白景云", 33, Order(_at("09:44:02"), "B", "605327", 5000)),
    ("郑旁观", 44, Order(_at("13:17:35"), "B", "510397", 2000)),
    ("白景云", 60, Order(_at("10:20:48"), "S", "603965", 1000)),
    ("陈金波", 66, Order(_at("13:40:22"), "S", "688462", 200)),
    ("李银川", 70, Arrival(_at("09:00:00"), "603128", 600)),
    ("李银川", 80, Order(_at("10:32:18"), "S", "002897", 400)),
    ("王小满", 86, Order(_at("10:48:53"), "B", "510397", 1000)),
    ("白景云", 92, Order(_at("13:26:41"), "S", "002897", 2280)),
    ("陈金波", 109, Order(_at("09:51:10"), "B", "601749", 3000)),
    ("郑旁观", 112, Order(_at("14:22:05"), "S", "601927", 1500)),
    ("白景云", 128, Order(_at("10:37:19"), "B", "601749", 6000)),
    ("白景云", 140, Order(_at("14:05:33"), "S", "600931", 4000)),
    ("陈金波", 142, Order(_at("10:08:57"), "S", "600931", 1500)),
    ("王小满", 157, Order(_at("13:33:20"), "B", "510397", 1000)),
    ("李银川", 176, Order(_at("10:55:41"), "S", "605327", 300)),
    ("陈金波", 214, Order(_at("09:47:36"), "S", "001396", 500)),
    ("王小满", 224, Order(_at("10:19:08"), "S", "600931", 100)),
    ("白景云", 229, Order(_at("14:12:50"), "S", "605327", 1500)),
)
ROUTINES = (
    Routine("王小满", 21, 21, Transfer(_at("09:05:18"), Decimal("2500.00"))),
    Routine("李银川", 9, 23, Lend(_at("14:31:00"), 20000)),
    Routine("李银川", 41, 32, Transfer(_at("09:20:37"), Decimal("4000.00"))),
    Routine("陈金波", 7, 24, Lend(_at("14:50:11"), 100000)),
    Routine("陈金波", 62, 39, Transfer(_at("09:04:10"), Decimal("15000.00"))),
    Routine("白景云", 3, 21, Lend(_at("14:36:20"), 200000)),
    Routine("白景云", 47, 40, Transfer(_at("15:10:00"), Decimal("-50000.00"))),
    Routine("郑旁观", 58, 36, Transfer(_at("09:40:00"), Decimal("-1500.00"))),
    Routine("何待核", 5, 4, Order(_at("10:26:30"), "B", "159873", 600)),
)
HABITS = (
    Habit("王小满", ("000763", "603518", "002146"), every=1, since=1, spend=38000, until=20),
    Habit("李银川", ("300871", "002146"), every=2, since=3, spend=42000, until=20),
    Habit("陈金波", ("601927", "603518", "000763"), every=2, since=2, spend=150000, until=20),
    Habit("白景云", ("601927", "300871", "603518"), every=2, since=1, spend=300000, until=20),
    Habit("王小满", ("000589", "600297", "002823"), every=6, since=24, spend=15000),
    Habit("李银川", ("300457", "600873", "601015"), every=8, since=25, spend=30000),
    Habit("陈金波", ("512887", "000917", "603366", "002538"), every=6, since=23, spend=120000),
    Habit("白景云", ("688219", "601015", "300204", "518863"), every=4, since=22, spend=260000),
    Habit("郑旁观", ("600873", "002538", "159941"), every=15, since=30, spend=15000),
)


def planned(day: int) -> Iterator[tuple[str, Event]]:
    """Give the events of a day with their people."""
    yield from ((who, event) for who, on, event in PLAN if on == day)
    for routine in ROUTINES:
        if day >= routine.since and (day - routine.since) % routine.every == 0:
            yield routine.who, routine.event
