"""What is on offer, and what a client has."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.kit import i18n
from portal.kit.i18n import later
from portal.products.models import CatalogItem, CatalogItemVersion, SmsSubscription
from portal.products.rules import Plan, ServiceKind

SERVICES = {
    ServiceKind.ACCOUNT: later("账户管理"),
    ServiceKind.IPO: later("IPO"),
    ServiceKind.ADVICE: later("投资咨询"),
    ServiceKind.TIER: later("等级"),
}
PERIODS = {3: later("每季"), 12: later("每年")}


@dataclass(frozen=True, slots=True)
class Offer(Plan):
    """One published version of a plan."""

    item_version_id: int
    item_id: int
    version: int

    @property
    def name(self) -> str:
        """Give the plan's name in the reader's language."""
        return self.name_in(i18n.language())


@dataclass(frozen=True, slots=True)
class Subscription:
    """A client's plan from its first to its last day, both included."""

    id: int
    client_id: int
    item_version_id: int
    ref_type: str
    ref_id: str
    starts_on: date
    ends_on: date
    state: str
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None


PLAN = [getattr(CatalogItemVersion, field.name) for field in fields(Plan) if field.name != "code"]
OFFER = (
    CatalogItem.code,
    *PLAN,
    CatalogItemVersion.id.label("item_version_id"),
    CatalogItemVersion.item_id,
    CatalogItemVersion.version,
)
SUBSCRIPTION = [getattr(SmsSubscription, field.name) for field in fields(Subscription)]


def on_offer(db: Session, now: datetime) -> list[Offer]:
    """Give the plans that can be had at an instant, each in the version then in force."""
    begun = CatalogItemVersion.valid_from <= now
    newest = select(func.max(CatalogItemVersion.id)).where(begun).group_by(CatalogItemVersion.item_id)
    open_still = or_(CatalogItemVersion.valid_to.is_(None), CatalogItemVersion.valid_to > now)
    found = _offers().where(CatalogItemVersion.id.in_(newest), open_still)
    return [Offer(*row) for row in db.execute(found.order_by(CatalogItemVersion.item_id))]


def offer(db: Session, item_version_id: int) -> Offer | None:
    """Give one version of a plan, on offer or not: what a client once asked for keeps its words and price."""
    row = db.execute(_offers().where(CatalogItemVersion.id == item_version_id)).one_or_none()
    return Offer(*row) if row else None


def newest_version(db: Session, code: str) -> Offer | None:
    """Give the version of a plan that was published last."""
    found = _offers().where(CatalogItem.code == code).order_by(CatalogItemVersion.version.desc())
    row = db.execute(found.limit(1)).one_or_none()
    return Offer(*row) if row else None


def subscription(db: Session, subscription_id: int) -> Subscription | None:
    """Give a subscription by its number."""
    row = db.execute(select(*SUBSCRIPTION).where(SmsSubscription.id == subscription_id)).one_or_none()
    return Subscription(*row) if row else None


def subscription_of(db: Session, ref_type: str, ref_id: str) -> Subscription | None:
    """Give the subscription that rests on a redemption."""
    where = (SmsSubscription.ref_type == ref_type, SmsSubscription.ref_id == ref_id)
    row = db.execute(select(*SUBSCRIPTION).where(*where)).one_or_none()
    return Subscription(*row) if row else None


def subscriptions_of(db: Session, client_id: int) -> list[Subscription]:
    """Give a client's subscriptions, the latest first."""
    found = select(*SUBSCRIPTION).where(SmsSubscription.client_id == client_id)
    return [Subscription(*row) for row in db.execute(found.order_by(SmsSubscription.id.desc()))]


def running(db: Session, client_id: int, day: date) -> dict[int, int]:
    """Count a client's subscriptions by plan, in whatever version, that run on a day or begin later."""
    found = select(CatalogItemVersion.item_id, func.count()).select_from(SmsSubscription).join(CatalogItemVersion)
    own = (SmsSubscription.client_id == client_id, SmsSubscription.state == "active", SmsSubscription.ends_on >= day)
    return {row[0]: row[1] for row in db.execute(found.where(*own).group_by(CatalogItemVersion.item_id))}


def all_running(db: Session, day: date) -> list[Subscription]:
    """Give every client's subscriptions that run on a day or begin later, the one that ends first at the top."""
    alive = (SmsSubscription.state == "active", SmsSubscription.ends_on >= day)
    found = select(*SUBSCRIPTION).where(*alive).order_by(SmsSubscription.ends_on, SmsSubscription.id)
    return [Subscription(*row) for row in db.execute(found)]


def offers(db: Session, item_version_ids: Collection[int]) -> dict[int, Offer]:
    """Give many versions of plans in one query, on offer or not."""
    found = _offers().where(CatalogItemVersion.id.in_(item_version_ids))
    return {row.item_version_id: Offer(*row) for row in db.execute(found)}


def known_offer(db: Session, item_version_id: int) -> Offer:
    """Give a version that a row of ours names; raises LookupError when there is none."""
    found = offer(db, item_version_id)
    if found is None:
        raise LookupError(f"no version {item_version_id} in the catalogue")
    return found


def _offers() -> Select[*tuple[Any, ...]]:
    return select(*OFFER).join_from(CatalogItemVersion, CatalogItem)
