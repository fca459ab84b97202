"""The staff's pages of the dossier beside the client's own: alarms about who looks at too much."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients
from portal.doors import Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of
from portal.dossier.forms import ALARM_GONE, AlarmForm

WATCHES = staff_of(Role.COMPLIANCE, Role.MANAGER)


@get("/desk/reveals", name="dossier.alarms", guard=WATCHES)
def alarms(db: Db, page: Page) -> Response[str]:
    """List the alarms, and what each is about."""
    return _alarms(db, page, AlarmForm())


@post("/desk/reveals/{alarm:int}/settlement", name="dossier.settle_alarm", guard=WATCHES)
def settle_alarm(db: Db, staff: Staff, page: Page, alarm: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Write down what came of looking into an alarm."""
    form = sent.bind(AlarmForm)
    if form.ok and not clients.settle_alarm(db, alarm, who=staff.person, note=form.note, now=now):
        form.wrong("note", ALARM_GONE)
    return page.go("dossier.alarms") if form.ok else _alarms(db, page, form, at_alarm=alarm)


def _alarms(db: Session, page: PageMaker, form: AlarmForm, *, at_alarm: int | None = None) -> Response[str]:
    rows = clients.reveal_alarms(db)
    behind = {row.id: clients.reveals_behind(db, row) for row in rows if row.seen_at is None}
    return page.show(
        "dossier/alarms.html", status=200 if form.ok else 422, rows=rows, behind=behind, form=form, at_alarm=at_alarm,
        indicator=clients.indicator_name,
    )  # fmt: skip


pages = [alarms, settle_alarm]
