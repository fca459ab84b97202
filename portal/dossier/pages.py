"""The client's pages of what the house holds about him across its rooms: notes for him, and all of it as a file."""

import json
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal.doors import CLIENT, CLIENT_AAL2, Db, Now, Page, PageMaker, SignedIn, get, post
from portal.dossier import notes, own_data
from portal.dossier.forms import REFUSALS
from portal.dossier.rules import Audience, Refusal
from portal.dossier.words import COLUMNS
from portal.identity import Visitor
from portal.kit.db import Database


@get("/me/notes", name="dossier.notes", guard=CLIENT)
def of_me(db: Db, client: SignedIn, page: Page) -> Response[str]:
    """Show the notes that staff wrote for the client to read."""
    return page.show("dossier/notes.html", rows=notes.notes_of(db, client.client_id, audience=Audience.CLIENT))


@get("/me/data", name="dossier.data", guard=CLIENT)
def data(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show what a client can have of all that is held of him, and what he has asked for."""
    return _data(db, client, page, now)


@post("/me/data", name="dossier.ask_data", guard=CLIENT_AAL2)
def ask_data(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Ask for all of it."""
    made = own_data.ask(db, who=client.person, client_id=client.client_id, now=now)
    return _data(db, client, page, now, refusal=made) if isinstance(made, Refusal) else page.go("dossier.data")


@get("/me/data/{number:str}/json", name="dossier.data_json", guard=CLIENT_AAL2)
def as_json(database: Database, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[bytes]:
    """Hand it out for another program to read."""
    content = _taken(database, client, page, number, "json", now)
    return _file(content.encode(), "application/json", f"my-data-{number}.json")


@get("/me/data/{number:str}/html", name="dossier.data_html", guard=CLIENT_AAL2)
def as_page(database: Database, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[bytes]:
    """Hand it out as one page to read, whole in itself."""
    told = json.loads(_taken(database, client, page, number, "html", now))
    titles = {part.name: part.title for part in own_data.PARTS}
    shown = page.show("dossier/my_data.html", told=told, titles=titles, columns=COLUMNS)
    return _file(shown.content.encode(), "text/html", f"my-data-{number}.html")


def _taken(database: Database, client: Visitor, page: PageMaker, number: str, form: str, now: Now) -> str:
    with database.writing() as db:
        content = own_data.take(db, number, who=client.person, client_id=client.client_id or 0, form=form, now=now)
    if content is None:
        raise page.missing()
    return content


def _file(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(body, media_type=media_type, headers=headers)


def _data(db: Session, client: Visitor, page: PageMaker, now: Now, *, refusal: Refusal | None = None) -> Response[str]:
    return page.show(
        "dossier/data.html", status=422 if refusal else 200, now=now, refusal=REFUSALS[refusal] if refusal else None,
        rows=own_data.exports_of(db, client.client_id or 0), parts=[part.title for part in own_data.PARTS],
    )  # fmt: skip


pages = [of_me, data, ask_data, as_json, as_page]
