"""A view of the ledger as a file for a spreadsheet."""

import csv
import io
from typing import Any

from portal import clients
from portal.bookings import words
from portal.kit.db import canonical
from portal.kit.i18n import language, say
from portal.kit.render import moment


def csv_of(rows: Any) -> bytes:
    """Write rows for a spreadsheet: with the mark that it reads UTF-8 by, and no cell that it would run."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write([say(head) for head in words.HEADS])
    for row in rows:
        branch = row.branch_name_en if language() == "en" else row.branch_name
        cells = (
            row.number, say(words.STATES[row.state]), say(words.KINDS[row.kind]), say(words.CHANNELS[row.channel]),
            branch, moment(row.starts_at), clients.masked_name(row.name), clients.masked_phone(row.phone),
            row.staff_name or "", moment(row.promised_at), moment(row.answered_at), moment(row.due_at),
            moment(row.handed_in_at), moment(row.done_at),
        )  # fmt: skip
        write([_harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def lines_csv(rows: Any) -> bytes:
    """Write the lines of the ledger themselves: who, when, through which channel, before and after, why."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write([say(head) for head in words.LINE_HEADS])
    for row in rows:
        cells = (
            row.number, moment(row.at), say(words.VERBS[row.verb]), row.actor_name or say("系统"),
            say(words.CHANNELS[row.channel]), canonical(row.before), canonical(row.after), row.reason or "",
        )  # fmt: skip
        write([_harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
