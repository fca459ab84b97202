"""The risk questionnaire ahead of the visit: the visitor fills it in himself, behind his link."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import suitability
from portal.audit import Person
from portal.bookings.models import Booking
from portal.bookings.paper_models import VisitorSheet
from portal.bookings.recording import VISITOR, trace
from portal.bookings.terms import Case
from portal.suitability import Definition

Given = Mapping[str, Sequence[str]]


def fill(db: Session, booking: Booking, definition: Definition, given: Given, now: datetime) -> Sequence[str]:
    """Keep a whole sheet; else name the questions whose answer is missing or does not fit, and keep nothing."""
    answers = answers_of(definition, given)
    if faults := definition.faults(answers):
        return [question.id for question in definition.questions if question.id in faults]
    before = sheet_of(db, booking.id)
    sheet = VisitorSheet(
        booking_id=booking.id, ordinal=before.ordinal + 1 if before else 1, version=definition.version,
        sha256=definition.sha256, answers=definition.ordered(answers), filled_at=now,
    )  # fmt: skip
    db.add(sheet)
    db.flush()
    told = {"version": definition.version, "ordinal": sheet.ordinal}
    trace(db, booking, "sheet", Person(VISITOR, booking.name), now, before={}, after=told)
    return []


def answers_of(definition: Definition, given: Given) -> dict[str, Any]:
    """Give the answers in the questionnaire's own form: one key, or a list where several may be chosen."""
    known = [question for question in definition.questions if given.get(question.id)]
    return {each.id: list(given[each.id]) if each.is_multi else given[each.id][0] for each in known}


def sheet_of(db: Session, booking_id: int) -> Any:
    """Give the newest sheet of a booking, or None."""
    mine = select(*VisitorSheet.__table__.c).where(VisitorSheet.booking_id == booking_id)
    return db.execute(mine.order_by(VisitorSheet.ordinal.desc()).limit(1)).first()


def is_filled(db: Session, booking: Booking, now: datetime) -> bool:
    """Tell whether the questionnaire is there: by the visitor's own hand, or as a client's that holds still.

    A company's is on paper: it stands on its checklist.
    """
    if booking.visitor_case == Case.COMPANY or sheet_of(db, booking.id):
        return True
    return bool(booking.client_id and suitability.current(db, booking.client_id, now))


def hand_sheet_on(db: Session, booking: Booking, now: datetime) -> None:
    """Lay the visitor's answers into his own sheet, while the questionnaire is the same; he submits it himself."""
    sheet, form = sheet_of(db, booking.id), suitability.published(db)
    if sheet is None or form is None or form.definition.sha256 != sheet.sha256 or booking.client_id is None:
        return
    client = suitability.Person(f"client:{booking.client_id}", booking.name)
    draft = suitability.start(db, client=client, client_id=booking.client_id, now=now)
    if not isinstance(draft, suitability.Refusal):
        given = {id: [keys] if isinstance(keys, str) else keys for id, keys in sheet.answers.items()}
        suitability.save(db, draft, form.definition, given, now)
