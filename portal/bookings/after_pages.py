"""The pages behind a booking's link for what stands before and after the visit: questionnaire, handover, receipt."""

from datetime import date
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import suitability
from portal.bookings import ahead, handovers, queries, words
from portal.bookings.forms import HandoverForm, SignForm
from portal.bookings.handovers import Choice
from portal.bookings.models import Booking
from portal.bookings.paper_models import Handover
from portal.bookings.picking import MaybeVisitor, own
from portal.bookings.rules import OPENINGS
from portal.bookings.terms import Kind, State, Way
from portal.doors import PUBLIC, Db, Fields, Now, Page, PageMaker, Sent, get, post
from portal.kit.i18n import language


@get("/bookings/mine/{key:str}/questionnaire", name="bookings.sheet_ahead", guard=PUBLIC)
def sheet(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str]) -> Response[str]:
    """Show the risk questionnaire, all of it on one page, with what was answered before."""
    booking = _fillable(db, page, visitor, key)
    kept = ahead.sheet_of(db, booking.id)
    return _sheet(db, page, key, kept.answers if kept else {}, [])


@post("/bookings/mine/{key:str}/questionnaire", name="bookings.fill_ahead", guard=PUBLIC)
def fill_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Keep the whole sheet, or show it again with the questions that are open."""
    booking, form = _fillable(db, page, visitor, key), suitability.published(db)
    if form is None:
        raise page.missing()
    given = _given(form.definition, sent)
    if wrong := ahead.fill(db, booking, form.definition, given, now):
        return _sheet(db, page, key, ahead.answers_of(form.definition, given), wrong)
    return page.go("bookings.mine", key=key)


@get("/bookings/mine/{key:str}/handover", name="bookings.handover", guard=PUBLIC)
def handover(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[str]:
    """Let the client pick how he has card and agreement, or sign for them."""
    booking = own(db, page, visitor, key)
    return _handover(db, page, key, booking, handovers.of(db, booking.id), now)


@post("/bookings/mine/{key:str}/handover", name="bookings.choose_handover", guard=PUBLIC)
def choose_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Keep the choice of time or place."""
    booking, form = own(db, page, visitor, key), sent.bind(HandoverForm)
    if form.ok:
        choice = Choice(form.way, int(form.slot) if form.slot else None, form.address, _day(form.bring_on))
        outcome = handovers.choose(db, booking, choice, now)
        if isinstance(outcome, Handover):
            return page.go("bookings.handover", key=key)
        form.wrong("slot" if form.way is Way.COLLECT else "address", words.REFUSALS[outcome])
    return _handover(db, page, key, booking, handovers.of(db, booking.id), now, form=form, status=422)


@post("/bookings/mine/{key:str}/receipt", name="bookings.receipt", guard=PUBLIC)
def sign_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Sign for what was handed over."""
    booking, form = own(db, page, visitor, key), sent.bind(SignForm)
    if form.ok:
        outcome = handovers.sign_receipt(db, booking, signed_name=form.name, sha256=form.sha256, now=now)
        if isinstance(outcome, Handover):
            return page.go("bookings.handover", key=key)
        form.wrong("name", words.REFUSALS[outcome])
    return _handover(db, page, key, booking, handovers.of(db, booking.id), now, receipt=form, status=422)


def _fillable(db: Session, page: PageMaker, visitor: MaybeVisitor, key: str) -> Booking:
    booking = own(db, page, visitor, key)
    if booking.state != State.BOOKED or Kind(booking.kind) not in OPENINGS:
        raise page.missing()
    return booking


def _given(definition: suitability.Definition, sent: Fields) -> dict[str, list[str]]:
    given = {}
    for question in definition.questions:
        if question.is_multi:
            given[question.id] = [key for key in question.by_key if f"{question.id}.{key}" in sent.typed]
        else:
            given[question.id] = [sent.typed[question.id]] if sent.typed.get(question.id) else []
    return given


def _sheet(db: Session, page: PageMaker, key: str, answers: Any, wrong: Any) -> Response[str]:
    form = suitability.published(db)
    if form is None:
        raise page.missing()
    return page.show(
        "bookings/sheet_ahead.html", status=422 if wrong else 200, key=key, definition=form.definition,
        answers=answers, wrong=wrong, said=language(),
    )  # fmt: skip


def _handover(
    db: Session, page: PageMaker, key: str, booking: Booking, it: Handover | None, now: Now, *,
    form: HandoverForm | None = None, receipt: SignForm | None = None, status: int = 200,
) -> Response[str]:  # fmt: skip
    if booking.state != State.EFFECTIVE or Kind(booking.kind) not in OPENINGS:
        raise page.missing()
    return page.show(
        "bookings/handover.html", status=status, booking=booking, key=key, it=it, form=form or HandoverForm(),
        receipt=receipt or SignForm(), ways=words.WAYS, items=words.ITEMS, now=now,
        slot=queries.slot(db, it.slot_id) if it and it.slot_id else None,
        slots=queries.free_slots(db, now, branch_id=booking.branch_id) if not (it and it.handed_at) else [],
        sha256=handovers.receipt_hash(booking, it) if it and it.handed_at else "",
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


pages = [sheet, fill_now, handover, choose_now, sign_now]
