"""Somebody signed in, for tests of pages."""

from collections.abc import Sequence
from datetime import datetime

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import update

from portal import identity
from portal.kit.db import Base, Database

PASSWORD = "paper lantern by the river"


# Whose roles a test need not name: those of the cast.
ROLES = {"吴复核": ("handler", "reviewer"), "严合规": ("compliance",), "韩主管": ("manager",), "沈投顾": ("adviser",)}


def sign_in(browser: TestClient[Litestar], database: Database, client_id: int, name: str, now: datetime) -> None:
    """Sign a client in: the browser keeps the session."""
    browser.cookies.set("session", session_of(database, client_id=client_id, name=name, now=now))


def sign_in_staff(
    browser: TestClient[Litestar], database: Database, name: str, now: datetime, *, roles: Sequence[str] = ()
) -> int:
    """Sign a new member of staff in, as after the second factor: the browser keeps the session; gives his id."""
    user_id, session = staff_session(database, name=name, now=now, roles=roles)
    browser.cookies.set("session", session)
    return user_id


def session_of(database: Database, *, client_id: int, name: str, now: datetime, aal: int = 1) -> str:
    """Sign a client in and give the session."""
    with database.writing() as db:
        user = identity.enter_client(db, client_id=client_id, name=name, personal=[], now=now)
    return _activated(database, user.id, f"client{client_id}", now, aal)


def staff_session(database: Database, *, name: str, now: datetime, roles: Sequence[str] = ()) -> tuple[int, str]:
    """Sign a new member of staff in, as after the second factor; give his id and the session."""
    held = list(roles or ROLES.get(name, ("handler",)))
    with database.writing() as db:
        user = identity.add_staff(db, name=name, roles=held, by="system", now=now)
    return user.id, _activated(database, user.id, f"staff{user.id}", now, 2)


def _activated(database: Database, user_id: int, user_name: str, now: datetime, aal: int) -> str:
    with database.writing() as db:
        code = identity.give_activation(db, user_id=user_id, by="system", now=now)
    seat = identity.Seat("127.0.0.0/24", "test", None)
    entry = identity.activate(database, code=code, user_name=user_name, password=PASSWORD, seat=seat, now=now)
    assert isinstance(entry, identity.Entry), entry
    _strengthen(database, user_id, aal)
    return entry.session


def _strengthen(database: Database, user_id: int, aal: int) -> None:
    sessions = Base.metadata.tables["identity_session"]
    with database.writing() as db:
        db.execute(update(sessions).where(sessions.c.user_id == user_id).values(aal=aal))


def post(browser: TestClient[Litestar], page: str, action: str, **fields: str) -> Response:
    """Send one of a page's forms with the token that stands in it."""
    shown = browser.get(page)
    token = shown.text.split('name="_csrf" value="')[1].split('"')[0]
    return browser.post(action, data={"_csrf": token, **fields})
