"""The staff's pages of redemptions: the queue with its pane, and the verbs on one request."""

from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import calendar, clients, points, products, queues, tiers
from portal.doors import READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit.clock import at, local_date
from portal.queues import AlreadyClaimed
from portal.redemptions import queries
from portal.redemptions.actions import approve, endorse, reject, take_back
from portal.redemptions.forms import REASONS, STATES, WORDS, DecisionForm, verbs_of
from portal.redemptions.fulfilment import note_talk
from portal.redemptions.models import Redemption
from portal.redemptions.rules import ENDORSE_ABOVE_POINTS, OPEN, QUEUE, UNDO_FOR, State, needs_two
from portal.redemptions.steps import Outcome

TABS = ("open", "mine", "unclaimed", "near", "endorsed", "talks", "done")
NEAR = timedelta(minutes=30)


@get("/desk/redemptions", name="redemptions.queue", guard=READS)
def queue(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the queue under one tab; the filter stands in the address."""
    return _queue(db, staff, page, now)


@get("/desk/redemptions/{number:str}", name="redemptions.review", guard=READS)
def review(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one request beside the queue."""
    return _queue(db, staff, page, now, number=number)


@post("/desk/redemptions/{number:str}/claim", name="redemptions.claim", guard=WORKS)
def claim(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a request in hand: from now on the client reads this name."""
    redemption = _known(db, page, number)
    outcome = queues.claim(db, queue=QUEUE, item_id=redemption.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _queue(db, staff, page, now, number=number, outcome=outcome)
    return page.go("redemptions.review", number=number)


@post("/desk/redemptions/{number:str}/endorsement", name="redemptions.endorse", guard=WORKS)
def endorse_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Support a request above the limit."""
    form, redemption = sent.bind(DecisionForm), _known(db, page, number)
    if refused := _unfit(db, staff, page, form, redemption, now):
        return refused
    outcome = endorse(db, redemption, seen=form.version, staff=staff.person, note=form.note, now=now)
    return _told(db, staff, page, form, number, outcome, now)


@post("/desk/redemptions/{number:str}/approval", name="redemptions.approve", guard=WORKS)
def approve_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Decide for the client."""
    form, redemption = sent.bind(DecisionForm), _known(db, page, number)
    if refused := _unfit(db, staff, page, form, redemption, now):
        return refused
    reason = form.reason or "checked"
    outcome = queues.may_review(staff.roles, needs_two=needs_two(redemption.points)) or approve(
        db, redemption, seen=form.version, staff=staff.person, reason=reason, note=form.note, now=now
    )
    return _told(db, staff, page, form, number, outcome, now)


@post("/desk/redemptions/{number:str}/approval/undo", name="redemptions.take_back", guard=WORKS)
def take_back_now(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take an approval back within its half minute."""
    outcome = take_back(db, _known(db, page, number), staff=staff.person, now=now)
    return _told(db, staff, page, DecisionForm(), number, outcome, now)


@post("/desk/redemptions/{number:str}/rejection", name="redemptions.reject", guard=WORKS)
def reject_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Decide against it, with a reason."""
    form, redemption = sent.bind(DecisionForm), _known(db, page, number)
    if refused := _unfit(db, staff, page, form, redemption, now):
        return refused
    outcome = reject(db, redemption, seen=form.version, staff=staff.person, reason=form.reason, note=form.note, now=now)
    return _told(db, staff, page, form, number, outcome, now)


@post("/desk/redemptions/{number:str}/talk", name="redemptions.talked", guard=WORKS)
def talked(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Note that a talk with the client took place: the points are spent."""
    return _note_talk(db, staff, page, number, sent, now, took_place=True)


@post("/desk/redemptions/{number:str}/talk/failure", name="redemptions.not_talked", guard=WORKS)
def not_talked(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Note that it did not: the points go back."""
    return _note_talk(db, staff, page, number, sent, now, took_place=False)


def _note_talk(
    db: Session, staff: Visitor, page: PageMaker, number: str, sent: Sent, now: Now, *, took_place: bool
) -> Response[Any]:
    form, redemption = sent.bind(DecisionForm), _known(db, page, number)
    if refused := _unfit(db, staff, page, form, redemption, now):
        return refused
    outcome = note_talk(
        db, redemption, seen=form.version, staff=staff.person, took_place=took_place, note=form.note, now=now
    )
    return _told(db, staff, page, form, number, outcome, now)


def _known(db: Session, page: PageMaker, number: str) -> Redemption:
    redemption = queries.by_number(db, number)
    if redemption is None or not clients.reaches(db, page.visitor, redemption.client_id):
        raise page.missing()
    return redemption


def _unfit(
    db: Session, staff: Visitor, page: PageMaker, form: DecisionForm, redemption: Redemption, now: Now
) -> Response[Any] | None:
    """Answer a form that can't be read, or a request that somebody else has in hand."""
    held = queues.held_by_other(queues.claim_on(db, QUEUE, redemption.id), staff.user_id, now)
    if form.ok and held is None:
        return None
    return _queue(db, staff, page, now, number=redemption.number, form=form, outcome=held)


def _told(
    db: Session, staff: Visitor, page: PageMaker, form: DecisionForm, number: str, outcome: Outcome, now: Now
) -> Response[Any]:
    if isinstance(outcome, Redemption):
        queues.release(db, queue=QUEUE, item_id=outcome.id)
        return page.go("redemptions.review", number=number)
    return _queue(db, staff, page, now, number=number, form=form, outcome=outcome)


def _queue(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, number: str | None = None,
    form: DecisionForm | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    tab = page.query.get("tab", "open")
    tab = tab if tab in TABS else "open"
    today = local_date(now)
    held = queues.held(db, QUEUE, now)
    mine = [item for item, claim in held.items() if claim.staff_id == staff.user_id]
    reach = clients.reach(staff, Redemption.client_id)
    rows = queries.queue(db, tab, mine if tab == "mine" else list(held), now + NEAR, reach)
    asking = {row.client_id for row in rows}
    people = {id: clients.masked_name(row.name) for id, row in clients.names_of(db, asking).items()}
    plans = products.offers(db, {row.item_version_id for row in rows})
    days = calendar.around(db, today)
    clocks = {
        row.id: queues.clock(days, asked_at=row.requested_at, promised_at=row.promised_at, now=now) for row in rows
    }
    return page.show(
        "redemptions/queue.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=TABS,
        rows=rows, people=people, claims=held, clocks=clocks, mine=len(mine), form=form or DecisionForm(),
        outcome=outcome, counts=queries.counts(db, now + NEAR, at(today), reach), plans=plans, tier_names=tiers.NAMES,
        tiers=tiers.tiers_of(db, asking, today), states=STATES, words=WORDS, reasons=REASONS, now=now,
        on=_pane(db, page, number, staff, now) if number else None, limit=ENDORSE_ABOVE_POINTS,
    )  # fmt: skip


def _pane(db: Session, page: PageMaker, number: str, staff: Visitor, now: Now) -> dict[str, Any]:
    redemption = _known(db, page, number)
    page.shows_client(redemption.client_id, "request", number)
    client = clients.client_by_id(db, redemption.client_id)
    offer = products.known_offer(db, redemption.item_version_id)
    undo_until = redemption.decided_at + UNDO_FOR if redemption.decided_at else now
    can_undo = redemption.state == State.APPROVED and redemption.decided_by == staff.user_id and now < undo_until
    return {
        "it": redemption,
        "client": client,
        "offer": offer,
        "tier": tiers.tier_on(db, redemption.client_id, local_date(now)),
        "balance": points.balance(db, redemption.client_id, now),
        "mobile": clients.masked_phone(clients.mobile(db, redemption.client_id) or ""),
        "masked": clients.masked_name(client.name) if client else "",
        "events": queries.events(db, redemption.id),
        "claim": queues.claim_on(db, QUEUE, redemption.id),
        "is_open": redemption.state in OPEN,
        "needs_two": needs_two(redemption.points),
        "can_undo": can_undo,
        "is_talk": offer.kind == products.Kind.TALK and redemption.state == State.APPROVED and not can_undo,
        "verbs": verbs_of(offer.kind),
    }


pages = [queue, review, claim, endorse_now, approve_now, take_back_now, reject_now, talked, not_talked]
