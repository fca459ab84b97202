"""The desk: find a client, read what staff need about him, give him an activation code."""

from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import audit, clients, identity, points, redemptions, tiers
from portal.desk.forms import NOBODY, ClientForm
from portal.doors import STAFF, Db, Now, Page, PageMaker, Staff, get, post
from portal.kit.clock import local_date


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
def show(db: Db, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Show a client, masked: tier, points, open requests, and whether he can sign in."""
    return _client(db, page, client_no, now)


@post("/desk/clients/{client_no:str}/activation", name="desk.activate", guard=STAFF)
def give_activation(db: Db, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Give an activation code; it is shown once, here, and never again."""
    client = clients.client_by_no(db, client_no)
    if client is None:
        raise page.missing()
    user = identity.enter_client(db, client_id=client.id, name=client.name, personal=[client.client_no], now=now)
    code = identity.give_activation(db, user_id=user.id, by=staff.actor, now=now)
    return _client(db, page, client_no, now, code=code)


def _client(db: Db, page: PageMaker, client_no: str, now: Now, *, code: str | None = None) -> Response[str]:
    client = clients.client_by_no(db, client_no)
    if client is None:
        raise page.missing()
    user = identity.user_of_client(db, client.id)
    return page.show(
        "desk/client.html", client=client, name=clients.masked_name(client.name), code=code,
        mobile=clients.masked_phone(clients.mobile(db, client.id) or ""), user=user, now=now,
        tier=tiers.tier_on(db, client.id, local_date(now)), balance=points.balance(db, client.id, now),
        open=redemptions.open_of(db, client.id), states=redemptions.STATES,
        trail=audit.events_of(db, f"user:{user.id}") if user else [],
    )  # fmt: skip


pages = [index, find, show, give_activation]
