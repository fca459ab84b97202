"""What is on offer, and what a client has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.kit import i18n
from portal.kit.i18n import later
from portal.products.models import CatalogItem, CatalogItemVersion, CatalogSwitch, SmsSubscription
from portal.products.rules import Plan, ServiceKind

SERVICES = {
    ServiceKind.ACCOUNT: later("账户管理"),
    ServiceKind.IPO: later("IPO"),
    ServiceKind.ADVICE: later("投资咨询"),
    ServiceKind.BONDS: later("债券和货币基金"),
    ServiceKind.COMMISSION: later("佣金变现"),
    ServiceKind.TALK: later("面谈"),
    ServiceKind.TIER: later("等级"),
}
PERIODS = {1: later("每次"), 3: later("每季"), 12: later("每年")}


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
    gift_of: int | None = None


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
    found = _offers().where(CatalogItemVersion.id.in_(newest), open_still, is_open_to_clients())
    return [Offer(*row) for row in db.execute(found.order_by(CatalogItemVersion.item_id))]


def is_open_to_clients() -> ColumnElement[bool]:
    """Tell in a query whether clients can have a version: it needs no switch, or stands switched on."""
    newest = select(func.max(CatalogSwitch.id)).where(CatalogSwitch.state == "in_force").group_by(CatalogSwitch.item_id)
    on = select(CatalogSwitch.item_id).where(CatalogSwitch.id.in_(newest), CatalogSwitch.turn == "on")
    return or_(CatalogItemVersion.needs_switch.is_(False), CatalogItemVersion.item_id.in_(on))


def is_open(db: Session, item_version_id: int) -> bool:
    """Tell whether clients can have a version now, as far as its switch goes."""
    here = CatalogItemVersion.id == item_version_id
    return db.scalar(select(CatalogItemVersion.id).where(here, is_open_to_clients())) is not None


def on_shelf(db: Session, now: datetime) -> list[Offer]:
    """Give every plan in force, those among them that are switched off."""
    begun = CatalogItemVersion.valid_from <= now
    newest = select(func.max(CatalogItemVersion.id)).where(begun).group_by(CatalogItemVersion.item_id)
    found = _offers().where(CatalogItemVersion.id.in_(newest))
    return [Offer(*row) for row in db.execute(found.order_by(CatalogItemVersion.item_id))]


def switches(db: Session) -> Sequence[Any]:
    """List every turn of every switch, the latest first: who proposed, who decided, when and why."""
    return db.execute(select(*CatalogSwitch.__table__.c).order_by(CatalogSwitch.id.desc())).all()


def with_gifts(db: Session, client_id: int | None = None) -> list[Subscription]:
    """Give the running subscriptions whose plan has gifts, of one client or of all."""
    found = select(*SUBSCRIPTION).join(CatalogItemVersion).where(SmsSubscription.state == "active")
    found = found.where(CatalogItemVersion.gifts != [])
    if client_id is not None:
        found = found.where(SmsSubscription.client_id == client_id)
    return [Subscription(*row) for row in db.execute(found.order_by(SmsSubscription.id))]


def gifts_begun(db: Session, subscription_ids: Collection[int]) -> set[tuple[int, int]]:
    """Give the gifts that have begun, running or ended: subscription and item."""
    found = select(SmsSubscription.gift_of, CatalogItemVersion.item_id).join(CatalogItemVersion)
    rows = db.execute(found.where(SmsSubscription.gift_of.in_(subscription_ids)))
    return {(int(given_with or 0), int(item)) for given_with, item in rows}


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
