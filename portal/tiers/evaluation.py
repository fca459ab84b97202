"""The monthly evaluation, a duty: up on the next day, down one step at a quarter's end after a warning."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import column, insert, select, table
from sqlalchemy.orm import Session

from portal import calendar
from portal.kit.clock import local_date
from portal.kit.db import insert_once
from portal.tiers import telling
from portal.tiers import terms as terms_of
from portal.tiers.actions import grant
from portal.tiers.models import TierEvaluation, TierNotice
from portal.tiers.queries import batches_of, figures_of, latest_evaluation, newest_day, periods_of, terms_on
from portal.tiers.rules import Source, Tier, TierPeriod
from portal.tiers.terms import Figures, Terms

CHUNK = 200  # clients a transaction, so that a click never waits long behind it
DAY = timedelta(days=1)


def evaluate_due(db: Session, now: datetime) -> int:
    """Evaluate the last month's end once the feed is through with it, and again after a correction; give how many."""
    month_end = terms_of.month_end_before(local_date(now))
    return evaluate(db, month_end, now) if _is_complete(db, month_end) else 0


def evaluate(db: Session, month_end: date, now: datetime, limit: int = CHUNK) -> int:
    """Evaluate clients at a month's end who are not evaluated on these very batches yet; give how many."""
    terms = terms_on(db, month_end)
    first, last = terms_of.window(month_end, terms.window_months)
    batches = batches_of(db, first, last)
    waiting = _waiting(db, month_end, batches, limit)
    figures = figures_of(db, waiting, first, last)
    for client_id in waiting:
        _evaluate_one(db, client_id, terms, figures[client_id], month_end, batches, now)
    return len(waiting)


def _evaluate_one(
    db: Session, client_id: int, terms: Terms, figures: Figures, month_end: date, batches: str, now: datetime
) -> None:
    before = latest_evaluation(db, client_id, month_end)
    told = {"days": figures.days, "mean_assets": figures.mean_assets, "commission": figures.commission}
    changed = before is not None and any(getattr(before, name) != value for name, value in told.items())
    qualifies = terms_of.qualifying(terms, figures)
    outcome = "kept" if before and not changed else _settle(db, client_id, terms, figures, qualifies, month_end, now)
    if changed:
        telling.tell_corrected(db, client_id, month_end=month_end, batches=batches, now=now)
    row = {**told, "terms_id": terms.id, "qualifies": qualifies, "outcome": outcome, "corrects": changed}
    key = {"client_id": client_id, "month_end": month_end, "batches": batches}
    db.execute(insert(TierEvaluation).values(**key, **row, evaluated_at=now))


def _settle(
    db: Session, client_id: int, terms: Terms, figures: Figures, qualifies: Tier, month_end: date, now: datetime
) -> str:
    """Let an evaluation take effect: append the periods that it gives, or the warning."""
    today = local_date(now)
    begins = max(month_end + DAY, today)
    own = [period for period in periods_of(db, client_id) if period.source != Source.POINTS]
    standing = max(
        (Tier(each.tier) for each in own if each.valid_from <= begins < each.valid_to), key=_rank, default=Tier.NORMAL
    )
    basis = _basis(terms, figures, month_end)
    if qualifies.rank < standing.rank:
        return _warn(db, client_id, terms, own, standing, begins, today, basis, now)
    if qualifies is not Tier.NORMAL:
        until = terms_of.assured_until(begins, terms.notice_days)
        _assure(db, client_id, own, qualifies, begins, until, basis, now)
    if qualifies.rank > standing.rank:
        telling.tell_risen(db, client_id, tier=qualifies, since=begins, now=now)
    return "up" if qualifies.rank > standing.rank else "kept"


def _warn(
    db: Session, client_id: int, terms: Terms, own: list[TierPeriod], standing: Tier, begins: date, today: date,
    basis: dict[str, Any], now: datetime,
) -> str:  # fmt: skip
    held_until = _covered_until(own, standing, begins)
    if _is_warned(db, client_id, standing, held_until):
        return "warned"
    ends_on = max(terms_of.ends_after_notice(today, terms.notice_days), held_until)
    _assure(db, client_id, own, standing, begins, ends_on, {**basis, "warned_on": str(today)}, now)
    lower = terms_of.one_below(standing)
    if lower is not Tier.NORMAL:
        until = terms_of.quarter_end(ends_on + DAY)
        _assure(db, client_id, own, lower, ends_on + DAY, until, {**basis, "one_step_from": standing}, now)
    notice = {"client_id": client_id, "tier": standing, "ends_on": ends_on}
    if insert_once(db, TierNotice, **notice, next_tier=lower, noticed_on=today):
        telling.tell_warned(db, client_id, tier=standing, next_tier=lower, ends_on=ends_on, now=now)
    return "warned"


def _assure(
    db: Session, client_id: int, own: list[TierPeriod], tier: Tier, begins: date, until: date, basis: dict[str, Any],
    now: datetime,
) -> None:  # fmt: skip
    """Append what is missing of a tier up to a last day; what the client has already stays as it is."""
    covered = _covered_until(own, tier, begins)
    starts = max(begins, covered + DAY)
    if starts <= until:
        grant(
            db, client_id=client_id, tier=tier, valid_from=starts, valid_to=until + DAY, basis=basis,
            decided_by="system", reason="evaluation", source=Source.EVALUATION, now=now,
        )  # fmt: skip


def _covered_until(own: list[TierPeriod], tier: Tier, day: date) -> date:
    """Give the last day up to which a tier, or a higher one, runs on from a day without a gap; else the day before."""
    until = day
    enough = sorted((each for each in own if Tier(each.tier).rank >= tier.rank), key=lambda each: each.valid_from)
    for period in enough:
        if period.valid_from <= until < period.valid_to:
            until = period.valid_to
    return until - DAY


def _basis(terms: Terms, figures: Figures, month_end: date) -> dict[str, Any]:
    said = {"mean_assets": str(figures.mean_assets), "commission": str(figures.commission), "days": figures.days}
    return {"source": "evaluation", "month_end": str(month_end), "terms": terms.id, **said}


def _rank(tier: Tier) -> int:
    return tier.rank


def _is_warned(db: Session, client_id: int, tier: Tier, ends_on: date) -> bool:
    same = (TierNotice.client_id == client_id, TierNotice.tier == tier, TierNotice.ends_on == ends_on)
    return db.scalar(select(TierNotice.id).where(*same)) is not None


def _waiting(db: Session, month_end: date, batches: str, limit: int) -> list[int]:
    client = table("client", column("id"), column("opened_on"))
    done = select(TierEvaluation.client_id).where(
        TierEvaluation.month_end == month_end, TierEvaluation.batches == batches
    )
    known = (client.c.opened_on <= month_end, client.c.id.not_in(done))
    return list(db.scalars(select(client.c.id).where(*known).order_by(client.c.id).limit(limit)))


def _is_complete(db: Session, month_end: date) -> bool:
    brought = newest_day(db)
    try:
        return brought is not None and brought >= calendar.last_trading_day_before(db, month_end + DAY)
    except calendar.DayUnknown:
        return False
