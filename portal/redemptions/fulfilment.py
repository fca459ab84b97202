"""Fulfilment: what begins once a request is approved, as its kind of product wants it, and how it ends."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import clients, points, products, sms, tiers
from portal.audit import SYSTEM, Person
from portal.kit.clock import local_date
from portal.redemptions import queries
from portal.redemptions.models import Redemption
from portal.redemptions.rules import HOLD_WHILE_SENDING, Refusal, State, Verb
from portal.redemptions.steps import Outcome, end, stale, step


def begin(db: Session, payload: dict[str, Any], now: datetime) -> None:
    """Start what was approved, as its kind wants it (a job)."""
    redemption = queries.by_number(db, payload["number"])
    if redemption is None or redemption.state != State.APPROVED or redemption.subscription_id:
        return
    offer = products.known_offer(db, redemption.item_version_id)
    FULFILMENTS[offer.kind](db, redemption, offer, now)


def _start_sms(db: Session, redemption: Redemption, offer: products.Offer, now: datetime) -> None:
    """Start the subscription and its first message, together or not at all; `follow` captures the points."""
    mobile = clients.mobile(db, redemption.client_id)
    if not mobile:
        _fail(db, redemption, now, note="no_mobile")
        return
    subscription = products.start_subscription(
        db, client_id=redemption.client_id, item_version_id=redemption.item_version_id, ref_type="redemption",
        ref_id=redemption.number, now=now,
    )  # fmt: skip
    db.execute(update(Redemption).where(Redemption.id == redemption.id).values(subscription_id=subscription.id))
    sms.queue(
        db, client_id=redemption.client_id, to=mobile, text=offer.welcome("zh", subscription.ends_on), now=now,
        purpose="subscription", ref_type="redemption", ref_id=redemption.id, key=f"redemption:{redemption.number}",
    )  # fmt: skip
    products.keep_gifts(db, now, redemption.client_id)


def _arrange_talk(db: Session, redemption: Redemption, offer: products.Offer, now: datetime) -> None:
    """See that the client has an adviser; the points wait until the adviser has noted how the talk went."""
    tiers.assign_adviser(db, redemption.client_id, reason="talk", now=now)


def note_talk(
    db: Session, redemption: Redemption, *, seen: int, staff: Person, took_place: bool, note: str, now: datetime
) -> Outcome:
    """Note that a talk took place, which spends the points, or that it did not, which gives them back."""
    if redemption.state != State.APPROVED or redemption.subscription_id or redemption.version != seen:
        return stale(db, redemption)
    if not note:
        return Refusal.NO_REASON
    if not took_place:
        return end(db, redemption, Verb.FAIL, staff, now, seen=seen, told=note)
    if isinstance(points.capture(db, hold_id=redemption.hold_id, now=now), points.Refusal):
        return end(db, redemption, Verb.FAIL, staff, now, seen=seen, told="points_gone")
    return step(db, redemption, Verb.FULFIL, staff, now, seen=seen, told=note)


def fail_forgotten(db: Session, now: datetime) -> int:
    """Give back the points of talks that nobody noted within thirty days of the approval (a duty); give how many."""
    late = [queries.by_number(db, number) for number in queries.forgotten(db, now - HOLD_WHILE_SENDING)]
    for each in late:
        if each:
            end(db, each, Verb.FAIL, SYSTEM, now, seen=each.version, told="forgotten")
    return len(late)


def stop(db: Session, redemption: Redemption, *, client: Person, now: datetime) -> Outcome:
    """End a running plan before its time: its gifts end with it, and whole unused months come back as points."""
    running = products.subscription(db, redemption.subscription_id or 0)
    if running is None or not products.end_subscription(
        db, running.id, reason=products.EndReason.STOPPED, actor=client.actor, now=now
    ):
        return stale(db, redemption)
    back = given_back(db, redemption, running, now)
    outcome = step(db, redemption, Verb.STOP, client, now, seen=redemption.version, told=str(back))
    if isinstance(outcome, Redemption) and back:
        key = f"stop:{redemption.number}"
        points.refund(db, hold_id=redemption.hold_id, points=back, key=key, now=now, actor=client.actor)
    return outcome


def given_back(db: Session, redemption: Any, running: products.Subscription, now: datetime) -> int:
    """Give the points that would come back if a plan were stopped now."""
    offer = products.known_offer(db, redemption.item_version_id)
    unused = products.unused_months(running.ends_on, local_date(now))
    return products.refund_points(redemption.points, offer.period_months, unused)


def _grant_tier(db: Session, redemption: Redemption, offer: products.Offer, now: datetime) -> None:
    """Give the tier from today for its term and spend the points, both or neither."""
    try:
        with db.begin_nested():
            _spend_and_grant(db, redemption, offer, now)
    except NotGranted:
        db.refresh(redemption)
        _fail(db, redemption, now, note="not_granted")
    else:
        step(db, redemption, Verb.FULFIL, SYSTEM, now, seen=redemption.version)


class NotGranted(Exception):
    """Takes back what an attempt to grant has done so far."""


def _spend_and_grant(db: Session, redemption: Redemption, offer: products.Offer, now: datetime) -> None:
    today = local_date(now)
    granted = tiers.grant(
        db, client_id=redemption.client_id, tier=offer.grants_tier or "", valid_from=today, reason="redemption",
        valid_to=products.last_day(today, offer.period_months) + timedelta(days=1), source=tiers.Source.POINTS,
        basis={"source": "points", "redemption": redemption.number, "points": redemption.points},
        decided_by=f"staff:{redemption.decided_by}", now=now,
    )  # fmt: skip
    spent = points.capture(db, hold_id=redemption.hold_id, now=now)
    if isinstance(granted, tiers.Refusal) or isinstance(spent, points.Refusal):
        raise NotGranted


def follow(db: Session, message: sms.Message, now: datetime) -> None:
    """Follow the first message: accepted by the gateway, the points are captured; refused for good, given back."""
    if message.ref_type != "redemption":
        return
    redemption = db.get(Redemption, message.ref_id, populate_existing=True)
    if redemption is None or redemption.state != State.APPROVED:
        return
    if message.state in (sms.State.SUBMITTED, sms.State.DELIVERED):
        _fulfil(db, redemption, now)
    elif message.state in sms.FAILED:
        _fail(db, redemption, now, note="sms_failed")


def _fulfil(db: Session, redemption: Redemption, now: datetime) -> None:
    if isinstance(points.capture(db, hold_id=redemption.hold_id, now=now), points.Refusal):
        _fail(db, redemption, now, note="points_gone")  # nothing is fulfilled without its points
        return
    step(db, redemption, Verb.FULFIL, SYSTEM, now, seen=redemption.version)


def _fail(db: Session, redemption: Redemption, now: datetime, *, note: str) -> None:
    if redemption.subscription_id:
        reason = products.EndReason.UNDELIVERED
        products.end_subscription(db, redemption.subscription_id, reason=reason, actor=SYSTEM.actor, now=now)
    end(db, redemption, Verb.FAIL, SYSTEM, now, seen=redemption.version, told=note)


FULFILMENTS: Mapping[str, Callable[[Session, Redemption, products.Offer, datetime], None]] = {
    products.Kind.SMS: _start_sms,
    products.Kind.TIER_UPGRADE: _grant_tier,
    products.Kind.TALK: _arrange_talk,
}
