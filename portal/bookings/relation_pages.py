"""The relation ledger at the evening, on its way through three hands, and the spot checks."""

from datetime import date
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients, identity
from portal.bookings import forms, papers, queries, rules
from portal.bookings.after import draw
from portal.bookings.forms import StepForm
from portal.bookings.ledger_view import person
from portal.bookings.rules import Refusal
from portal.doors import READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post


@get("/desk/bookings/relations", name="bookings.relations", guard=READS)
def relations(db: Db, page: Page) -> Response[str]:
    """Show the relation ledger: each day with its lines and the three hands that it goes through."""
    return _relations(db, page)


@post("/desk/bookings/relations/{branch:int}/{day:str}", name="bookings.pass_on", guard=WORKS)
def pass_on_now(
    db: Db, staff: Staff, page: Page, branch: FromPath[int], day: FromPath[str], sent: Sent, now: Now
) -> Response[Any]:
    """Close, sign or receive a day's ledger."""
    form, on = sent.bind(StepForm), _day(day)
    if not form.ok or on is None:
        raise page.missing()
    outcome = papers.pass_on(db, branch_id=branch, day=on, seen=form.version, staff=person(staff), now=now)
    if isinstance(outcome, Refusal):
        return _relations(db, page, outcome)
    return page.go("bookings.relations")


@post("/desk/bookings/relations/spot-checks", name="bookings.draw", guard=WORKS)
def draw_now(db: Db, staff: Staff, page: Page, now: Now) -> Response[Any]:
    """Draw a share of the relations in effect for a spot check."""
    draw(db, percent=rules.SPOT_CHECK_PERCENT, staff=person(staff), now=now)
    return page.go("callbacks.queue")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _relations(db: Session, page: PageMaker, refusal: Refusal | None = None) -> Response[str]:
    days = papers.open_days(db)
    names = {branch.id: branch for branch in queries.branches(db)}
    people = {each for day in days for each in (day.closed_by, day.signed_by, day.received_by) if each}
    return page.show(
        "bookings/relations.html", status=422 if refusal else 200, refusal=refusal, words=forms.REFUSALS,
        days=[(day, names.get(day.branch_id), papers.lines_of(db, day.branch_id, day.day)) for day in days],
        people={each: identity.name_of(db, each) for each in people}, states=forms.STATES, masked=clients.masked_name,
    )  # fmt: skip


pages = [relations, pass_on_now, draw_now]
