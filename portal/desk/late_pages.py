"""The staff's page 超时: what was promised and not kept in time, and who has taken note of it."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import identity, queues
from portal.desk.forms import LATE_TABS, NOTED_ALREADY, SIDES, NoteForm
from portal.desk.overdue import BY_QUEUE, reader_of, side_for, still_late
from portal.doors import Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of
from portal.identity import Visitor

NOTES = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.MANAGER)  # who may owe something, and managers
SEES = staff_of(Role.ADVISER, Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER)


@get("/desk/late", name="desk.late", guard=SEES)
def index(db: Db, staff: Staff, page: Page, now: Now) -> Response[str]:
    """Show what is late within one's reach: what waits for one's word, or all of it."""
    return _index(db, staff, page, NoteForm(), now)


@post("/desk/late/{escalation:int}/acknowledgement", name="desk.acknowledge", guard=NOTES)
def acknowledge_now(db: Db, staff: Staff, page: Page, escalation: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Take note, with what is done about it."""
    form, it = sent.bind(NoteForm), queues.escalation(db, escalation, reader_of(staff))
    side = side_for(staff, it) if it else None
    if it is None or side is None:
        raise page.missing()
    if form.ok and not queues.acknowledge(db, it, side=side, staff=staff, note=form.note, now=now):
        form.wrong("note", NOTED_ALREADY)
    return page.go("desk.late") if form.ok else _index(db, staff, page, form, now, at_row=it.id)


def _index(
    db: Session, staff: Visitor, page: PageMaker, form: NoteForm, now: Now, *, at_row: int | None = None
) -> Response[str]:
    reader, tab = reader_of(staff), page.query.get("tab", LATE_TABS[0])
    tab = tab if tab in LATE_TABS else LATE_TABS[0]
    rows = queues.escalations(db, reader, now, waiting=tab == "waiting")
    noted = queues.acknowledgements(db, [row.id for row in rows])
    return page.show(
        "desk/late.html", status=422 if form.errors else 200, rows=rows, noted=noted, form=form, at_row=at_row, tab=tab,
        tabs=LATE_TABS, count=queues.waiting_count(db, reader), watches=BY_QUEUE, sides=SIDES,
        people=identity.staff_names(db), late=still_late(db, now), now=now,
        mine={row.id for row in rows if _waits_for(staff, row, noted.get(row.id, []))},
    )  # fmt: skip


def _waits_for(staff: Visitor, row: Any, noted: list[Any]) -> bool:
    side = side_for(staff, row)
    return side is not None and side not in {each.side for each in noted}


pages = [index, acknowledge_now]
