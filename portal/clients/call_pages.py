"""The staff's pages of a telephone call: prove who calls, then read the masked record and ask for what he wants."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal.clients import calls, indicators, queries, words
from portal.clients.changes import Person
from portal.clients.forms import CallForm, ChangeForm
from portal.clients.models import ClientCall, ClientChange
from portal.clients.rules import Refusal, Way, masked_name
from portal.doors import WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.vault import Vault


@get("/desk/calls", name="clients.calls", guard=WORKS)
def index(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Begin a call, and show those of today."""
    return _index(db, staff, page, CallForm(), now)


@post("/desk/calls", name="clients.begin_call", guard=WORKS)
def begin(db: Db, vault: Vault, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Open a call with a client, by his number or by the telephone that he says is his."""
    form = sent.bind(CallForm)
    if not form.ok:
        return _index(db, staff, page, form, now, status=422)
    client_id = _whom(db, form.who)
    made: ClientCall | Refusal | None = None
    if client_id is None:
        form.wrong("who", words.NOBODY)
    else:
        made = calls.begin(db, vault, staff=_person(staff), client_id=client_id, way=Way(form.way), now=now)
    if isinstance(made, ClientCall):
        return page.go("clients.call", number=made.number)
    if made is not None:
        form.wrong("way", words.REFUSALS[made])
    return _index(db, staff, page, form, now, status=422)


@get("/desk/calls/{number:str}", name="clients.call", guard=WORKS)
def show(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show a call: what to ask, or the record once the caller is proved."""
    return _show(db, staff, page, _mine(db, staff, page, number), now)


@post("/desk/calls/{number:str}/proof", name="clients.prove_call", guard=WORKS)
def prove(db: Db, vault: Vault, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Compare what the caller said; nothing of it comes back on any page."""
    call = _mine(db, staff, page, number)
    outcome = calls.prove(db, vault, call, sent.typed, staff=_person(staff), now=now)
    if isinstance(outcome, Refusal):
        return _show(db, staff, page, call, now, refusal=outcome)
    return page.go("clients.call", number=number)


@post("/desk/calls/{number:str}/requests", name="clients.request_by_call", guard=WORKS)
def request(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Ask for a change in the caller's name."""
    call = _mine(db, staff, page, number)
    this = indicators.by_key().get(sent.typed.get("key", ""))
    if this is None or this not in calls.changeable():
        return _show(db, staff, page, call, now, refusal=Refusal.NOT_BY_PHONE)
    known = queries.held(db, call.client_id, local_date(now))
    form = ChangeForm.of(this, sent.typed, known, local_date(now), asks_why=True)
    if form.ok:
        made = calls.request(db, call, key=this.key, value=form.value, why=form.why, staff=_person(staff), now=now)
        if isinstance(made, ClientChange):
            return page.go("clients.review", number=made.number)
        form.wrong("value", words.REFUSALS[made])
    return _show(db, staff, page, call, now, form=form, this=this)


@post("/desk/calls/{number:str}/end", name="clients.end_call", guard=WORKS)
def end(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Close the call."""
    calls.end(db, _mine(db, staff, page, number), staff=_person(staff), now=now)
    return page.go("clients.calls")


def _whom(db: Session, who: str) -> int | None:
    client = queries.client_by_no(db, who)
    if client is not None:
        return int(client.id)
    found = queries.who_has(db, "mobile", who)
    return found[0] if len(found) == 1 else None  # a number that two of our clients share says nobody


def _mine(db: Session, staff: Visitor, page: PageMaker, number: str) -> ClientCall:
    call = calls.by_number(db, number)
    if call is None or call.staff_id != staff.user_id:
        raise page.missing()
    return call


def _index(
    db: Session, staff: Visitor, page: PageMaker, form: CallForm, now: Now, *, status: int = 200
) -> Response[str]:
    rows = calls.calls_of(db, staff.user_id, now)
    people = {id: masked_name(row.name) for id, row in queries.names_of(db, {row.client_id for row in rows}).items()}
    return page.show("clients/calls.html", status=status, form=form, rows=rows, people=people, words=words, now=now)


def _show(
    db: Session, staff: Visitor, page: PageMaker, call: ClientCall, now: Now, *, refusal: Refusal | None = None,
    form: ChangeForm | None = None, this: indicators.Indicator | None = None,
) -> Response[str]:  # fmt: skip
    is_open = calls.is_open(call, _person(staff), now)
    # Before the caller is proved nothing of the record is read, not even masked.
    known = queries.held(db, call.client_id, local_date(now)) if is_open else {}
    client = queries.client_by_id(db, call.client_id)
    chosen = this or indicators.by_key().get(page.query.get("key", ""))
    return page.show(
        "clients/call.html", status=422 if refusal or (form and not form.ok) else 200, call=call, refusal=refusal,
        is_open=is_open, known=known, words=words, now=now, form=form or _blank(),
        client_no=client.client_no if client else "",
        this=chosen if chosen in calls.changeable() else None, choices=calls.changeable(),
        shelf=[each for each in indicators.every() if each.key in known and each.is_for_client],
    )  # fmt: skip


def _blank() -> ChangeForm:
    form = ChangeForm()
    form.typed = {"value": "", "why": ""}
    return form


def _person(staff: Visitor) -> Person:
    return Person(staff.actor, staff.name, staff.user_id, channel="phone")


pages = [index, begin, show, prove, request, end]
