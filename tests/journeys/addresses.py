"""Every page with somebody who may see it: made from the application's own routes, so that none is forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

import httpx
from litestar import Litestar

from portal import settings
from tests.journeys.conftest import House

CLIENT, NEWCOMER, STAFF, VISITOR = "白景云", "郑旁观", "周经办", ""
SEEN_BY = {
    "public": (VISITOR,),
    "signed in": (CLIENT, STAFF),
    "client": (CLIENT,),
    "client with second factor": (CLIENT,),
}
# Whoever of the staff is the first here to have one of the roles that a page names.
SEEN_BY_ROLE = {
    "handler": STAFF,
    "reviewer": "吴复核",
    "manager": "韩主管",
    "administrator": "梁管理",
    "compliance": "严合规",
}
# Pages that look otherwise to somebody without points, requests and a second factor, or that only he may see.
SEEN_BY_NEWCOMER_TOO = {
    "club.door",
    "conversations.index",
    "tiers.index",
    "home.index",
    "feedback.index",
    "inbox.index",
    "points.index",
    "redemptions.index",
    "identity.me",
}
SEEN_BY_NEWCOMER_ONLY = {"identity.second_factor"}
# What answers GET and is no page, with the reason.
NO_PAGE = {
    "feedback.year_csv": "a file",
    "feedback.file": "a file",
    "dossier.data_html": "a file",
    "dossier.data_json": "a file",
    "feedback.paper": "a file",
    "static": "files",
    "bookings.export": "a file",
    "bookings.lines": "a file",
    "bookings.calendar": "a file",
    "club.calendar": "a calendar file",
    "conversations.file": "a file",
    "conversations.paper": "a file",
    "points.csv": "a file",
    "statements.csv": "a file",
    "clients.paper": "a file",
    "clients.review_paper": "a file",
    "desk.core_clients_csv": "a file",
    "desk.calendar_csv": "a file",
}
# Where the first link to a page with parameters in its address is found.
FOUND_ON = {
    "bookings.review": "/desk/bookings",
    "callbacks.task": "/desk/callbacks",
    "club.case": "/desk/club",
    "desk.correction": "/desk/clients/6600010004",
    "club.event": "/club/inside",
    "home.club_benefits": "/club/inside",
    "club.year": "/club/inside",
    "events.show": "/desk/events",
    "clients.call": "/desk/calls",
    "clients.progress": "/me/information",
    "clients.review": "/desk/changes",
    "demo.phone": "/demo/phone",
    "feedback.follow": "/desk/voice/follow/improvements",
    "feedback.review": "/desk/voice",
    "feedback.show": "/voice",
    "feedback.survey": "/voice",
    "feeds.day": "/desk/feeds?tab=all",
    "home.club_note": "/club/notes",
    "library.show": "/library?tab=article",
    "library.edit": "/desk/library?tab=live",
    "holdings.explain": "/holdings",
    "inbox.show": "/inbox",
    "holdings.explain_total": "/holdings",
    "holdings.round": "/holdings",
    "holdings.rules": "/holdings",
    "points.line": "/points",
    "points.year": "/points",
    "redemptions.new": "/redemptions",
    "redemptions.review": "/desk/redemptions",
    "redemptions.show": "/redemptions",
    "staffing.handover": "/desk/handovers",
    "staffing.member": "/desk/staff",
    "statements.month": "/statements",
    "suitability.question": "/questionnaire",
    "suitability.result": "/questionnaire",
    "suitability.warning": "/questionnaire/over-level",
    "suitability.review": "/desk/questionnaires",
    "suitability.wish_review": "/desk/questionnaires/over-level",
}
# Addresses that everybody of the demo can be sure of.
EXAMPLES = {
    "feedback.year": "/desk/voice/follow/years/2026",
    "bookings.letter": "/bookings/mine/SECRET/letter",
    "bookings.mine": "/bookings/mine/SECRET",
    "bookings.offer": "/bookings/offers/SECRET",
    "bookings.times": "/bookings/mine/SECRET/times",
    "clients.email_link": "/me/email/SECRET",
    "bookings.sheet_ahead": "/bookings/mine/SECRET/questionnaire",
    "bookings.handover": "/bookings/mine/SECRET/handover",
    "suitability.section": "/questionnaire/sections/preference",
    "suitability.file": "/desk/questionnaires/clients/6600010004",
    "clients.change_form": "/me/information/occupation/change",
    "clients.indicator": "/me/information/mobile",
    "desk.client": "/desk/clients/6600010001",
    "conversations.case": "/desk/conversations/6600010004",
}
# Pages that only lead on to another one.
LEADS_ON = {"desk.index", "statements.index"}
# More addresses of a page: another shape of it that a person meets.
ALSO: dict[str, tuple[str, ...]] = {
    "library.index": ("/library?q=摊薄成本", "/library?q=无&tab=faq", "/library?tab=research"),
    "library.desk": ("/desk/library?tab=live",),
}
# Pages that show only in the midst of something else: journeys look at them.
IN_THE_MIDST = {
    "bookings.code",
    "clients.email_link",
    "bookings.letter",
    "bookings.mine",
    "bookings.new",
    "bookings.offer",
    "bookings.times",
    "bookings.sheet_ahead",
    "bookings.handover",
    "bookings.waiting",
    "club.case",
    "suitability.check",
    "suitability.warning",
    "identity.answer",
    "identity.recover",
}


@dataclass(frozen=True)
class Address:
    """One page, by its route's name, as one person sees it."""

    name: str
    path: str
    person: str

    def __str__(self) -> str:
        """Name the page and who looks at it."""
        return f"{self.path} as {self.person or 'a visitor'}"


