"""An event as an iCalendar file (RFC 5545): CRLF, lines folded at 75 bytes, times in UTC."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

LINE = 75  # bytes a line may have, the fold's own space included


def ics(event: Mapping[str, Any], now: datetime) -> str:
    """Write one event, already in the reader's language; a cancelled one takes itself out of the calendar."""
    is_off = event["state"] == "cancelled"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//portal//club//ZH", f"METHOD:{'CANCEL' if is_off else 'PUBLISH'}",
        "BEGIN:VEVENT", f"UID:{event['number']}@portal", f"SEQUENCE:{int(is_off)}", f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(event['starts_at'])}", f"DTEND:{_utc(event['ends_at'])}", f"SUMMARY:{_text(event['title'])}",
        f"LOCATION:{_text(event['place'])}", f"DESCRIPTION:{_text(event['aim'])}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return value.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LINE:
            yield part
            part = " "
        part += letter
    yield part
