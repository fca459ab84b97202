"""The desk's pages of handing over: what would move, the request, the decision, and what has moved."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import identity
from portal.doors import Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of
from portal.identity import Visitor
from portal.kit.clock import local_date
from portal.staffing import handing, member_pages, mine_pages, queries, work
from portal.staffing.forms import AT_FIELD, KINDS, STATES, WORDS, PlanForm, ReasonForm
from portal.staffing.handing import Plan, Preview
from portal.staffing.models import Handover
from portal.staffing.rules import Kind, Refusal

SEES = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER)
ASKS = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.MANAGER)
APPROVES = staff_of(Role.REVIEWER, Role.MANAGER)
SEES_ALL = frozenset({Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER})


@get("/desk/handovers", name="staffing.handovers", guard=SEES)
def index(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """List the handovers; who decides nothing reads those that concern him."""
    rows = queries.handovers(db, of=None if _sees_all(staff) else staff.user_id)
    return page.show(
        "staffing/handovers.html", rows=rows, kinds=KINDS, states=STATES, names=_names(db, rows), now=now,
    )  # fmt: skip


@get("/desk/handovers/new", name="staffing.new", guard=ASKS)
def new(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Ask who hands over to whom, and show what would move; all of it stands in the address."""
    if "giver" not in page.query:
        form = PlanForm()
        form.typed = {"giver": str(staff.user_id), "from_on": local_date(now).isoformat()}
        return _new(db, staff, page, now, form)
    form = PlanForm.bind(page.query)
    return _new(db, staff, page, now, form, _previewed(db, staff, page, form, now) if form.ok else None)


@post("/desk/handovers", name="staffing.ask", guard=ASKS)
def ask(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Ask for it; a second person decides."""
    form = sent.bind(PlanForm)
    if not form.ok:
        return _new(db, staff, page, now, form)
    seen = _previewed(db, staff, page, form, now)
    made = None if seen.refusal or seen.objections else handing.ask(db, _plan(form), staff=staff.person, now=now)
    if isinstance(made, Handover):
        return page.go("staffing.handover", number=made.number)
    if made is not None:
        form.wrong(AT_FIELD.get(made, "giver"), WORDS[made])
    return _new(db, staff, page, now, form, seen)


@get("/desk/handovers/{number:str}", name="staffing.handover", guard=SEES)
def show(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[str]:
    """Show a handover: what would move, or what has moved and where it stands now."""
    return _show(db, page, _known(db, staff, page, number), now)


@post("/desk/handovers/{number:str}/approval", name="staffing.approve", guard=APPROVES)
def approve(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Approve another person's request; whose day has come moves at once."""
    row = _known(db, staff, page, number)
    outcome = handing.approve(db, row, staff=staff.person, now=now)
    return _told(db, page, row, outcome if isinstance(outcome, Refusal) else None, now)


@post("/desk/handovers/{number:str}/refusal", name="staffing.refuse", guard=APPROVES)
def refuse(db: Db, staff: Staff, page: Page, number: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Decide against it, with the reason."""
    row, form = _known(db, staff, page, number), sent.bind(ReasonForm)
    if not form.ok:
        return _show(db, page, row, now, form=form)
    return _told(db, page, row, handing.refuse(db, row, staff=staff.person, reason=form.reason, now=now), now)


@post("/desk/handovers/{number:str}/withdrawal", name="staffing.withdraw", guard=ASKS)
def withdraw(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Take a request back, or end an absence before its time."""
    row = _known(db, staff, page, number)
    return _told(db, page, row, handing.withdraw(db, row, staff=staff.person, now=now), now)


def _known(db: Session, staff: Visitor, page: PageMaker, number: str) -> Handover:
    row = queries.by_number(db, number)
    if row is None or not (_sees_all(staff) or staff.user_id in (row.giver_id, row.taker_id, row.asked_by)):
        raise page.missing()
    return row


def _sees_all(staff: Visitor) -> bool:
    return not SEES_ALL.isdisjoint(staff.roles)


def _plan(form: PlanForm) -> Plan:
    return Plan(Kind(form.kind), form.giver, form.taker, form.from_on, form.last_day, form.note)


def _previewed(db: Session, staff: Visitor, page: PageMaker, form: PlanForm, now: Now) -> Preview:
    """Work out what would move; only a manager asks for others, and what is wrong is said at its field."""
    if form.giver != staff.user_id and Role.MANAGER not in staff.roles:
        raise page.missing()
    seen = handing.preview(db, _plan(form), now)
    if seen.refusal:
        form.wrong(AT_FIELD.get(seen.refusal, "taker"), WORDS[seen.refusal])
    elif seen.objections:
        form.wrong("taker", seen.objections[0])
    return seen


def _new(
    db: Session, staff: Visitor, page: PageMaker, now: Now, form: PlanForm, seen: Preview | None = None
) -> Response[str]:
    people = identity.staff_at_work(db)
    givers = people if Role.MANAGER in staff.roles else {staff.user_id: staff.name}
    return page.show(
        "staffing/new.html", status=422 if form.errors else 200, form=form, seen=seen, people=people, givers=givers,
        kinds=KINDS, now=now,
    )  # fmt: skip


def _told(db: Session, page: PageMaker, row: Handover, refusal: Refusal | None, now: Now) -> Response[Any]:
    return _show(db, page, row, now, refusal) if refusal else page.go("staffing.handover", number=row.number)


def _show(
    db: Session, page: PageMaker, row: Handover, now: Now, refusal: Refusal | None = None,
    form: ReasonForm | None = None,
) -> Response[str]:  # fmt: skip
    moved = queries.moved_under(db, row.id)
    ahead = work.held_by(db, row.giver_id, now) if row.state in ("asked", "approved") else []
    return page.show(
        "staffing/handover.html", status=422 if refusal or form else 200, it=row, kinds=KINDS, states=STATES,
        refusal=WORDS[refusal] if refusal else None, form=form or ReasonForm(), moved=moved, ahead=ahead,
        charges=work.BY_NAME, names=_names(db, [row, *moved]), today=local_date(now),
        stuck=WORDS[stuck] if (stuck := handing.stuck(db, row, local_date(now))) else None,
    )  # fmt: skip


def _names(db: Session, rows: Any) -> dict[int, str]:
    asked = ("giver_id", "taker_id", "asked_by", "decided_by", "from_id", "to_id")
    wanted = {getattr(row, name, None) for row in rows for name in asked}
    return {row.id: row.name for row in identity.members(db) if row.id in wanted}


pages = [index, new, ask, show, approve, refuse, withdraw, *member_pages.pages, *mine_pages.pages]
