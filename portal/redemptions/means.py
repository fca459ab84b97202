"""What a client brings to an offer, read once for the shop, the request and the approval alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import clients, points, products, suitability, tiers
from portal.kit.clock import local_date
from portal.redemptions import queries, rules
from portal.redemptions.rules import Refusal


@dataclass(frozen=True)
class Means:
    """What a client can bring to any offer; `runs` counts by item what he has or has asked for.

    `verdicts` say by version of the offer whether it matches his risk assessment, where it needs one.
    """

    available: int
    tier: str
    has_mobile: bool
    runs: Counter[int]
    verdicts: Mapping[int, suitability.Verdict]

    def refusal_of(self, offer: products.Offer) -> Refusal | None:
        """Say why he can't have an offer, or None: the shop and the request ask the same rule."""
        return rules.request_refusal(
            available=self.available,
            price=offer.points,
            tier_suffices=tiers.is_at_least(self.tier, offer.min_tier),
            unsuited=unsuited(self.verdicts.get(offer.item_version_id)),
            running=self.runs[offer.item_id],
            limit=offer.per_client_limit,
            has_mobile=self.has_mobile or offer.kind != products.Kind.SMS,
            has_tier=bool(offer.grants_tier and tiers.is_at_least(self.tier, offer.grants_tier)),
        )


def means_of(db: Session, client_id: int, now: datetime, *asked: products.Offer) -> Means:
    """Read once what decides about every offer: points, tier, telephone, what runs already, what matches."""
    today = local_date(now)
    requests = queries.running(db, client_id)
    plans = products.offers(db, requests)
    runs = Counter(products.running(db, client_id, today))
    for version, count in requests.items():
        runs[plans[version].item_id] += count
    return Means(
        available=points.balance(db, client_id, now).available,
        tier=tiers.tier_on(db, client_id, today),
        has_mobile=bool(clients.mobile(db, client_id)),
        runs=runs,
        verdicts=verdicts_on(db, client_id, [*products.on_offer(db, now), *asked], now),
    )


def verdicts_on(
    db: Session, client_id: int, offers: Sequence[products.Offer], now: datetime
) -> dict[int, suitability.Verdict]:
    """Say by version of the offer whether it matches the client's assessment, for those that need one."""
    needing = [offer for offer in offers if offer.needs_assessment]
    standing = suitability.standing(db, client_id) if needing else None
    return {
        offer.item_version_id: suitability.judged(
            db, standing, now, risk_class=offer.risk_class, service_kind=offer.service_key
        )
        for offer in needing
    }


def unsuited(verdict: suitability.Verdict | None) -> Refusal | None:
    """Give the refusal that a verdict means, or None where it matches or none is needed."""
    return None if verdict is None or verdict.ok else Refusal(verdict.code.value)


def kept(verdict: suitability.Verdict | None) -> Any:
    """Give a verdict as it stays with the redemption."""
    return verdict.kept() if verdict else "not_needed"