@cache
def routes(home: Path) -> list[tuple[str, str, str]]:
    """Give name, path and guard of every address that answers GET."""
    from portal.app import create
    from portal.demo import telephones

    app = create(settings.read({"PORTAL_HOME": str(home)}), extra_pages=telephones)
    found = sorted(_routes(app))
    app.state.house.database.engine.dispose()
    return found


def unknown(home: Path) -> list[str]:
    """List the routes with parameters for which nobody has said where to find an example, and unknown guards."""
    return [
        f"{name} {path} ({guard})"
        for name, path, guard in routes(home)
        if name not in NO_PAGE and (("{" in path and name not in FOUND_ON | EXAMPLES) or not _by(guard))
    ]


def every(house: House) -> Iterator[Address]:
    """Give every page of the running portal with each kind of person who may see it."""
    for name, path, guard in routes(house.home / "routes"):
        if name in NO_PAGE or name in IN_THE_MIDST | LEADS_ON or not _by(guard):
            continue
        for person in _seers(name, guard):
            example = find(house, name, path, person) if name in FOUND_ON else EXAMPLES.get(name, path)
            yield from (Address(name, shown, person) for shown in (example, *ALSO.get(name, ())))


def _seers(name: str, guard: str) -> tuple[str, ...]:
    if name in SEEN_BY_NEWCOMER_ONLY:
        return (NEWCOMER,)
    return (*_by(guard), NEWCOMER) if name in SEEN_BY_NEWCOMER_TOO else _by(guard)


def _by(guard: str) -> tuple[str, ...]:
    named = guard.removeprefix("staff: ").split()
    return SEEN_BY.get(guard) or tuple(who for role, who in SEEN_BY_ROLE.items() if role in named)[:1]


def find(house: House, name: str, pattern: str, person: str) -> str:
    """Follow the first link to a page with parameters, as a person would."""
    return first_link(house, FOUND_ON[name], pattern, person)


def first_link(house: House, page: str, pattern: str, person: str = CLIENT) -> str:
    """Give the first link on a page that leads to a route's address."""
    shape = re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/?#]+", re.escape(pattern)) + r"(?:\?[^#]*)?")
    links = re.findall(r'href="([^"]+)"', read(house, page, person, follow=True).text)
    plain = {path for _, path, _ in routes(house.home / "routes")} - {pattern}
    matching = [link for link in map(unescape, links) if shape.fullmatch(link) and link.split("?")[0] not in plain]
    assert matching, f"no link to {pattern} on {page} as {person}"
    return matching[0]


def read(house: House, path: str, person: str, language: str = "zh", *, follow: bool = False) -> httpx.Response:
    """Ask for a page as somebody, without a browser."""
    cookies = {"lang": language} | ({"session": house.session(person)} if person else {})
    return httpx.get(f"{house.address}{path}", cookies=cookies, follow_redirects=follow)


def _routes(app: Litestar) -> Iterator[tuple[str, str, str]]:
    for route in app.routes:
        for handler in route.route_handlers:
            if "GET" in handler.http_methods and (guard := handler.opt.get("guard")):
                yield str(handler.name), route.path, guard
