"""Somebody signed in, for tests of pages."""

from datetime import datetime

from litestar import Litestar
from litestar.testing import TestClient

from portal import identity
from portal.kit.db import Database

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
