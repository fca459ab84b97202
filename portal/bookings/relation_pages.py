"""The relation ledger: the handler's lines, the evening's way through three hands, and the spot checks."""

from datetime import date
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import callbacks, clients, identity
from portal.bookings import papers, queries, rules, words
from portal.bookings import relations as ledger
from portal.bookings.after import SPOT, draw
from portal.bookings.forms import LineForm, StepForm
from portal.bookings.ledger_view import known, ledger_page, person, within_reach
from portal.bookings.terms import Refusal
from portal.doors import READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post, staff_of
from portal.identity import Role

HANDS = staff_of(Role.HANDLER, Role.REVIEWER, Role.MANAGER)
HEADQUARTERS = staff_of(Role.COMPLIANCE, Role.MANAGER)


@get("/desk/bookings/relations", name="bookings.relations", guard=READS)
def relations_page(db: Db, page: Page) -> Response[str]:
    """Show the relation ledger: each day with its lines and the three hands that it goes through."""
    return _relations(db, page)


@post("/desk/bookings/{number:str}/line", name="bookings.line", guard=WORKS)
def enter_line(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Enter the handler's line, from the papers before him."""
    form, it = sent.bind(LineForm), known(db, page, number)
    refusal: Refusal | None = None
    if form.ok:
        line = papers.Line(form.name, form.phone, form.client_no, form.referrer, form.note)
        refusal = papers.enter_line(db, it, line, staff=person(staff), now=now)
        if refusal is None:
            return page.go("bookings.review", number=number)
    return ledger_page(db, staff, page, now, number=number, form=form, outcome=refusal)


@post("/desk/bookings/relations/{branch:int}/{day:str}", name="bookings.pass_on", guard=HANDS)
def pass_on_now(
    db: Db, staff: Staff, page: Page, branch: FromPath[int], day: FromPath[str], sent: Sent, now: Now
) -> Response[Any]:
    """Close, sign or receive a day's ledger."""
    form, on = sent.bind(StepForm), _day(day)
    within = {each.id for each in within_reach(staff, queries.open_branches(db))}
    if not form.ok or on is None or branch not in within:
        raise page.missing()
    is_director = Role.MANAGER in staff.roles
    outcome = ledger.pass_on(
        db, branch_id=branch, day=on, seen=form.version, staff=person(staff), is_director=is_director, now=now
    )
    if isinstance(outcome, Refusal):
        return _relations(db, page, outcome)
    return page.go("bookings.relations")


@post("/desk/bookings/relations/spot-checks", name="bookings.draw", guard=HEADQUARTERS)
def draw_now(db: Db, staff: Staff, page: Page, now: Now) -> Response[Any]:
    """Draw a share of the relations in effect for a spot check."""
    draw(db, percent=rules.SPOT_CHECK_PERCENT, staff=person(staff), now=now)
    return page.go("bookings.relations")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _relations(db: Session, page: PageMaker, refusal: Refusal | None = None) -> Response[str]:
    names = {branch.id: branch for branch in within_reach(page.visitor, queries.open_branches(db))}
    days = ledger.newest_days(db, names)
    lines = ledger.lines_since(db, min(day.day for day in days)) if days else {}
    drawn = callbacks.newest_about(db, SPOT)
    here = queries.numbers_at(db, names, [each.ref_id for each in drawn])
    return page.show(
        "bookings/relations.html", status=422 if refusal else 200, refusal=refusal, words=words.REFUSALS,
        days=[(day, names.get(day.branch_id), lines.get((day.branch_id, day.day), [])) for day in days],
        missing=ledger.without_lines(db, [day for day in days if not day.closed_by]),
        people=identity.staff_names(db), states=words.STATES, masked=clients.masked_name,
        checks=[each for each in drawn if each.ref_id in here], check_states=callbacks.STATES,
    )  # fmt: skip


pages = [relations_page, enter_line, pass_on_now, draw_now]
