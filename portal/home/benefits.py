"""What a member has had of the club in a year: events, talks about the account and notes, from the rooms that know."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from portal import club, library, redemptions
from portal.kit.clock import at


class Benefit(StrEnum):
    """What of the club can be used."""

    EVENT = "event"
    TALK = "talk"
    NOTE = "note"


@dataclass(frozen=True)
class Use:
    """One use of a benefit; a talk has no title of its own."""

    benefit: Benefit
    at: datetime
    number: str
    title_zh: str = ""
    title_en: str = ""


def used(db: Session, client_id: int, year: int) -> list[Use]:
    """List what a member has used in a calendar year, the newest first, in three rooms' reads."""
    span = (at(date(year, 1, 1)), at(date(year + 1, 1, 1)))
    events = (
        Use(Benefit.EVENT, row.checked_in_at, row.number, row.title_zh, row.title_en)
        for row in club.attended(db, client_id, *span)
    )
    talks = (Use(Benefit.TALK, row.at, row.number) for row in redemptions.talks_of(db, client_id, *span))
    notes = (
        Use(Benefit.NOTE, row.read_at, row.number, row.title_zh, row.title_en)
        for row in library.notes_read(db, client_id, *span)
    )
    return sorted([*events, *talks, *notes], key=lambda use: use.at, reverse=True)
