"""Gifts of a plan: free while it runs, each only where it suits the client and he does not have it already."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import suitability
from portal.kit.clock import local_date
from portal.products.actions import start_subscription
from portal.products.queries import Offer, Subscription, gifts_begun, offers, on_offer, running, with_gifts


def keep_gifts(db: Session, now: datetime, client_id: int | None = None) -> int:
    """Begin the gifts that running plans still owe (a duty); gives how many began.

    One that the client pays for already begins when his own has ended; one that does not suit him, when it does.
    """
    given = with_gifts(db, client_id)
    if not given:
        return 0
    known = {offer.code: offer for offer in on_offer(db, now)}
    plans, begun = offers(db, {each.item_version_id for each in given}), gifts_begun(db, {each.id for each in given})
    owed = [
        (each, known[code])
        for each in given
        for code in plans[each.item_version_id].gifts
        if code in known and (each.id, known[code].item_id) not in begun
    ]
    return sum(_begin(db, with_, offer, now) for with_, offer in owed)


def _begin(db: Session, given_with: Subscription, offer: Offer, now: datetime) -> bool:
    if offer.item_id in running(db, given_with.client_id, local_date(now)) or not _suits(db, given_with, offer, now):
        return False
    start_subscription(
        db, client_id=given_with.client_id, item_version_id=offer.item_version_id, ref_type="gift",
        ref_id=f"{given_with.id}:{offer.code}", gift_of=given_with, now=now,
    )  # fmt: skip
    return True


def _suits(db: Session, given_with: Subscription, offer: Offer, now: datetime) -> bool:
    if not offer.needs_assessment:
        return True
    standing = suitability.standing(db, given_with.client_id)
    found = suitability.judged(db, standing, now, risk_class=offer.risk_class, service_kind=offer.service_key)
    return found.ok
