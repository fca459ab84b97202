"""What a ledger row is, in our own codes, and when a month of an account is proved to balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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


def last_of(month: date) -> date:
    """Give the last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def around(month: date, known: Sequence[date], wide: int = 3) -> Sequence[date]:
    """Choose the months of the switch: the one shown and its neighbours, as far as there are any."""
    at = list(known).index(month)
    start = max(0, min(at - wide // 2, len(known) - wide))
    return known[start : start + wide]
