"""The staff's pages of bookings: the ledger under its views, booking for a caller, a day to print."""

from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients
from portal.bookings import branch_pages, ledger_queries, queries, relation_pages, rules, step_pages, words
from portal.bookings.actions import Asked, Booked, book
from portal.bookings.forms import DeskVisitForm
from portal.bookings.ledger_view import filters_of, ledger_page, person, reach, tab_of, within_reach
from portal.bookings.sheets import csv_of, lines_csv
from portal.bookings.terms import Refusal
from portal.doors import READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.kit.clock import local_date
from portal.settings import Settings

CSV_LIMIT = 5000
LINES_DAYS = 90


@get("/desk/bookings", name="bookings.ledger", guard=READS)
def ledger(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the ledger under one view; the filter stands in the address."""
    return ledger_page(db, staff, page, now)


@get("/desk/bookings/export", name="bookings.export", guard=READS)
def export(db: Db, staff: Staff, page: Page, now: Now) -> Response[bytes]:
    """Give a view of the ledger as CSV."""
    rows = ledger_queries.view(
        db, tab_of(page), now, me=staff.user_id, branch=reach(staff), limit=CSV_LIMIT, **filters_of(page)
    )
    name = f'attachment; filename="bookings-{local_date(now)}.csv"'
    return Response(csv_of(rows), media_type="text/csv", headers={"Content-Disposition": name})


@get("/desk/bookings/lines", name="bookings.lines", guard=READS)
def lines(db: Db, staff: Staff, now: Now) -> Response[bytes]:
    """Give the ledger's own lines of the last ninety days as CSV, newest first."""
    rows = ledger_queries.newest_lines(db, now - timedelta(days=LINES_DAYS), CSV_LIMIT, reach(staff))
    name = f'attachment; filename="booking-ledger-{local_date(now)}.csv"'
    return Response(lines_csv(rows), media_type="text/csv", headers={"Content-Disposition": name})


@get("/desk/bookings/new", name="bookings.desk_new", guard=WORKS)
def desk_new(db: Db, page: Page, now: Now) -> Response[str]:
    """Book for a caller or a walk-in."""
    return _desk_new(db, page, DeskVisitForm(), now)


@post("/desk/bookings", name="bookings.desk_create", guard=WORKS)
def desk_create(db: Db, staff: Staff, page: Page, sent: Sent, settings: Settings, now: Now) -> Response[Any]:
    """Take a booking down, with the channel that it came through."""
    form = sent.bind(DeskVisitForm)
    if not form.ok:
        return _desk_new(db, page, form, now, status=422)
    asked = Asked(
        slot_id=form.slot, kind=form.kind, case=form.case, name=form.name, phone=form.phone, referrer=form.referrer,
        language=form.language,
    )  # fmt: skip
    slot = queries.slot(db, form.slot)
    if slot is None or not staff.may_see_branch(slot.code):
        form.wrong("slot", words.REFUSALS[Refusal.NOT_BOOKABLE])
        return _desk_new(db, page, form, now, status=422)
    made = book(db, asked, by=person(staff), channel=form.channel, origin=settings.origin, now=now)
    if isinstance(made, Booked):
        return page.go("bookings.review", number=made.booking.number)
    form.wrong("slot", words.REFUSALS[made])
    return _desk_new(db, page, form, now, status=422)


@get("/desk/bookings/{number:str}", name="bookings.review", guard=READS)
def review(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one booking beside the ledger."""
    return ledger_page(db, staff, page, now, number=number)


@get("/desk/bookings/sheet", name="bookings.sheet", guard=READS)
def sheet(db: Db, page: Page, now: Now) -> Response[str]:
    """Show a branch's day to print."""
    branches = within_reach(page.visitor, queries.open_branches(db))
    asked = page.query.get("branch", branches[0].code if branches else "")
    chosen = next((each for each in branches if each.code == asked), None)
    typed = page.query.get("day", "")
    named = [day.day for day in (queries.days(db, chosen.id, now) if chosen else []) if str(day.day) == typed]
    day = named[0] if named else local_date(now)
    return page.show(
        "bookings/sheet.html", branches=branches, chosen=chosen, day=day, now=now, kinds=words.KINDS,
        rows=queries.visits_on(db, chosen.id, day) if chosen else [], states=words.STATES, cases=words.CASES,
        days=queries.days(db, chosen.id, now) if chosen else [], mask=clients.masked_phone, ways=words.WAYS,
        handovers=queries.handovers_on(db, chosen.id, day) if chosen else [], items=words.ITEMS,
    )  # fmt: skip


def _desk_new(db: Session, page: PageMaker, form: DeskVisitForm, now: Now, *, status: int = 200) -> Response[str]:
    slots = queries.free_slots(
        db, now, until=local_date(now) + timedelta(days=rules.DAYS_SHOWN), branch=reach(page.visitor)
    )  # fmt: skip
    return page.show(
        "bookings/desk_new.html", status=status, form=form, slots=slots, kinds=words.KINDS, cases=words.CASES,
        channels=words.CHANNELS,
    )  # fmt: skip


pages = [
    ledger,
    lines,
    export,
    sheet,
    desk_new,
    desk_create,
    review,
    *relation_pages.pages,
    *branch_pages.pages,
    *step_pages.pages,
]
