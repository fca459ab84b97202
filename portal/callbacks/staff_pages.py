"""The staff's pages of call-backs: one queue for every room, and a task with its script read aloud."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients, queues
from portal.callbacks import forms, queries
from portal.callbacks.actions import Call, record_try
from portal.callbacks.forms import TryForm
from portal.callbacks.models import CallbackTask
from portal.callbacks.rules import QUEUE, TRIES, YEARLY_TARGET_PERCENT, State
from portal.doors import READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit.clock import at, local_date
from portal.kit.i18n import language
from portal.queues import AlreadyClaimed


@get("/desk/callbacks", name="callbacks.queue", guard=READS)
def queue(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show who is to be called, what is due first standing first."""
    return _queue(db, staff, page, now)


@get("/desk/callbacks/{number:str}", name="callbacks.task", guard=READS)
def task(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one task with its script beside the queue."""
    return _queue(db, staff, page, now, number=number)


@post("/desk/callbacks/{number:str}/claim", name="callbacks.claim", guard=WORKS)
def claim_now(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a call in hand, so that nobody is called twice at the same time."""
    it = _known(db, page, number)
    outcome = queues.claim(db, queue=QUEUE, item_id=it.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _queue(db, staff, page, now, number=number, outcome=outcome)
    return page.go("callbacks.task", number=number)


@post("/desk/callbacks/{number:str}/tries", name="callbacks.try", guard=WORKS)
def try_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Write a try down."""
    form, it = sent.bind(TryForm), _known(db, page, number)
    if not form.ok:
        return _queue(db, staff, page, now, number=number, form=form)
    told = {name.removeprefix("answer_"): text for name, text in sent.typed.items() if name.startswith("answer_")}
    if other := queues.held_by_other(queues.claim_on(db, QUEUE, it.id), staff.user_id, now):
        return _queue(db, staff, page, now, number=number, form=form, outcome=other, answers=told)
    call = Call(form.outcome, form.means, told, form.recording, form.note)
    caller = staff.person
    outcome = record_try(db, it, seen=form.version, caller=caller, call=call, now=now)
    if isinstance(outcome, CallbackTask):
        queues.release(db, queue=QUEUE, item_id=it.id)
        return page.go("callbacks.task", number=number)
    return _queue(db, staff, page, now, number=number, form=form, outcome=outcome, answers=told)


def _known(db: Session, page: PageMaker, number: str) -> CallbackTask:
    found = queries.by_number(db, number)
    if found is None or not clients.reaches(db, page.visitor, found.client_id):
        raise page.missing()
    return found


def _queue(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, number: str | None = None,
    form: TryForm | None = None, outcome: Any = None, answers: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    tab = page.query.get("tab", "due")
    tab = tab if tab in queries.TABS else "due"
    reach = clients.reach(staff, CallbackTask.client_id)
    year = at(local_date(now).replace(month=1, day=1))
    return page.show(
        "callbacks/queue.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=queries.TABS,
        rows=queries.queue(db, tab, now, reach), counts=queries.counts(db, now, reach), kinds=forms.KINDS,
        states=forms.STATES,
        outcomes=forms.OUTCOMES, means=forms.MEANS, words=forms.REFUSALS, form=form or TryForm(), outcome=outcome,
        masked=clients.masked_name, share=queries.share_called(db, year, local_date(now)),
        target=YEARLY_TARGET_PERCENT, now=now, answers=answers or {},
        on=_pane(db, page, number, staff, now) if number else None, tries_limit=TRIES,
        claims=queues.held(db, QUEUE, now),
    )  # fmt: skip


def _pane(db: Session, page: PageMaker, number: str, staff: Visitor, now: Now) -> dict[str, Any]:
    it = _known(db, page, number)
    page.shows_client(it.client_id, "callback", number)
    script = queries.script(db, it.script_id)
    return {
        "it": it,
        "script": script,
        "questions": [(question.key, question.says(language())) for question in script.questions],
        "tries": queries.tries_of(db, it.id),
        "kept_out": staff.user_id in it.kept_out,
        "campaign": queries.campaign_of(db, it.id),
        "barred": queries.campaign_refusal(db, it.id, staff.user_id, now),
        "claim": queues.held(db, QUEUE, now).get(it.id),
        "is_open": it.state == State.OPEN,
        "wants_no_calls": it.client_id is not None and clients.wants_no_calls(db, it.client_id),
    }


pages = [queue, task, claim_now, try_now]
