"""The client's page of the conversation with his team: who they are, the promise, every line, a form."""

import secrets
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import calendar, identity, queues, tiers
from portal.conversations import files, queries
from portal.conversations.actions import read, write
from portal.conversations.forms import MARKS, WORDS, MessageForm
from portal.conversations.rules import QUEUE, Refusal, Side
from portal.doors import CLIENT, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Visitor
from portal.kit.clock import at, local_date
from portal.kit.db import Database
from portal.kit.uploads import Store


@get("/team", name="conversations.index", guard=CLIENT)
def index(database: Database, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show the conversation; that the client has read it is written down first, so that the team knows."""
    with database.writing() as db:
        read(db, client_id=_id(client), side=Side.CLIENT, reader=client.person, now=now)
    with database.reading() as db:
        return _conversation(db, client, page, now, _fresh())


@post("/team/messages", name="conversations.write", guard=CLIENT, uploads=True)
def write_now(db: Db, client: SignedIn, page: Page, sent: Sent, store: Store, now: Now) -> Response[Any]:
    """Send a message to the team, with files."""
    form = sent.bind(MessageForm)
    tokens = files.taken(db, store, sent, form, owner=client.actor, now=now)
    if not form.ok:
        return _conversation(db, client, page, now, form)
    made = write(db, client=client.person, client_id=_id(client), text=form.text, key=form.key, now=now)
    if isinstance(made, Refusal):
        form.wrong("text", WORDS[made])
        return _conversation(db, client, page, now, form)
    files.attach(db, tokens, made, owner=client.actor, now=now)
    return page.go("conversations.index")


@get("/team/lines/{line:int}/files/{token:str}", name="conversations.file", guard=CLIENT)
def show_file(
    db: Db, client: SignedIn, page: Page, store: Store, line: FromPath[int], token: FromPath[str]
) -> Response[bytes]:
    """Hand out a file of one's own conversation."""
    found = files.handed_out(db, store, _id(client), line, token) if line < 2**53 else None
    if found is None:
        raise page.missing()
    return found


def _conversation(db: Session, client: Visitor, page: PageMaker, now: Now, form: MessageForm) -> Response[str]:
    me, today = _id(client), local_date(now)
    here, tier = queries.of_client(db, me), tiers.tier_on(db, me, today)
    adviser, shown = tiers.adviser_of(db, me), queries.lines(db, here, before_of(page))
    answers, kept = tiers.promises_kept(db, me, at(tiers.quarter_start(today)))
    return page.show(
        "conversations/index.html", status=422 if form.errors else 200, form=form, it=here, tier=tier, now=now,
        has_team=tiers.has_service(db, tier, tiers.Service.TEAM, today), page_of=shown, marks=MARKS,
        files=files.of_lines(db, shown.lines),
        waiting=files.waiting(db, form, client.actor), adviser=adviser,
        adviser_name=identity.name_of(db, adviser.adviser_id) if adviser else "", answers=answers, kept=kept,
        minutes=tiers.promised_minutes(db, tier, today), service_no=tiers.service_number(db, me),
        claim=queues.claim_on(db, QUEUE, here.id) if here and here.question_id else None,
        clock=clock_of(db, here, now) if here and here.promised_at else None, is_older="before" in page.query,
    )  # fmt: skip


def clock_of(db: Session, here: Any, now: Now) -> queues.Clock:
    """Tell how the promise of a waiting question stands."""
    days = calendar.around(db, local_date(now))
    return queues.clock(days, asked_at=here.asked_at, promised_at=here.promised_at, now=now)


def before_of(page: PageMaker) -> int | None:
    """Read where to go on from, as the address says it; anything strange shows the newest."""
    typed = page.query.get("before", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 16 else None


def _fresh() -> MessageForm:
    form = MessageForm()
    form.typed = {"key": secrets.token_urlsafe(24)}
    return form


def _id(client: Visitor) -> int:
    return client.client_id or 0


pages = [index, write_now, show_file]
