"""Which rooms are open: the only place that opens a room's pages, and what the worker does for each."""

from litestar.handlers import HTTPRouteHandler

from portal.identity import pages as identity_pages

PAGES: list[HTTPRouteHandler] = [
    *identity_pages.pages,
]
