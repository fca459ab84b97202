"""The staff's pages of the library: what is written, what waits for a second person, what is live and until when."""

from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import queues
from portal.audit import Person
from portal.doors import DECIDES, READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.i18n import language
from portal.kit.prose import prose
from portal.library import queries, quiz
from portal.library.actions import (
    begin,
    discard,
    lacking,
    publish,
    revise,
    send_back,
    submit,
    text_of,
    withdraw,
    write,
)
from portal.library.forms import (
    KINDS,
    LACKING,
    OCCASIONS,
    STATES,
    TOPICS,
    VERBS,
    WORDS,
    BeginForm,
    DraftForm,
    StepForm,
    WithdrawalForm,
    typed_of,
)
from portal.library.models import Draft, Piece
from portal.library.queries import words_of
from portal.library.rules import QUEUE, RESEARCH, Refusal, State
from portal.queues import AlreadyClaimed, Stale

MONTH = timedelta(days=30)
TABS = ("review", "draft", "live", "expiring", "gone")


@get("/desk/library", name="library.desk", guard=READS)
def desk(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show drafts, what waits for review, and what was published; the filter stands in the address."""
    return _desk(db, page, now)


@post("/desk/library", name="library.begin", guard=WORKS)
def begin_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Begin a piece; lead on to its draft."""
    form = sent.bind(BeginForm)
    if not form.ok:
        return _desk(db, page, now, form=form)
    return page.go("library.edit", number=begin(db, form.kind, by=_person(staff), now=now))


@get("/desk/library/{number:str}", name="library.edit", guard=READS)
def edit(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show a piece: its draft to write or to review, its editions, every step."""
    return _piece(db, staff, page, _known(db, page, number), now)


@post("/desk/library/{number:str}/draft", name="library.write", guard=WORKS)
def write_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Save what was written, whole or not."""
    return _written(db, staff, page, number, sent, now)


@post("/desk/library/{number:str}/submission", name="library.submit", guard=WORKS)
def submit_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Save what was written and hand it to a second person, or say at each field what is lacking."""
    return _written(db, staff, page, number, sent, now, is_submitted=True)


@post("/desk/library/{number:str}/claim", name="library.claim", guard=WORKS)
def claim(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a piece that waits for review in hand."""
    piece = _known(db, page, number)
    outcome = queues.claim(db, queue=QUEUE, item_id=piece.id, staff=staff, now=now)
    if isinstance(outcome, AlreadyClaimed):
        return _piece(db, staff, page, piece, now, outcome=outcome)
    return page.go("library.edit", number=number)


@post("/desk/library/{number:str}/publication", name="library.publish", guard=DECIDES)
def publish_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Publish what somebody else wrote."""
    return _step(db, staff, page, number, sent, now, publish)


@post("/desk/library/{number:str}/return", name="library.send_back", guard=WORKS)
def send_back_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Give a draft back to its writers."""
    return _step(db, staff, page, number, sent, now, send_back)


@post("/desk/library/{number:str}/discarding", name="library.discard", guard=WORKS)
def discard_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Give a draft up."""
    return _step(db, staff, page, number, sent, now, discard)


@post("/desk/library/{number:str}/revision", name="library.revise", guard=WORKS)
def revise_now(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Begin a new edition."""
    piece = _known(db, page, number)
    outcome = revise(db, piece, by=_person(staff), now=now)
    return _told(db, staff, page, piece, outcome, now)


@post("/desk/library/{number:str}/withdrawal", name="library.withdraw", guard=WORKS)
def withdraw_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Take a piece away from its readers at once."""
    piece, form = _known(db, page, number), sent.bind(WithdrawalForm)
    if not form.ok:
        return _piece(db, staff, page, piece, now, step=form)
    outcome = withdraw(db, piece, reason=form.reason, by=_person(staff), now=now)
    return _told(db, staff, page, piece, outcome, now, step=form)


def _written(
    db: Session, staff: Visitor, page: PageMaker, number: str, sent: Sent, now: Now, *, is_submitted: bool = False
) -> Response[Any]:
    piece, form = _known(db, page, number), sent.bind(DraftForm)
    draft = queries.draft_of(db, piece.id)
    if draft is None or not form.ok:
        return _piece(db, staff, page, piece, now, form=form, outcome=None if draft else _gone(db, piece))
    outcome: Any = write(db, draft, form.text(), seen=form.version, by=_person(staff), now=now)
    if isinstance(outcome, Draft):
        form.typed["version"] = str(draft.version)
        if is_submitted:
            outcome = submit(db, draft, seen=draft.version, by=_person(staff), now=now)
    if outcome is Refusal.NOT_WHOLE:
        for name, why in lacking(db, draft, now).items():
            form.wrong(name, LACKING[why])
    if isinstance(outcome, Stale):  # pressed once more, it goes over what the other one wrote
        form.typed["version"] = str(draft.version)
    return _told(db, staff, page, piece, outcome, now, form=form)


def _step(db: Session, staff: Visitor, page: PageMaker, number: str, sent: Sent, now: Now, verb: Any) -> Response[Any]:
    piece, form = _known(db, page, number), sent.bind(StepForm)
    draft = queries.draft_of(db, piece.id)
    if draft is None:
        return _piece(db, staff, page, piece, now, outcome=_gone(db, piece))
    held = queues.held_by_other(queues.claim_on(db, QUEUE, piece.id), staff.user_id, now)
    if not form.ok or held:
        return _piece(db, staff, page, piece, now, step=form, outcome=held)
    noted = {"note": form.note} if verb is send_back else {}
    outcome = verb(db, draft, seen=form.version, by=_person(staff), now=now, **noted)
    return _told(db, staff, page, piece, outcome, now, step=form)


def _told(
    db: Session, staff: Visitor, page: PageMaker, piece: Piece, outcome: Any, now: Now, **forms: Any
) -> Response[Any]:
    if isinstance(outcome, Refusal | Stale):
        return _piece(db, staff, page, piece, now, outcome=outcome, **forms)
    if queries.draft_of(db, piece.id) is None and not queries.editions(db, piece.id):
        return page.go("library.desk")  # given up before it was ever published: nothing is left to show
    return page.go("library.edit", number=piece.number)


def _desk(db: Session, page: PageMaker, now: Now, *, form: BeginForm | None = None) -> Response[str]:
    tab, today = page.query.get("tab", "review"), local_date(now)
    tab = tab if tab in TABS else "review"
    rows = queries.drafts(db, State(tab)) if tab in tuple(State) else queries.shelf(db, tab, today)
    return page.show(
        "library/desk.html", status=422 if form else 200, tab=tab, tabs=TABS, kinds=KINDS, topics=TOPICS, now=now,
        rows=[words_of(row, language()) for row in rows], counts=queries.counts(db, today), form=form or BeginForm(),
        claims=queues.held(db, QUEUE, now), states=STATES, occasions=OCCASIONS,
        greeted=queries.greeted(db, now - MONTH),
    )  # fmt: skip


def _piece(
    db: Session, staff: Visitor, page: PageMaker, piece: Piece, now: Now, *, form: DraftForm | None = None,
    step: StepForm | WithdrawalForm | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    draft, made = queries.draft_of(db, piece.id), queries.editions(db, piece.id)
    is_open = form is not None or bool(draft and draft.state == State.DRAFT)  # what was typed is never thrown away
    if form is None:
        form = DraftForm()
        form.typed = typed_of(text_of(draft), draft.version) if draft else {}
    is_wrong = bool(outcome or form.errors or (step and not step.ok))
    return page.show(
        "library/piece.html", status=422 if is_wrong else 200, piece=piece, draft=draft, form=form, now=now,
        step=step or StepForm(), outcome=outcome, editions=made, events=queries.events(db, piece.id), kinds=KINDS,
        topics=TOPICS, occasions=OCCASIONS, states=STATES, verbs=VERBS, words=WORDS, research=RESEARCH,
        claim=queues.claim_on(db, QUEUE, piece.id), wrote=bool(draft and staff.user_id in draft.writers),
        seen=_seen(db, piece, draft), is_open=is_open,
        is_live=bool(piece.expires_on and piece.expires_on >= local_date(now)),
    )  # fmt: skip


def _seen(db: Session, piece: Piece, draft: Draft | None) -> dict[str, Any] | None:
    """Give what is under review, or published, in both languages as a client will read it."""
    if draft and draft.state == State.DRAFT:
        return None
    row = draft or queries.edition(db, piece.id, piece.live or 0)
    if row is None:
        return None
    text = text_of(row)
    return {
        tag: {
            "title": getattr(text, f"title_{tag}"),
            "summary": getattr(text, f"summary_{tag}"),
            "body": prose(getattr(text, f"body_{tag}")),
            "conflicts": getattr(text, f"conflicts_{tag}"),
            "questions": quiz.read(getattr(text, f"questions_{tag}")),
        }
        for tag in ("zh", "en")
    } | {"text": text}


def _known(db: Session, page: PageMaker, number: str) -> Piece:
    piece = queries.by_number(db, number)
    if piece is None:
        raise page.missing()
    return piece


def _gone(db: Session, piece: Piece) -> Stale:
    last = queries.events(db, piece.id)[-1]
    return Stale(by=last.actor_name, at=last.at, outcome=last.verb)


def _person(staff: Visitor) -> Person:
    return Person(staff.actor, staff.name, staff.user_id)


pages = [
    desk, begin_now, edit, write_now, submit_now, claim, publish_now, send_back_now, discard_now, revise_now,
    withdraw_now,
]  # fmt: skip
