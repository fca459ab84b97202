"""The staff's pages of bookings: the ledger under its views, one booking beside it, and each step of the course."""

import csv
import io
from datetime import date
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import calendar, callbacks, clients, identity, queues
from portal.bookings import course, forms, papers, queries, rules
from portal.bookings.actions import Asked, Booked, Outcome, Person, book, cancel, renew_link
from portal.bookings.after import draw
from portal.bookings.forms import DeskVisitForm, PrecheckForm, StepForm, WitnessForm
from portal.bookings.models import Booking
from portal.bookings.rules import Case, Kind, Refusal, State, Verb
from portal.doors import STAFF, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.kit.i18n import language, say
from portal.kit.render import moment
from portal.kit.vault import Vault
from portal.settings import Settings

CSV_LIMIT = 5000


@get("/desk/bookings", name="bookings.ledger", guard=STAFF)
def ledger(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show the ledger under one view; the filter stands in the address."""
    return _ledger(db, staff, page, now)


@get("/desk/bookings/export", name="bookings.export", guard=STAFF)
def export(db: Db, staff: Staff, page: Page, now: Now) -> Response[bytes]:
    """Give a view of the ledger as CSV."""
    rows = queries.ledger(db, _tab(page), now, me=staff.user_id, limit=CSV_LIMIT, **_filters(page))
    name = f'attachment; filename="bookings-{local_date(now)}.csv"'
    return Response(_csv(rows), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


@get("/desk/bookings/new", name="bookings.desk_new", guard=STAFF)
def desk_new(db: Db, page: Page, now: Now) -> Response[str]:
    """Book for a caller or a walk-in."""
    return _desk_new(db, page, DeskVisitForm(), now)


@post("/desk/bookings", name="bookings.desk_create", guard=STAFF)
def desk_create(db: Db, staff: Staff, page: Page, sent: Sent, settings: Settings, now: Now) -> Response[Any]:
    """Take a booking down, with the channel that it came through."""
    form = sent.bind(DeskVisitForm)
    if not form.ok:
        return _desk_new(db, page, form, now, status=422)
    asked = Asked(
        slot_id=form.slot, kind=form.kind, case=form.case, name=form.name, phone=form.phone, referrer=form.referrer,
        language="zh",
    )  # fmt: skip
    made = book(db, asked, by=_person(staff), channel=form.channel, origin=settings.origin, now=now)
    if isinstance(made, Booked):
        return page.go("bookings.review", number=made.booking.number)
    form.wrong("slot", forms.REFUSALS[made])
    return _desk_new(db, page, form, now, status=422)


@get("/desk/bookings/{number:str}", name="bookings.review", guard=STAFF)
def review(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show one booking beside the ledger."""
    return _ledger(db, staff, page, now, number=number)


@post("/desk/bookings/{number:str}/contact", name="bookings.contact", guard=STAFF)
def contact_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record the first word with the visitor."""
    form, it = sent.bind(StepForm), _known(db, page, number)
    done = form.ok and course.contact(db, it, seen=form.version, staff=_person(staff), note=form.note, now=now)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/precheck", name="bookings.precheck", guard=STAFF)
def precheck_now(
    db: Db, vault: Vault, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now
) -> Response[Any]:
    """Record the pre-check: papers, document, duplicates, questionnaire."""
    form, it = sent.bind(PrecheckForm), _known(db, page, number)
    if not form.ok:
        return _told(db, staff, page, form, number, None, now)
    found = course.Found(
        papers=[paper for paper in rules.Paper if sent.typed.get(f"paper_{paper}") == "yes"],
        id_number=form.id_number, id_valid_to=form.id_valid_to, has_questionnaire=form.questionnaire == "yes",
    )  # fmt: skip
    done = course.precheck(db, vault, it, seen=form.version, staff=_person(staff), found=found, now=now)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/visit", name="bookings.witness", guard=STAFF)
def witness_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record the visit with its witness."""
    form, it = sent.bind(WitnessForm), _known(db, page, number)
    done = form.ok and course.witness(
        db, it, seen=form.version, staff=_person(staff), witness_id=form.witness, client_no=form.client_no, now=now
    )  # fmt: skip
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/return", name="bookings.send_back", guard=STAFF)
def send_back_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Return the papers with the reason."""
    form, it = sent.bind(StepForm), _known(db, page, number)
    done = form.ok and course.send_back(db, it, seen=form.version, staff=_person(staff), reason=form.note, now=now)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/approval", name="bookings.approve", guard=STAFF)
def approve_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Approve as the second person."""
    form, it = sent.bind(StepForm), _known(db, page, number)
    done = form.ok and course.approve(db, it, seen=form.version, staff=_person(staff), now=now)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/calls", name="bookings.call_again", guard=STAFF)
def call_again_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Ask for another round of calls."""
    form, it = sent.bind(StepForm), _known(db, page, number)
    done = form.ok and course.call_again(db, it, seen=form.version, staff=_person(staff), reason=form.note, now=now)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/intake", name="bookings.take_in", guard=STAFF)
def take_in_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Take papers in, to be worked on the next workday."""
    form, it = sent.bind(StepForm), _known(db, page, number)
    done = form.ok and course.take_in(db, it, seen=form.version, staff=_person(staff), note=form.note, now=now)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/completion", name="bookings.finish", guard=STAFF)
def finish_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record that a matter of the counter is done."""
    form, it = sent.bind(StepForm), _known(db, page, number)
    done = form.ok and course.finish(db, it, seen=form.version, staff=_person(staff), note=form.note, now=now)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/absence", name="bookings.no_show", guard=STAFF)
def no_show_now(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Record that the visitor did not come."""
    form, it = sent.bind(StepForm), _known(db, page, number)
    done = form.ok and course.no_show(db, it, seen=form.version, staff=_person(staff), note=form.note, now=now)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/cancellation", name="bookings.desk_cancel", guard=STAFF)
def desk_cancel(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Cancel for the visitor, with the reason."""
    form, it = sent.bind(StepForm), _known(db, page, number)
    done = form.ok and cancel(db, it, by=_person(staff), now=now, reason=form.note)
    return _told(db, staff, page, form, number, done, now)


@post("/desk/bookings/{number:str}/link", name="bookings.renew_link", guard=STAFF)
def renew_link_now(db: Db, staff: Staff, page: Page, number: FromPath[str], settings: Settings, now: Now) -> Any:
    """Send a new link to a visitor who has lost his."""
    renew_link(db, _known(db, page, number), by=_person(staff), origin=settings.origin, now=now)
    return page.go("bookings.review", number=number)


@get("/desk/bookings/sheet", name="bookings.sheet", guard=STAFF)
def sheet(db: Db, page: Page, now: Now) -> Response[str]:
    """Show a branch's day to print."""
    branches = queries.branches(db)
    chosen = queries.branch_by_code(db, page.query.get("branch", branches[0].code if branches else ""))
    typed = page.query.get("day", "")
    named = [day.day for day in (queries.days(db, chosen.id, now) if chosen else []) if str(day.day) == typed]
    day = named[0] if named else local_date(now)
    return page.show(
        "bookings/sheet.html", branches=branches, chosen=chosen, day=day, now=now, kinds=forms.KINDS,
        rows=queries.visits_on(db, chosen.id, day) if chosen else [], states=forms.STATES, cases=forms.CASES,
        days=queries.days(db, chosen.id, now) if chosen else [], mask=clients.masked_phone,
    )  # fmt: skip


@get("/desk/bookings/relations", name="bookings.relations", guard=STAFF)
def relations(db: Db, page: Page) -> Response[str]:
    """Show the relation ledger: each day with its lines and the three hands that it goes through."""
    return _relations(db, page)


@post("/desk/bookings/relations/{branch:int}/{day:str}", name="bookings.pass_on", guard=STAFF)
def pass_on_now(
    db: Db, staff: Staff, page: Page, branch: FromPath[int], day: FromPath[str], sent: Sent, now: Now
) -> Response[Any]:
    """Close, sign or receive a day's ledger."""
    form, on = sent.bind(StepForm), _day(day)
    if not form.ok or on is None:
        raise page.missing()
    outcome = papers.pass_on(db, branch_id=branch, day=on, seen=form.version, staff=_person(staff), now=now)
    if isinstance(outcome, Refusal):
        return _relations(db, page, outcome)
    return page.go("bookings.relations")


@post("/desk/bookings/relations/spot-checks", name="bookings.draw", guard=STAFF)
def draw_now(db: Db, staff: Staff, page: Page, now: Now) -> Response[Any]:
    """Draw a share of the relations in effect for a spot check."""
    draw(db, percent=rules.SPOT_CHECK_PERCENT, staff=_person(staff), now=now)
    return page.go("callbacks.queue")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _relations(db: Session, page: PageMaker, refusal: Refusal | None = None) -> Response[str]:
    days = papers.open_days(db)
    names = {branch.id: branch for branch in queries.branches(db)}
    people = {each for day in days for each in (day.closed_by, day.signed_by, day.received_by) if each}
    return page.show(
        "bookings/relations.html", status=422 if refusal else 200, refusal=refusal, words=forms.REFUSALS,
        days=[(day, names.get(day.branch_id), papers.lines_of(db, day.branch_id, day.day)) for day in days],
        people={each: identity.name_of(db, each) for each in people}, states=forms.STATES, masked=clients.masked_name,
    )  # fmt: skip


def _known(db: Session, page: PageMaker, number: str) -> Booking:
    booking = queries.by_number(db, number)
    if booking is None:
        raise page.missing()
    return booking


def _told(
    db: Session, staff: Visitor, page: PageMaker, form: StepForm, number: str, outcome: Outcome | bool | None, now: Now
) -> Response[Any]:
    if isinstance(outcome, Booking):
        return page.go("bookings.review", number=number)
    refused = None if isinstance(outcome, bool) else outcome
    return _ledger(db, staff, page, now, number=number, form=form, outcome=refused)


def _tab(page: PageMaker) -> str:
    tab = page.query.get("tab", "open")
    return tab if tab in queries.TABS else "open"


def _filters(page: PageMaker) -> dict[str, Any]:
    who, channel = page.query.get("staff", ""), page.query.get("channel", "")
    is_number = who.isascii() and who.isdigit() and len(who) < 16
    return {"staff": int(who) if is_number else None, "channel": channel if channel in forms.CHANNELS else ""}


def _ledger(
    db: Session, staff: Visitor, page: PageMaker, now: Now, *, number: str | None = None,
    form: StepForm | None = None, outcome: Any = None,
) -> Response[str]:  # fmt: skip
    tab, filters = _tab(page), _filters(page)
    known_until = calendar.known_until(db)
    days_left = (known_until - local_date(now)).days if known_until else 0
    return page.show(
        "bookings/ledger.html", status=422 if outcome or (form and not form.ok) else 200, tab=tab, tabs=queries.TABS,
        rows=queries.ledger(db, tab, now, me=staff.user_id, **filters), counts=queries.counts(db, now, staff.user_id),
        by_staff=queries.by_staff(db), by_channel=queries.by_channel(db), filters=filters, form=form or StepForm(),
        outcome=outcome, states=forms.STATES, kinds=forms.KINDS, channels=forms.CHANNELS, words=forms.REFUSALS,
        cases=forms.CASES, masked=clients.masked_name, known_until=known_until, now=now,
        days_left=days_left if days_left <= rules.BANNER_DAYS else None,
        on=_pane(db, page, number, staff, now) if number else None,
    )  # fmt: skip


def _pane(db: Session, page: PageMaker, number: str, staff: Visitor, now: Now) -> dict[str, Any]:
    it = _known(db, page, number)
    row = queries.row(db, it.id)
    kind, state = Kind(it.kind), State(it.state)
    clock = queues.clock(
        calendar.around(db, local_date(now)), asked_at=it.booked_at, promised_at=it.promised_at, now=now
    )  # fmt: skip
    return {
        "it": row,
        "events": queries.events(db, it.id),
        "papers": rules.papers_for(Case(it.visitor_case), kind),
        "can": {verb for verb in Verb if rules.after(state, verb, kind) is not None},
        "clock": clock,
        "clerks": [clerk for clerk in queries.clerks(db, it.branch_id) if clerk.user_id != staff.user_id],
        "call": callbacks.task_of(db, "booking", it.number),
        "own": staff.user_id in (it.handler_id, it.witness_id),
        "paper_words": forms.PAPERS,
        "verbs": forms.VERBS,
    }


def _desk_new(db: Session, page: PageMaker, form: DeskVisitForm, now: Now, *, status: int = 200) -> Response[str]:
    shown = []
    for branch in queries.branches(db):
        free = [(day, queries.slots_on(db, branch.id, day.day, now)) for day in queries.days(db, branch.id, now)[:7]]
        shown.append((branch, [(day, [slot for slot in slots if slot.free]) for day, slots in free]))
    return page.show(
        "bookings/desk_new.html", status=status, form=form, shown=shown, kinds=forms.KINDS, cases=forms.CASES,
        channels=forms.CHANNELS,
    )  # fmt: skip


def _csv(rows: Any) -> bytes:
    """Write rows for a spreadsheet: with the mark that it reads UTF-8 by, and no cell that it would run."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write([say(head) for head in forms.HEADS])
    for row in rows:
        branch = row.branch_name_en if language() == "en" else row.branch_name
        cells = (
            row.number, say(forms.STATES[row.state]), say(forms.KINDS[row.kind]), say(forms.CHANNELS[row.channel]),
            branch, moment(row.starts_at), clients.masked_name(row.name), clients.masked_phone(row.phone),
            row.staff_name or "", moment(row.promised_at), moment(row.answered_at), moment(row.due_at),
        )  # fmt: skip
        write([_harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _person(staff: Visitor) -> Person:
    return Person(staff.actor, staff.name, staff.user_id)


pages = [
    ledger, export, sheet, relations, pass_on_now, draw_now, desk_new, desk_create, review, contact_now, precheck_now,
    witness_now, send_back_now, approve_now, call_again_now, take_in_now, finish_now, no_show_now, desk_cancel,
    renew_link_now,
]  # fmt: skip
