"""The desk's page of tiers: the terms in force, drafts that wait for a second person, advisers and their load."""

from typing import Any

from litestar import Response
from litestar.params import FromPath

from portal import identity
from portal.doors import READS, Db, Now, Page, PageMaker, Role, Sent, Staff, get, post, staff_of
from portal.kit.clock import local_date
from portal.tiers import publishing, queries
from portal.tiers.forms import GETS, REFUSALS, SERVICES, TermsForm
from portal.tiers.rules import Tier
from portal.tiers.terms import BadTerms, differences

AT_FIELD = {BadTerms.NOT_LATER: "valid_from", BadTerms.SLOWER: "platinum_minutes"}

DRAFTS = staff_of(Role.HANDLER, Role.REVIEWER, Role.MANAGER)


@get("/desk/tiers", name="tiers.desk", guard=READS)
def desk(db: Db, page: Page, now: Now) -> Response[str]:
    """Show the terms, the drafts, how many clients each tier has, and who looks after whom."""
    return _desk(db, page, now)


@post("/desk/tiers/drafts", name="tiers.draft", guard=DRAFTS)
def draft_now(db: Db, staff: Staff, page: Page, sent: Sent, now: Now) -> Response[Any]:
    """Write new thresholds for another person to publish."""
    form = sent.bind(TermsForm)
    if not form.ok:
        return _desk(db, page, now, form=form)
    made = publishing.draft(
        db,
        valid_from=form.valid_from,
        body=form.body(queries.body_on(db, local_date(now))),
        author=staff.actor,
        author_name=staff.name,
        now=now,
    )
    if isinstance(made, BadTerms):
        form.wrong(AT_FIELD.get(made, "gold_assets"), REFUSALS[made])
        return _desk(db, page, now, form=form)
    return page.go("tiers.desk")


@post("/desk/tiers/drafts/{draft:int}/publication", name="tiers.publish", guard=staff_of(Role.REVIEWER, Role.MANAGER))
def publish_now(db: Db, staff: Staff, page: Page, draft: FromPath[int], now: Now) -> Response[Any]:
    """Put another person's draft in force from its day on."""
    done = publishing.publish(db, draft, approver=staff.actor, approver_name=staff.name, now=now)
    return _desk(db, page, now, outcome=done) if isinstance(done, BadTerms) else page.go("tiers.desk")


@post("/desk/tiers/drafts/{draft:int}/withdrawal", name="tiers.withdraw", guard=DRAFTS)
def withdraw_now(db: Db, staff: Staff, page: Page, draft: FromPath[int], now: Now) -> Response[Any]:
    """Take a draft back."""
    publishing.withdraw(db, draft, actor=staff.actor, now=now)
    return page.go("tiers.desk")


def _desk(
    db: Db, page: PageMaker, now: Now, *, form: TermsForm | None = None, outcome: BadTerms | None = None
) -> Response[str]:
    today = local_date(now)
    team = queries.advisers(db)
    known, body = queries.terms_on(db, today), queries.body_on(db, today)
    drafts = queries.open_drafts(db)
    return page.show(
        "tiers/desk.html", status=422 if form or outcome else 200, outcome=outcome,
        form=form or TermsForm.filled(body, known),
        words=REFUSALS, today=today, terms=known, versions=queries.all_terms(db), drafts=drafts,
        changes={each.id: differences(body, each.body) for each in drafts}, services=SERVICES, gets=GETS,
        all_tiers=list(Tier),
        counts=queries.counts_on(db, today), team=team,
        names={each.user_id: identity.name_of(db, each.user_id) for each in team},
        upper=[Tier.SILVER, Tier.GOLD, Tier.PLATINUM],
    )  # fmt: skip


pages = [desk, draft_now, publish_now, withdraw_now]
