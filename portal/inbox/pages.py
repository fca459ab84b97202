"""The client's inbox: what the firm told him, what he has read, what went out by SMS."""

from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import sms
from portal.doors import CLIENT, Db, Now, Page, PageMaker, SignedIn, get, post
from portal.inbox import actions, queries
from portal.inbox.rules import Topic
from portal.inbox.words import ROUTES, SMS_STATES, TOPICS
from portal.kit.db import Database


@get("/inbox", name="inbox.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page) -> Response[str]:
    """List the messages, newest first; topic, unread ones and the next page stand in the address."""
    asked = page.query
    topic = asked.get("topic", "") if asked.get("topic") in set(Topic) else ""
    is_unread, before = asked.get("unread") == "1", asked.get("before", "")
    rows = queries.messages(
        db, client.client_id, topic=topic, is_unread=is_unread,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
    )  # fmt: skip
    shown, more = rows[: queries.PAGE], len(rows) > queries.PAGE
    return page.show(
        "inbox/index.html", rows=shown, more=shown[-1].id if more else None, topic=topic, is_unread=is_unread,
        topics=TOPICS, unread=queries.unread(db, client.client_id), sms_states=SMS_STATES,
        sent=sms.states_of(db, {row.sms_id for row in shown if row.sms_id}),
    )  # fmt: skip


@get("/inbox/{message:int}", name="inbox.show", guard=CLIENT)
def show(database: Database, client: SignedIn, page: Page, message: FromPath[int], now: Now) -> Response[str]:
    """Show one message; that it was opened is written down first."""
    with database.writing() as db:
        if queries.message(db, client.client_id, message) is None:
            raise page.missing()
        actions.read(db, message, now)
    with database.reading() as db:
        row = queries.message(db, client.client_id, message)
        sent = sms.states_of(db, {row.sms_id}) if row.sms_id else {}
        return page.show(
            "inbox/show.html", row=row, topics=TOPICS, routes=ROUTES, sms_states=SMS_STATES, sent=sent,
            link=_link(page, row),
        )  # fmt: skip


@post("/inbox/reading", name="inbox.read_all", guard=CLIENT)
def read_all(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Mark everything as read."""
    actions.read_all(db, client.client_id, now)
    return page.go("inbox.index")


def _link(page: PageMaker, row: Any) -> str | None:
    # A message outlives the pages of its day: where the page is gone, the message stands without a link.
    try:
        return page.house.url(row.page, **row.place) if row.page else None
    except KeyError:
        return None


pages = [index, show, read_all]
