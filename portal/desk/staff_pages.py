"""The desk: find a client, read what staff need about him, give him an activation code."""

from collections.abc import Sequence
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import audit, clients, feedback, identity, library, points, redemptions, sms, tiers
from portal.desk import FOLLOWERS, core_pages
from portal.desk.forms import (
    NOBODY,
    RECOVERY_STATES,
    RECOVERY_WORDS,
    SETTLED_ALREADY,
    SETTLEMENTS,
    ClientForm,
    RecordForm,
    RevealForm,
    SearchForm,
    SettlementForm,
)
from portal.doors import DECIDES, READS, WORKS, Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.db import Database

EVERYBODY = staff_of(*Role)
KNOWS = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER)
PLACES = ("redemptions.queue", "desk.clients", "feeds.index")  # where somebody begins, by what he may enter
REVEALS = staff_of(Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE)


@get("/desk", name="desk.index", guard=EVERYBODY)
def index(page: Page) -> Response[Any]:
    """Lead to the first place that this person may enter."""
    return page.go(next(place for place in PLACES if page.may(place)))


@get("/desk/clients", name="desk.clients", guard=KNOWS)
def find(page: Page) -> Response[Any]:
    """Ask for a client; a number may stand in the address, what else somebody is known by never does."""
    if "client_no" not in page.query:
        return page.show("desk/clients.html", form=SearchForm(), rows=None)
    form = ClientForm.bind(page.query)
    return page.go("desk.client", client_no=form.client_no) if form.ok else page.go("desk.clients")


