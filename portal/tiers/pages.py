"""The client's page of tiers: where he stands, what is missing, how it is measured, who gets what."""

from datetime import timedelta
from typing import Any

from litestar import Response

from portal import identity, points
from portal.doors import CLIENT, Db, Now, Page, SignedIn, get
from portal.kit.clock import at, local_date
from portal.tiers import queries, terms
from portal.tiers.forms import AMOUNT, GETS, NOT_YET, SERVICES, PreviewForm
from portal.tiers.rules import Tier


@get("/tiers", name="tiers.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show the client's tier, the way to the next one with his own figures, and what each tier gets."""
    me, today = client.client_id or 0, local_date(now)
    known = queries.terms_on(db, today)
    first, last = terms.window(terms.month_end_before(today), known.window_months)
    figures = queries.figures_of(db, [me], first, last)[me]
    period = queries.current(db, me, today)
    tier = period.tier if period else Tier.NORMAL
    above = terms.next_above(tier)
    return page.show(
        "tiers/index.html", today=today, terms=known, figures=figures, period=period, tier=tier, above=above,
        until=period.valid_to - timedelta(days=1) if period else None, day=timedelta(days=1),
        ways=terms.ways_to(known, above, figures) if above else [], periods=queries.periods_of(db, me),
        sources=queries.SOURCES, evaluation=queries.latest_evaluation(db, me), notice=_notice(db, me, now),
        promises=known.minutes, all_tiers=list(Tier), services=SERVICES, gets=GETS,
        multipliers=points.multipliers(db, now),
        team=_team(db, me, now),
    )  # fmt: skip


@get("/points/preview", name="tiers.preview", guard=CLIENT)
def preview(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Work out what a commission would earn, on any day and tier, by the rules that award it; nothing is written."""
    me, today = client.client_id or 0, local_date(now)
    form = PreviewForm.bind(page.query) if "commission" in page.query else PreviewForm()
    made = None
    if form.typed and form.ok:
        made = points.preview(db, me, fen=form.fen, tier=form.tier, trade_on=form.on)
        if isinstance(made, points.Refusal):
            form.wrong(*(("on", NOT_YET) if made is points.Refusal.NO_RULE else ("commission", AMOUNT)))
    if not form.typed:
        form.typed = {"tier": queries.tier_on(db, me, today), "on": today.isoformat()}
    return page.show(
        "tiers/preview.html", status=422 if form.errors else 200, form=form, all_tiers=list(Tier),
        made=made if isinstance(made, points.Preview) else None, words=points.words, names=queries.NAMES,
    )  # fmt: skip


def _team(db: Db, me: int, now: Now) -> dict[str, Any] | None:
    adviser = queries.adviser_of(db, me)
    if adviser is None:
        return None
    since = terms.quarter_start(local_date(now))
    answers, kept = queries.promises_kept(db, me, at(since))
    name = identity.name_of(db, adviser.adviser_id)
    return {
        "name": name, "line": adviser.direct_line, "since": adviser.since, "answers": answers, "kept": kept,
        "service_no": queries.service_number(db, me),
    }  # fmt: skip


def _notice(db: Db, me: int, now: Now) -> Any:
    """Give the warning that still holds: one whose tier is not assured beyond its end by now."""
    today = local_date(now)
    told = queries.notice_of(db, me, today)
    if told is None:
        return None
    after = queries.tier_on(db, me, told.ends_on + timedelta(days=1))
    return told if Tier(after).rank < Tier(told.tier).rank else None


pages = [index, preview]
