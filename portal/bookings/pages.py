"""The visitor's pages: choose a place, prove the telephone, and the signed link with its tracker."""

from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import callbacks, clients, identity
from portal.bookings import forms, ics, queries, rules, slots, tracker
from portal.bookings.actions import VISITOR, Asked, Booked, Person, book, cancel, move
from portal.bookings.course import checklist, letter, send_activation, sign
from portal.bookings.forms import PlaceForm, ProofForm, SignForm, VisitForm
from portal.bookings.models import Booking
from portal.bookings.proving import answer, ask_for_code, waiting_for
from portal.bookings.rules import Case, Channel, Kind, Refusal, State
from portal.bookings.waiting import accept, decline, offered, wait_for
from portal.doors import PUBLIC, Db, Now, Page, PageMaker, Sent, get, post
from portal.identity import Seat, Visitor, fingerprint
from portal.kit.clock import local_date
from portal.kit.i18n import language
from portal.queues import Stale
from portal.settings import Settings

HOLD, CODE = "place", "booking"
STANDARD_DAYS = 90
MaybeVisitor = Visitor | None


@get("/bookings", name="bookings.index", guard=PUBLIC)
def index(db: Db, page: Page, visitor: MaybeVisitor, now: Now) -> Response[str]:
    """Let the visitor choose branch, day and time; closed days say why."""
    return _picker(db, page, visitor, now)


@post("/bookings/places", name="bookings.keep", guard=PUBLIC)
def keep(db: Db, page: Page, visitor: MaybeVisitor, seat: Seat, sent: Sent, now: Now) -> Response[Any]:
    """Keep a place for five minutes while the visitor types."""
    form = sent.bind(PlaceForm)
    if not form.ok:
        return _picker(db, page, visitor, now, refusal=Refusal.NOT_BOOKABLE)
    if not identity.may(db, "booking_place", seat.network, now):
        return _picker(db, page, visitor, now, refusal=Refusal.TOO_MANY)
    if page.cookie(HOLD):
        slots.let_go(db, page.cookie(HOLD), now)
    kept = slots.hold(db, form.slot, now)
    if isinstance(kept, Refusal):
        return _picker(db, page, visitor, now, refusal=kept)
    page.keep(HOLD, kept[0], seconds=int(rules.HOLD_FOR.total_seconds()) * 2)
    return page.go("bookings.new")


@get("/bookings/new", name="bookings.new", guard=PUBLIC)
def new(db: Db, page: Page, visitor: MaybeVisitor, now: Now) -> Response[Any]:
    """Ask who comes and for what, beside the checklist of what to bring."""
    kept = queries.kept(db, fingerprint(page.cookie(HOLD)), now)
    if kept is None:
        return page.go("bookings.index")
    form = VisitForm()
    form.typed = {"kind": page.query.get("kind", "new"), "case": page.query.get("case", "adult")}
    return _ask(db, page, visitor, form, kept)


@post("/bookings", name="bookings.create", guard=PUBLIC)
def create(
    db: Db, page: Page, visitor: MaybeVisitor, seat: Seat, sent: Sent, settings: Settings, now: Now
) -> Response[Any]:
    """Send a code to the telephone; a client who is signed in has proved his already."""
    kept = queries.kept(db, fingerprint(page.cookie(HOLD)), now)
    form = sent.bind(VisitForm)
    if kept is None:
        return _picker(db, page, visitor, now, refusal=Refusal.TOO_LATE)
    if not form.ok:
        return _ask(db, page, visitor, form, kept, status=422)
    client_id = (visitor.client_id or None) if visitor else None
    asked = Asked(
        slot_id=kept.slot_id, kind=form.kind, case=form.case, name=form.name, phone=form.phone, hold_id=kept.id,
        referrer=form.referrer, language=language(), client_id=client_id,
    )  # fmt: skip
    if visitor and client_id and clients.mobile(db, client_id) == form.phone:
        by = Person(visitor.actor, form.name)
        made = book(db, asked, by=by, channel=Channel.WEB, origin=settings.origin, now=now)
        return _booked(db, page, visitor, form, kept, made)
    secret = ask_for_code(db, asked, network=seat.network, now=now)
    if isinstance(secret, Refusal):
        form.wrong("phone", forms.REFUSALS[secret])
        return _ask(db, page, visitor, form, kept, status=422)
    page.keep(CODE, secret, seconds=int(rules.CODE_LASTS.total_seconds()))
    return page.go("bookings.code")


