"""The staff's queue of wishes above a client's level: what he asked for himself, the call, the decision."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import callbacks, clients, queues
from portal.doors import READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit import i18n
from portal.kit.clock import local_date
from portal.queues import AlreadyClaimed
from portal.suitability import facts, insisting, queries
from portal.suitability.actions import Person
from portal.suitability.forms import INSISTENCES_TO_STAFF, REASONS, WORDS, DecisionForm
from portal.suitability.models import OverLevelRequest
from portal.suitability.questionnaire import words
from portal.suitability.rules import WISH_QUEUE, Insistence, Reason

TABS = ("open", "mine", "unclaimed", "done")
TO_GRANT = (Reason.CALLED_BACK,)
TO_REFUSE = (Reason.NOT_CONFIRMED, Reason.NOT_REACHED, Reason.OTHER)


@get("/desk/questionnaires/over-level", name="suitability.wishes", guard=READS)
def wishes(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the wishes that need a call or a look, under one tab."""
    return _wishes(db, staff, page, now)


@get("/desk/questionnaires/over-level/{number:str}", name="suitability.wish_review", guard=READS)
def review(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one wish beside the queue."""
    made = _known(db, page, number)
    page.shows_client(made.client_id, "sheet", number)
    return _wishes(db, staff, page, now, made=made)


@post("/desk/questionnaires/over-level/{number:str}/claim", name="suitability.claim_wish", guard=WORKS)
def claim(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a wish in hand."""
    made = _known(db, page, number)
    outcome = queues.claim(db, queue=WISH_QUEUE, item_id=made.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _wishes(db, staff, page, now, made=made, outcome=outcome)
    return page.go("suitability.wish_review", number=number)


@post("/desk/questionnaires/over-level/{number:str}/grant", name="suitability.grant", guard=WORKS)
def grant(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Grant a wish after the call."""
    return _decide(db, staff, page, number, sent, now, granted=True)


@post("/desk/questionnaires/over-level/{number:str}/refusal", name="suitability.refuse", guard=WORKS)
def refuse(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Reject a wish, with a reason."""
    return _decide(db, staff, page, number, sent, now, granted=False)


def _decide(
    db: Session, staff: Visitor, page: PageMaker, number: str, sent: Sent, now: Now, *, granted: bool
) -> Response[Any]:
    made, form = _known(db, page, number), sent.bind(DecisionForm)
    held = queues.held_by_other(queues.claim_on(db, WISH_QUEUE, made.id), staff.user_id, now)
    if not form.ok or held:
        return _wishes(db, staff, page, now, made=made, form=form, outcome=held)
    who = Person(staff.actor, staff.name, staff.user_id)
    outcome = insisting.decide_wish(
        db, made, staff=who, seen=form.version, granted=granted, reason=form.reason, now=now
    )  # fmt: skip
    if not isinstance(outcome, OverLevelRequest):
        return _wishes(db, staff, page, now, made=made, form=form, outcome=outcome)
    queues.release(db, queue=WISH_QUEUE, item_id=made.id)
    return page.go("suitability.wish_review", number=number)


def _known(db: Session, page: PageMaker, number: str) -> OverLevelRequest:
    made = queries.over_level_by_number(db, number)
    if made is None or not clients.reaches(db, page.visitor, made.client_id):
        raise page.missing()
    return made


def _wishes(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, made: OverLevelRequest | None = None,
    form: DecisionForm | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    tab = page.query.get("tab", "open")
    tab = tab if tab in TABS else "open"
    held = queues.held(db, WISH_QUEUE, now)
    mine = [item for item, claim in held.items() if claim.staff_id == staff.user_id]
    rows = clients.within_reach(db, staff, queries.wishes(db, tab, mine if tab == "mine" else list(held)))
    people = clients.names_of(db, {row.client_id for row in rows})
    return page.show(
        "suitability/wishes.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=TABS,
        rows=rows, people={id: clients.masked_name(row.name) for id, row in people.items()}, claims=held,
        sums={"open": queries.wishes_waiting(db), "mine": len(mine)}, now=now, form=form or DecisionForm(),
        outcome=outcome, words=WORDS, reasons=REASONS, offered=(*TO_GRANT, *TO_REFUSE), states=INSISTENCES_TO_STAFF,
        services={key: words(each, i18n.language()) for key, each in queries.services(db).items()},
        on=_pane(db, made, now) if made else None,
    )  # fmt: skip


def _pane(db: Session, made: OverLevelRequest, now: Now) -> dict[str, Any]:
    client, steps = clients.client_by_id(db, made.client_id), insisting.steps_in_force(db)
    contact = clients.fact(db, made.client_id, "trusted_contact")
    return {
        "it": made,
        "client": client,
        "masked": clients.masked_name(client.name) if client else "",
        "mobile": clients.masked_phone(clients.mobile(db, made.client_id) or ""),
        "age": facts.profile(db, made.client_id, local_date(now)).get("age"),
        "contact": clients.masked_name(contact) if contact else "",
        "claim": queues.claim_on(db, WISH_QUEUE, made.id),
        "waits": made.state == Insistence.REVIEW,
        "needs_call": insisting.is_called(db, made, steps, now),
        "needs_review": steps.needs_review(made.risk_class),
        "call": callbacks.task_of(db, insisting.ABOUT_WISH, made.number),
        "standing": queries.standing(db, made.client_id),
    }


pages = [wishes, review, claim, grant, refuse]
