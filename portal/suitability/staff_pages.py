"""The staff's pages of suitability: results that wait for a look, who has run out, one client's file.

Staff look and decide; nobody here can answer for a client.
"""

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
from portal.suitability import queries, version_pages, wish_pages
from portal.suitability.actions import Person, decide
from portal.suitability.calling import ABOUT, was_called
from portal.suitability.forms import REASONS, SOURCES, STATES_TO_STAFF, WORDS, DecisionForm
from portal.suitability.models import Assessment
from portal.suitability.questionnaire import words
from portal.suitability.rules import QUEUE, Reason, Refusal, State
from portal.suitability.wording import why_anew

TABS = ("open", "mine", "unclaimed", "done")
SOON_DAYS = 30


@get("/desk/questionnaires", name="suitability.queue", guard=READS)
def queue(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the results that wait under one tab; the filter stands in the address."""
    return _queue(db, staff, page, now)


@get("/desk/questionnaires/board", name="suitability.board", guard=READS)
def board(db: Db, page: Page, now: Now) -> Response[str]:
    """Show whose assessment has run out or soon will, the earliest first, and who is asked for a new one."""
    today = local_date(now)
    reached = clients.within_reach(db, page.visitor, queries.newest_effective(db))
    rows = [row for row in reached if (row.valid_to - today).days <= SOON_DAYS]
    asked = queries.asked_anew(db, [row.id for row in reached])
    anew = [(row, list(asked[row.id].values())) for row in reached if row.id in asked and row.valid_to >= today]
    people = clients.names_of(db, {row.client_id for row in rows} | {row.client_id for row, _ in anew})
    return page.show(
        "suitability/board.html", rows=rows, people=people, today=today, now=now, sources=SOURCES,
        masked=clients.masked_name, anew=anew, why_anew=why_anew,
    )  # fmt: skip


@get("/desk/questionnaires/clients/{client_no:str}", name="suitability.file", guard=READS)
def file(db: Db, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Show one client's file: what holds, every assessment, every sealed record."""
    client = clients.client_by_no(db, client_no)
    if client is None or not clients.reaches(db, page.visitor, client.id):
        raise page.missing()
    page.shows_client(client.id, "sheet")
    rows = queries.list_of(db, client.id)
    return page.show(
        "suitability/file.html", client=client, name=clients.masked_name(client.name), rows=rows, now=now,
        standing=queries.standing(db, client.id), today=local_date(now), states=STATES_TO_STAFF, sources=SOURCES,
        evidence={row.id: queries.evidence_of(db, row.id) for row in rows},
    )  # fmt: skip


@get("/desk/questionnaires/{number:str}", name="suitability.review", guard=READS)
def review(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one result beside the queue."""
    made = _known(db, page, number)
    page.shows_client(made.client_id, "sheet", number)
    return _queue(db, staff, page, now, made=made)


@post("/desk/questionnaires/{number:str}/claim", name="suitability.claim", guard=WORKS)
def claim(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a result in hand."""
    made = _known(db, page, number)
    outcome = queues.claim(db, queue=QUEUE, item_id=made.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _queue(db, staff, page, now, made=made, outcome=outcome)
    return page.go("suitability.review", number=number)


@post("/desk/questionnaires/{number:str}/release", name="suitability.release", guard=WORKS)
def release(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Let a held result go on to the client, after the call that it asked for."""
    return _decide(db, staff, page, number, sent, now, released=True)


@post("/desk/questionnaires/{number:str}/rejection", name="suitability.reject", guard=WORKS)
def reject(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Reject a held result, with a reason."""
    return _decide(db, staff, page, number, sent, now, released=False)


def _decide(
    db: Session, staff: Visitor, page: PageMaker, number: str, sent: Sent, now: Now, *, released: bool
) -> Response[Any]:
    made, form = _known(db, page, number), sent.bind(DecisionForm)
    held = queues.held_by_other(queues.claim_on(db, QUEUE, made.id), staff.user_id, now)
    if not form.ok or held:
        return _queue(db, staff, page, now, made=made, form=form, outcome=held)
    claimed_call = released and made.state == State.HELD and form.reason == Reason.CALLED_BACK
    if claimed_call and not was_called(db, made):
        return _queue(db, staff, page, now, made=made, form=form, outcome=Refusal.NOT_CALLED)
    who = Person(staff.actor, staff.name, staff.user_id)
    outcome = decide(
        db, made, staff=who, seen=form.version, release=released, reason=form.reason, note=form.note, now=now
    )
    if isinstance(outcome, Assessment):
        queues.release(db, queue=QUEUE, item_id=made.id)
        return page.go("suitability.review", number=number)
    return _queue(db, staff, page, now, made=made, form=form, outcome=outcome)


def _known(db: Session, page: PageMaker, number: str) -> Assessment:
    made = queries.by_number(db, number)
    if made is None or not clients.reaches(db, page.visitor, made.client_id):
        raise page.missing()
    return made


def _queue(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, made: Assessment | None = None,
    form: DecisionForm | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    tab = page.query.get("tab", "open")
    tab = tab if tab in TABS else "open"
    held = queues.held(db, QUEUE, now)
    mine = [item for item, claim in held.items() if claim.staff_id == staff.user_id]
    reach = clients.reach(staff, Assessment.client_id)
    rows = queries.queue(db, tab, mine if tab == "mine" else list(held), reach)
    people = {
        id: clients.masked_name(row.name) for id, row in clients.names_of(db, {r.client_id for r in rows}).items()
    }
    return page.show(
        "suitability/queue.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=TABS,
        rows=rows, people=people, claims=held, mine=len(mine), waiting=queries.held_count(db, reach), now=now,
        form=form or DecisionForm(), outcome=outcome, states=STATES_TO_STAFF, sources=SOURCES, words=WORDS,
        reasons=REASONS, on=_pane(db, made, now) if made else None,
    )  # fmt: skip


def _pane(db: Session, made: Assessment, now: Now) -> dict[str, Any]:
    definition = queries.version(db, made.version_id).definition
    rules_of = {rule["id"]: rule for part in ("hard_rules", "contradictions") for rule in definition.body[part]}
    figures = made.figures or {"contradictions": [], "hard_rules": []}
    client = clients.client_by_id(db, made.client_id)
    named = [each["id"] for each in figures["contradictions"]] + list(figures["hard_rules"])
    evidence = queries.evidence_of(db, made.id)
    submission: dict[str, Any] = next((each.body for each in evidence if each.kind == "submission"), {})
    said = submission.get("context", {}).get("d", {})
    denied = [each for each in definition.body["declarations"] if "on_false" in each and said.get(each["key"]) is False]
    return {
        "it": made,
        "client": client,
        "masked": clients.masked_name(client.name) if client else "",
        "mobile": clients.masked_phone(clients.mobile(db, made.client_id) or ""),
        "claim": queues.claim_on(db, QUEUE, made.id),
        "waits": made.state == State.HELD or (made.differs and made.decided_at is None),
        "found": [(id, words(rules_of[id], i18n.language())) for id in named],
        "denied": [words(each, i18n.language()) for each in denied],
        "standing": queries.standing(db, made.client_id),
        "before": next((each.body.get("level_before") for each in evidence if "level_before" in each.body), None),
        "call": callbacks.task_of(db, ABOUT, made.number),
        "shown": submission.get("shown", {}),
    }


pages = [queue, board, file, review, claim, release, reject, *wish_pages.pages, *version_pages.pages]
