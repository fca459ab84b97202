"""Which tier a client has, or had, on a day."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from portal.kit.i18n import later
from portal.tiers.models import ClientTierPeriod
from portal.tiers.rules import Tier, TierPeriod

NAMES = {
    Tier.NORMAL: later("普通"),
    Tier.SILVER: later("银卡"),
    Tier.GOLD: later("金卡"),
    Tier.PLATINUM: later("白金卡"),
}
PERIOD = (
    ClientTierPeriod.id,
    ClientTierPeriod.client_id,
    ClientTierPeriod.tier,
    ClientTierPeriod.valid_from,
    ClientTierPeriod.valid_to,
    ClientTierPeriod.basis,
    ClientTierPeriod.decided_by,
    ClientTierPeriod.reason,
)


def current(db: Session, client_id: int, day: date) -> TierPeriod | None:
    """Give the period that a day lies in."""
    row = db.execute(select(*PERIOD).where(ClientTierPeriod.client_id == client_id, _covers(day))).one_or_none()
    return TierPeriod(*row) if row else None


def tier_on(db: Session, client_id: int, day: date) -> str:
    """Give a client's tier on a day; normal when no period says otherwise."""
    return tiers_of(db, [client_id], day)[client_id]


def tiers_of(db: Session, client_ids: Collection[int], day: date) -> dict[int, str]:
    """Give the tier of each of many clients on a day, in one query."""
    found = select(ClientTierPeriod.client_id, ClientTierPeriod.tier)
    rows = db.execute(found.where(ClientTierPeriod.client_id.in_(client_ids), _covers(day)))
    return dict.fromkeys(client_ids, str(Tier.NORMAL)) | {row.client_id: row.tier for row in rows}


def periods_of(db: Session, client_id: int) -> list[TierPeriod]:
    """Give all of a client's periods, the latest first."""
    found = select(*PERIOD).where(ClientTierPeriod.client_id == client_id)
    return [TierPeriod(*row) for row in db.execute(found.order_by(ClientTierPeriod.valid_from.desc()))]


def overlapping(db: Session, client_id: int, valid_from: date, valid_to: date) -> bool:
    """Tell whether the client already has a period in these days."""
    meets = and_(ClientTierPeriod.valid_from < valid_to, ClientTierPeriod.valid_to > valid_from)
    found = select(ClientTierPeriod.id).where(ClientTierPeriod.client_id == client_id, meets)
    return db.scalar(found.limit(1)) is not None


def _covers(day: date) -> ColumnElement[bool]:
    return and_(ClientTierPeriod.valid_from <= day, ClientTierPeriod.valid_to > day)
