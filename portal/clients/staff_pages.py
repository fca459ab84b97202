"""The staff's pages of the client record: the queue of changes with its pane, and the verbs on one request."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import identity, queues
from portal.clients import call_pages, changes, indicators, queries, words
from portal.clients.actions import look
from portal.clients.changes import Outcome, Person
from portal.clients.forms import DecisionForm
from portal.clients.models import ClientChange
from portal.clients.rules import OPEN, QUEUE, State, masked_name
from portal.doors import READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit import uploads
from portal.kit.clock import local_date
from portal.kit.db import Database
from portal.kit.uploads import Store
from portal.queues import AlreadyClaimed

TABS = ("open", "mine", "counter", "done")


@get("/desk/changes", name="clients.queue", guard=READS)
def queue(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the requests under one tab; the filter stands in the address."""
    return _queue(db, staff, page, now)


@get("/desk/changes/{number:str}", name="clients.review", guard=READS)
def review(database: Database, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one request beside the queue; that somebody looked is written down first."""
    with database.writing() as db:
        row = _known(db, page, number)
        look(db, staff=_person(staff), client_id=row.client_id, what="change", key=row.key, reason=number, now=now)
    with database.reading() as db:
        return _queue(db, staff, page, now, number=number)


@post("/desk/changes/{number:str}/claim", name="clients.claim", guard=WORKS)
def claim(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a request in hand: its value shows in full to whoever holds it, and the client reads who that is."""
    row = _known(db, page, number)
    outcome = queues.claim(db, queue=QUEUE, item_id=row.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _queue(db, staff, page, now, number=number, outcome=outcome)
    if changes.indicator_of(row).mask:
        look(db, staff=_person(staff), client_id=row.client_id, what="value", key=row.key, reason=number, now=now)
    return page.go("clients.review", number=number)


@get("/desk/changes/{number:str}/papers/{token:str}", name="clients.review_paper", guard=READS)
def review_paper(
    database: Database, store: Store, staff: Staff, page: Page, number: FromPath[str], token: FromPath[str], now: Now
) -> Response[Any]:
    """Give whoever has a request in hand one of its files; that he opened it is written down first."""
    with database.writing() as db:
        row = _known(db, page, number)
        found = uploads.one(db, token, to=changes.paper_ref(row))
        if found is None or not _is_mine(queues.claim_on(db, QUEUE, row.id), staff, now):
            raise page.missing()
        look(db, staff=_person(staff), client_id=row.client_id, what="evidence", key=row.key, reason=number, now=now)
    return uploads.answer(store, found)


@post("/desk/changes/{number:str}/endorsement", name="clients.endorse", guard=WORKS)
def endorse(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Support a change of what the core holds."""
    return _decide(db, staff, page, number, sent, now, changes.endorse)


@post("/desk/changes/{number:str}/approval", name="clients.approve", guard=WORKS)
def approve(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Decide for it."""
    if refusal := queues.may_review(staff.roles, needs_two=changes.needs_two(_known(db, page, number))):
        return _queue(db, staff, page, now, number=number, form=sent.bind(DecisionForm), outcome=refusal)
    return _decide(db, staff, page, number, sent, now, changes.approve)


@post("/desk/changes/{number:str}/rejection", name="clients.reject", guard=WORKS)
def reject(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Decide against it; the client reads why."""
    return _decide(db, staff, page, number, sent, now, changes.reject)


def _decide(
    db: Session, staff: Visitor, page: PageMaker, number: str, sent: Sent, now: Now, verb: Any
) -> Response[Any]:
    form, row = sent.bind(DecisionForm), _known(db, page, number)
    other = queues.held_by_other(queues.claim_on(db, QUEUE, row.id), staff.user_id, now)
    if other or not form.ok:
        return _queue(db, staff, page, now, number=number, form=form, outcome=other)
    outcome: Outcome = verb(db, row, seen=form.version, staff=_person(staff), note=form.note, now=now)
    if isinstance(outcome, ClientChange):
        queues.release(db, queue=QUEUE, item_id=outcome.id)
        return page.go("clients.review", number=number)
    return _queue(db, staff, page, now, number=number, form=form, outcome=outcome)


def _known(db: Session, page: PageMaker, number: str) -> ClientChange:
    row = changes.by_number(db, number)
    if row is None or not queries.reaches(db, page.visitor, row.client_id):
        raise page.missing()
    return row


def _queue(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, number: str | None = None,
    form: DecisionForm | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    tab = page.query.get("tab", "open")
    tab = tab if tab in TABS else "open"
    held = queues.held(db, QUEUE, now)
    mine = [item for item, claim in held.items() if claim.staff_id == staff.user_id]
    rows = changes.queue(db, tab, mine, queries.reach(staff, ClientChange.client_id))
    people = queries.names_of(db, {row.client_id for row in rows})
    return page.show(
        "clients/queue.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=TABS, rows=rows,
        people={id: masked_name(row.name) for id, row in people.items()}, claims=held, mine=len(mine), words=words,
        form=form or DecisionForm(), outcome=outcome, by_key=indicators.by_key(), now=now, open=OPEN,
        alarms=queries.alarms(db, now), on=_pane(db, page, number, staff, now) if number else None,
    )  # fmt: skip


def _pane(db: Session, page: PageMaker, number: str, staff: Visitor, now: Now) -> dict[str, Any]:
    row = _known(db, page, number)
    client = queries.client_by_id(db, row.client_id)
    claim = queues.claim_on(db, QUEUE, row.id)
    is_mine = _is_mine(claim, staff, now)
    this = changes.indicator_of(row)
    before = queries.held(db, row.client_id, local_date(now)).get(row.key)
    return {
        "it": row,
        "client": client,
        "masked": masked_name(client.name) if client else "",
        "this": this,
        "before": words.shown(this, before.value if before else None, in_full=is_mine),
        "asked": words.shown(this, row.value, in_full=is_mine),
        "is_mine": is_mine,
        "claim": claim,
        "events": changes.events(db, row.id),
        "is_open": row.state in OPEN,
        "needs_two": changes.needs_two(row),
        "papers": uploads.attached(db, changes.paper_ref(row)),
        "owner": identity.name_of(db, row.owner_id) if row.owner_id and row.state == State.OVERDUE else None,
    }


def _is_mine(claim: Any, staff: Visitor, now: Now) -> bool:
    return claim is not None and claim.staff_id == staff.user_id and claim.holds(now)


def _person(staff: Visitor) -> Person:
    return Person(staff.actor, staff.name, staff.user_id, channel="desk")


pages = [queue, review, claim, review_paper, endorse, approve, reject, *call_pages.pages]
