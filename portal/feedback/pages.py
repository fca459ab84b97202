"""The client's pages of his voice: write, follow, reply, accept or object."""

import secrets
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal.doors import CLIENT, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.feedback import actions, adopting, files, improving, queries, survey_pages, surveys, words
from portal.feedback.actions import Brought, Outcome, SameAgain
from portal.feedback.forms import CaseForm, WordsForm
from portal.feedback.models import Case
from portal.feedback.rules import OPEN, Kind, Refusal, State
from portal.identity import Visitor
from portal.kit import boxes
from portal.kit.uploads import Store


@get("/voice", name="feedback.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """List all that the client has brought, of every kind, and what he is asked; lead on to writing."""
    return page.show(
        "feedback/index.html", rows=queries.list_of(db, client.client_id), words=words, kinds=Kind,
        asked=surveys.open_of(db, client.client_id, now),
    )  # fmt: skip


@get("/voice/new", name="feedback.new", guard=CLIENT)
def new(page: Page) -> Response[str]:
    """Ask what it is about; the kind may stand in the address."""
    form, kind = CaseForm(), page.query.get("kind", "")
    form.typed = dict.fromkeys(CaseForm.fields(), "") | {"key": secrets.token_urlsafe(24), "product": "none"}
    form.typed["kind"] = kind if kind in set(Kind) else ""
    return page.show("feedback/new.html", form=form, words=words, same=None, kept=[])


@post("/voice", name="feedback.create", guard=CLIENT, uploads=True)
def create(db: Db, client: SignedIn, page: Page, sent: Sent, store: Store, now: Now) -> Response[Any]:
    """Take a case in; lead on to its page, or say at the field what is wrong. Nothing typed is lost."""
    form = sent.bind(CaseForm)
    tokens = boxes.taken(db, store, sent, form, box=files.BOX, owner=client.actor, now=now)
    if not form.ok:
        return _again(db, client, page, form)
    brought = Brought(form.kind, form.area, form.title, form.text, form.product, form.remedy)
    made = actions.receive(db, brought, by=client.person, client_id=client.client_id, key=form.key, now=now)
    if isinstance(made, Case):
        files.attach(db, tokens, made.number, owner=client.actor, now=now)
        return page.go("feedback.show", number=made.number)
    form.wrong("text", words.REFUSALS[Refusal.SAME_AGAIN if isinstance(made, SameAgain) else made])
    return _again(db, client, page, form, same=made.number if isinstance(made, SameAgain) else None)


@get("/voice/{number:str}", name="feedback.show", guard=CLIENT)
def show(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show where a case stands: who, until when by both clocks, every step that is the client's to read."""
    return _progress(db, client, page, number, now)


@get("/voice/{number:str}/files/{token:str}", name="feedback.file", guard=CLIENT)
def show_file(
    db: Db, client: SignedIn, page: Page, store: Store, number: FromPath[str], token: FromPath[str]
) -> Response[bytes]:
    """Hand out a file of one's own case."""
    found = files.handed_out(db, store, _mine(db, client, page, number).number, token)
    if found is None:
        raise page.missing()
    return found


@post("/voice/{number:str}/reply", name="feedback.reply", guard=CLIENT, uploads=True)
def reply(
    db: Db, client: SignedIn, page: Page, number: FromPath[str], sent: Sent, store: Store, now: Now
) -> Response[Any]:
    """Add something, or answer what was asked."""
    form, case = sent.bind(WordsForm), _mine(db, client, page, number)
    tokens = boxes.taken(db, store, sent, form, box=files.BOX, owner=client.actor, now=now)
    if not form.ok:
        return _progress(db, client, page, number, now, form=form)
    outcome = actions.reply(db, case, client=client.person, text=form.text, now=now)
    if isinstance(outcome, Case):
        files.attach(db, tokens, number, owner=client.actor, now=now)
    return _told(db, client, page, number, now, outcome)


@post("/voice/{number:str}/acceptance", name="feedback.accept", guard=CLIENT)
def accept(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Close what was answered."""
    case = _mine(db, client, page, number)
    return _told(db, client, page, number, now, actions.accept(db, case, client=client.person, now=now))


@post("/voice/{number:str}/objection", name="feedback.object", guard=CLIENT)
def object_now(db: Db, client: SignedIn, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Say why the answer does not do."""
    form, case = sent.bind(WordsForm), _mine(db, client, page, number)
    if not form.ok:
        return _progress(db, client, page, number, now, form=form)
    outcome = actions.object_to(db, case, client=client.person, text=form.text, now=now)
    return _told(db, client, page, number, now, outcome)


@post("/voice/{number:str}/withdrawal", name="feedback.withdraw", guard=CLIENT)
def withdraw(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a case back that nobody has answered yet."""
    case = _mine(db, client, page, number)
    return _told(db, client, page, number, now, actions.withdraw(db, case, client=client.person, now=now))


def _again(db: Session, client: Visitor, page: PageMaker, form: CaseForm, *, same: str | None = None) -> Response[str]:
    kept = files.waiting(db, form, client.actor)
    return page.again("feedback/new.html", form=form, words=words, same=same, kept=kept)


def _mine(db: Session, client: Visitor, page: PageMaker, number: str) -> Case:
    case = queries.by_number(db, number)
    if case is None or case.client_id != client.client_id:
        raise page.missing()
    return case


def _told(db: Session, client: Visitor, page: PageMaker, number: str, now: Now, outcome: Outcome) -> Response[Any]:
    if isinstance(outcome, Case):
        return page.go("feedback.show", number=number)
    return _progress(db, client, page, number, now, outcome=outcome)


def _progress(
    db: Session, client: Visitor, page: PageMaker, number: str, now: Now, *, form: WordsForm | None = None,
    outcome: Any = None,
) -> Response[str]:  # fmt: skip
    row = queries.of_client(db, client.client_id, number)
    if row is None:
        raise page.missing()
    return page.show(
        "feedback/show.html", status=422 if outcome or (form and not form.ok) else 200, row=row, words=words,
        thread=queries.thread(db, row.id), clocks=actions.clocks_of(db, row, now), form=form or WordsForm(),
        outcome=outcome, is_open=row.state in OPEN, states=State, now=now, improved=improving.told_of(db, row.id),
        files=files.of_case(db, number), kept=files.waiting(db, form, client.actor) if form else [],
        adopted=adopting.of_case(db, row.id),
    )  # fmt: skip


pages = [*survey_pages.pages, index, new, create, show, show_file, reply, accept, object_now, withdraw]
