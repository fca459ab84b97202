"""A year's notice as a file: every day of one year with its two flags, read strictly and as a whole."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

COLUMNS = ("day", "is_trading", "is_workday", "note", "source", "confirmed")
FLAGS = ("is_trading", "is_workday", "confirmed")
LENGTHS = {"note": 40, "source": 16}


class Fault(StrEnum):
    """What is wrong with a file of days."""

    COLUMNS = "columns"
    OUT_OF_ORDER = "out_of_order"
    TRADES_AT_REST = "trades_at_rest"
    NOT_CONFIRMED = "not_confirmed"
    UNFINISHED = "unfinished"
    CONTRADICTS = "contradicts"


class BadCalendar(ValueError):
    """A file of days that can't be imported: the fault, its line in the file (0: all of it), and the day."""

    def __init__(self, fault: Fault, told: str, *, line: int = 0, day: date | None = None) -> None:
        """Say it in words for the command line."""
        super().__init__(f"line {line}: {told}" if line else told)
        self.fault, self.line, self.day = fault, line, day


@dataclass(frozen=True)
class Summary:
    """What a year's notice says: how many days trade and are worked, and the days that are not as the week has them."""

    trading: int
    worked: int
    unusual: Sequence[tuple[date, bool, str]]


def read_days(body: bytes) -> list[dict[str, Any]]:
    """Read the rows of a file; raises BadCalendar where they are not of the right shape."""
    try:
        rows = [_row(row) for row in csv.DictReader(io.StringIO(_text(body), newline=""))]
    except (AttributeError, KeyError, ValueError, TypeError, csv.Error) as mistake:
        told = f"the file must have the columns {', '.join(COLUMNS)}, with dates as 2027-01-31 and flags 0 or 1"
        raise BadCalendar(Fault.COLUMNS, told) from mistake
    if not rows:
        raise BadCalendar(Fault.COLUMNS, f"the file must have the columns {', '.join(COLUMNS)}")
    return rows


def read_year(body: bytes) -> list[dict[str, Any]]:
    """Read a whole year, each of its days confirmed and in order; raises BadCalendar."""
    rows = read_days(body)
    first = date(rows[0]["day"].year, 1, 1)
    for line, row in enumerate(rows, 2):
        _check(row, first + timedelta(days=line - 2), line)
    if rows[-1]["day"] != date(first.year, 12, 31):
        told = f"the file ends with {rows[-1]['day']}, before the end of {first.year}"
        raise BadCalendar(Fault.UNFINISHED, told, day=rows[-1]["day"])
    return rows


def summary(rows: Sequence[Mapping[str, Any]]) -> Summary:
    """Sum a year up for who has to compare it with the notice."""
    unusual = [
        (row["day"], row["is_workday"], row["note"])
        for row in rows
        if row["is_workday"] != (row["day"].weekday() < 5) or row["is_trading"] != row["is_workday"]
    ]
    return Summary(sum(row["is_trading"] for row in rows), sum(row["is_workday"] for row in rows), unusual)


def _check(row: Mapping[str, Any], expected: date, line: int) -> None:
    day = row["day"]
    if day != expected:
        raise BadCalendar(Fault.OUT_OF_ORDER, f"expected {expected}, found {day}", line=line, day=expected)
    if row["is_trading"] and not row["is_workday"]:
        raise BadCalendar(Fault.TRADES_AT_REST, f"{day} trades and is no workday", line=line, day=day)
    if not row["confirmed"]:
        raise BadCalendar(Fault.NOT_CONFIRMED, f"{day} is not confirmed", line=line, day=day)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030")  # as spreadsheets in China save it


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    if set(row) != set(COLUMNS):
        raise ValueError(row)
    year, month, number = map(int, row["day"].strip().replace("/", "-").split("-"))
    told = {"day": date(year, month, number), "note": row["note"].strip(), "source": row["source"].strip()}
    if any(len(told[name]) > longest for name, longest in LENGTHS.items()):
        raise ValueError(row)
    return told | {flag: {"0": False, "1": True}[row[flag].strip()] for flag in FLAGS}
