"""The client's pages of redemptions: the shop, a request, its progress."""

import secrets
from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import calendar, clients, points, products, queues, tiers
from portal.doors import CLIENT, CLIENT_AAL2, Db, Now, Page, PageMaker, Sent, SignedIn, get, post
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.queues import Stale
from portal.redemptions import queries
from portal.redemptions.actions import cancel, promise, request
from portal.redemptions.forms import STATES, WORDS, RedemptionForm, verbs_of
from portal.redemptions.fulfilment import given_back, stop
from portal.redemptions.means import means_of
from portal.redemptions.rules import NOT_SHOWN, OPEN, QUEUE, UNSUITED, Refusal


@get("/redemptions", name="redemptions.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show what points can be had for, and what was asked for."""
    rows = queries.list_of(db, client.client_id)
    means = means_of(db, client.client_id, now)
    everything = [(offer, means.refusal_of(offer)) for offer in products.on_offer(db, now)]
    running = [each for each in products.subscriptions_of(db, client.client_id) if each.state == "active"]
    shelf = [(offer, refusal) for offer, refusal in everything if refusal not in NOT_SHOWN]
    return page.show(
        "redemptions/index.html", shelf=shelf, means=means, rows=rows, states=STATES, now=now,
        plans=products.offers(db, {row.item_version_id for row in rows}), words=WORDS, refusals=Refusal,
        services=products.SERVICES, periods=products.PERIODS, hidden=len(everything) - len(shelf), unsuited=UNSUITED,
        running=running, names=products.offers(db, {each.item_version_id for each in running}),
    )  # fmt: skip


@get("/redemptions/new", name="redemptions.new", guard=CLIENT_AAL2)
def new(db: Db, client: SignedIn, page: Page, now: Now) -> Response[Any]:
    """Show what a request would cost and which points would go, before anything happens."""
    offer = _offer(db, page.query.get("offer", ""), now)
    if offer is None:
        raise page.missing()
    form = RedemptionForm()
    form.typed = {"offer": str(offer.item_version_id), "key": secrets.token_urlsafe(24)}
    return _confirm(db, client, page, now, offer, form, means_of(db, client.client_id, now, offer).refusal_of(offer))


@post("/redemptions", name="redemptions.create", guard=CLIENT_AAL2)
def create(db: Db, client: SignedIn, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Ask for a product; lead on to its page, or say why not."""
    form = sent.bind(RedemptionForm)
    offer = _offer(db, form.typed["offer"], now)
    if not form.ok or offer is None:
        form.wrong("offer", WORDS[Refusal.NOT_ON_OFFER])
        return page.again("redemptions/gone.html", form=form)
    outcome = request(db, client=client.person, client_id=client.client_id, offer=offer, key=form.key, now=now)
    if isinstance(outcome, Refusal):
        form.wrong("offer", WORDS[outcome])
        return _confirm(db, client, page, now, offer, form, outcome, status=422)
    return page.go("redemptions.show", number=outcome.number)


@get("/redemptions/{number:str}", name="redemptions.show", guard=CLIENT)
def show(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show where a request stands: who, until when, which points, every step."""
    return _progress(db, client, page, number, now)


@post("/redemptions/{number:str}/cancellation", name="redemptions.cancel", guard=CLIENT)
def withdraw(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Withdraw a request that nobody has decided yet."""
    redemption = queries.by_number(db, number)
    if redemption is None or redemption.client_id != client.client_id:
        raise page.missing()
    outcome = cancel(db, redemption, client=client.person, now=now)
    if isinstance(outcome, Refusal | Stale):
        return _progress(db, client, page, number, now, outcome=outcome)
    return page.go("redemptions.show", number=number)


@post("/redemptions/{number:str}/stop", name="redemptions.stop", guard=CLIENT)
def stop_now(db: Db, client: SignedIn, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Stop a plan before its time."""
    redemption = queries.by_number(db, number)
    if redemption is None or redemption.client_id != client.client_id:
        raise page.missing()
    outcome = stop(db, redemption, client=client.person, now=now)
    if isinstance(outcome, Refusal | Stale):
        return _progress(db, client, page, number, now, outcome=outcome)
    return page.go("redemptions.show", number=number)


def _confirm(
    db: Db, client: Visitor, page: PageMaker, now: Now, offer: products.Offer, form: RedemptionForm,
    refusal: Refusal | None, *, status: int = 200,
) -> Response[str]:  # fmt: skip
    today = local_date(now)
    tier = tiers.tier_on(db, client.client_id, today)
    return page.show(
        "redemptions/new.html", status=status, offer=offer, form=form, refusal=refusal, words=WORDS, tier=tier,
        balance=points.balance(db, client.client_id, now), periods=products.PERIODS, refusals=Refusal,
        unsuited=UNSUITED, lots=points.lots_to_be_used(db, client.client_id, offer.points, now) or [],
        promised_at=promise(db, tier, now),
        gifts=[each for each in products.on_offer(db, now) if each.code in offer.gifts],
        mobile=clients.masked_phone(clients.mobile(db, client.client_id) or ""),
    )  # fmt: skip


def _progress(
    db: Db, client: Visitor, page: PageMaker, number: str, now: Now, *, outcome: Refusal | Stale | None = None
) -> Response[str]:
    row = queries.of_client(db, client.client_id, number)
    if row is None:
        raise page.missing()
    offer = products.known_offer(db, row.item_version_id)
    running = products.subscription(db, row.subscription_id or 0)
    running = running if running and running.state == "active" else None
    return page.show(
        "redemptions/show.html", running=running,
        back=given_back(db, row, running, now) if running else 0, status=422 if outcome else 200, row=row,
        events=queries.events(db, row.id),
        offer=offer, states=STATES, verbs=verbs_of(offer.kind), is_open=row.state in OPEN,
        used=points.lots_of_hold(db, row.hold_id), claim=queues.claim_on(db, QUEUE, row.id), outcome=outcome,
        words=WORDS, now=now,
        clock=queues.clock(
            calendar.around(db, local_date(now)), asked_at=row.requested_at, promised_at=row.promised_at, now=now
        ),
    )  # fmt: skip


def _offer(db: Db, typed: str, now: Now) -> products.Offer | None:
    here = [offer for offer in products.on_offer(db, now) if str(offer.item_version_id) == typed]
    return here[0] if here else None


pages = [index, new, create, show, withdraw, stop_now]
