"""The pages of the waiting list: wait for a full day, take up an offer or let it go."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients
from portal.bookings import queries, terms, words
from portal.bookings.actions import Asked
from portal.bookings.forms import VisitForm
from portal.bookings.picking import lead_on, one_of, picker
from portal.bookings.terms import Case, Kind, Refusal
from portal.bookings.waiting import accept, decline, offered, wait_for
from portal.doors import PUBLIC, Db, Now, Page, PageMaker, Sent, get, post
from portal.identity import Seat
from portal.kit.i18n import language
from portal.settings import Settings


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
        form.wrong("phone", words.REFUSALS[entry])
        return _waiting(db, page, form, now, status=422)
    return page.show("bookings/waits.html", chosen=chosen, day=day, phone=clients.masked_phone(form.phone))


@get("/bookings/offers/{secret:str}", name="bookings.offer", guard=PUBLIC)
def offer(db: Db, page: Page, secret: FromPath[str], now: Now) -> Response[Any]:
    """Show a place that came free and is kept for this visitor."""
    found = offered(db, secret, now)
    if found is None:
        return picker(db, page, None, now, refusal=Refusal.OFFER_LAPSED)
    return _offer(db, page, secret, found)


@post("/bookings/offers/{secret:str}", name="bookings.accept", guard=PUBLIC)
def accept_now(db: Db, page: Page, secret: FromPath[str], settings: Settings, now: Now) -> Response[Any]:
    """Take the offered place."""
    made = accept(db, secret, origin=settings.origin, now=now)
    if isinstance(made, Refusal):
        return picker(db, page, None, now, refusal=made)
    return lead_on(page, made)


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
    named = [day for day in days if str(day.day) == page.query.get("day", "") and day.why is terms.Why.FULL]
    return chosen, named[0] if named else None


def _waiting(db: Session, page: PageMaker, form: VisitForm, now: Now, *, status: int = 200) -> Response[Any]:
    chosen, day = _full_day(db, page, now)
    if chosen is None or day is None:
        return page.go("bookings.index")
    kind = one_of(Kind, form.typed.get("kind"), Kind.NEW)
    case = one_of(Case, form.typed.get("case"), Case.ADULT)
    return page.show(
        "bookings/waiting.html", status=status, form=form, chosen=chosen, day=day, kinds=words.KINDS,
        cases=words.CASES, kind=kind, case=case,
    )  # fmt: skip


pages = [show_waiting, wait, offer, accept_now, decline_now]
