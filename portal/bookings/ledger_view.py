"""The ledger with one booking beside it, as every page of staff's shows it."""

from collections.abc import Iterable
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from portal import calendar, callbacks, clients, identity, queues
from portal.audit import Person
from portal.bookings import ahead, handovers, ledger_queries, papers, queries, rules, words
from portal.bookings.forms import StepForm
from portal.bookings.models import Booking
from portal.bookings.recording import Outcome
from portal.bookings.terms import Case, Kind, State, Verb
from portal.doors import Now, PageMaker
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.forms import Form

STEPS = {
    Verb.CONTACT: "bookings.contact", Verb.PRECHECK: "bookings.precheck", Verb.WITNESS: "bookings.witness",
    Verb.RETURN: "bookings.send_back", Verb.APPROVE: "bookings.approve", Verb.CALL_AGAIN: "bookings.call_again",
    Verb.TAKE_IN: "bookings.take_in", Verb.FINISH: "bookings.finish", Verb.NO_SHOW: "bookings.no_show",
    Verb.MOVE: "bookings.desk_move", Verb.CANCEL: "bookings.desk_cancel",
}  # fmt: skip  # the page of each step that staff take


def known(db: Session, page: PageMaker, number: str) -> Booking:
    """Find a booking by its number; any other is not there."""
    booking = queries.by_number(db, number)
    if booking is None or not page.visitor.may_see_branch(queries.row(db, booking.id).branch_code):
        raise page.missing()
    return booking


def reach(staff: Visitor) -> str:
    """Give the code of the branch to which a member of staff is kept, empty for who reaches all."""
    return "" if staff.may_see_branch(None) else staff.branch_no


def within_reach(staff: Visitor, rows: Iterable[Any]) -> list[Any]:
    """Keep of branches those that a member of staff may see."""
    return [row for row in rows if staff.may_see_branch(row.code)]


def person(staff: Visitor) -> Person:
    """Name who acts."""
    return Person(staff.actor, staff.name, staff.user_id)


def told(
    db: Session, staff: Visitor, page: PageMaker, form: StepForm, number: str, outcome: Outcome | bool | None, now: Now
) -> Response[Any]:
    """Lead on after a step, or show the booking again with what stood against it."""
    if isinstance(outcome, Booking):
        return page.go("bookings.review", number=number)
    refused = None if isinstance(outcome, bool) else outcome
    return ledger_page(db, staff, page, now, number=number, form=form, outcome=refused)


def tab_of(page: PageMaker) -> str:
    """Give the view that the address asks for."""
    tab = page.query.get("tab", "open")
    return tab if tab in ledger_queries.TABS else "open"


def filters_of(page: PageMaker) -> dict[str, Any]:
    """Give member of staff, channel and what is looked for, as the address asks."""
    who, channel = page.query.get("staff", ""), page.query.get("channel", "")
    is_number = who.isascii() and who.isdigit() and len(who) < 16
    return {
        "staff": int(who) if is_number else None,
        "channel": channel if channel in words.CHANNELS else "",
        "find": page.query.get("find", "").strip()[:60],
    }


def ledger_page(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, number: str | None = None,
    form: Form | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    """Show one view of the ledger, with one booking beside it where one is asked for."""
    tab, filters = tab_of(page), filters_of(page)
    branch = reach(staff)
    known_until = calendar.known_until(db)
    days_left = (known_until - local_date(now)).days if known_until else 0
    return page.show(
        "bookings/ledger.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab,
        tabs=ledger_queries.TABS,
        rows=ledger_queries.view(db, tab, now, me=staff.user_id, branch=branch, **filters),
        counts=ledger_queries.counts(db, now, staff.user_id, branch), by_staff=ledger_queries.by_staff(db, branch),
        by_channel=ledger_queries.by_channel(db, branch), filters=filters, form=form or StepForm(),
        outcome=outcome, states=words.STATES, kinds=words.KINDS, channels=words.CHANNELS, words=words.REFUSALS,
        cases=words.CASES, masked=clients.masked_name, known_until=known_until, now=now,
        days_left=days_left if days_left <= rules.BANNER_DAYS else None,
        on=_pane(db, page, number, staff, now) if number else None, shows_both_times=tab == "weekend",
    )  # fmt: skip


def _pane(db: Session, page: PageMaker, number: str, staff: Visitor, now: Now) -> dict[str, Any]:
    it = known(db, page, number)
    page.shows_client(it.client_id, "visit", number)
    row = queries.row(db, it.id)
    kind, state = Kind(it.kind), State(it.state)
    can = {verb for verb, step in STEPS.items() if rules.after(state, verb, kind) is not None and page.may(step)}
    clock = queues.clock(
        calendar.around(db, local_date(now)), asked_at=it.booked_at, promised_at=it.promised_at, now=now
    )  # fmt: skip
    return {
        "it": row,
        "events": queries.events(db, it.id),
        "papers": rules.papers_for(Case(it.visitor_case), kind),
        "can": can,
        "in_review": rules.after(state, Verb.APPROVE, kind) is not None,
        "clock": clock,
        "clerks": [clerk for clerk in queries.clerks(db, it.branch_id) if clerk.user_id != staff.user_id],
        "call": callbacks.task_of(db, "booking", it.number),
        "sheet": ahead.sheet_of(db, it.id) if kind in rules.OPENINGS else None,
        "line": papers.newest_line(db, it.id),
        "compared": papers.compared(db, it) if it.signed_at else [],
        "differ": papers.differences(db, it) if it.signed_at and it.is_open else [],
        "people": {each: identity.name_of(db, each) for each in (it.handler_id, it.assigned_to) if each},
        "handler": staff.user_id in (it.handler_id, it.assigned_to),
        "handover": handovers.of(db, it.id),
        "slots": queries.free_slots(db, now, branch_id=it.branch_id) if Verb.MOVE in can else [],
        "fields": words.FIELDS,
        "items": words.ITEMS,
        "ways": words.WAYS,
        "own": staff.user_id in (it.handler_id, it.witness_id),
        "paper_words": words.PAPERS,
        "verbs": words.VERBS,
    }
