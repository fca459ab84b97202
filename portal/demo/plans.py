"""What the cast does on which day: tables of events and habits; days are counted from the first day, from 0.

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


Event = Order | Transfer | Lend


@dataclass(frozen=True)
class Habit:
    """Somebody who sells the last pick and spends the money on the next one, every so many days."""

    who: str
    codes: tuple[str, ...]
    every: int
    since: int
    spend: int


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
)
HABITS = (
    Habit("王小满", ("000763", "603518", "002146"), every=1, since=1, spend=38000),
    Habit("李银川", ("300871", "002146"), every=2, since=3, spend=42000),
    Habit("陈金波", ("601927", "603518", "000763"), every=2, since=2, spend=150000),
    Habit("白景云", ("601927", "300871", "603518"), every=2, since=1, spend=300000),
)


def planned(day: int) -> Iterator[tuple[str, Event]]:
    """Give the events of a day with their people."""
    return ((who, event) for who, on, event in PLAN if on == day)
