"""What the counter gets wrong, for staff to look at: a day that it sends twice, and a row that can't be taken as it is.

No client of the cast but one sees anything of it: the wrong price is corrected the same night, and the row is of the
one client who trades for this.
"""

from dataclasses import replace
from decimal import Decimal

from portal.demo.cast import CLIENTS
from portal.demo.day import COLUMNS, Day

UNLUCKY = CLIENTS[-1]
MISTYPED = "600297"  # a security whose closing price is wrong by a factor of ten at first
SENT_TWICE_FROM_END = 3
SPOILT_EVERY, SPOILT_SINCE = 5, 4  # the days on which the unlucky client trades
LEAST_DAYS = 6  # a shorter run has no mistakes


def is_sent_twice(number: int, count: int) -> bool:
    """Say whether the counter corrects a day of the run."""
    return count >= LEAST_DAYS and number == count - SENT_TWICE_FROM_END


def is_spoilt(number: int, count: int) -> bool:
    """Say whether a day holds the row that goes into quarantine: the unlucky client's last trade."""
    last = number < count - 1 <= number + SPOILT_EVERY
    return count >= LEAST_DAYS and last and number % SPOILT_EVERY == SPOILT_SINCE


def mistyped(day: Day) -> Day:
    """Give the day as it was sent first: one closing price ten times too high."""
    code, close = (COLUMNS["price"].index(name) for name in ("security_code", "close"))
    prices = [list(row) for row in day.rows["price"]]
    for row in prices:
        if row[code] == MISTYPED:
            row[close] = str(Decimal(row[close]) * 10)
    return replace(day, rows={**day.rows, "price": prices})


def spoilt(day: Day) -> Day:
    """Give the day with a net commission that is not what is left of the commission after the levies."""
    account, net = (COLUMNS["trade"].index(name) for name in ("account_no", "net_commission"))
    trades = [list(row) for row in day.rows["trade"]]
    for row in trades:
        if row[account] == UNLUCKY.account_no:
            row[net] = str(Decimal(row[net]) + 1)
    return replace(day, rows={**day.rows, "trade": trades})
