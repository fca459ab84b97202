"""The client's page of products: what of the firm's offers matches his risk level."""

from litestar import Response

from portal import suitability
from portal.doors import CLIENT, Db, Now, Page, SignedIn, get
from portal.kit.clock import local_date
from portal.products.queries import PERIODS, SERVICES, Offer, on_offer
from portal.products.rules import Kind
from portal.suitability import VERDICTS, Code


@get("/questionnaire/products", name="products.for_my_level", guard=CLIENT)
def for_my_level(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """List what matches this client; of the rest only how many and why. A list, not advice."""
    standing = suitability.standing(db, client.client_id)
    seen: dict[Code, list[Offer]] = {}
    for offer in on_offer(db, now):
        if offer.kind != Kind.SMS:  # a tier is no service that a risk level speaks of
            continue
        verdict = suitability.judged(db, standing, now, risk_class=offer.risk_class, service_kind=offer.service_key)
        seen.setdefault(verdict.code, []).append(offer)
    matched = sorted(
        [*seen.pop(Code.MATCHED, []), *seen.pop(Code.OVER_LEVEL, [])],
        key=lambda offer: (offer.risk_class, offer.points),
    )
    return page.show(
        "products/for_my_level.html", standing=standing, matched=matched, now=now, today=local_date(now),
        rest={code: len(offers) for code, offers in seen.items()}, verdicts=VERDICTS, services=SERVICES,
        periods=PERIODS,
    )  # fmt: skip


pages = [for_my_level]
