"""The staff's pages of cases: the queue with its pane, and every verb on one case."""

import secrets
from collections.abc import Callable
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients, queues, tiers
from portal.doors import DECIDES, READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.feedback import actions, files, follow_pages, queries, seconding, words
from portal.feedback.actions import Brought, Outcome, SameAgain
from portal.feedback.forms import DeskCaseForm, StepForm
from portal.feedback.limits import keep_years, kept_until
from portal.feedback.models import Case
from portal.feedback.rules import EXTENDABLE, OPEN, QUEUE, Kind, Refusal, State, needs_two
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.i18n import later
from portal.kit.uploads import Store
from portal.queues import AlreadyClaimed

TABS = ("open", "mine", "near", "escalated", "proposed", "waiting", "answered", "done")
NOBODY = later("没有这个客户号。")


@get("/desk/voice", name="feedback.queue", guard=READS)
def queue(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the queue under one tab; the filter stands in the address."""
    return _queue(db, staff, page, now)


@get("/desk/voice/new", name="feedback.desk_new", guard=WORKS)
def desk_new(page: Page) -> Response[str]:
    """Write down what somebody brought by telephone, at the counter, by letter or through 12386."""
    form = DeskCaseForm()
    form.typed = dict.fromkeys(DeskCaseForm.fields(), "") | {"key": secrets.token_urlsafe(24), "product": "none"}
    form.typed["client_no"] = page.query.get("client_no", "")[:12]
    return page.show("feedback/desk_new.html", form=form, words=words, same=None)


@post("/desk/voice", name="feedback.desk_create", guard=WORKS)
def desk_create(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Take the case in for the client; he hears of it like of one of his own."""
    form, same = sent.bind(DeskCaseForm), None
    client = clients.client_by_no(db, form.client_no) if form.ok else None
    if form.ok and client is None:
        form.wrong("client_no", NOBODY)
    if form.ok and client is not None:
        brought = Brought(
            form.kind, form.area, form.title, form.text, form.product, form.remedy, form.channel, form.external_no
        )
        made = actions.receive(db, brought, by=staff.person, client_id=client.id, key=form.key, now=now)
        if isinstance(made, Case):
            return page.go("feedback.review", number=made.number)
        form.wrong("text", words.REFUSALS[Refusal.SAME_AGAIN if isinstance(made, SameAgain) else made])
        same = made.number if isinstance(made, SameAgain) else None
    return page.again("feedback/desk_new.html", form=form, words=words, same=same)


@get("/desk/voice/{number:str}", name="feedback.review", guard=READS)
def review(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one case beside the queue."""
    return _queue(db, staff, page, now, number=number)


@get("/desk/voice/{number:str}/files/{token:str}", name="feedback.paper", guard=READS)
def show_file(db: Db, page: Page, store: Store, number: FromPath[str], token: FromPath[str]) -> Response[bytes]:
    """Hand out a file of a case."""
    case = _known(db, page, number)
    found = files.handed_out(db, store, case.number, token)
    if found is None:
        raise page.missing()
    page.shows_client(case.client_id, "evidence", number)
    return found


@post("/desk/voice/{number:str}/claim", name="feedback.claim", guard=WORKS)
def claim(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a case in hand."""
    case = _known(db, page, number)
    outcome = queues.claim(db, queue=QUEUE, item_id=case.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _queue(db, staff, page, now, number=number, outcome=outcome)
    return page.go("feedback.review", number=number)


@post("/desk/voice/{number:str}/acknowledgement", name="feedback.acknowledge", guard=WORKS)
def acknowledge(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Take the case on by name, with its first assessment."""

    def go(case: Case, form: StepForm) -> Outcome:
        told = {"severity": form.severity, "area": form.area, "text": form.text}
        return actions.acknowledge(db, case, seen=form.version, staff=staff.person, now=now, **told)

    return _verb(db, staff, page, number, now, sent.bind(StepForm), go, "severity", "area")


@post("/desk/voice/{number:str}/assessment", name="feedback.assess", guard=WORKS)
def assess(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Assess the case anew; the client does not read it."""

    def go(case: Case, form: StepForm) -> Outcome:
        told = {"severity": form.severity, "area": form.area}
        return actions.assess(db, case, seen=form.version, staff=staff.person, now=now, **told)

    return _verb(db, staff, page, number, now, sent.bind(StepForm), go, "severity", "area")


@post("/desk/voice/{number:str}/notes", name="feedback.note", guard=WORKS)
def note(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Write down what the client does not read; anybody of staff may, whoever has the case in hand."""
    form, case = sent.bind(StepForm), _known(db, page, number)
    form.need("internal")
    if not form.ok:
        return _queue(db, staff, page, now, number=number, form=form)
    actions.note(db, case, staff=staff.person, text=form.internal, now=now)
    return page.go("feedback.review", number=number)


@post("/desk/voice/{number:str}/messages", name="feedback.tell", guard=WORKS)
def tell(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Tell the client how it stands."""

    def go(case: Case, form: StepForm) -> Outcome:
        return actions.tell(db, case, seen=form.version, staff=staff.person, text=form.text, now=now)

    return _verb(db, staff, page, number, now, sent.bind(StepForm), go, "text")


@post("/desk/voice/{number:str}/questions", name="feedback.ask", guard=WORKS)
def ask(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Ask the client; the clock of the answer waits with us."""

    def go(case: Case, form: StepForm) -> Outcome:
        return actions.ask(db, case, seen=form.version, staff=staff.person, text=form.text, now=now)

    return _verb(db, staff, page, number, now, sent.bind(StepForm), go, "text")


@post("/desk/voice/{number:str}/extension", name="feedback.extend", guard=WORKS)
def extend(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Take more time, once, with the reason that the client reads."""

    def go(case: Case, form: StepForm) -> Outcome:
        return actions.extend(db, case, seen=form.version, staff=staff.person, reason=form.text, now=now)

    return _verb(db, staff, page, number, now, sent.bind(StepForm), go, "text")


@post("/desk/voice/{number:str}/answer", name="feedback.answer", guard=WORKS)
def answer(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Answer in writing."""

    def go(case: Case, form: StepForm) -> Outcome:
        found = {"text": form.text, "finding": form.finding, "cause": form.cause}
        return actions.answer(db, case, seen=form.version, staff=staff.person, now=now, **found)

    return _verb(db, staff, page, number, now, sent.bind(StepForm), go, "text")


@post("/desk/voice/{number:str}/second", name="feedback.second", guard=DECIDES)
def second(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Send the answer that somebody else has written to a critical case."""

    def go(case: Case, form: StepForm) -> Outcome:
        return actions.second(db, case, seen=form.version, staff=staff.person, now=now)

    return _verb(db, staff, page, number, now, sent.bind(StepForm), go)


@post("/desk/voice/{number:str}/return", name="feedback.send_back", guard=DECIDES)
def send_back(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Give a proposed answer back, with what is to be mended."""

    def go(case: Case, form: StepForm) -> Outcome:
        return actions.send_back(db, case, seen=form.version, staff=staff.person, text=form.mend, now=now)

    return _verb(db, staff, page, number, now, sent.bind(StepForm), go, "mend")


def _verb(
    db: Session, staff: Visitor, page: PageMaker, number: str, now: Now, form: StepForm,
    go: Callable[[Case, StepForm], Outcome], *needs: str,
) -> Response[Any]:  # fmt: skip
    """Do a step on a case that nobody else has in hand; lead back to it, or say beside the form why not."""
    case = _known(db, page, number)
    form.need(*needs)
    held = queues.held_by_other(queues.claim_on(db, QUEUE, case.id), staff.user_id, now)
    if held or not form.ok:
        return _queue(db, staff, page, now, number=number, form=form, outcome=held)
    outcome = go(case, form)
    if isinstance(outcome, Case):
        if outcome.state not in OPEN or seconding.waiting(db, outcome.id):  # the next step is another's
            queues.release(db, queue=QUEUE, item_id=outcome.id)
        return page.go("feedback.review", number=number)
    return _queue(db, staff, page, now, number=number, form=form, outcome=outcome)


def _known(db: Session, page: PageMaker, number: str) -> Case:
    case = queries.by_number(db, number)
    if case is None or not clients.reaches(db, page.visitor, case.client_id):
        raise page.missing()
    return case


def _queue(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, number: str | None = None, form: StepForm | None = None,
    outcome: Any = None,
) -> Response[str]:  # fmt: skip
    tab = page.query.get("tab", "open")
    tab = tab if tab in TABS else "open"
    held = queues.held(db, QUEUE, now)
    mine = [item for item, claim in held.items() if claim.staff_id == staff.user_id]
    reach = clients.reach(staff, Case.client_id)
    rows = queries.queue(db, tab, mine, now, reach)
    asking = {row.client_id for row in rows}
    return page.show(
        "feedback/queue.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=TABS, rows=rows,
        people={id: clients.masked_name(row.name) for id, row in clients.names_of(db, asking).items()},
        tiers=tiers.tiers_of(db, asking, local_date(now)), tier_names=tiers.NAMES, claims=held, mine=len(mine),
        counts=queries.counts(db, now, reach), words=words, form=form or StepForm(), outcome=outcome, now=now,
        on=_pane(db, page, number, now) if number else None,
    )  # fmt: skip


def _pane(db: Session, page: PageMaker, number: str, now: Now) -> dict[str, Any]:
    case = _known(db, page, number)
    page.shows_client(case.client_id, "case", number)
    client = clients.client_by_id(db, case.client_id)
    return {
        "it": case,
        "client": client,
        "masked": clients.masked_name(client.name) if client else "",
        "thread": queries.whole_thread(db, case.id),
        "files": files.of_case(db, number),
        "clocks": actions.clocks_of(db, case, now),
        "claim": queues.claim_on(db, QUEUE, case.id),
        "is_open": case.state in OPEN,
        "is_received": case.state == State.RECEIVED,
        "may_extend": case.kind in EXTENDABLE and not case.extended_minutes,
        "needs_finding": case.kind in EXTENDABLE,
        "needs_two": needs_two(Kind(case.kind), case.severity),
        "proposed": seconding.waiting(db, case.id),
        "keep_years": keep_years(Kind(case.kind), case.area),
        "kept_until": kept_until(Kind(case.kind), case.area, local_date(case.closed_at)) if case.closed_at else None,
    }


pages = [
    *follow_pages.pages, queue, desk_new, desk_create, review, show_file, claim, acknowledge, assess, note, tell, ask,
    extend, answer, second, send_back,
]  # fmt: skip
