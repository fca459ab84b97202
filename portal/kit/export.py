"""Figures for spreadsheets: CSV that Excel reads as it is meant, and that can't make it run a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

Cell = str | Decimal | int | date | None
BOM = "\ufeff"  # without it Excel takes UTF-8 for GBK
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table as CSV: UTF-8 with BOM, CRLF; text that a spreadsheet would run as a formula gets an apostrophe."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return (BOM + text.getvalue()).encode()


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return "" if cell is None else str(cell)
