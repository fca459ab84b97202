"""The team's pages of conversations: the queue of what waits, and one client's conversation beside it."""

import secrets
from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import calendar, clients, identity, queues, tiers
from portal.conversations import files, queries
from portal.conversations.actions import answer, read, settle
from portal.conversations.forms import MARKS, OUTCOMES, WORDS, AnswerForm, SettleForm
from portal.conversations.models import Conversation
from portal.conversations.rules import QUEUE, Refusal, Side
from portal.doors import Db, Now, Page, PageMaker, Sent, Staff, get, post, staff_of
from portal.identity import Role, Visitor
from portal.kit.clock import local_date
from portal.kit.db import Database
from portal.kit.uploads import Store
from portal.queues import AlreadyClaimed, Stale

TEAM = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER)
SEES = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER)
TABS = ("open", "unclaimed", "near", "own", "all")
NEAR = timedelta(minutes=15)


@get("/desk/conversations", name="conversations.queue", guard=SEES)
def queue(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show what waits for an answer, under one tab."""
    return _queue(db, staff, page, now)


@get("/desk/conversations/{client_no:str}", name="conversations.case", guard=SEES)
def case(database: Database, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Show one conversation; that it was read is written down first, and the client sees it."""
    with database.writing() as db:
        client = _known(db, page, client_no)
        read(db, client_id=client.id, side=Side.STAFF, reader=staff.person, now=now)
    page.shows_client(client.id, "talk")
    with database.reading() as db:
        return _queue(db, staff, page, now, client_no=client_no)


@post("/desk/conversations/{client_no:str}/claim", name="conversations.claim", guard=TEAM)
def claim(db: Db, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[Any]:
    """Take a conversation in hand: from now on the client reads this name."""
    here = queries.of_client(db, _known(db, page, client_no).id)
    if here is None:
        raise page.missing()
    outcome = queues.claim(db, queue=QUEUE, item_id=here.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _queue(db, staff, page, now, client_no=client_no, outcome=outcome)
    return page.go("conversations.case", client_no=client_no)


@post("/desk/conversations/{client_no:str}/answers", name="conversations.answer", guard=TEAM, uploads=True)
def answer_now(
    db: Db, staff: Staff, page: Page, client_no: FromPath[str], sent: Sent, store: Store, now: Now
) -> Response[Any]:
    """Write to the client, to his question or unasked, with files."""
    form, client = sent.bind(AnswerForm), _known(db, page, client_no)
    tokens = files.taken(db, store, sent, form, owner=staff.actor, now=now)
    if refused := _unfit(db, staff, page, form, client, now):
        return refused
    outcome = answer(
        db, client_id=client.id, seen=form.version, staff=staff.person, text=form.text, key=form.key, now=now
    )
    if isinstance(outcome, int):
        files.attach(db, tokens, outcome, owner=staff.actor, now=now)
    return _told(db, staff, page, form, client, outcome, now)


@post("/desk/conversations/{client_no:str}/settlement", name="conversations.settle", guard=TEAM, uploads=True)
def settle_now(db: Db, staff: Staff, page: Page, client_no: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Say that nothing needs an answer."""
    form, client = sent.bind(SettleForm), _known(db, page, client_no)
    if refused := _unfit(db, staff, page, form, client, now):
        return refused
    outcome = settle(db, client_id=client.id, seen=form.version, staff=staff.person, key=form.key, now=now)
    return _told(db, staff, page, form, client, outcome, now)


@get("/desk/conversations/{client_no:str}/lines/{line:int}/files/{token:str}", name="conversations.paper", guard=SEES)
def show_paper(
    db: Db, page: Page, store: Store, client_no: FromPath[str], line: FromPath[int], token: FromPath[str]
) -> Response[bytes]:
    """Hand out a file of a client's conversation."""
    client = _known(db, page, client_no)
    found = files.handed_out(db, store, client.id, line, token) if line < 2**53 else None
    if found is None:
        raise page.missing()
    page.shows_client(client.id, "evidence")
    return found


def _unfit(
    db: Session, staff: Visitor, page: PageMaker, form: SettleForm, client: Any, now: Now
) -> Response[Any] | None:
    """Answer a form that can't be read, or a conversation that somebody else has in hand."""
    here = queries.of_client(db, client.id)
    held = queues.held_by_other(queues.claim_on(db, QUEUE, here.id), staff.user_id, now) if here else None
    if form.ok and held is None:
        return None
    return _queue(db, staff, page, now, client_no=client.client_no, form=form, outcome=held)


def _told(
    db: Session, staff: Visitor, page: PageMaker, form: SettleForm, client: Any, outcome: int | Refusal | Stale,
    now: Now,
) -> Response[Any]:  # fmt: skip
    if isinstance(outcome, int):
        queues.release(db, queue=QUEUE, item_id=queries.of_client(db, client.id).id)
        return page.go("conversations.case", client_no=client.client_no)
    return _queue(db, staff, page, now, client_no=client.client_no, form=form, outcome=outcome)


def _queue(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, client_no: str | None = None,
    form: SettleForm | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    tab = page.query.get("tab", "open")
    tab, today = tab if tab in TABS else "open", local_date(now)
    claims, own = queues.held(db, QUEUE, now), tiers.clients_of(db, staff.user_id)
    reach = tiers.reach(staff, Conversation.client_id)
    rows = queries.queue(db, tab, held=list(claims), clients=own, today=today, within=reach)
    asking, days = {row.client_id for row in rows}, calendar.around(db, today)
    return page.show(
        "conversations/queue.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=TABS,
        rows=rows, people=clients.names_of(db, asking), mask=clients.masked_name, claims=claims, now=now,
        clocks={
            row.id: queues.clock(days, asked_at=row.asked_at, promised_at=row.promised_at, now=now)
            for row in rows
            if row.promised_at
        },
        counts=queries.counts(db, held=list(claims), clients=own, near_before=now + NEAR, within=reach),
        tiers=tiers.tiers_of(db, asking, today), tier_names=tiers.NAMES, words=WORDS, marks=MARKS, outcomes=OUTCOMES,
        outcome=outcome, form=form or SettleForm(),
        on=_pane(db, staff, page, client_no, now, form) if client_no else None,
    )  # fmt: skip


def _pane(
    db: Session, staff: Visitor, page: PageMaker, client_no: str, now: Now, form: SettleForm | None
) -> dict[str, Any]:
    client = _known(db, page, client_no)
    here, adviser = queries.of_client(db, client.id), tiers.adviser_of(db, client.id)
    lines = queries.lines(db, here).lines
    return {
        "client": client, "it": here, "masked": clients.masked_name(client.name),
        "tier": tiers.tier_on(db, client.id, local_date(now)), "lines": lines, "files": files.of_lines(db, lines),
        "kept": files.waiting(db, form, staff.actor) if form else [],
        "claim": queues.claim_on(db, QUEUE, here.id) if here else None,
        "adviser": identity.name_of(db, adviser.adviser_id) if adviser else "",
        "version": here.version if here else 0, "key": form.typed["key"] if form else secrets.token_urlsafe(24),
    }  # fmt: skip


def _known(db: Session, page: PageMaker, client_no: str) -> Any:
    client = clients.client_by_no(db, client_no)
    if client is None or not tiers.reaches(db, page.visitor, client.id):
        raise page.missing()
    return client


pages = [queue, case, claim, answer_now, settle_now, show_paper]
