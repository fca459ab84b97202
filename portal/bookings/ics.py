"""A visit as a calendar entry (RFC 5545): one UID for ever, a SEQUENCE that rises with every change of time."""

from datetime import UTC, datetime
from typing import Any

from portal.bookings import rules
from portal.bookings.terms import State
from portal.kit.clock import local
from portal.kit.i18n import language, say

FOLD = 75  # octets a line
ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T010000", "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


def entry(row: Any, now: datetime) -> bytes:
    """Write the entry of a booking; one that is off says so under the same UID."""
    is_off = row.state in (State.CANCELLED, State.NO_SHOW, State.DENIED)
    where = f"{row.branch_name_en}, {row.address_en}" if language() == "en" else f"{row.branch_name}，{row.address}"
    title = say("营业部预约 %(number)s", number=row.number)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Qingheng Securities//Bookings//ZH",
        f"METHOD:{'CANCEL' if is_off else 'REQUEST'}", *ZONE, "BEGIN:VEVENT", f"UID:{row.number}@bookings.portal",
        f"SEQUENCE:{row.sequence}", f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID=Asia/Shanghai:{local(row.starts_at):%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Asia/Shanghai:{local(row.starts_at + rules.SLOT_LASTS):%Y%m%dT%H%M%S}",
        f"SUMMARY:{_escaped(title)}", f"LOCATION:{_escaped(where)}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}", "ORGANIZER:mailto:service@portal.invalid", "END:VEVENT",
        "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _escaped(text: str) -> str:
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    parts, room = [""], FOLD
    for char in line:
        size = len(char.encode())
        if len(parts[-1].encode()) + size > room:
            parts.append("")
            room = FOLD - 1  # a folded line begins with a space
        parts[-1] += char
    return "\r\n ".join(parts)
