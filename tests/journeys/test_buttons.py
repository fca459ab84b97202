"""No page of the desk offers a button that its reader would be refused: each role reads every page of the demo."""

import re
from html import unescape

import pytest

from portal import settings
from portal.identity import Role
from tests.journeys import addresses
from tests.journeys.conftest import House

READERS = {
    "沈投顾": {Role.ADVISER}, "周经办": {Role.HANDLER}, "严合规": {Role.COMPLIANCE}, "韩主管": {Role.MANAGER},
    "梁管理": {Role.ADMINISTRATOR},
}  # fmt: skip
ACTION = re.compile(r'<form\b[^>]*?method="post"[^>]*?action="([^"]*)"|formaction="([^"]*)"')


@pytest.mark.parametrize("reader", READERS)
def test_every_button_leads_where_its_reader_may_go(sqlite_house: House, reader: str) -> None:
    verbs, refused, seen = guards(sqlite_house), [], 0
    for name, path, guard in addresses.routes(sqlite_house.home / "routes"):
        roles = set(guard.removeprefix("staff: ").split())
        if not guard.startswith("staff") or not roles & READERS[reader] or name in addresses.NO_PAGE:
            continue
        for place in shown(sqlite_house, name, path, reader):
            text = addresses.read(sqlite_house, place, reader, follow=True).text
            seen += 1
            refused += [(place, to) for to in actions(text) if not may(verbs, to, READERS[reader])]
    assert seen > 1
    assert refused == [], "hide these by {% if page.may('…') %}"


def shown(house: House, name: str, path: str, reader: str) -> list[str]:
    """Give a page's address, and where it has parameters one of which the reader finds a link, if he finds one."""
    if "{" not in path:
        return [path]
    if name in addresses.EXAMPLES:
        return [addresses.EXAMPLES[name]]
    try:
        return [addresses.find(house, name, path, reader)] if name in addresses.FOUND_ON else []
    except AssertionError:
        return []


def actions(text: str) -> set[str]:
    """List the addresses to which a page's forms and buttons post."""
    return {unescape(one or other).split("?")[0] for one, other in ACTION.findall(text)} - {""}


def guards(house: House) -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """Give the shape of every verb's address with the roles that may go there, plain ones first."""
    from portal.app import create

    app = create(settings.read({"PORTAL_HOME": str(house.home / "routes")}))
    found = [
        (route.path, handler.opt["door"])
        for route in app.routes
        for handler in route.route_handlers
        if "POST" in handler.http_methods and handler.opt.get("door")
    ]
    app.state.house.database.engine.dispose()
    return [
        (re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))), frozenset(map(str, door.roles)))
        for path, door in sorted(found, key=lambda each: each[0].count("{"))
    ]


def may(verbs: list[tuple[re.Pattern[str], frozenset[str]]], path: str, roles: set[Role]) -> bool:
    """Tell whether the first verb of this shape lets one of the roles in; one without roles lets in everybody."""
    allowed = next((known for shape, known in verbs if shape.fullmatch(path)), frozenset())
    return not allowed or not allowed.isdisjoint(map(str, roles))
