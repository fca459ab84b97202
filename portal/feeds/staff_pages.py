"""The staff's pages of the feed: its days with their gaps, quarantined rows, breaks, and rebases."""

from datetime import date
from typing import Any

from litestar import Response
from litestar.params import FromPath
from sqlalchemy.orm import Session

from portal import clients, identity
from portal.doors import DECIDES, WORKS, Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of
from portal.feeds import masking, queries, reviews
from portal.feeds.days import FeedDay, feed_days
from portal.feeds.forms import BREAKS, FAULTS, STATES, VERDICTS, WORDS, DecisionForm, ProposalForm, RebaseForm
from portal.feeds.reviews import Outcome
from portal.feeds.rules import is_closed
from portal.identity import Visitor
from portal.kit.forms import Form

SHOWN = 60
TABS = ("open", "all")
WATCHES = staff_of(Role.HANDLER, Role.REVIEWER, Role.COMPLIANCE, Role.MANAGER, Role.ADMINISTRATOR)


@get("/desk/feeds", name="feeds.index", guard=WATCHES)
def index(db: Db, page: Page, now: Now) -> Response[str]:
    """Show the days of the feed: those that need somebody, or all; the filter stands in the address."""
    tab = "all" if page.query.get("tab") == "all" else "open"
    days, before = feed_days(db), _before(page)
    waiting = [day for day in days if day.is_open]
    shown = [day for day in (waiting if tab == "open" else days) if day.on < before]
    return page.show(
        "feeds/index.html", tab=tab, tabs=TABS, days=shown[:SHOWN], counts={"open": len(waiting), "all": len(days)},
        older=shown[SHOWN - 1].on if len(shown) > SHOWN else None, rebases=_rebases(db), now=now, outcome=None,
    )  # fmt: skip


@get("/desk/feeds/{day:str}", name="feeds.day", guard=WATCHES)
def show(db: Db, staff: Staff, page: Page, day: FromPath[str]) -> Response[str]:
    """Show one day: quarantined rows, breaks, and what may be done about them."""
    return _day(db, staff, page, _on(page, day))


@post("/desk/feeds/rows/{row:int}/proposal", name="feeds.propose", guard=WORKS)
def propose_now(db: Db, staff: Staff, page: Page, row: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Say what should become of a row."""
    form, on = sent.bind(ProposalForm), _day_of_row(db, page, row)
    if not form.ok:
        return _day(db, staff, page, on, row=row, form=form)
    outcome = reviews.propose(
        db, row, verdict=form.verdict, reason=form.reason, seen=form.version, staff=staff, now=now
    )
    return _told(db, staff, page, on, row, form, outcome)


@post("/desk/feeds/rows/{row:int}/decision", name="feeds.settle", guard=DECIDES)
def settle_now(db: Db, staff: Staff, page: Page, row: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Agree to what somebody else has proposed."""
    form, on = sent.bind(DecisionForm), _day_of_row(db, page, row)
    if not form.ok:
        return _day(db, staff, page, on, row=row, form=form)
    return _told(db, staff, page, on, row, form, reviews.settle(db, row, seen=form.version, staff=staff, now=now))


@post("/desk/feeds/rows/{row:int}/decision/refusal", name="feeds.decline", guard=DECIDES)
def decline_now(db: Db, staff: Staff, page: Page, row: FromPath[int], sent: Sent, now: Now) -> Response[Any]:
    """Disagree, or take one's own proposal back."""
    form, on = sent.bind(DecisionForm), _day_of_row(db, page, row)
    if not form.ok:
        return _day(db, staff, page, on, row=row, form=form)
    return _told(db, staff, page, on, row, form, reviews.decline(db, row, seen=form.version, staff=staff, now=now))


@post("/desk/feeds/{day:str}/rebase", name="feeds.ask_rebase", guard=WORKS)
def ask_rebase_now(db: Db, staff: Staff, page: Page, day: FromPath[str], sent: Sent, now: Now) -> Response[Any]:
    """Ask that a day which lost its ground may stand upon the corrected one."""
    form, on = sent.bind(RebaseForm), _on(page, day)
    if not form.ok:
        return _day(db, staff, page, on, form=form)
    refusal = reviews.ask_for_rebase(db, on, reason=form.reason, staff=staff, now=now)
    return _day(db, staff, page, on, form=form, outcome=refusal) if refusal else page.go("feeds.index")


@post("/desk/feeds/rebases/{rebase:int}/approval", name="feeds.approve_rebase", guard=DECIDES)
def approve_rebase_now(db: Db, staff: Staff, page: Page, rebase: FromPath[int], now: Now) -> Response[Any]:
    """Approve a rebase that somebody else asked for."""
    if refusal := reviews.agree_to_rebase(db, rebase, staff=staff, now=now):
        return page.show(
            "feeds/index.html", status=422, tab="open", tabs=TABS, days=[], counts={}, older=None,
            rebases=_rebases(db), now=now, outcome=WORDS[refusal],
        )  # fmt: skip
    return page.go("feeds.index")


def _told(
    db: Session, staff: Visitor, page: PageMaker, on: date, row: int, form: Form, outcome: Outcome
) -> Response[Any]:
    if outcome is None:
        return page.go("feeds.day", day=on.isoformat())
    return _day(db, staff, page, on, row=row, form=form, outcome=outcome)


def _day(
    db: Session, staff: Visitor, page: PageMaker, on: date, *, row: int | None = None, form: Form | None = None,
    outcome: Any = None,
) -> Response[str]:  # fmt: skip
    known = {each.on: each for each in feed_days(db)}
    day: FeedDay | None = known.get(on)
    if day is None:
        raise page.missing()
    rows = queries.rows_of_day(db, on)
    people = {id: identity.name_of(db, id) for each in rows for id in (each.proposed_by, each.decided_by) if id}
    return page.show(
        "feeds/day.html", status=422 if outcome or (form and not form.ok) else 200, day=day, rows=rows, people=people,
        breaks=queries.breaks_of_day(db, on), cells={each.id: masking.cells(each.file, each.verbatim) for each in rows},
        bookable={each.id: reviews.reread(db, each).row is not None for each in rows}, verdicts=VERDICTS,
        states=STATES, faults=FAULTS, kinds=BREAKS, words=WORDS, form=form or Form(), at_row=row, outcome=outcome,
        closed={each.id for each in rows if is_closed(each.verdict, each.state)}, masked=clients.masked_account,
        rebases=_rebases(db),
    )  # fmt: skip


def _rebases(db: Session) -> list[dict[str, Any]]:
    days = {load.manifest_sha256: load.business_date for load in queries.loads(db)}
    return [
        {
            "it": each, "onto": days.get(each.onto_sha256), "asked": identity.name_of(db, each.asked_by),
            "approved": identity.name_of(db, each.approved_by) if each.approved_by else "",
        }
        for each in queries.rebases(db)
    ]  # fmt: skip


def _on(page: PageMaker, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise page.missing() from None


def _before(page: PageMaker) -> date:
    return _on(page, page.query["before"]) if "before" in page.query else date.max


def _day_of_row(db: Session, page: PageMaker, row_id: int) -> date:
    row = queries.row_of(db, row_id) if row_id < 2**63 else None
    if row is None:
        raise page.missing()
    on: date = row.business_date
    return on


pages = [index, show, propose_now, settle_now, decline_now, ask_rebase_now, approve_rebase_now]
