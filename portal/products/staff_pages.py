"""The staff's page of products: running services that no longer match their client's assessment."""

from litestar import Response

from portal import clients
from portal.doors import READS, Db, Now, Page, get
from portal.products.matching import mismatches
from portal.suitability import VERDICTS


@get("/desk/questionnaires/mismatched", name="products.mismatched", guard=READS)
def mismatched(db: Db, page: Page, now: Now) -> Response[str]:
    """Show who has a service above his level, beyond his horizon, or without an assessment that holds."""
    rows = mismatches(db, now)
    people = clients.names_of(db, {row.subscription.client_id for row in rows})
    return page.show(
        "products/mismatched.html", rows=rows, people=people, masked=clients.masked_name, verdicts=VERDICTS, now=now
    )


pages = [mismatched]