@post("/desk/clients", name="desk.search", guard=KNOWS)
def search(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Find a client by number, telephone, ID number or name; that somebody searched is written down, not for what."""
    form = sent.bind(SearchForm)
    if not form.ok:
        return page.again("desk/clients.html", form=form, rows=None)
    rows = _reached(db, staff, clients.search(db, form.wanted))
    audit.record(db, actor=staff.actor, event="client.searched", object="client", detail={"found": len(rows)}, now=now)
    if len(rows) == 1:
        return page.go("desk.client", client_no=rows[0].client_no)
    if not rows:
        form.wrong("wanted", NOBODY)
    return page.show("desk/clients.html", status=200 if rows else 422, form=form, rows=rows, masked=clients.masked_name)


@get("/desk/clients/{client_no:str}", name="desk.client", guard=KNOWS)
def show(database: Database, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Show a client, masked; that somebody looked is written down first, and the client reads it."""
    with database.writing() as db:
        client = _known(db, page, client_no)
        clients.look(db, staff=_person(staff), client_id=client.id, what="file", now=now)
    with database.reading() as db:
        return _client(db, page, client_no, now)


@post("/desk/clients/{client_no:str}/reveal", name="desk.reveal", guard=REVEALS)
def reveal(db: Db, staff: Staff, page: Page, client_no: FromPath[str], sent: Sent, now: Now) -> Response[str]:
    """Show one value without its mask, once, for a reason that the client reads."""
    client, form = _known(db, page, client_no), sent.bind(RevealForm)
    found = clients.held(db, client.id, local_date(now)).get(form.typed["key"])
    this = clients.by_key().get(form.typed["key"])
    if not form.ok or found is None or this is None or not this.is_for_client:
        return _client(db, page, client_no, now, form=form, status=422)
    person = _person(staff)
    clients.look(db, staff=person, client_id=client.id, what="value", key=form.key, reason=form.reason, now=now)
    return _client(db, page, client_no, now, revealed=(this, clients.shown(this, found.value, in_full=True)))


@post("/desk/clients/{client_no:str}/activation", name="desk.activate", guard=WORKS)
def give_activation(db: Db, staff: Staff, page: Page, client_no: FromPath[str], now: Now) -> Response[str]:
    """Give an activation code; it is shown once, here, and never again."""
    client = _known(db, page, client_no)
    user = identity.enter_client(db, client_id=client.id, name=client.name, personal=[client.client_no], now=now)
    if user.user_name:  # one person alone never sets a client's sign-in anew
        return _client(db, page, client_no, now, status=422, must_recover=True)
    code = identity.give_activation(db, user_id=user.id, by=staff.actor, now=now)
    return _client(db, page, client_no, now, code=code)


@post("/desk/clients/{client_no:str}/recovery", name="desk.open_recovery", guard=WORKS)
def open_recovery(db: Db, staff: Staff, page: Page, client_no: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Open a way back in for a client who lost his password or second factor, with the record of the call back."""
    client, form = _known(db, page, client_no), sent.bind(RecordForm)
    user = identity.user_of_client(db, client.id)
    if user is None or not user.user_name:
        raise page.missing()
    if form.ok:
        outcome = identity.open_recovery(db, user_id=user.id, record=form.record, staff=staff, now=now)
        if not isinstance(outcome, identity.Refusal):
            return page.go("desk.recoveries")
        form.wrong("record", RECOVERY_WORDS[outcome])
    return _client(db, page, client_no, now, status=422, record=form)


@post("/desk/voice/{number:str}/faq", name="desk.draft_faq", guard=WORKS)
def draft_faq(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Make a draft of the FAQ from an enquiry that was answered in writing; pressed twice, it is one draft."""
    case = feedback.by_number(db, number)
    if case is None or case.kind != feedback.Kind.ENQUIRY or not case.answer:
        raise page.missing()
    told = {"question": case.title, "answer": case.answer, "source": f"voice:{number}"}
    return page.go("library.edit", number=library.draft_faq(db, by=staff.person, now=now, **told))


@get("/desk/recoveries", name="desk.recoveries", guard=READS)
def recoveries(db: Db, page: Page, now: Now) -> Response[str]:
    """Show the recoveries: who waits for a second person, who for the day to pass."""
    return _recoveries(db, page, now)


@post("/desk/recoveries/{recovery:int}/confirmation", name="desk.confirm_recovery", guard=DECIDES)
def confirm_recovery(db: Db, staff: Staff, page: Page, recovery: FromPath[int], now: Now) -> Response[Any]:
    """Confirm what somebody else opened."""
    refusal = identity.confirm_recovery(db, recovery, staff=staff, now=now)
    return _recoveries(db, page, now, refusal=refusal) if refusal else page.go("desk.recoveries")


@post("/desk/recoveries/{recovery:int}/code", name="desk.recovery_code", guard=WORKS)
def give_recovery_code(db: Db, staff: Staff, page: Page, recovery: FromPath[int], now: Now) -> Response[str]:
    """Give the activation code once the day has passed; it is shown once, here."""
    outcome = identity.give_recovery_code(db, recovery, staff=staff, now=now)
    if isinstance(outcome, identity.Refusal):
        return _recoveries(db, page, now, refusal=outcome)
    return _recoveries(db, page, now, code=outcome, given=recovery)


@post("/desk/recoveries/{recovery:int}/cancellation", name="desk.cancel_recovery", guard=WORKS)
def cancel_recovery(db: Db, staff: Staff, page: Page, recovery: FromPath[int], now: Now) -> Response[Any]:
    """Call a recovery off."""
    if not identity.cancel_recovery(db, recovery, by=staff.actor, now=now):
        return _recoveries(db, page, now, refusal=identity.Refusal.GONE)
    return page.go("desk.recoveries")


@get("/desk/sms", name="desk.messages", guard=READS)
def messages(db: Db, page: Page, now: Now) -> Response[str]:
    """Show the messages of which nobody knows whether the gateway has them."""
    return _messages(db, page, SettlementForm(), now)


@post("/desk/sms/{message:int}/settlement", name="desk.settle_message", guard=WORKS)
def settle_message(db: Db, staff: Staff, page: Page, message: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Decide about a parked message, with the reason: send it again, it went out, or give up."""
    form = sent.bind(SettlementForm)
    if not form.ok:
        return _messages(db, page, form, now, at_message=message)
    told = {"outcome": form.outcome, "reason": form.reason}
    state = sms.State(form.outcome)
    if not sms.settle(db, message, state, actor=staff.actor, followers=FOLLOWERS, now=now):
        form.wrong("outcome", SETTLED_ALREADY)
        return _messages(db, page, form, now, at_message=message)
    audit.record(db, actor=staff.actor, event="sms.settled", object=f"sms:{message}", detail=told, now=now)
    return page.go("desk.messages")


def _messages(
    db: Session, page: PageMaker, form: SettlementForm, now: Now, *, at_message: int | None = None
) -> Response[str]:
    rows = sms.parked(db)
    people = clients.names_of(db, {row.client_id for row in rows if row.client_id})
    return page.show(
        "desk/messages.html", status=200 if form.ok else 422, rows=rows, form=form, at_message=at_message, now=now,
        people={id: clients.masked_name(row.name) for id, row in people.items()}, settlements=SETTLEMENTS,
    )  # fmt: skip


def _recoveries(
    db: Session, page: PageMaker, now: Now, *, refusal: identity.Refusal | None = None, code: str = "", given: int = 0
) -> Response[str]:
    rows = identity.recoveries(db)
    owners = {row.user_id: identity.client_of(db, row.user_id) or 0 for row in rows}
    known = clients.names_of(db, set(owners.values()))
    return page.show(
        "desk/recoveries.html", status=422 if refusal else 200, rows=rows, states=RECOVERY_STATES, code=code,
        given=given, refusal=RECOVERY_WORDS[refusal] if refusal else None, now=now,
        people={id: known[owner] for id, owner in owners.items()}, masked=clients.masked_name,
        staff={id: identity.name_of(db, id) for row in rows for id in (row.opened_by, row.confirmed_by) if id},
    )  # fmt: skip


def _known(db: Session, page: PageMaker, client_no: str) -> Any:
    client = clients.client_by_no(db, client_no)
    if client is None or not _reached(db, page.visitor, [client]):
        raise page.missing()
    return client


def _reached(db: Session, staff: Visitor, rows: Sequence[Any]) -> list[Any]:
    """Keep the clients whom somebody may see: an adviser his own, staff of a branch the branch's."""
    found = [row for row in rows if staff.may_see_branch(row.branch_no)]
    if staff.sees_own_clients_alone:
        own = set(tiers.clients_of(db, staff.user_id))
        found = [row for row in found if row.id in own]
    return found


def _client(
    db: Session, page: PageMaker, client_no: str, now: Now, *, code: str | None = None,
    form: RevealForm | None = None, revealed: Any = None, status: int = 200, record: RecordForm | None = None,
    must_recover: bool = False,
) -> Response[str]:  # fmt: skip
    client, today = _known(db, page, client_no), local_date(now)
    held = clients.held(db, client.id, today)
    shelf = [this for this in clients.by_key().values() if this.key in held and this.is_for_client]
    user = identity.user_of_client(db, client.id)
    return page.show(
        "desk/client.html", status=status, held=held, shelf=shelf, shown=clients.shown, form=form or RevealForm(),
        record=record or RecordForm(), must_recover=must_recover,
        recovery=identity.recovery_of(db, user.id) if user else None,
        revealed=revealed, score=clients.completeness(db, client.id, today), client=client,
        name=clients.masked_name(client.name), code=code,
        mobile=clients.masked_phone(clients.mobile(db, client.id) or ""), user=user, now=now,
        tier=tiers.tier_on(db, client.id, local_date(now)), balance=points.balance(db, client.id, now),
        open=redemptions.open_of(db, client.id), states=redemptions.STATES,
        trail=audit.events_of(db, f"user:{user.id}") if user else [],
    )  # fmt: skip


def _person(staff: Visitor) -> clients.Person:
    return clients.Person(staff.actor, staff.name, staff.user_id, channel="desk")


pages = [
    index, draft_faq, find, search, show, reveal, give_activation, open_recovery, recoveries, confirm_recovery,
    give_recovery_code, cancel_recovery, messages, settle_message, *core_pages.pages,
]  # fmt: skip
