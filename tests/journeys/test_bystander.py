"""郑旁观 visits every address that holds an id of another client's, and finds nothing: reading and writing."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from portal.audit import Person
from portal.clients import emails
from portal.clients.models import ClientEmailProof
from portal.club.models import ClubApplication
from portal.dossier import own_data
from portal.dossier.models import Export
from portal.feedback.models import Invitation
from portal.kit import csrf
from portal.kit.db import Database, connect
from portal.kit.vault import open_vault
from portal.suitability.models import OverLevelRequest
from tests.architecture.test_routes import LIST
from tests.journeys.conftest import House
from tests.kit.papers import photo

OWNER, BYSTANDER = "白景云", "郑旁观"
STRONGER = "李银川"  # another one, with the second factor that some pages ask for before they look at anything
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
# Where the owner's own id of each address stands; `:me` is she.
OWN = {
    "club.withdraw": "SELECT number FROM club_application WHERE client_id = :me",
    "dossier.data_html": "SELECT number FROM dossier_export WHERE client_id = :me",
    "dossier.data_json": "SELECT number FROM dossier_export WHERE client_id = :me",
    "clients.progress": "SELECT number FROM client_change WHERE client_id = :me",
    "clients.object": "SELECT number FROM client_change WHERE client_id = :me",
    "clients.withdraw": "SELECT number FROM client_change WHERE client_id = :me",
    "clients.paper": (
        "SELECT c.number, u.token FROM client_change c JOIN upload u ON u.attached_to = 'change:' || c.number "
        "WHERE c.client_id = :me"
    ),
    "conversations.file": (
        "SELECT l.id, u.token FROM conversation_line l JOIN conversation c ON c.id = l.conversation_id "
        "JOIN upload u ON u.attached_to = 'conversation_line:' || l.id WHERE c.client_id = :me"
    ),
    "clients.confirm_email": "SELECT address FROM client_email_proof WHERE client_id = :me",
    "clients.email_link": "SELECT address FROM client_email_proof WHERE client_id = :me",
    "feedback.file": (
        "SELECT c.number, u.token FROM feedback_case c JOIN upload u ON u.attached_to = 'voice:' || c.number "
        "WHERE c.client_id = :me"
    ),
    "feedback.survey": "SELECT id FROM feedback_invitation WHERE client_id = :me",
    "feedback.vote": "SELECT id FROM feedback_invitation WHERE client_id = :me",
    "feedback.accept": "SELECT number FROM feedback_case WHERE client_id = :me",
    "feedback.object": "SELECT number FROM feedback_case WHERE client_id = :me",
    "feedback.reply": "SELECT number FROM feedback_case WHERE client_id = :me",
    "feedback.show": "SELECT number FROM feedback_case WHERE client_id = :me",
    "feedback.withdraw": "SELECT number FROM feedback_case WHERE client_id = :me",
    "inbox.show": "SELECT id FROM inbox_message WHERE client_id = :me",
    "redemptions.cancel": "SELECT number FROM redemption WHERE client_id = :me",
    "redemptions.show": "SELECT number FROM redemption WHERE client_id = :me",
    "redemptions.stop": "SELECT number FROM redemption WHERE client_id = :me",
    "suitability.confirm": "SELECT number FROM assessment WHERE client_id = :me",
    "suitability.insist": "SELECT number FROM over_level_request WHERE client_id = :me",
    "suitability.result": "SELECT number FROM assessment WHERE client_id = :me",
    "suitability.warning": "SELECT number FROM over_level_request WHERE client_id = :me",
}
# Whose first link stands on a page of the owner's.
LINKED = {"holdings.explain": "/holdings", "holdings.round": "/holdings", "holdings.rules": "/holdings"}
# A page of one's own that says nothing of what a number stands for: the bystander is told that the link is none.
VEILED = {"clients.confirm_email", "clients.email_link"}
ADDRESS = "bystander@example.com"
# What names no client's record: the same address is everybody's own page, or the firm's.
SHARED = {
    "club.calendar": "an event of the firm's", "club.event": "an event of the firm's",
    "club.give_up": "an event of the firm's", "club.register": "an event of the firm's",
    "clients.consent": "a kind of consent", "clients.indicator": "an indicator", "clients.change": "an indicator",
    "clients.change_form": "an indicator", "clients.report": "an indicator",
    "holdings.explain_total": "a figure",
    "library.show": "a piece of the firm's", "library.check": "a piece of the firm's",
    "points.line": "a place in one's own ledger",
    "club.year": "a year", "home.club_benefits": "a year", "home.club_note": "a piece of the firm's",
    "points.year": "a year", "points.csv": "a year", "statements.month": "a month", "statements.csv": "a month",
    "suitability.question": "a question", "suitability.answer": "a question",
    "suitability.section": "a part of the sheet", "suitability.answer_section": "a part of the sheet",
}  # fmt: skip


def routes() -> list[tuple[str, str, str, str]]:
    """Give method, path, name and visitor of every client's address with an id in it."""
    lines = (line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#"))
    found = [line for line in lines if line[3] == "client" and "{" in line[1]]
    return [(line[0], line[1], line[2], BYSTANDER if len(line) == 4 else STRONGER) for line in found]


def test_every_address_with_an_id_is_known_here() -> None:
    assert {name for _, _, name, _ in routes()} == OWN.keys() | LINKED.keys() | SHARED.keys()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_bystander_finds_nothing_of_another_s(request: pytest.FixtureRequest, kind: str) -> None:
    house: House = request.getfixturevalue(f"{kind}_house")
    database = connect(house.database_url, open_vault(house.home))
    try:
        me, link = bring_what_is_missing(house, database)
        visits(house, database, me, link)
    finally:
        database.engine.dispose()


def visits(house: House, database: Database, me: int, link: str) -> None:
    owner, others = web(house, OWNER), {who: web(house, who) for who in (BYSTANDER, STRONGER)}
    for method, path, name, who in routes():
        if name in SHARED:
            continue
        for address in [filled(path, [link])] if name in VEILED else addresses(owner, database, name, path, me):
            form = {"_csrf": csrf.token(house.session(who)), "version": "1", "text": "不是我的"}
            answer = others[who].request(method, address, data=form if method == "POST" else None)
            if name in VEILED:
                assert ADDRESS not in answer.text
                assert answer.status_code == (200 if method == "GET" else 422), f"{method} {address}"
                continue
            assert answer.status_code == 404, f"{method} {address}: {answer.status_code}"
            if method == "GET":  # the same address is there for whom it belongs to
                assert owner.get(address).status_code == 200, f"{address} as {OWNER}"


def addresses(owner: httpx.Client, database: Database, name: str, path: str, me: int) -> list[str]:
    """Give the owner's own addresses of a route; one that she has nothing at is no test."""
    if name in LINKED:
        shape = re.sub(r"\\\{[^}]*\\\}", '[^/?#"]+', re.escape(path))
        found = re.findall(rf'href="({shape})"', owner.get(LINKED[name]).text)
    else:
        with database.reading() as db:
            rows = db.execute(text(OWN[name]), {"me": me}).all()
        found = [filled(path, [str(each) for each in row]) for row in rows]
    assert found, f"{OWNER} has nothing at {name}"
    return found[:3]


def filled(path: str, ids: list[str]) -> str:
    for each in ids:
        path = re.sub(r"\{[^}]*\}", each, path, count=1)
    return path


def bring_what_is_missing(house: House, database: Database) -> tuple[int, str]:
    """Let the owner have one of everything; give her number, and the token of a link that went to her."""
    owner, now = web(house, OWNER), datetime.now(UTC)
    with database.reading() as db:
        me = int(db.execute(text("SELECT id FROM client WHERE name = :name"), {"name": OWNER}).scalar_one())
        sheet = db.execute(text("SELECT min(id) FROM assessment WHERE client_id = :me"), {"me": me}).scalar_one()
    with database.writing() as db:
        db.add(
            ClubApplication(
                number=f"HL-{kind_of(database)}", request_key="bystander", client_id=me, tier="platinum", points=0,
                state="withdrawn", version=1, applied_at=now, promised_at=now, times_out_at=now + timedelta(days=1),
            )
        )  # fmt: skip
        db.add(
            OverLevelRequest(
                number=f"CX-{kind_of(database)}", client_id=me, assessment_id=sheet, service="bystander",
                risk_class="R5", state="reading", version=1, warned_at=now,
            )
        )  # fmt: skip
        db.add(
            Invitation(
                key=f"bystander:{kind_of(database)}", survey="nps", client_id=me, about="", invited_at=now,
                open_until=now + timedelta(days=1),
            )
        )  # fmt: skip
        proof = emails.begin(db, client_id=me, address=ADDRESS, now=now)
        assert isinstance(proof, ClientEmailProof)
        made = own_data.ask(db, who=Person("system", ""), client_id=me, now=now)
        assert isinstance(made, Export)
        own_data.gather(db, {"number": made.number}, now)
    page = re.findall(r'href="(/redemptions/new\?[^"]+)"', owner.get("/redemptions").text)[0].replace("&amp;", "&")
    asked = owner.post("/redemptions", data=dict(HIDDEN.findall(owner.get(page).text)))
    assert asked.status_code == 303, asked.text
    shown = asked.headers["location"]
    cancelled = owner.post(f"{shown}/cancellation", data=token(owner))
    assert cancelled.status_code == 303
    sends(owner, "/me/information/name/change", "evidence", value="白景芸", why="户口本上改了字")
    sends(owner, "/team", "files", text="请看附件", key="bystander-0123456789")
    told = {
        "kind": "enquiry",
        "area": "fees",
        "product": "none",
        "title": "请看附件",
        "text": "附件里是对账单的照片，请核对。",
    }
    sends(owner, "/voice/new", "files", **told)
    return me, proof.token


def sends(owner: httpx.Client, path: str, box: str, **typed: str) -> None:
    page = owner.get(path).text
    action = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*multipart', page)
    fields = dict(HIDDEN.findall(page)) | typed
    answer = owner.post(action[0] if action else path, data=fields, files={box: ("card.jpg", photo(), "image/jpeg")})
    assert answer.status_code == 303, re.findall(r'class="err[^>]*>(.*?)</', answer.text)


def token(client: httpx.Client) -> dict[str, str]:
    return {"_csrf": csrf.token(client.cookies["session"])}


def kind_of(database: Database) -> str:
    return f"{database.engine.dialect.name[:6]}-0001"


def web(house: House, name: str) -> httpx.Client:
    client = httpx.Client(base_url=house.address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60)
    client.cookies.set("session", house.session(name))
    return client