@get("/bookings/code", name="bookings.code", guard=PUBLIC)
def show_code(db: Db, page: Page, now: Now) -> Response[Any]:
    """Ask for the code that was sent."""
    asked = waiting_for(db, page.cookie(CODE), now)
    if asked is None:
        return page.go("bookings.index")
    return _code(db, page, ProofForm(), asked)


@post("/bookings/code", name="bookings.prove", guard=PUBLIC)
def prove(db: Db, page: Page, visitor: MaybeVisitor, sent: Sent, settings: Settings, now: Now) -> Response[Any]:
    """Check the code and book."""
    form, asked = sent.bind(ProofForm), waiting_for(db, page.cookie(CODE), now)
    if asked is None:
        return _picker(db, page, visitor, now, refusal=Refusal.CODE_LAPSED)
    if not form.ok:
        return _code(db, page, form, asked, status=422)
    made = answer(db, secret=page.cookie(CODE), digits=form.code, origin=settings.origin, now=now)
    if made is Refusal.WRONG_CODE:
        form.wrong("code", forms.REFUSALS[made])
        return _code(db, page, form, asked, status=422)
    if isinstance(made, Refusal):
        return _picker(db, page, visitor, now, refusal=made)
    return _lead_on(page, made)


@get("/bookings/standard", name="bookings.standard", guard=PUBLIC)
def standard(db: Db, page: Page, now: Now) -> Response[str]:
    """Show what we promise, and how often we kept it and did not."""
    since = local_date(now) - timedelta(days=STANDARD_DAYS)
    return page.show("bookings/standard.html", told=queries.standard(db, since, now), since=since, now=now, rules=rules)


