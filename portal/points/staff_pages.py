"""The desk's pages of points: adjustments and earning rules, each with a second signature."""

import secrets
from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import clients
from portal.doors import DECIDES, READS, WORKS, Db, Now, Page, PageMaker, Sent, Staff, get, post
from portal.points import adjusting, proposing
from portal.points.adjusting import ALONE_A_DAY, ALONE_POINTS, Outcome
from portal.points.earning import published
from portal.points.forms import BAD, NOBODY, NOT_YOURS, REASONS, STATES, WORDS, AdjustmentForm, RulesForm
from portal.points.ruleset import BadRules


@get("/desk/adjustments", name="points.adjustments", guard=READS)
def show(db: Db, page: Page) -> Response[str]:
    """Show what waits, the form, and what was decided."""
    return _show(db, page, _fresh())


@post("/desk/adjustments", name="points.propose", guard=WORKS)
def propose_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Give or take points; above the limit another person signs first."""
    form = sent.bind(AdjustmentForm)
    client = clients.client_by_no(db, form.client_no) if form.ok else None
    if form.ok and client is None:
        form.wrong("client_no", NOBODY)
    if not form.ok or client is None:
        return _show(db, page, form)
    made = adjusting.propose(
        db, client_id=client.id, points=form.points, reason=form.reason, public_text=form.public_text,
        staff_note=form.staff_note, key=form.key, staff=staff.person, now=now,
    )  # fmt: skip
    if isinstance(made, Outcome):
        form.wrong("points", WORDS[made])
        return _show(db, page, form)
    return page.go("points.adjustments")


@post("/desk/adjustments/{number:str}/approval", name="points.approve", guard=DECIDES)
def approve_now(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Sign another person's adjustment."""
    done = adjusting.approve(db, number, staff=staff.person, now=now)
    return _show(db, page, _fresh(), done) if isinstance(done, Outcome) else page.go("points.adjustments")


@post("/desk/adjustments/{number:str}/rejection", name="points.reject", guard=WORKS)
def reject_now(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Refuse an adjustment, or take one's own back."""
    done = adjusting.reject(db, number, staff=staff.person, now=now)
    return page.go("points.adjustments") if done else _show(db, page, _fresh(), Outcome.DECIDED)


@post("/desk/adjustments/{number:str}/undoing", name="points.undo", guard=WORKS)
def undo_now(db: Db, staff: Staff, page: Page, number: FromPath[str], now: Now) -> Response[Any]:
    """Ask for the counterpart of an adjustment; above the limit another person signs first."""
    done = adjusting.undo(db, number, staff=staff.person, now=now)
    return _show(db, page, _fresh(), done) if isinstance(done, Outcome) else page.go("points.adjustments")


@get("/desk/points-rules", name="points.rules", guard=READS)
def show_rules(db: Db, page: Page) -> Response[str]:
    """Show the rules in force and to come, and drafts with what they would change."""
    return _rules(db, page, _filled(db))


@post("/desk/points-rules", name="points.draft_rules", guard=WORKS)
def draft_rules(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Have new rules checked and played on the last quarter; another person publishes them."""
    form = sent.bind(RulesForm)
    if not form.ok:
        return _rules(db, page, form)
    try:
        proposing.propose(db, form.text, staff=staff.person, now=now)
    except BadRules as mistake:
        form.wrong("toml", BAD, what=str(mistake))
        return _rules(db, page, form)
    return page.go("points.rules")


@post("/desk/points-rules/{draft:int}/publication", name="points.publish_rules", guard=DECIDES)
def publish_rules(db: Db, staff: Staff, page: Page, draft: FromPath[int], now: Now) -> Response[Any]:
    """Sign another person's rules together with their report."""
    form = _filled(db)
    try:
        with db.begin_nested():
            done = proposing.publish(db, draft, staff=staff.person, now=now)
    except BadRules as mistake:
        form.wrong("toml", BAD, what=str(mistake))
        return _rules(db, page, form)
    if not done:
        form.wrong("toml", NOT_YOURS)
        return _rules(db, page, form)
    return page.go("points.rules")


@post("/desk/points-rules/{draft:int}/withdrawal", name="points.withdraw_rules", guard=WORKS)
def withdraw_rules(db: Db, staff: Staff, page: Page, draft: FromPath[int], now: Now) -> Response[Any]:
    """Take a draft off the table."""
    proposing.withdraw(db, draft, staff=staff.person, now=now)
    return page.go("points.rules")


def _rules(db: Db, page: PageMaker, form: RulesForm) -> Response[str]:
    drafts = proposing.open_drafts(db)
    told = {client for row in drafts for client, _ in (*row.report["most"], *row.report["least"])}
    return page.show(
        "points/rules.html", status=422 if form.errors else 200, form=form, versions=published(db), drafts=drafts,
        people=clients.names_of(db, told), mask=clients.masked_name,
    )  # fmt: skip


def _filled(db: Db) -> RulesForm:
    form, known = RulesForm(), published(db)
    form.typed = {"toml": known[0].toml if known else ""}
    return form


def _show(db: Db, page: PageMaker, form: AdjustmentForm, outcome: Outcome | None = None) -> Response[str]:
    waiting, decided = adjusting.adjustments(db, is_open=True), adjusting.adjustments(db, is_open=False)
    people = clients.names_of(db, {row.client_id for row in (*waiting, *decided)})
    return page.show(
        "points/adjustments.html", status=422 if form.errors or outcome else 200, form=form, outcome=outcome,
        waiting=waiting, decided=decided, people=people, mask=clients.masked_name, words=WORDS, reasons=REASONS,
        states=STATES, alone=ALONE_POINTS, a_day=ALONE_A_DAY,
        undone=adjusting.undone(db, [row.id for row in decided]),
    )  # fmt: skip


def _fresh() -> AdjustmentForm:
    form = AdjustmentForm()
    form.typed = {"key": secrets.token_urlsafe(24)}
    return form


pages = [
    show, propose_now, approve_now, reject_now, undo_now, show_rules, draft_rules, publish_rules, withdraw_rules,
]  # fmt: skip
