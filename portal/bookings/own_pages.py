"""The pages behind a booking's link: where it stands, move, cancel, sign, calendar, activation code."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import callbacks, clients
from portal.audit import Person
from portal.bookings import ahead, handovers, ics, queries, rules, tracker, words
from portal.bookings.actions import cancel, move
from portal.bookings.course import letter, sign
from portal.bookings.effect import checklist, send_activation
from portal.bookings.forms import PlaceForm, SignForm
from portal.bookings.models import Booking
from portal.bookings.picking import MaybeVisitor, day_of, own
from portal.bookings.recording import VISITOR
from portal.bookings.terms import Case, Kind, Refusal, State
from portal.doors import PUBLIC, Db, Now, Page, PageMaker, Sent, get, post
from portal.kit.clock import local_date
from portal.queues import Stale


@get("/bookings/mine/{key:str}", name="bookings.mine", guard=PUBLIC)
def mine(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[str]:
    """Show a booking by its signed link: which step, by whom, until when."""
    return _mine(db, page, key, own(db, page, visitor, key), now)


@get("/bookings/mine/{key:str}/times", name="bookings.times", guard=PUBLIC)
def times(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[str]:
    """Offer other times at the same branch."""
    return _times(db, page, key, own(db, page, visitor, key), now)


@post("/bookings/mine/{key:str}/times", name="bookings.move", guard=PUBLIC)
def move_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Move the visit."""
    booking, form = own(db, page, visitor, key), sent.bind(PlaceForm)
    if not form.ok:
        return _times(db, page, key, booking, now, refusal=Refusal.NOT_BOOKABLE)
    outcome = move(db, booking, form.slot, by=Person(VISITOR, booking.name), now=now)
    if not isinstance(outcome, Booking):
        return _times(db, page, key, booking, now, refusal=outcome)
    return page.go("bookings.mine", key=key)


@post("/bookings/mine/{key:str}/cancellation", name="bookings.cancel", guard=PUBLIC)
def cancel_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[Any]:
    """Cancel the visit; its place is free at once."""
    booking = own(db, page, visitor, key)
    outcome = cancel(db, booking, by=Person(VISITOR, booking.name), now=now)
    if not isinstance(outcome, Booking):
        return _mine(db, page, key, booking, now, refusal=outcome)
    return page.go("bookings.mine", key=key)


@get("/bookings/mine/{key:str}/letter", name="bookings.letter", guard=PUBLIC)
def show_letter(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str]) -> Response[str]:
    """Show the confirmation letter, to be signed or as it was signed."""
    return _letter(db, page, key, own(db, page, visitor, key), SignForm())


@post("/bookings/mine/{key:str}/letter", name="bookings.sign", guard=PUBLIC)
def sign_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Sign the letter; then the call-back is asked for."""
    booking, form = own(db, page, visitor, key), sent.bind(SignForm)
    if form.ok:
        outcome = sign(db, booking, seen=booking.version, signed_name=form.name, sha256=form.sha256, now=now)
        if isinstance(outcome, Booking):
            return page.go("bookings.mine", key=key)
        form.wrong("name", words.REFUSALS[outcome if isinstance(outcome, Refusal) else Refusal.TOO_LATE])
    return _letter(db, page, key, booking, form, status=422)


@get("/bookings/mine/{key:str}/calendar", name="bookings.calendar", guard=PUBLIC)
def calendar_entry(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[bytes]:
    """Give the visit as a calendar entry."""
    row = queries.row(db, own(db, page, visitor, key).id)
    name = f'attachment; filename="{row.number}.ics"'
    kind = f"text/calendar; method={'REQUEST' if row.is_open else 'CANCEL'}"
    return Response(ics.entry(row, now), media_type=kind, headers={"Content-Disposition": name})


@post("/bookings/mine/{key:str}/activation", name="bookings.activation", guard=PUBLIC)
def activation(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[Any]:
    """Send the activation code of the portal to who has an account now."""
    booking = own(db, page, visitor, key)
    if refusal := send_activation(db, booking, now):
        return _mine(db, page, key, booking, now, refusal=refusal)
    return page.go("identity.activate")


def _mine(
    db: Session, page: PageMaker, key: str, booking: Booking, now: Now, *, refusal: Refusal | Stale | None = None
) -> Response[str]:
    row = queries.row(db, booking.id)
    starts_in_time = row.starts_at - now >= rules.MOVE_UNTIL
    may_change = booking.state in rules.BEFORE_VISIT and starts_in_time
    call = callbacks.task_of(db, "booking", booking.number)
    return page.show(
        "bookings/mine.html", status=422 if refusal else 200, row=row, key=key, refusal=refusal, now=now,
        track=tracker.of(db, row, call), steps=rules.steps_of(Kind(row.kind)),
        step=rules.step_now(State(row.state), Kind(row.kind)), events=queries.events(db, booking.id),
        states=words.STATES, verbs=words.VERBS, kinds=words.KINDS, words=words.REFUSALS, paper_words=words.PAPERS,
        papers=rules.papers_for(Case(row.visitor_case), Kind(row.kind)), may_change=may_change,
        may_move=may_change and row.moves < rules.MOVES_LIMIT, moves_left=rules.MOVES_LIMIT - row.moves,
        phone=clients.masked_phone(row.phone),
        sheet=ahead.sheet_of(db, booking.id), handover=handovers.of(db, row.id),
        fills=row.state == State.BOOKED and Kind(row.kind) in rules.OPENINGS and row.visitor_case != Case.COMPANY,
        first_steps=checklist(db, row.client_id, local_date(now)) if row.state == State.EFFECTIVE else {},
    )  # fmt: skip


def _times(db: Session, page: PageMaker, key: str, booking: Booking, now: Now, *, refusal: Any = None) -> Response[str]:
    row = queries.row(db, booking.id)
    days = queries.days(db, booking.branch_id, now)
    day = day_of(page.query.get("day", ""), days)
    return page.show(
        "bookings/times.html", status=422 if refusal else 200, row=row, key=key, days=days, day=day, refusal=refusal,
        slots=queries.slots_on(db, booking.branch_id, day.day, now) if day else [], words=words.REFUSALS,
        whys=words.WHYS,
    )  # fmt: skip


def _letter(
    db: Session, page: PageMaker, key: str, booking: Booking, form: SignForm, *, status: int = 200
) -> Response[str]:
    if booking.state != State.APPROVED and not booking.signed_at:
        raise page.missing()
    return page.show(
        "bookings/letter.html", status=status, it=booking, key=key, letter=letter(db, booking), form=form,
        may_sign=booking.state == State.APPROVED,
    )  # fmt: skip


pages = [mine, times, move_now, cancel_now, show_letter, sign_now, calendar_entry, activation]
