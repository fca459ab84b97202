"""The steps of a booking's course, each a verb that staff send from the pane beside the ledger."""

from collections.abc import Callable
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal.bookings import calling, counter, course, handovers, terms
from portal.bookings.actions import cancel, move
from portal.bookings.forms import MoveForm, PrecheckForm, StepForm, WitnessForm
from portal.bookings.ledger_view import known, person, told
from portal.bookings.paper_models import Handover
from portal.bookings.recording import Outcome
from portal.bookings.reminding import renew_link
from portal.doors import DECIDES, WORKS, Db, Fields, Now, Page, PageMaker, Sent, Staff, post
from portal.identity import Visitor
from portal.kit.vault import Vault
from portal.settings import Settings


@post("/desk/bookings/{number:str}/contact", name="bookings.contact", guard=WORKS)
def contact_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record the first word with the visitor."""
    return _step(db, staff, page, number, sent, now, course.contact, note_as="note")


@post("/desk/bookings/{number:str}/precheck", name="bookings.precheck", guard=WORKS)
def precheck_now(
    db: Db, vault: Vault, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now
) -> Response[Any]:
    """Record the pre-check: papers, document, duplicates, questionnaire."""
    form, it = sent.bind(PrecheckForm), known(db, page, number)
    form.typed |= {name: text for name, text in sent.typed.items() if name.startswith("paper_")}
    if not form.ok:
        return told(db, staff, page, form, number, None, now)
    found = course.Found(
        papers=[paper for paper in terms.Paper if sent.typed.get(f"paper_{paper}") == "yes"],
        id_number=form.id_number, id_valid_to=form.id_valid_to,
    )  # fmt: skip
    done = course.precheck(db, vault, it, seen=form.version, staff=person(staff), found=found, now=now)
    return told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/visit", name="bookings.witness", guard=WORKS)
def witness_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record the visit with its witness."""
    form, it = sent.bind(WitnessForm), known(db, page, number)
    done = form.ok and course.witness(
        db, it, seen=form.version, staff=person(staff), witness_id=form.witness, client_no=form.client_no, now=now
    )  # fmt: skip
    return told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/return", name="bookings.send_back", guard=WORKS)
def send_back_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Return the papers with the reason."""
    return _step(db, staff, page, number, sent, now, course.send_back, note_as="reason")


@post("/desk/bookings/{number:str}/approval", name="bookings.approve", guard=DECIDES)
def approve_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Approve as the second person."""
    return _step(db, staff, page, number, sent, now, course.approve)


@post("/desk/bookings/{number:str}/calls", name="bookings.call_again", guard=WORKS)
def call_again_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Ask for another round of calls."""
    return _step(db, staff, page, number, sent, now, calling.call_again, note_as="reason")


@post("/desk/bookings/{number:str}/intake", name="bookings.take_in", guard=WORKS)
def take_in_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Take papers in, to be worked on the next workday."""
    return _step(db, staff, page, number, sent, now, counter.take_in, note_as="note")


@post("/desk/bookings/{number:str}/completion", name="bookings.finish", guard=WORKS)
def finish_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record that a matter of the counter is done."""
    return _step(db, staff, page, number, sent, now, counter.finish, note_as="note")


@post("/desk/bookings/{number:str}/absence", name="bookings.no_show", guard=WORKS)
def no_show_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record that the visitor did not come."""
    return _step(db, staff, page, number, sent, now, counter.no_show, note_as="note")


@post("/desk/bookings/{number:str}/move", name="bookings.desk_move", guard=WORKS)
def desk_move(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Move the visit for the visitor, with the reason."""
    form, it = sent.bind(MoveForm), known(db, page, number)
    done = form.ok and move(db, it, form.slot, seen=form.version, by=person(staff), now=now, reason=form.note)
    return told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/handover", name="bookings.hand_over", guard=WORKS)
def hand_over_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record what was handed to the client, who then signs for it."""
    form, it = sent.bind(StepForm), known(db, page, number)
    if not form.ok:
        return told(db, staff, page, form, number, None, now)
    items = [item for item in terms.Item if sent.typed.get(f"item_{item}") == "yes"]
    outcome = handovers.hand_over(db, it, seen=form.version, items=items, staff=person(staff), now=now)
    return told(db, staff, page, form, number, it if isinstance(outcome, Handover) else outcome, now)


@post("/desk/bookings/{number:str}/cancellation", name="bookings.desk_cancel", guard=WORKS)
def desk_cancel(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Cancel for the visitor, with the reason."""
    form, it = sent.bind(StepForm), known(db, page, number)
    done = form.ok and cancel(db, it, seen=form.version, by=person(staff), now=now, reason=form.note)
    return told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/link", name="bookings.renew_link", guard=WORKS)
def renew_link_now(db: Db, staff: Staff, page: Page, number: FromPath[str], settings: Settings, now: Now) -> Any:
    """Send a new link to a visitor who has lost his."""
    renew_link(db, known(db, page, number), by=person(staff), origin=settings.origin, now=now)
    return page.go("bookings.review", number=number)


def _step(
    db: Session, staff: Visitor, page: PageMaker, number: str, sent: Fields, now: Now, verb: Callable[..., Outcome],
    *, note_as: str = "",
) -> Response[Any]:  # fmt: skip
    """Take a step that asks for nothing but the version on the screen, and for most of them a word."""
    form, it = sent.bind(StepForm), known(db, page, number)
    said = {note_as: form.note} if note_as and form.ok else {}
    done = form.ok and verb(db, it, seen=form.version, staff=person(staff), now=now, **said)
    return told(db, staff, page, form, number, done, now)


pages = [
    contact_now, precheck_now, witness_now, send_back_now, approve_now, call_again_now, take_in_now, finish_now,
    no_show_now, desk_move, hand_over_now, desk_cancel, renew_link_now,
]  # fmt: skip
