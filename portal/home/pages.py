"""The first page of a signed-in client."""

from litestar import Response

from portal import suitability
from portal.doors import CLIENT, Db, Now, Page, SignedIn, get
from portal.home.queries import overview
from portal.home.rules import greeting
from portal.kit.clock import local
from portal.kit.i18n import later

RISKS = {
    "C1": later("保守型"),
    "C2": later("谨慎型"),
    "C3": later("稳健型"),
    "C4": later("积极型"),
    "C5": later("激进型"),
}


@get("/", name="home.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Greet the client; show assets, points, tier, and what waits for him."""
    seen = overview(db, client, now)
    return page.show(
        "home/index.html", seen=seen, now=now, greeting=greeting(local(now).time()), risks=RISKS,
        standing=suitability.standing(db, client.client_id),
    )  # fmt: skip


pages = [index]
