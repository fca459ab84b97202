"""Publish plans, start and end subscriptions."""

import tomllib
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.kit.clock import local_date
from portal.products.models import CatalogItem, CatalogItemVersion, SmsSubscription
from portal.products.queries import Offer, Subscription, known_offer, newest_version, subscription_of
from portal.products.rules import EndReason, Kind, Plan, Refusal, last_day

PLANS = Path(__file__).with_name("plans.toml")


def publish(
    db: Session,
    plan: Plan,
    *,
    author: str,
    approver: str,
    now: datetime,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> Offer | Refusal:
    """Publish a plan as the next version of its item, in force from now or later; author and approver differ."""
    if author == approver:
        return Refusal.SAME_PERSON
    before = newest_version(db, plan.code)
    version = before.version + 1 if before else 1
    row = {name: value for name, value in asdict(plan).items() if name != "code"}
    signed = {"sha256": plan.sha256, "author": author, "approver": approver, "published_at": now}
    time = {"valid_from": valid_from or now, "valid_to": valid_to}
    item = {"item_id": _item(db, plan.code), "version": version, "cash_fen": 0}
    added = insert(CatalogItemVersion).values(**item, **row, **signed, **time).returning(CatalogItemVersion.id)
    item_version_id = db.execute(added).scalar_one()
    detail = {"version": version, "sha256": plan.sha256, "author": author, "points": plan.points}
    audit.record(db, actor=approver, event="plan.published", object=f"plan:{plan.code}", detail=detail, now=now)
    return known_offer(db, item_version_id)


def seed_catalogue(db: Session, now: datetime, author: str = "staff:setup", approver: str = "staff:review") -> int:
    """Publish the repository's plans where they are new or changed; give how many were."""
    published = 0
    for plan in plans():
        before = newest_version(db, plan.code)
        if before is None or before.sha256 != plan.sha256:
            publish(db, plan, author=author, approver=approver, now=now)
            published += 1
    return published


def plans() -> list[Plan]:
    """Read the plans of the repository."""
    usual: dict[str, Any] = {"kind": Kind.SMS, "grants_tier": None, "gifts": [], "needs_switch": False}
    return [Plan(**usual | plan) for plan in tomllib.loads(PLANS.read_text(encoding="utf-8"))["plan"]]


def start_subscription(
    db: Session, *, client_id: int, item_version_id: int, ref_type: str, ref_id: str, now: datetime,
    gift_of: Subscription | None = None,
) -> Subscription:  # fmt: skip
    """Start a plan today for what it rests on; asked again for the same, it gives the one already started.

    A gift runs as long as what it is given with.
    """
    if started := subscription_of(db, ref_type, ref_id):
        return started
    starts_on = local_date(now)
    ends_on = last_day(starts_on, known_offer(db, item_version_id).period_months)
    ends_on = gift_of.ends_on if gift_of else ends_on
    ref = {"client_id": client_id, "item_version_id": item_version_id, "ref_type": ref_type, "ref_id": ref_id}
    row: dict[str, Any] = ref | {"starts_on": starts_on, "ends_on": ends_on, "state": "active", "started_at": now}
    row["gift_of"] = gift_of.id if gift_of else None
    try:
        with db.begin_nested():
            id = db.execute(insert(SmsSubscription).values(row).returning(SmsSubscription.id)).scalar_one()
    except IntegrityError:
        if other := subscription_of(db, ref_type, ref_id):
            return other  # another worker started it at the same moment
        raise
    detail = {"client_id": client_id, "ref": f"{ref_type}:{ref_id}", "ends_on": str(ends_on)}
    audit.record(db, actor="system", event="subscription.started", object=f"subscription:{id}", detail=detail, now=now)
    return Subscription(id=id, ended_at=None, end_reason=None, **row)


def end_subscription(db: Session, subscription_id: int, *, reason: EndReason, actor: str, now: datetime) -> bool:
    """End a running subscription; False when it had ended already."""
    running = (SmsSubscription.id == subscription_id, SmsSubscription.state == "active")
    ended = update(SmsSubscription).where(*running).values(state="ended", ended_at=now, end_reason=reason)
    if db.scalar(ended.returning(SmsSubscription.id)) is None:
        return False
    detail = {"reason": reason}
    name = f"subscription:{subscription_id}"
    audit.record(db, actor=actor, event="subscription.ended", object=name, detail=detail, now=now)
    own = (SmsSubscription.gift_of == subscription_id, SmsSubscription.state == "active")
    for gift in db.scalars(select(SmsSubscription.id).where(*own)).all():  # what was given with it ends with it
        end_subscription(db, gift, reason=reason, actor=actor, now=now)
    return True


def end_lapsed(db: Session, now: datetime, limit: int = 200) -> int:
    """End the subscriptions whose last day is over, at most `limit` of them; give how many."""
    over = (SmsSubscription.state == "active", SmsSubscription.ends_on < local_date(now))
    due = db.scalars(select(SmsSubscription.id).where(*over).order_by(SmsSubscription.ends_on).limit(limit)).all()
    return sum(end_subscription(db, id, reason=EndReason.LAPSED, actor="system", now=now) for id in due)


def _item(db: Session, code: str) -> int:
    known = db.scalar(select(CatalogItem.id).where(CatalogItem.code == code))
    return known or db.execute(insert(CatalogItem).values(code=code).returning(CatalogItem.id)).scalar_one()
