"""The desk: find a client, read what staff need about him, give him an activation code."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import audit, clients, feedback, identity, library, queues, sms
from portal.desk import FOLLOWERS, calendar_pages, campaign_pages, client_pages, core_pages, late_pages
from portal.desk.client_pages import KNOWS, reached
from portal.desk.forms import (
    NOBODY,
    RECOVERY_STATES,
    RECOVERY_WORDS,
    SETTLED_ALREADY,
    SETTLEMENTS,
    ClientForm,
    SearchForm,
    SettlementForm,
)
from portal.desk.overdue import reader_of
from portal.doors import DECIDES, READS, WORKS, Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of

EVERYBODY = staff_of(*Role)
# Where somebody begins, by what he may enter.
PLACES = ("staffing.mine", "desk.clients", "staffing.members", "feeds.index")


@get("/desk", name="desk.index", guard=EVERYBODY)
def index(db: Db, staff: Staff, page: Page) -> Response[Any]:
    """Lead to what is late and waits for this person's word, else to the first place that he may enter."""
    if page.may("desk.late") and queues.waiting_count(db, reader_of(staff)):
        return page.go("desk.late")
    return page.go(next(place for place in PLACES if page.may(place)))


@get("/desk/clients", name="desk.clients", guard=KNOWS)
def find(db: Db, page: Page) -> Response[Any]:
    """Ask for a client; a number may stand in the address, what else somebody is known by never does."""
    if "client_no" not in page.query:
        alarms = clients.waiting_alarms(db) if page.may("dossier.alarms") else 0
        return page.show("desk/clients.html", form=SearchForm(), rows=None, alarms=alarms)
    form = ClientForm.bind(page.query)
    return page.go("desk.client", client_no=form.client_no) if form.ok else page.go("desk.clients")


@post("/desk/clients", name="desk.search", guard=KNOWS)
def search(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Find a client by number, telephone, ID number or name; that somebody searched is written down, not for what."""
    form = sent.bind(SearchForm)
    if not form.ok:
        return page.again("desk/clients.html", form=form, rows=None, alarms=0)
    rows = reached(db, staff, clients.search(db, form.wanted))
    audit.record(db, actor=staff.actor, event="client.searched", object="client", detail={"found": len(rows)}, now=now)
    if len(rows) == 1:
        return page.go("desk.client", client_no=rows[0].client_no)
    if not rows:
        form.wrong("wanted", NOBODY)
    return page.show(
        "desk/clients.html", status=200 if rows else 422, form=form, rows=rows, masked=clients.masked_name, alarms=0
    )  # fmt: skip


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


pages = [
    index, draft_faq, find, search, recoveries, confirm_recovery, give_recovery_code, cancel_recovery, messages,
    settle_message, *calendar_pages.pages, *campaign_pages.pages, *client_pages.pages, *core_pages.pages,
    *late_pages.pages,
]  # fmt: skip
