"""The client's pages of the questionnaire: where he stands; the sheet, the result and what is above it lie beside."""

from litestar import Response

from portal.doors import CLIENT, Db, Now, Page, SignedIn, get
from portal.suitability import check_pages, over_level_pages, result_pages, sheet_pages
from portal.suitability.shown import index_page


@get("/questionnaire", name="suitability.index", guard=CLIENT)
def index(db: Db, client: SignedIn, page: Page, now: Now) -> Response[str]:
    """Show the level that holds, what waits, and earlier results; begin or go on from here."""
    return index_page(db, client, page, now)


pages = [index, *sheet_pages.pages, *check_pages.pages, *result_pages.pages, *over_level_pages.pages]
