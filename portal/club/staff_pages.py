"""The staff's pages of the club: applications for two reviewers, events with their guests."""

from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import calendar, clients, queues, tiers
from portal.club import events, queries
from portal.club.actions import Outcome, admit, reject, review
from portal.club.forms import (
    KINDS,
    NO_BRANCH,
    REASONS,
    SEATS,
    STATES,
    VERBS,
    WORDS,
    CodeForm,
    DecisionForm,
    EventForm,
    worded,
)
from portal.club.models import ClubApplication
from portal.club.rules import OPEN, QUEUE, Refusal, State, region
from portal.doors import DECIDES, READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.queues import AlreadyClaimed

TABS = ("open", "reviewed", "done")


@get("/desk/club", name="club.queue", guard=READS)
def queue(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the applications under one tab."""
    return _queue(db, staff, page, now)


@get("/desk/club/{number:str}", name="club.case", guard=READS)
def case(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one application beside the queue."""
    return _queue(db, staff, page, now, number=number)


@post("/desk/club/{number:str}/claim", name="club.claim", guard=WORKS)
def claim(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take an application in hand."""
    made = _known(db, page, number)
    outcome = queues.claim(db, queue=QUEUE, item_id=made.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _queue(db, staff, page, now, number=number, outcome=outcome)
    return page.go("club.case", number=number)


@post("/desk/club/{number:str}/review", name="club.review", guard=WORKS)
def review_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Support an application: the first of two."""
    form, made = sent.bind(DecisionForm), _known(db, page, number)
    if refused := _unfit(db, staff, page, form, made, now):
        return refused
    outcome = review(db, made, seen=form.version, staff=staff.person, note=form.note, now=now)
    return _told(db, staff, page, form, number, outcome, now)


@post("/desk/club/{number:str}/admission", name="club.admit", guard=DECIDES)
def admit_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Make a member: the second of two."""
    form, made = sent.bind(DecisionForm), _known(db, page, number)
    if refused := _unfit(db, staff, page, form, made, now):
        return refused
    outcome = admit(db, made, seen=form.version, staff=staff.person, note=form.note, now=now)
    return _told(db, staff, page, form, number, outcome, now)


@post("/desk/club/{number:str}/rejection", name="club.reject", guard=WORKS)
def reject_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Decide against it, with a reason."""
    form, made = sent.bind(DecisionForm), _known(db, page, number)
    if refused := _unfit(db, staff, page, form, made, now):
        return refused
    outcome = reject(db, made, seen=form.version, staff=staff.person, reason=form.reason, note=form.note, now=now)
    return _told(db, staff, page, form, number, outcome, now)


@get("/desk/events", name="events.list", guard=READS)
def list_events(db: Db, page: Page, now: Now) -> Response[str]:
    """Show the events, and the form for another one."""
    return _events(db, page, now, EventForm())


@post("/desk/events", name="events.plan", guard=WORKS)
def plan_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Plan an event and open its registration."""
    form = sent.bind(EventForm)
    if form.ok and (unknown := set((region(form.branches) or "").split(",")) - {"", *queries.branches(db)}):
        form.wrong("branches", NO_BRANCH, which=", ".join(sorted(unknown)))
    if not form.ok:
        return _events(db, page, now, form, status=422)
    number = events.plan(db, form.plan(), actor=staff.actor, now=now)
    if isinstance(number, Refusal):
        form.wrong("starts_at" if number is Refusal.IN_THE_PAST else "ends_at", WORDS[number])
        return _events(db, page, now, form, status=422)
    return page.go("events.show", number=number)


@get("/desk/events/{number:str}", name="events.show", guard=READS)
def show_event(db: Db, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show an event: whom it reaches, who comes, who waits, who came."""
    return _event(db, page, number, now, CodeForm())


@post("/desk/events/{number:str}/check-in", name="events.check_in", guard=WORKS)
def check_in_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Let a guest in by the code of the registration."""
    form, event = sent.bind(CodeForm), _known_event(db, page, number)
    if not form.ok:
        return _event(db, page, number, now, form)
    outcome = events.check_in(db, event, code=form.code, actor=staff.actor, now=now)
    if isinstance(outcome, Refusal):
        form.wrong("code", WORDS[outcome])
        return _event(db, page, number, now, form)
    return page.go("events.show", number=number)


@post("/desk/events/{number:str}/cancellation", name="events.cancel", guard=WORKS)
def cancel_now(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Call an event off."""
    events.cancel(db, _known_event(db, page, number), actor=staff.actor, now=now)
    return page.go("events.show", number=number)


def _events(db: Db, page: PageMaker, now: Now, form: EventForm, *, status: int = 200) -> Response[str]:
    found = queries.all_events(db)
    return page.show(
        "club/events_desk.html", status=status, form=form, events=[worded(event) for event in found],
        now=now, kinds=KINDS,
        waiting=queries.waiting_counts(db, [event.id for event in found]), tier_names=tiers.NAMES,
        branches=queries.branches(db),
    )  # fmt: skip


def _event(db: Db, page: PageMaker, number: str, now: Now, form: CodeForm) -> Response[str]:
    event, today = _known_event(db, page, number), local_date(now)
    guests = queries.who_comes(db, event.id)
    names = clients.names_of(db, {guest.client_id for guest in guests})
    reached = queries.reached(
        db, members_only=event.members_only, min_tier=event.min_tier, min_level=event.min_level,
        branches=event.branches, day=today,
    )  # fmt: skip
    return page.show(
        "club/event_desk.html", status=422 if form.errors else 200, form=form, event=worded(event), guests=guests,
        people={id: clients.masked_name(row.name) for id, row in names.items()}, seats=SEATS, kinds=KINDS, now=now,
        tiers=tiers.tiers_of(db, {guest.client_id for guest in guests}, today), tier_names=tiers.NAMES, reached=reached,
    )  # fmt: skip


def _known_event(db: Db, page: PageMaker, number: str) -> Any:
    event = queries.event_by_number(db, number)
    if event is None:
        raise page.missing()
    return event


def _known(db: Db, page: PageMaker, number: str) -> ClubApplication:
    made = queries.by_number(db, number)
    if made is None or not clients.reaches(db, page.visitor, made.client_id):
        raise page.missing()
    return made


def _unfit(
    db: Db, staff: Visitor, page: PageMaker, form: DecisionForm, made: ClubApplication, now: Now
) -> Response[Any] | None:
    """Answer a form that can't be read, or an application that somebody else has in hand."""
    held = queues.held_by_other(queues.claim_on(db, QUEUE, made.id), staff.user_id, now)
    if form.ok and held is None:
        return None
    return _queue(db, staff, page, now, number=made.number, form=form, outcome=held)


def _told(
    db: Db, staff: Visitor, page: PageMaker, form: DecisionForm, number: str, outcome: Outcome, now: Now
) -> Response[Any]:
    if isinstance(outcome, ClubApplication):
        queues.release(db, queue=QUEUE, item_id=outcome.id)
        return page.go("club.case", number=number)
    return _queue(db, staff, page, now, number=number, form=form, outcome=outcome)


def _queue(
    db: Db, staff: Visitor, page: PageMaker, now: Now, *, number: str | None = None,
    form: DecisionForm | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    tab = page.query.get("tab", "open")
    tab = tab if tab in TABS else "open"
    today = local_date(now)
    reach = clients.reach(staff, ClubApplication.client_id)
    rows = queries.queue(db, tab, today, reach)
    asking = {row.client_id for row in rows}
    days = calendar.around(db, today)
    clocks = {row.id: queues.clock(days, asked_at=row.applied_at, promised_at=row.promised_at, now=now) for row in rows}
    return page.show(
        "club/queue.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=TABS, rows=rows,
        people={id: clients.masked_name(row.name) for id, row in clients.names_of(db, asking).items()},
        clocks=clocks,
        counts=queries.counts(db, reach), claims=queues.held(db, QUEUE, now), tier_names=tiers.NAMES,
        tiers=tiers.tiers_of(db, asking, today), states=STATES, words=WORDS, reasons=REASONS, verbs=VERBS, now=now,
        form=form or DecisionForm(), outcome=outcome, members=queries.members_count(db, today),
        on=_pane(db, page, number, now) if number else None,
    )  # fmt: skip


def _pane(db: Db, page: PageMaker, number: str, now: Now) -> dict[str, Any]:
    made, today = _known(db, page, number), local_date(now)
    client = clients.client_by_id(db, made.client_id)
    page.shows_client(made.client_id, "club", number)
    return {
        "it": made, "client": client, "masked": clients.masked_name(client.name) if client else "",
        "tier": tiers.tier_on(db, made.client_id, today), "steps": queries.steps_of(db, made.id),
        "claim": queues.claim_on(db, QUEUE, made.id), "is_open": made.state in OPEN,
        "is_reviewed": made.state == State.REVIEWED, "member": queries.membership(db, made.client_id, today),
    }  # fmt: skip


pages = [
    queue, case, claim, review_now, admit_now, reject_now, list_events, plan_now, show_event, check_in_now, cancel_now,
]  # fmt: skip