@get("/bookings/mine/{key:str}", name="bookings.mine", guard=PUBLIC)
def mine(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[str]:
    """Show a booking by its signed link: which step, by whom, until when."""
    return _mine(db, page, key, _own(db, page, visitor, key), now)


@get("/bookings/mine/{key:str}/times", name="bookings.times", guard=PUBLIC)
def times(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[str]:
    """Offer other times at the same branch."""
    return _times(db, page, key, _own(db, page, visitor, key), now)


@post("/bookings/mine/{key:str}/times", name="bookings.move", guard=PUBLIC)
def move_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Move the visit."""
    booking, form = _own(db, page, visitor, key), sent.bind(PlaceForm)
    if not form.ok:
        return _times(db, page, key, booking, now, refusal=Refusal.NOT_BOOKABLE)
    outcome = move(db, booking, form.slot, by=Person(VISITOR, booking.name), now=now)
    if not isinstance(outcome, Booking):
        return _times(db, page, key, booking, now, refusal=outcome)
    return page.go("bookings.mine", key=key)


@post("/bookings/mine/{key:str}/cancellation", name="bookings.cancel", guard=PUBLIC)
def cancel_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[Any]:
    """Cancel the visit; its place is free at once."""
    booking = _own(db, page, visitor, key)
    outcome = cancel(db, booking, by=Person(VISITOR, booking.name), now=now)
    if not isinstance(outcome, Booking):
        return _mine(db, page, key, booking, now, refusal=outcome)
    return page.go("bookings.mine", key=key)


@get("/bookings/mine/{key:str}/letter", name="bookings.letter", guard=PUBLIC)
def show_letter(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str]) -> Response[str]:
    """Show the confirmation letter, to be signed or as it was signed."""
    return _letter(db, page, key, _own(db, page, visitor, key), SignForm())


@post("/bookings/mine/{key:str}/letter", name="bookings.sign", guard=PUBLIC)
def sign_now(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Sign the letter; then the call-back is asked for."""
    booking, form = _own(db, page, visitor, key), sent.bind(SignForm)
    if form.ok:
        outcome = sign(db, booking, seen=booking.version, signed_name=form.name, sha256=form.sha256, now=now)
        if isinstance(outcome, Booking):
            return page.go("bookings.mine", key=key)
        form.wrong("name", forms.REFUSALS[outcome if isinstance(outcome, Refusal) else Refusal.TOO_LATE])
    return _letter(db, page, key, booking, form, status=422)


@get("/bookings/mine/{key:str}/calendar", name="bookings.calendar", guard=PUBLIC)
def calendar_entry(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[bytes]:
    """Give the visit as a calendar entry."""
    row = queries.row(db, _own(db, page, visitor, key).id)
    name = f'attachment; filename="{row.number}.ics"'
    kind = f"text/calendar; charset=utf-8; method={'REQUEST' if row.is_open else 'CANCEL'}"
    return Response(ics.entry(row, now), media_type=kind, headers={"Content-Disposition": name})


@post("/bookings/mine/{key:str}/activation", name="bookings.activation", guard=PUBLIC)
def activation(db: Db, page: Page, visitor: MaybeVisitor, key: FromPath[str], now: Now) -> Response[Any]:
    """Send the activation code of the portal to who has an account now."""
    booking = _own(db, page, visitor, key)
    if refusal := send_activation(db, booking, now):
        return _mine(db, page, key, booking, now, refusal=refusal)
    return page.go("identity.activate")


@get("/bookings/waiting", name="bookings.waiting", guard=PUBLIC)
def show_waiting(db: Db, page: Page, now: Now) -> Response[Any]:
    """Ask who waits for a full day."""
    return _waiting(db, page, VisitForm(), now)


@post("/bookings/waiting", name="bookings.wait", guard=PUBLIC)
def wait(db: Db, page: Page, seat: Seat, sent: Sent, settings: Settings, now: Now) -> Response[Any]:
    """Put somebody on the waiting list of a day."""
    form, chosen, day = sent.bind(VisitForm), *_full_day(db, page, now)
    if not form.ok or chosen is None or day is None:
        return _waiting(db, page, form, now, status=422)
    asked = Asked(
        slot_id=0, kind=form.kind, case=form.case, name=form.name, phone=form.phone, referrer=form.referrer,
        language=language(),
    )  # fmt: skip
    entry = wait_for(
        db, asked, branch_id=chosen.id, day=day.day, network=seat.network, origin=settings.origin, now=now
    )  # fmt: skip
    if isinstance(entry, Refusal):
        form.wrong("phone", forms.REFUSALS[entry])
        return _waiting(db, page, form, now, status=422)
    return page.show("bookings/waits.html", chosen=chosen, day=day, phone=clients.masked_phone(form.phone))


@get("/bookings/offers/{secret:str}", name="bookings.offer", guard=PUBLIC)
def offer(db: Db, page: Page, secret: FromPath[str], now: Now) -> Response[Any]:
    """Show a place that came free and is kept for this visitor."""
    found = offered(db, secret, now)
    if found is None:
        return _picker(db, page, None, now, refusal=Refusal.OFFER_LAPSED)
    return _offer(db, page, secret, found)


@post("/bookings/offers/{secret:str}", name="bookings.accept", guard=PUBLIC)
def accept_now(db: Db, page: Page, secret: FromPath[str], settings: Settings, now: Now) -> Response[Any]:
    """Take the offered place."""
    made = accept(db, secret, origin=settings.origin, now=now)
    if isinstance(made, Refusal):
        return _picker(db, page, None, now, refusal=made)
    return _lead_on(page, made)


@post("/bookings/offers/{secret:str}/refusal", name="bookings.decline", guard=PUBLIC)
def decline_now(db: Db, page: Page, secret: FromPath[str], now: Now) -> Response[Any]:
    """Let the offered place go to the next one."""
    decline(db, secret, now)
    return page.go("bookings.index")


def _offer(db: Session, page: PageMaker, secret: str, found: Any) -> Response[str]:
    entry, slot = found
    return page.show(
        "bookings/offer.html", secret=secret, slot=queries.slot(db, slot.id), until=entry.offered_until
    )  # fmt: skip


def _full_day(db: Session, page: PageMaker, now: Now) -> tuple[Any, queries.DayShown | None]:
    chosen = queries.branch_by_code(db, page.query.get("branch", ""))
    days = queries.days(db, chosen.id, now) if chosen else []
    named = [day for day in days if str(day.day) == page.query.get("day", "") and day.why is rules.Why.FULL]
    return chosen, named[0] if named else None


def _waiting(db: Session, page: PageMaker, form: VisitForm, now: Now, *, status: int = 200) -> Response[Any]:
    chosen, day = _full_day(db, page, now)
    if chosen is None or day is None:
        return page.go("bookings.index")
    kind = _one(Kind, form.typed.get("kind"), Kind.NEW)
    case = _one(Case, form.typed.get("case"), Case.ADULT)
    return page.show(
        "bookings/waiting.html", status=status, form=form, chosen=chosen, day=day, kinds=forms.KINDS,
        cases=forms.CASES, kind=kind, case=case,
    )  # fmt: skip


def _picker(
    db: Session, page: PageMaker, visitor: MaybeVisitor, now: Now, *, refusal: Refusal | None = None
) -> Response[str]:
    branches = queries.branches(db)
    chosen = queries.branch_by_code(db, page.query.get("branch", branches[0].code if branches else ""))
    days = queries.days(db, chosen.id, now) if chosen else []
    day = _day(page.query.get("day", ""), days)
    own = queries.of_client(db, visitor.client_id) if visitor and visitor.client_id else []
    return page.show(
        "bookings/index.html", status=422 if refusal else 200, branches=branches, chosen=chosen, days=days, day=day,
        slots=queries.slots_on(db, chosen.id, day.day, now) if chosen and day else [], refusal=refusal, own=own,
        words=forms.REFUSALS, whys=forms.WHYS, states=forms.STATES,
    )  # fmt: skip


def _day(typed: str, days: list[queries.DayShown]) -> queries.DayShown | None:
    """Give the day of the address, or the first with a free place; a day beyond the calendar is none."""
    named = [day for day in days if str(day.day) == typed]
    return next(iter(named or [day for day in days if day.free]), None)


def _ask(
    db: Session, page: PageMaker, visitor: MaybeVisitor, form: VisitForm, kept: Any, *, status: int = 200
) -> Response[str]:
    client = clients.client_by_id(db, visitor.client_id) if visitor and visitor.client_id else None
    if client is not None and "name" not in form.typed:
        form.typed |= {"name": client.name, "phone": clients.mobile(db, client.id) or ""}
    kind, case = _one(Kind, form.typed.get("kind"), Kind.NEW), _one(Case, form.typed.get("case"), Case.ADULT)
    return page.show(
        "bookings/new.html", status=status, form=form, slot=queries.slot(db, kept.slot_id), kept=kept,
        kinds=forms.KINDS, cases=forms.CASES, kind=kind, case=case, paper_words=forms.PAPERS,
        lists={each: rules.papers_for(each, Kind.NEW) for each in Case}, transfer=rules.Paper.TRANSFER,
    )  # fmt: skip


def _one(choices: Any, typed: str | None, otherwise: Any) -> Any:
    return choices(typed) if typed in set(choices) else otherwise


def _code(db: Session, page: PageMaker, form: ProofForm, asked: Asked, *, status: int = 200) -> Response[str]:
    slot = queries.slot(db, asked.slot_id)
    return page.show(
        "bookings/code.html", status=status, form=form, slot=slot, phone=clients.masked_phone(asked.phone)
    )  # fmt: skip


def _booked(
    db: Session, page: PageMaker, visitor: MaybeVisitor, form: VisitForm, kept: Any, made: Booked | Refusal
) -> Response[Any]:
    if isinstance(made, Booked):
        return _lead_on(page, made)
    form.wrong("phone", forms.REFUSALS[made])
    return _ask(db, page, visitor, form, kept, status=422)


def _lead_on(page: PageMaker, made: Booked) -> Response[Any]:
    page.forget(HOLD)
    page.forget(CODE)
    return page.go("bookings.mine", key=made.secret)


def _own(db: Session, page: PageMaker, visitor: MaybeVisitor, key: str) -> Booking:
    """Find a booking by its link's secret, or a signed-in client's own by its number; any other is not there."""
    booking = queries.by_link(db, fingerprint(key))
    if booking is None and visitor and visitor.client_id:
        numbered = queries.by_number(db, key)
        booking = numbered if numbered and numbered.client_id == visitor.client_id else None
    if booking is None:
        raise page.missing()
    return booking


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
        states=forms.STATES, verbs=forms.VERBS, kinds=forms.KINDS, words=forms.REFUSALS, paper_words=forms.PAPERS,
        papers=rules.papers_for(Case(row.visitor_case), Kind(row.kind)), may_change=may_change,
        may_move=may_change and row.moves < rules.MOVES_LIMIT, moves_left=rules.MOVES_LIMIT - row.moves,
        phone=clients.masked_phone(row.phone),
        first_steps=checklist(db, row.client_id, local_date(now)) if row.state == State.EFFECTIVE else {},
    )  # fmt: skip


def _times(db: Session, page: PageMaker, key: str, booking: Booking, now: Now, *, refusal: Any = None) -> Response[str]:
    row = queries.row(db, booking.id)
    days = queries.days(db, booking.branch_id, now)
    day = _day(page.query.get("day", ""), days)
    return page.show(
        "bookings/times.html", status=422 if refusal else 200, row=row, key=key, days=days, day=day, refusal=refusal,
        slots=queries.slots_on(db, booking.branch_id, day.day, now) if day else [], words=forms.REFUSALS,
        whys=forms.WHYS,
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


pages = [
    index, keep, new, create, show_code, prove, standard, show_waiting, wait, offer, accept_now, decline_now, mine,
    times, move_now, cancel_now, show_letter, sign_now, calendar_entry, activation,
]  # fmt: skip
