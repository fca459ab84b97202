"""The staff's page of the calendar: how far it is known, a year's notice as a file, and the second person's word."""

from datetime import date
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import calendar, identity
from portal.calendar import BadCalendar
from portal.desk import notices
from portal.desk.forms import CALENDAR_FAULTS, NOTICE_STATES, NOTICE_WORDS
from portal.doors import DECIDES, READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.kit.clock import local_date
from portal.kit.export import csv_of
from portal.kit.i18n import say
from portal.kit.render import day as written

BANNER_DAYS = 60
YEARS = range(2024, 2100)


@get("/desk/calendar", name="desk.calendar", guard=READS)
def index(db: Db, page: Page, now: Now) -> Response[str]:
    """Show what is known of each year, what waits for a second person, and where next year's file goes."""
    return _index(db, page, now)


@get("/desk/calendar/{year:int}/csv", name="desk.calendar_csv", guard=READS)
def draft(db: Db, page: Page, year: FromPath[int]) -> Response[bytes]:
    """Give a year's file to fill in from the notice."""
    if year not in YEARS:
        raise page.missing()
    headers = {"content-disposition": f'attachment; filename="calendar-{year}.csv"'}
    body = csv_of(calendar.COLUMNS, notices.draft(db, year))
    return Response(body, media_type="text/csv", headers=headers)


@post("/desk/calendar", name="desk.propose_calendar", guard=WORKS, uploads=True)
def propose_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Take a year's file for another person to confirm, if it is whole."""
    files = sent.files_of("days")
    try:
        outcome = notices.propose(db, files[0].body if files else b"", by=staff.person, now=now)
    except BadCalendar as bad:
        return _index(db, page, now, wrong=_said(bad))
    if isinstance(outcome, str):
        return _index(db, page, now, wrong=say(NOTICE_WORDS[outcome]))
    return page.go("desk.calendar")


@post("/desk/calendar/notices/{notice:int}/confirmation", name="desk.confirm_calendar", guard=DECIDES)
def confirm_now(db: Db, staff: Staff, page: Page, notice: FromPath[int], now: Now) -> Response[Any]:
    """Let a year's days count, as the second person."""
    refused = notices.decide(db, notice, confirm=True, by=staff.person, now=now)
    return _index(db, page, now, refused=refused) if refused else page.go("desk.calendar")


@post("/desk/calendar/notices/{notice:int}/refusal", name="desk.refuse_calendar", guard=WORKS)
def refuse_now(db: Db, staff: Staff, page: Page, notice: FromPath[int], now: Now) -> Response[Any]:
    """Turn a year's file down, or take one's own back."""
    refused = notices.decide(db, notice, confirm=False, by=staff.person, now=now)
    return _index(db, page, now, refused=refused) if refused else page.go("desk.calendar")


def _said(bad: BadCalendar) -> str:
    told = {"line": bad.line, "day": written(bad.day) if bad.day else "", "columns": ", ".join(calendar.COLUMNS)}
    return str(say(CALENDAR_FAULTS[bad.fault]) % told)


def _index(db: Session, page: PageMaker, now: Now, *, wrong: str = "", refused: str | None = None) -> Response[str]:
    rows, known_until, today = notices.notices(db), calendar.known_until(db), local_date(now)
    days_left = (known_until - today).days if known_until else 0
    return page.show(
        "desk/calendar.html", status=422 if wrong or refused else 200, years=calendar.years(db), now=now,
        waiting=[(row, calendar.summary(notices.days_in(row))) for row in rows if row.state == "proposed"],
        past=[row for row in rows if row.state != "proposed"], names=identity.staff_names(db), states=NOTICE_STATES,
        wrong=wrong, refused=NOTICE_WORDS[refused] if refused else "", known_until=known_until, days_left=days_left,
        is_near=days_left <= BANNER_DAYS, next_year=_next_year(known_until, today),
    )  # fmt: skip


def _next_year(known_until: date | None, today: date) -> int:
    return known_until.year + 1 if known_until else today.year


pages = [index, draft, propose_now, confirm_now, refuse_now]
