"""Somebody signed in, for tests of pages."""

from datetime import datetime

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import update

from portal import identity
from portal.kit.db import Base, Database

PASSWORD = "paper lantern by the river"


def sign_in(browser: TestClient[Litestar], database: Database, client_id: int, name: str, now: datetime) -> None:
    """Sign a client in: the browser keeps the session."""
    with database.writing() as db:
        user = identity.enter_client(db, client_id=client_id, name=name, personal=[], now=now)
        code = identity.give_activation(db, user_id=user.id, by="system", now=now)
    seat = identity.Seat("127.0.0.0/24", "test", None)
    entry = identity.activate(
        database, code=code, user_name=f"client{client_id}", password=PASSWORD, seat=seat, now=now
    )
    assert isinstance(entry, identity.Entry), entry
    browser.cookies.set("session", entry.session)


def sign_in_staff(browser: TestClient[Litestar], database: Database, name: str, now: datetime) -> int:
    """Sign a new member of staff in, as after the second factor: the browser keeps the session; gives his id."""
    with database.writing() as db:
        user = identity.add_staff(db, name=name, roles=["handler"], by="system", now=now)
        code = identity.give_activation(db, user_id=user.id, by="system", now=now)
    seat = identity.Seat("127.0.0.0/24", "test", None)
    entry = identity.activate(database, code=code, user_name=f"staff{user.id}", password=PASSWORD, seat=seat, now=now)
    assert isinstance(entry, identity.Entry), entry
    sessions = Base.metadata.tables["identity_session"]
    with database.writing() as db:
        db.execute(update(sessions).where(sessions.c.user_id == user.id).values(aal=2))
    browser.cookies.set("session", entry.session)
    return user.id


def post(browser: TestClient[Litestar], page: str, action: str, **fields: str) -> Response:
    """Send one of a page's forms with the token that stands in it."""
    shown = browser.get(page)
    token = shown.text.split('name="_csrf" value="')[1].split('"')[0]
    return browser.post(action, data={"_csrf": token, **fields})
