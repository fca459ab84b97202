"""The page about staff: who they are and what they may be, who is away, what each has in hand; asked for by two."""

from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import identity
from portal.doors import Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of
from portal.staffing import changing, queries, work
from portal.staffing.forms import CHANGE_STATES, CHANGES, ROLES, SHUT, STATES, WORDS, InviteForm, ReasonForm
from portal.staffing.rules import Refusal

SEES = staff_of(Role.MANAGER, Role.ADMINISTRATOR)
ASKS = staff_of(Role.ADMINISTRATOR)


@get("/desk/staff", name="staffing.members", guard=SEES)
def index(db: Db, page: Page, now: Now) -> Response[str]:
    """List the staff and the requests that wait for a second person."""
    return _index(db, page, now)


@get("/desk/staff/{user:int}", name="staffing.member", guard=SEES)
def show(db: Db, page: Page, user: FromPath[int], now: Now) -> Response[str]:
    """Show one member of staff: roles, sign-in, absences, and how much of what he has in hand."""
    return _show(db, page, user, now)


@post("/desk/staff", name="staffing.invite", guard=ASKS)
def invite(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Ask to let a new member of staff in."""
    form = sent.bind(InviteForm)
    _keep_roles(form, sent)
    if form.ok:
        made = changing.ask_in(
            db, name=form.name, branch_no=form.branch_no, roles=_roles(form), reason=form.reason, staff=staff.person,
            now=now,
        )  # fmt: skip
        if not isinstance(made, Refusal):
            return page.go("staffing.members")
        form.wrong("roles", WORDS[made])
    return _index(db, page, now, form=form)


@post("/desk/staff/{user:int}/roles", name="staffing.ask_roles", guard=ASKS)
def ask_roles(db: Db, staff: Staff, page: Page, user: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Ask to give somebody other roles."""
    form = sent.bind(ReasonForm)
    _keep_roles(form, sent)
    if form.ok:
        made = changing.ask_roles(db, user, _roles(form), reason=form.reason, staff=staff.person, now=now)
        if not isinstance(made, Refusal):
            return page.go("staffing.member", user=user)
        form.wrong("roles", WORDS[made])
    return _show(db, page, user, now, form=form)


@post("/desk/staff/{user:int}/lock", name="staffing.lock", guard=SEES)
def lock(db: Db, staff: Staff, page: Page, user: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Shut somebody out at once."""
    form = sent.bind(ReasonForm)
    done = changing.lock(db, user, reason=form.reason, staff=staff.person, now=now) if form.ok else None
    return _after(db, page, user, form, done, now)


@post("/desk/staff/{user:int}/unlocking", name="staffing.unlock", guard=ASKS)
def unlock(db: Db, staff: Staff, page: Page, user: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Ask to let somebody sign in again."""
    form = sent.bind(ReasonForm)
    made = changing.ask_unlock(db, user, reason=form.reason, staff=staff.person, now=now) if form.ok else 0
    return _after(db, page, user, form, made if isinstance(made, Refusal) else None, now)


@post("/desk/staff/changes/{change:int}/approval", name="staffing.approve_change", guard=SEES)
def approve(db: Db, staff: Staff, page: Page, change: FromPath[int], now: Now) -> Response[Any]:
    """Decide for another person's request; the code of who is let in is shown once, here."""
    outcome = changing.approve(db, change, staff=staff.person, now=now)
    if isinstance(outcome, Refusal):
        return _index(db, page, now, refusal=outcome)
    return _index(db, page, now, code=outcome) if outcome else page.go("staffing.members")


@post("/desk/staff/changes/{change:int}/refusal", name="staffing.refuse_change", guard=SEES)
def refuse(db: Db, staff: Staff, page: Page, change: FromPath[int], now: Now) -> Response[Any]:
    """Decide against a request, or take one's own back."""
    refusal = changing.refuse(db, change, staff=staff.person, now=now)
    return _index(db, page, now, refusal=refusal) if refusal else page.go("staffing.members")


def _after(
    db: Session, page: PageMaker, user: int, form: ReasonForm, refusal: Refusal | None, now: Now
) -> Response[Any]:
    if form.ok and refusal is None:
        return page.go("staffing.member", user=user)
    if refusal:
        form.wrong("reason", WORDS[refusal])
    return _show(db, page, user, now, form=form)


def _keep_roles(form: ReasonForm, sent: Any) -> None:
    for role in Role:
        form.typed[f"role_{role}"] = sent.typed.get(f"role_{role}", "")


def _roles(form: ReasonForm) -> list[str]:
    return [role for role in Role if form.typed.get(f"role_{role}")]


def _index(
    db: Session, page: PageMaker, now: Now, *, form: InviteForm | None = None, refusal: Refusal | None = None,
    code: str = "",
) -> Response[str]:  # fmt: skip
    people = identity.members(db)
    return page.show(
        "staffing/members.html", status=422 if refusal or form else 200, people=people, form=form or InviteForm(),
        names={row.id: row.name for row in people}, changes=queries.changes(db), away=queries.absences(db),
        loads=work.loads(db, now), roles=ROLES, shut=SHUT, kinds=CHANGES, change_states=CHANGE_STATES, states=STATES,
        refusal=WORDS[refusal] if refusal else None, code=code, now=now,
    )  # fmt: skip


def _show(db: Session, page: PageMaker, user: int, now: Now, *, form: ReasonForm | None = None) -> Response[str]:
    row = identity.member(db, user)
    if row is None:
        raise page.missing()
    whole = next(each for each in identity.members(db) if each.id == user)
    if form is None:
        form = ReasonForm()
        form.typed = {f"role_{role}": "1" for role in row.roles}
        shown = 200
    else:
        shown = 422
    return page.show(
        "staffing/member.html", status=shown, it=whole, form=form, roles=ROLES, shut=SHUT, states=STATES,
        work=work.held_by(db, user, now), away=queries.running(db, user), now=now,
        open=[row for row in queries.changes(db) if row.subject_id == user and row.state == "asked"],
    )  # fmt: skip


pages = [index, show, invite, ask_roles, lock, unlock, approve, refuse]
