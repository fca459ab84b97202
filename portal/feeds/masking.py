"""A quarantined row as staff may read it: as it stood, with what is personal masked."""

import csv
import re
from collections.abc import Callable, Mapping

from portal.clients import masked_account, masked_name
from portal.feeds import layout


def _hidden(text: str) -> str:
    return "****" if text else ""


MASKS: Mapping[str, Callable[[str], str]] = {
    "client_name": masked_name,
    "account_no": masked_account,
    "holder_no": masked_account,
    "remark": _hidden,
}
LONG_NUMBER = re.compile(r"[0-9A-Za-z]{6,}")


def cells(file: str, verbatim: str) -> list[tuple[str, str]]:
    """Give a row's columns with their cells, masked; of a row that has other columns, numbered and masked harder."""
    found = next(csv.reader([verbatim]), [])
    columns = layout.columns(file.removesuffix(".csv"))
    if len(found) != len(columns):
        return [(str(number), _masked_blindly(file, cell)) for number, cell in enumerate(found, 1)]
    return [(column.name, _masked(file, column.name, cell)) for column, cell in zip(columns, found, strict=True)]


def _masked(file: str, name: str, cell: str) -> str:
    if file == "client_info.csv" and name == "value":
        return _hidden(cell)
    return MASKS[name](cell) if cell and name in MASKS else cell


def _masked_blindly(file: str, cell: str) -> str:
    if file in ("client.csv", "client_info.csv"):
        return _hidden(cell)
    return LONG_NUMBER.sub(lambda found: masked_account(found[0]), cell)
