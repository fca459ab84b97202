"""The desk: find a client, read what staff need about him, give him an activation code."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import audit, clients, identity, points, redemptions, tiers
from portal.desk.forms import NO_ROLE, NOBODY, ClientForm, RevealForm
from portal.doors import STAFF, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.db import Database

MAY_REVEAL = frozenset({"handler", "reviewer", "compliance"})


@get("/desk", name="desk.index", guard=STAFF)
def index(page: Page) -> Response[Any]:
    """Lead to the queue that is most often needed."""
    return page.go("redemptions.queue")


@get("/desk/clients", name="desk.clients", guard=STAFF)
def find(db: Db, page: Page) -> Response[Any]:
    """Find a client by his number; the number stands in the address."""
    if "client_no" not in page.query:
        return page.show("desk/clients.html", form=ClientForm())
    form = ClientForm.bind(page.query)
    if form.ok and clients.client_by_no(db, form.client_no):
        return page.go("desk.client", client_no=form.client_no)
    if form.ok:
        form.wrong("client_no", NOBODY)
    return page.again("desk/clients.html", form=form)


@get("/desk/clients/{client_no:str}", name="desk.client", guard=STAFF)
def show(database: Database, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Show a client, masked; that somebody looked is written down first, and the client reads it."""
    with database.writing() as db:
        client = _known(db, page, client_no)
        clients.look(db, staff=_person(staff), client_id=client.id, what="file", now=now)
    with database.reading() as db:
        return _client(db, page, client_no, now)


@post("/desk/clients/{client_no:str}/reveal", name="desk.reveal", guard=STAFF)
def reveal(db: Db, staff: Staff, page: Page, client_no: FromPath[str], sent: Sent, now: Now) -> Response[str]:
    """Show one value without its mask, once, for a reason that the client reads."""
    client, form = _known(db, page, client_no), sent.bind(RevealForm)
    found = clients.held(db, client.id, local_date(now)).get(form.typed["key"])
    this = clients.by_key().get(form.typed["key"])
    if not MAY_REVEAL & set(staff.roles):
        form.wrong("reason", NO_ROLE)
    if not form.ok or found is None or this is None or not this.is_for_client:
        return _client(db, page, client_no, now, form=form, status=422)
    person = _person(staff)
    clients.look(db, staff=person, client_id=client.id, what="value", key=form.key, reason=form.reason, now=now)
    return _client(db, page, client_no, now, revealed=(this, clients.shown(this, found.value, in_full=True)))


@post("/desk/clients/{client_no:str}/activation", name="desk.activate", guard=STAFF)
def give_activation(db: Db, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Give an activation code; it is shown once, here, and never again."""
    client = _known(db, page, client_no)
    user = identity.enter_client(db, client_id=client.id, name=client.name, personal=[client.client_no], now=now)
    code = identity.give_activation(db, user_id=user.id, by=staff.actor, now=now)
    return _client(db, page, client_no, now, code=code)


def _known(db: Session, page: PageMaker, client_no: str) -> Any:
    client = clients.client_by_no(db, client_no)
    if client is None:
        raise page.missing()
    return client


def _client(
    db: Session, page: PageMaker, client_no: str, now: Now, *, code: str | None = None,
    form: RevealForm | None = None, revealed: Any = None, status: int = 200,
) -> Response[str]:  # fmt: skip
    client, today = _known(db, page, client_no), local_date(now)
    held = clients.held(db, client.id, today)
    shelf = [this for this in clients.by_key().values() if this.key in held and this.is_for_client]
    user = identity.user_of_client(db, client.id)
    return page.show(
        "desk/client.html", status=status, held=held, shelf=shelf, shown=clients.shown, form=form or RevealForm(),
        revealed=revealed, score=clients.completeness(db, client.id, today), client=client,
        name=clients.masked_name(client.name), code=code,
        mobile=clients.masked_phone(clients.mobile(db, client.id) or ""), user=user, now=now,
        tier=tiers.tier_on(db, client.id, local_date(now)), balance=points.balance(db, client.id, now),
        open=redemptions.open_of(db, client.id), states=redemptions.STATES,
        trail=audit.events_of(db, f"user:{user.id}") if user else [],
    )  # fmt: skip


def _person(staff: Visitor) -> clients.Person:
    return clients.Person(staff.actor, staff.name, staff.user_id, channel="desk")


pages = [index, find, show, reveal, give_activation]
