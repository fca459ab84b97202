"""What a ledger row is, in our own codes, and when a month of an account is proved to balance."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise


class BizCode(StrEnum):
    """Why cash or shares moved; the counter's own words are kept beside it."""

    OPENING = "OPENING"
    BUY = "BUY"
    SELL = "SELL"
    DIV_CASH = "DIV_CASH"
    DIV_TAX = "DIV_TAX"
    BONUS = "BONUS"
    RIGHTS_RIGHT = "RIGHTS_RIGHT"
    RIGHTS_PAY = "RIGHTS_PAY"
    RIGHTS_IN = "RIGHTS_IN"
    IPO_LOT = "IPO_LOT"
    IPO_PAY = "IPO_PAY"
    IPO_BACK = "IPO_BACK"
    IPO_IN = "IPO_IN"
    REPO_LEND = "REPO_LEND"
    REPO_BACK = "REPO_BACK"
    CASH_IN = "CASH_IN"
    CASH_OUT = "CASH_OUT"
    INTEREST = "INTEREST"
    INTEREST_TAX = "INTEREST_TAX"
    XFER_IN = "XFER_IN"
    XFER_OUT = "XFER_OUT"
    SPLIT = "SPLIT"
    FREEZE = "FREEZE"
    ADJ = "ADJ"
    ADMIN = "ADMIN"
    UNKNOWN = "UNKNOWN"


LONGEST_DAYS = 366
FUNDS = frozenset({"ETF", "LOF", "MMF"})


@dataclass(frozen=True)
class Entry:
    """One booking as the proof needs it: the signed amount and the balance that the counter says it left, in yuan."""

    amount: Decimal
    balance_after: Decimal


@dataclass(frozen=True)
class DayEnd:
    """A day of an account: the counter's opening and closing cash in yuan, and how much its load found wrong."""

    opening: Decimal
    closing: Decimal
    faults: int | None  # None: nobody has checked it


def balances_throughout(entries: Sequence[Entry], days: Sequence[DayEnd]) -> bool:
    """Say whether the month is proved: no fault on any day, each day opens where the last closed, each running balance
    is the counter's, and opening + flows = closing to the cent."""
    if not days or any(day.faults != 0 for day in days):
        return False
    if any(later.opening != earlier.closing for earlier, later in pairwise(days)):
        return False
    balance = days[0].opening
    for entry in entries:
        balance += entry.amount
        if balance != entry.balance_after:
            return False
    return balance == days[-1].closing


def month_named(text: str) -> date | None:
    """Read a month as in 2026-11 as its first day, or None where it is none."""
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()):
        return None
    return date(int(year), int(month), 1) if year >= "1900" and "01" <= month <= "12" else None


@dataclass(frozen=True)
class Period:
    """The days that a statement is about: a month, or any range of at most 366 days."""

    first: date
    last: date

    @property
    def is_month(self) -> bool:
        """Tell whether it is just one whole month."""
        return self.first.day == 1 and self.last == last_of(self.first)

    @property
    def name(self) -> str:
        """Give the period as addresses name it: 2026-11 or 2026-02-03..2026-05-04."""
        return f"{self.first:%Y-%m}" if self.is_month else f"{self.first}..{self.last}"


def period_named(text: str) -> Period | None:
    """Read a period as addresses name it, or None where it is none."""
    if month := month_named(text):
        return Period(month, last_of(month))
    first, dots, last = text.partition("..")
    return period_between(first, last) if dots else None


def period_between(first: str, last: str) -> Period | None:
    """Give the days from one to another, both included; None where one is no day or they are too many."""
    begin, end = day_named(first), day_named(last)
    return Period(begin, end) if begin and end and 0 <= (end - begin).days < LONGEST_DAYS else None


def day_named(text: str) -> date | None:
    """Read a day as in 2026-11-20, or None where it is none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 and text.isascii() and text >= "1900" else None
    except ValueError:
        return None


def last_of(month: date) -> date:
    """Give the last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def around(month: date, known: Sequence[date], wide: int = 13) -> Sequence[date]:
    """Choose the months of the strip: the one shown and its neighbours, as far as there are any."""
    at = sum(1 for each in known if each < month)
    start = max(0, min(at - wide // 2, len(known) - wide))
    return known[start : start + wide]
