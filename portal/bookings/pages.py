"""The visitor's pages: choose a place, prove the telephone; the rest stands behind the booking's link."""

from datetime import timedelta
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal import clients, identity
from portal.audit import Person
from portal.bookings import after_pages, own_pages, promises, queries, rules, slots, terms, waiting_pages, words
from portal.bookings.actions import Asked, Booked, book
from portal.bookings.forms import PlaceForm, ProofForm, VisitForm
from portal.bookings.picking import CODE, HOLD, MaybeVisitor, lead_on, one_of, picker
from portal.bookings.proving import answer, ask_for_code, waiting_for
from portal.bookings.terms import Case, Channel, Kind, Refusal
from portal.doors import PUBLIC, Db, Now, Page, PageMaker, Sent, get, post
from portal.identity import Seat, fingerprint
from portal.kit.clock import local_date
from portal.kit.i18n import language
from portal.settings import Settings

STANDARD_DAYS = 90


@get("/bookings", name="bookings.index", guard=PUBLIC)
def index(db: Db, page: Page, visitor: MaybeVisitor, now: Now) -> Response[str]:
    """Let the visitor choose branch, day and time; closed days say why."""
    return picker(db, page, visitor, now)


@post("/bookings/places", name="bookings.keep", guard=PUBLIC)
def keep(db: Db, page: Page, visitor: MaybeVisitor, seat: Seat, sent: Sent, now: Now) -> Response[Any]:
    """Keep a place for five minutes while the visitor types."""
    form = sent.bind(PlaceForm)
    if not form.ok:
        return picker(db, page, visitor, now, refusal=Refusal.NOT_BOOKABLE)
    if not identity.may(db, "booking_place", seat.network, now):
        return picker(db, page, visitor, now, refusal=Refusal.TOO_MANY)
    if page.cookie(HOLD):
        slots.let_go(db, page.cookie(HOLD), now)
    kept = slots.hold(db, form.slot, now)
    if isinstance(kept, Refusal):
        return picker(db, page, visitor, now, refusal=kept)
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
        return picker(db, page, visitor, now, refusal=Refusal.TOO_LATE)
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
        form.wrong("phone", words.REFUSALS[secret])
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
        return picker(db, page, visitor, now, refusal=Refusal.CODE_LAPSED)
    if not form.ok:
        return _code(db, page, form, asked, status=422)
    made = answer(db, secret=page.cookie(CODE), digits=form.code, origin=settings.origin, now=now)
    if made is Refusal.WRONG_CODE:
        form.wrong("code", words.REFUSALS[made])
        return _code(db, page, form, asked, status=422)
    if isinstance(made, Refusal):
        return picker(db, page, visitor, now, refusal=made)
    return lead_on(page, made)


@get("/bookings/standard", name="bookings.standard", guard=PUBLIC)
def standard(db: Db, page: Page, now: Now) -> Response[str]:
    """Show what we promise, and how often we kept it and did not."""
    since = local_date(now) - timedelta(days=STANDARD_DAYS)
    return page.show(
        "bookings/standard.html",
        told=promises.standard(db, since, now),
        words=words.PROMISES,
        since=since,
        now=now,
        rules=rules,
    )


def _ask(
    db: Session, page: PageMaker, visitor: MaybeVisitor, form: VisitForm, kept: Any, *, status: int = 200
) -> Response[str]:
    client = clients.client_by_id(db, visitor.client_id) if visitor and visitor.client_id else None
    if client is not None and "name" not in form.typed:
        form.typed |= {"name": client.name, "phone": clients.mobile(db, client.id) or ""}
    kind, case = one_of(Kind, form.typed.get("kind"), Kind.NEW), one_of(Case, form.typed.get("case"), Case.ADULT)
    return page.show(
        "bookings/new.html", status=status, form=form, slot=queries.slot(db, kept.slot_id), kept=kept,
        kinds=words.KINDS, cases=words.CASES, kind=kind, case=case, paper_words=words.PAPERS,
        lists={each: rules.papers_for(each, Kind.NEW) for each in Case}, transfer=terms.Paper.TRANSFER,
    )  # fmt: skip


def _code(db: Session, page: PageMaker, form: ProofForm, asked: Asked, *, status: int = 200) -> Response[str]:
    slot = queries.slot(db, asked.slot_id)
    return page.show(
        "bookings/code.html", status=status, form=form, slot=slot, phone=clients.masked_phone(asked.phone)
    )  # fmt: skip


def _booked(
    db: Session, page: PageMaker, visitor: MaybeVisitor, form: VisitForm, kept: Any, made: Booked | Refusal
) -> Response[Any]:
    if isinstance(made, Booked):
        return lead_on(page, made)
    form.wrong("phone", words.REFUSALS[made])
    return _ask(db, page, visitor, form, kept, status=422)


pages = [
    index, keep, new, create, show_code, prove, standard, *waiting_pages.pages, *own_pages.pages, *after_pages.pages,
]  # fmt: skip
