"""The staff's pages of bookings: the ledger under its views, booking for a caller, a day to print."""

from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients
from portal.bookings import branch_pages, forms, queries, relation_pages, rules, step_pages
from portal.bookings.actions import Asked, Booked, book
from portal.bookings.forms import DeskVisitForm
from portal.bookings.ledger_view import filters_of, ledger_page, person, reach, tab_of
from portal.bookings.sheets import csv_of, lines_csv
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
    asked = filters_of(page) | {"limit": CSV_LIMIT, "within": reach(staff)}
    rows = queries.ledger(db, tab_of(page), now, me=staff.user_id, **asked)
    name = f'attachment; filename="bookings-{local_date(now)}.csv"'
    return Response(csv_of(rows), media_type="text/csv", headers={"Content-Disposition": name})


@get("/desk/bookings/lines", name="bookings.lines", guard=READS)
def lines(db: Db, staff: Staff, page: Page, now: Now) -> Response[bytes]:
    """Give the ledger's own lines of the last ninety days as CSV, newest first."""
    rows = queries.newest_lines(db, now - timedelta(days=LINES_DAYS), CSV_LIMIT, reach(staff))
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
    made = book(db, asked, by=person(staff), channel=form.channel, origin=settings.origin, now=now)
    if isinstance(made, Booked):
        return page.go("bookings.review", number=made.booking.number)
    form.wrong("slot", forms.REFUSALS[made])
    return _desk_new(db, page, form, now, status=422)


@get("/desk/bookings/{number:str}", name="bookings.review", guard=READS)
def review(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one booking beside the ledger."""
    return ledger_page(db, staff, page, now, number=number)


@get("/desk/bookings/sheet", name="bookings.sheet", guard=READS)
def sheet(db: Db, page: Page, now: Now) -> Response[str]:
    """Show a branch's day to print."""
    branches = queries.branches(db)
    chosen = queries.branch_by_code(db, page.query.get("branch", branches[0].code if branches else ""))
    typed = page.query.get("day", "")
    named = [day.day for day in (queries.days(db, chosen.id, now) if chosen else []) if str(day.day) == typed]
    day = named[0] if named else local_date(now)
    return page.show(
        "bookings/sheet.html", branches=branches, chosen=chosen, day=day, now=now, kinds=forms.KINDS,
        rows=queries.visits_on(db, chosen.id, day) if chosen else [], states=forms.STATES, cases=forms.CASES,
        days=queries.days(db, chosen.id, now) if chosen else [], mask=clients.masked_phone, ways=forms.WAYS,
        handovers=queries.handovers_on(db, chosen.id, day) if chosen else [], items=forms.ITEMS,
    )  # fmt: skip


def _desk_new(db: Session, page: PageMaker, form: DeskVisitForm, now: Now, *, status: int = 200) -> Response[str]:
    slots = queries.free_slots(db, now, until=local_date(now) + timedelta(days=rules.DAYS_SHOWN))
    return page.show(
        "bookings/desk_new.html", status=status, form=form, slots=slots, kinds=forms.KINDS, cases=forms.CASES,
        channels=forms.CHANNELS,
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
