"""Who has a service that his assessment does not match any more: it ran out, or his level fell."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal import suitability
from portal.kit.clock import local_date
from portal.products import queries
from portal.products.queries import Offer, Subscription
from portal.suitability import Verdict


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A running subscription, and why it would not be given today."""

    subscription: Subscription
    offer: Offer
    verdict: Verdict

    @property
    def client_id(self) -> int:
        """Give whose it is."""
        return self.subscription.client_id


def mismatches(db: Session, now: datetime) -> list[Mismatch]:
    """Give every running subscription that needs a match and has none, in a few statements."""
    running = queries.all_running(db, local_date(now))
    offers = queries.offers(db, {each.item_version_id for each in running})
    asking = [each for each in running if offers[each.item_version_id].needs_assessment]
    standings = suitability.standings(db, {each.client_id for each in asking})
    judged = [_judged(db, each, offers[each.item_version_id], standings.get(each.client_id), now) for each in asking]
    return [each for each in judged if not each.verdict.ok]


def _judged(
    db: Session, subscription: Subscription, offer: Offer, standing: suitability.Standing | None, now: datetime
) -> Mismatch:
    verdict = suitability.judged(db, standing, now, risk_class=offer.risk_class, service_kind=offer.service_key)
    return Mismatch(subscription, offer, verdict)
