"""The branches as staff keep them: who is there, counters, the weekend day, days on which nobody is received."""

from datetime import date
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import identity
from portal.bookings import branches, queries, rules
from portal.bookings.forms import AwayForm, BranchForm, ClerkForm, ClosureForm, CountersForm
from portal.bookings.ledger_view import person, within_reach
from portal.doors import READS, Db, Now, Page, PageMaker, Sent, Staff, get, post, staff_of
from portal.identity import Role
from portal.kit.clock import local_date
from portal.kit.forms import Form
from portal.kit.i18n import later

MANAGES = staff_of(Role.MANAGER)
PRESENCE = staff_of(Role.HANDLER, Role.REVIEWER, Role.MANAGER)
TAKEN_CODE = later("这个代码已经有营业部用了。")
PLACED_ALREADY = later("他已经在这家营业部了。")
CLOSED_ALREADY = later("这一天已经关了。")
UNKNOWN = later("没有这个登录名的员工。")
PAST = later("只能关以后的日子。")


@get("/desk/branches", name="bookings.branches", guard=READS)
def index(db: Db, page: Page, now: Now) -> Response[str]:
    """Show every branch with its people, counters and closed days."""
    return _index(db, page, now)


@post("/desk/branches", name="bookings.open_branch", guard=MANAGES)
def open_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Open a branch for visits."""
    form = sent.bind(BranchForm)
    if form.ok and not queries.branch_by_code(db, form.code):
        values = {name: getattr(form, name) for name in BranchForm.fields()}
        opened = branches.open_branch(db, **values)
        branches.note(db, staff.person, "opened", opened.id, {"code": form.code, "capacity": form.capacity}, now)
        return page.go("bookings.branches")
    if form.ok:
        form.wrong("code", TAKEN_CODE)
    return _index(db, page, now, form=form)


@post("/desk/branches/{code:str}/clerks", name="bookings.place_clerk", guard=MANAGES)
def place_now(db: Db, staff: Staff, page: Page, code: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Let a member of staff work at a branch."""
    branch, form = _known(db, page, code), sent.bind(ClerkForm)
    user_id = identity.user_by_name(db, form.user_name) if form.ok else None
    if user_id is None:
        form.wrong("user_name", UNKNOWN)
        return _index(db, page, now, form=form, place=code)
    placed = {"branch_id": branch.id, "user_id": user_id, "name": identity.name_of(db, user_id) or form.user_name}
    try:
        with db.begin_nested():
            branches.place_clerk(db, **placed, handles=bool(form.handles), sells=bool(form.sells))
            branches.note(db, staff.person, "clerk", branch.id, {"user": user_id}, now)
    except IntegrityError:
        form.wrong("user_name", PLACED_ALREADY)
        return _index(db, page, now, form=form, place=code)
    return page.go("bookings.branches")


@post("/desk/branches/{code:str}/presence/{user:int}", name="bookings.presence", guard=PRESENCE)
def presence(
    db: Db, staff: Staff, page: Page, code: FromPath[str], user: FromPath[int], sent: Sent, now: Now
) -> Response[Any]:
    """Note that somebody is there, or away: today alone, or up to a day."""
    branch, form = _known(db, page, code), sent.bind(AwayForm)
    until = form.day(local_date(now)) if form.ok else None
    if not form.ok:
        return _index(db, page, now, form=form, place=code)
    if not branches.set_away(db, branch_id=branch.id, user_id=user, until=until, by=person(staff), now=now):
        raise page.missing()
    return page.go("bookings.branches")


@post("/desk/branches/{code:str}/counters", name="bookings.counters", guard=MANAGES)
def counters(db: Db, staff: Staff, page: Page, code: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Set how many are received at a time, and the weekend day."""
    branch, form = _known(db, page, code), sent.bind(CountersForm)
    if not form.ok:
        return _index(db, page, now, form=form, place=code)
    branches.set_counters(db, branch_id=branch.id, capacity=form.capacity, by=person(staff), now=now)
    branches.set_weekend_day(db, branch_id=branch.id, weekday=form.weekday, by=person(staff), now=now)
    return page.go("bookings.branches")


@post("/desk/branches/{code:str}/closures", name="bookings.close_day", guard=MANAGES)
def close_now(db: Db, staff: Staff, page: Page, code: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Receive nobody on a day, with the reason that visitors read."""
    branch, form = _known(db, page, code), sent.bind(ClosureForm)
    if form.ok and form.day <= local_date(now):
        form.wrong("day", PAST)
    if form.ok and not branches.close_day(
        db, branch_id=branch.id, day=form.day, reason=form.reason, by=person(staff), now=now
    ):
        form.wrong("day", CLOSED_ALREADY)
    return page.go("bookings.branches") if form.ok else _index(db, page, now, form=form, place=code)


@post("/desk/branches/{code:str}/closures/{day:str}/withdrawal", name="bookings.reopen_day", guard=MANAGES)
def reopen_now(db: Db, staff: Staff, page: Page, code: FromPath[str], day: FromPath[str], now: Now) -> Response[Any]:
    """Receive visitors on a day after all."""
    branch = _known(db, page, code)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise page.missing() from None
    if not branches.reopen_day(db, branch_id=branch.id, day=on, by=person(staff), now=now):
        raise page.missing()
    return page.go("bookings.branches")


def _known(db: Session, page: PageMaker, code: str) -> Any:
    found = queries.branch_by_code(db, code)
    if found is None or not page.visitor.may_see_branch(code):
        raise page.missing()
    return found


def _index(db: Session, page: PageMaker, now: Now, *, form: Form | None = None, place: str = "") -> Response[str]:
    today, weekend = local_date(now), branches.weekend_days(db)
    shown = [
        (
            branch, queries.clerks(db, branch.id), queries.closures(db, branch.id, today),
            weekend.get(branch.id, rules.SATURDAY), queries.booked_by_day(db, branch.id, today),
        )
        for branch in within_reach(page.visitor, queries.open_branches(db))
    ]  # fmt: skip
    return page.show(
        "bookings/branches.html", status=422 if form else 200, shown=shown, form=form or Form(), empty=Form(),
        place=place, is_opening=isinstance(form, BranchForm), today=today,
    )  # fmt: skip


pages = [index, open_now, place_now, presence, counters, close_now, reopen_now]
